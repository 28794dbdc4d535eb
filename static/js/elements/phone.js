// The message as its recipient will read it.

import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

class Phone extends PanelElement {
  /** `message` as lib/message.js composes it; `to` is whom it is for, if there is anybody. */
  static properties = ["message", "to"];

  template() {
    if (!this.message) return html`<p class="quiet">${say("phone.unknown")}</p>`;
    const { header, media, body, footer, buttons, cards } = this.message;
    return html`
      <figure class="phone">
        <figcaption class="quiet">${this.to ? say("phone.to", { number: this.to }) : say("phone.example")}</figcaption>
        <div class="bubble">
          ${media ? shownMedia(media) : null}
          ${header ? html`<p class="bubble-header">${marked(header)}</p>` : null}
          ${paragraphs(body)}
          ${footer ? html`<p class="quiet">${footer}</p>` : null}
        </div>
        ${buttons.map((label) => html`<span class="bubble-button">${label}</span>`)}
        ${cards.length ? html`<div class="card-messages" tabindex="0" role="region" aria-label="${say("phone.cards")}">${cards.map(shownCard)}</div>` : null}
      </figure>
    `;
  }
}

const shownCard = ({ media, body, buttons }, place) => html`<div class="card-message" key="${place}">
  <div class="bubble">${media ? shownMedia(media) : null}${paragraphs(body)}</div>
  ${buttons.map((label) => html`<span class="bubble-button">${label}</span>`)}
</div>`;

/** The picture itself where it is hosted here, which the page's policy allows; else what stands for it. */
function shownMedia({ kind, link }) {
  const said = say(`media.is.${kind}`);
  if (kind === "image" && isHosted(link)) return html`<img class="bubble-media" src="${new URL(link).pathname}" alt="${said}">`;
  return html`<div class="bubble-media is-absent"><span>${said}</span><span class="quiet">${nameOf(link)}</span></div>`;
}

const isHosted = (link) => /\/mod\/outbound-campaigns\/media\/[0-9a-f]{32}\.(?:jpg|png)$/.test(link);

const nameOf = (link) => link.split("?")[0].split("/").pop();

const marked = (pieces) => pieces.map(({ text, own }) => (own ? html`<mark>${text}</mark>` : text));

/** Pieces by the lines of the text: a break may stand within any of them. */
function paragraphs(pieces) {
  const lines = [[]];
  for (const { text, own } of pieces) {
    text.split("\n").forEach((part, place) => {
      if (place) lines.push([]);
      if (part) lines.at(-1).push({ text: part, own });
    });
  }
  return lines.map((line) => html`<p>${marked(line)}</p>`);
}

Phone.define("oc-phone");
