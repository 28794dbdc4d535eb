// The message as its recipient will read it.

import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

class Phone extends PanelElement {
  /** `preview` as the service gives it. */
  static properties = ["preview"];

  template() {
    const { text } = this.preview;
    if (!text) return html`<p class="quiet">${say("phone.unknown")}</p>`;
    return html`
      <figure class="phone">
        <figcaption class="quiet">${say("phone.to", { number: this.preview.phone_number })}</figcaption>
        <div class="bubble">
          ${text.header ? html`<p class="bubble-header">${text.header}</p>` : null}
          ${text.body.split("\n").map((line) => html`<p>${line}</p>`)}
          ${text.footer ? html`<p class="quiet">${text.footer}</p>` : null}
        </div>
        ${text.buttons.map((label) => html`<span class="bubble-button">${label}</span>`)}
      </figure>
    `;
  }
}

Phone.define("oc-phone");
