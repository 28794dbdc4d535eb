// What happened when: for each point of a campaign's timeline, how many were sent, arrived, were read, failed.

import { PanelElement } from "../lib/element.js";
import { moment, number } from "../lib/formats.js";
import { html, svg } from "../lib/html.js";
import { say } from "../lib/language.js";

const [WIDTH, HEIGHT] = [1000, 160];
const WIDEST = 80;
const SERIES = ["sent", "delivered", "read", "failed"];
const MINUTE = 60_000;

class Chart extends PanelElement {
  static properties = ["timeline"];

  template() {
    const points = this.timeline ?? [];
    if (points.length === 0) return html`<p class="quiet">${say("chart.empty")}</p>`;
    const top = Math.max(...points.flatMap((point) => SERIES.map((name) => point[name])), 1);
    return html`
      <figure class="chart">
        <svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label="${told(points)}">
          ${bars(points, top).map(
            ({ name, x, y, width }) =>
              svg`<rect class="is-${name}" x="${x}" y="${y}" width="${width}" height="${HEIGHT - y}"></rect>`,
          )}
        </svg>
        <figcaption class="axis">
          <span>${moment(points[0].at)}</span>
          <span>${say("chart.top", { count: top })}</span>
          <span>${moment(points.at(-1).at)}</span>
        </figcaption>
      </figure>
      <ul class="legend">
        ${SERIES.map((name) => html`<li key="${name}"><span class="dot is-${name}"></span>${say(`recipient.${name}`)}</li>`)}
      </ul>
    `;
  }
}

/** A group of bars for each point, at its time; times in which nothing happened stay free. */
function bars(points, top) {
  const times = points.map((point) => Date.parse(point.at));
  const gap = Math.min(...times.slice(1).map((at, place) => at - times[place]), Infinity);
  const each = Number.isFinite(gap) ? gap : MINUTE;
  const slots = Math.round((times.at(-1) - times[0]) / each) + 1;
  const width = Math.min(WIDTH / slots / (SERIES.length + 1), WIDEST / SERIES.length);
  return points.flatMap((point, place) => {
    const left = ((times[place] - times[0]) / each) * (WIDTH / slots);
    return SERIES.filter((name) => point[name] > 0).map((name) => ({
      name,
      x: (left + SERIES.indexOf(name) * width).toFixed(2),
      y: Math.round(HEIGHT - (point[name] / top) * (HEIGHT - 4)),
      width: width.toFixed(2),
    }));
  });
}

function told(points) {
  const sums = SERIES.map((name) => `${say(`recipient.${name}`)} ${number(points.reduce((sum, one) => sum + one[name], 0))}`);
  return `${say("chart.label")}: ${sums.join(", ")}`;
}

Chart.define("oc-chart");
