// Who did what to a campaign, when and why.

import { get } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { moment } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { Polling, SLOW } from "../lib/polling.js";

const PAGE = 20;
const MOST = 500;

class Events extends PanelElement {
  static properties = ["campaignId"];
  #events = [];
  #next = null;
  #limit = PAGE;
  #polling = new Polling(
    (signal) => get(`/campaigns/${this.campaignId}/events`, { query: { limit: this.#limit }, signal }),
    (found) => this.#apply(found),
    // What is refused here is refused to the screen around it too, which says so.
    () => {},
  );

  connected() {
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  now() {
    this.#polling.now();
  }

  #apply({ events, next_cursor: next }) {
    this.#events = events;
    this.#next = next;
    this.update();
    return SLOW;
  }

  #more() {
    this.#limit = Math.min(this.#limit + PAGE, MOST);
    this.#polling.now();
  }

  template() {
    return html`
      <ol class="story">
        ${this.#events.map(
          (event) => html`<li key="${event.id}">
            <p><span class="quiet">${moment(event.at)}</span> <strong>${say(`event.${event.what}`)}</strong> ${who(event.who)}</p>
            ${event.code ? html`<p>${event.why}</p>` : null}
          </li>`,
        )}
      </ol>
      ${this.#next && this.#limit < MOST
        ? html`<button type="button" class="button" @click=${() => this.#more()}>${say("events.more")}</button>`
        : null}
    `;
  }
}

const who = (name) => (["engine", "guard"].includes(name) ? say(`who.${name}`) : name.replace(/^terminal:/, ""));

Events.define("oc-events");
