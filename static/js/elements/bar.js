// One stacked bar: how many recipients are in which state.

import { PanelElement } from "../lib/element.js";
import { number } from "../lib/formats.js";
import { html, svg } from "../lib/html.js";
import { say } from "../lib/language.js";
import { RECIPIENT_STATUSES } from "../lib/statuses.js";

const WIDTH = 1000;
const THINNEST = 4;

class Bar extends PanelElement {
  /** `counts` as a campaign has them; `legend` to list them below. */
  static properties = ["counts", "legend"];

  template() {
    const shown = RECIPIENT_STATUSES.filter((status) => this.counts[status] > 0);
    const told = shown.map((status) => `${say(`recipient.${status}`)}: ${number(this.counts[status])}`).join(", ");
    return html`
      <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"
        aria-label="${told || say("bar.empty")}">
        ${parts(shown, this.counts).map(
          ({ status, x, width }) => svg`<rect class="is-${status}" x="${x}" y="0" width="${width}" height="10"></rect>`,
        )}
      </svg>
      ${this.legend
        ? html`<ul class="legend">
            ${shown.map(
              (status) => html`<li key="${status}">
                <span class="dot is-${status}"></span>${say(`recipient.${status}`)}
                <strong>${number(this.counts[status])}</strong>
              </li>`,
            )}
          </ul>`
        : null}
    `;
  }
}

/** Where each part lies; one person among a million is still to be seen. */
function parts(shown, counts) {
  const wide = shown.map((status) => Math.max(THINNEST, (counts[status] / counts.total) * WIDTH));
  const scale = WIDTH / wide.reduce((sum, width) => sum + width, 0);
  let x = 0;
  return shown.map((status, place) => {
    const width = wide[place] * scale;
    x += width;
    return { status, x: (x - width).toFixed(2), width: width.toFixed(2) };
  });
}

Bar.define("oc-bar");
