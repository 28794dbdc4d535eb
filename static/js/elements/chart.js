// What happened when: for each point of a campaign's timeline, how many were sent, arrived, were read, failed.

import { PanelElement } from "../lib/element.js";
import { moment, number } from "../lib/formats.js";
import { html, svg } from "../lib/html.js";
import { say } from "../lib/language.js";

const [WIDTH, HEIGHT] = [1000, 160];
const SERIES = ["sent", "delivered", "read", "failed"];
const HOUR = 3_600_000;

class Chart extends PanelElement {
  static properties = ["timeline"];

  template() {
    const points = this.timeline ?? [];
    if (points.length === 0) return html`<p class="quiet">${say("chart.empty")}</p>`;
    const [first, last] = [Date.parse(points[0].at), Date.parse(points.at(-1).at)];
    const top = Math.max(...points.flatMap((point) => SERIES.map((name) => point[name])), 1);
    return html`
      <figure class="chart">
        <svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label="${told(points)}">
          ${SERIES.map((name) => svg`<polyline class="line is-${name}" points="${line(points, name, first, last, top)}"></polyline>`)}
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

function line(points, name, first, last, top) {
  const span = Math.max(last - first, HOUR / 60);
  const place = (at) => ((Date.parse(at) - first) / span) * (WIDTH - 8) + 4;
  const height = (value) => HEIGHT - 4 - (value / top) * (HEIGHT - 8);
  const at = points.map((point) => `${place(point.at).toFixed(1)},${height(point[name]).toFixed(1)}`);
  return points.length === 1 ? `4,${HEIGHT - 4} ${at[0]} ${WIDTH - 4},${height(points[0][name])}` : at.join(" ");
}

function told(points) {
  const sums = SERIES.map((name) => `${say(`recipient.${name}`)} ${number(points.reduce((sum, one) => sum + one[name], 0))}`);
  return `${say("chart.label")}: ${sums.join(", ")}`;
}

Chart.define("oc-chart");
