// A campaign's recipients: by status, by number, page by page through as many as there are.

import { get } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { moment, number } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { Polling, SLOW } from "../lib/polling.js";
import { RECIPIENT_STATUSES } from "../lib/statuses.js";

const PAGE = 50;
const TYPED = 250;
const FEWEST_DIGITS = 4;

class Recipients extends PanelElement {
  /** `wait`: how often to ask anew, in ms. */
  static properties = ["campaignId", "counts", "replies", "wait"];
  /** A status, or "reply:" and a kind of reply. */
  #shown = "";
  #typed = "";
  #cursors = [null];
  #turning = false;
  #page = null;
  #error = null;
  #typing;
  #polling = new Polling(
    (signal) => this.#load(signal),
    (page) => this.#apply(page),
    (error) => this.#fail(error),
  );

  connected() {
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  /** Ask at once, after something was done to somebody. */
  now() {
    this.#polling.now();
  }

  #load(signal) {
    const [, reply] = this.#shown.split("reply:");
    const status = reply ? "" : this.#shown;
    const query = { limit: PAGE, cursor: this.#cursors.at(-1), status, reply, q: this.#query() };
    return get(`/campaigns/${this.campaignId}/recipients`, { query, signal });
  }

  #query() {
    return this.#typed.replace(/\D/g, "").length >= FEWEST_DIGITS ? this.#typed : "";
  }

  #apply(page) {
    this.#page = page;
    this.#turning = false;
    this.#error = null;
    this.update();
    return this.wait ?? SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.#turning = false;
    this.#page = null;
    this.update();
  }

  #begin() {
    this.#cursors = [null];
    this.#polling.now();
  }

  /** Show those of a status, or those with a kind of reply. */
  filter(shown) {
    this.#shown = shown;
    this.update();
    this.#begin();
  }

  #replies() {
    const { replied = 0, buttons = 0, opted_out: optedOut = 0 } = this.replies ?? {};
    const kinds = [["any", replied + buttons + optedOut], ["replied", replied], ["button", buttons], ["opted_out", optedOut]];
    return kinds.filter(([, count]) => count > 0);
  }

  #type(text) {
    this.#typed = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#begin(), TYPED);
  }

  #turn(cursor) {
    // What stands there until the next page has come names a page that was turned to already.
    if (this.#turning) return;
    if (cursor) this.#cursors.push(cursor);
    else this.#cursors.pop();
    this.#turning = true;
    this.update();
    this.#polling.now();
  }

  template() {
    return html`
      <div class="row" role="search">
        <label class="field is-grow">
          <span class="field-label">${say("recipients.search")}</span>
          <input class="input" type="search" inputmode="tel" .value=${this.#typed} @input=${(event) => this.#type(event.target.value)}>
        </label>
        <label class="field">
          <span class="field-label">${say("recipients.status")}</span>
          <select class="input" .value=${this.#shown} @change=${(event) => this.filter(event.target.value)}>
            <option value="">${say("recipients.all", { count: this.counts.total })}</option>
            ${RECIPIENT_STATUSES.map(
              (status) => html`<option value="${status}">
                ${say(`recipient.${status}`)} (${number(this.counts[status])})
              </option>`,
            )}
            ${this.#replies().map(
              ([kind, count]) => html`<option value="reply:${kind}">${say(`reply.${kind}`)}${kind === "any" ? "" : ` (${number(count)})`}</option>`,
            )}
          </select>
        </label>
      </div>
      ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#explained()}</p>` : null}
      ${this.#page ? this.#table() : null}
    `;
  }

  #explained() {
    return Object.values(this.#error.details).flat()[0] ?? this.#error.message;
  }

  #table() {
    const { recipients, next_cursor: next } = this.#page;
    if (recipients.length === 0) return html`<p class="quiet">${say("recipients.none")}</p>`;
    return html`
      <div class="scrolling" tabindex="0" role="region" aria-label="${say("recipients.label")}">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">${say("recipients.number")}</th>
              <th scope="col">${say("recipients.state")}</th>
              <th scope="col">${say("recipients.why")}</th>
              <th scope="col">${say("recipients.changed")}</th>
            </tr>
          </thead>
          <tbody>${recipients.map((recipient) => this.#row(recipient))}</tbody>
        </table>
      </div>
      <div class="buttons is-end">
        ${this.#turner("page.back", null, this.#cursors.length > 1)}
        ${this.#turner("page.next", next, next)}
      </div>
    `;
  }

  /** Waits without losing the keyboard's place, as one that is disabled would. */
  #turner(name, cursor, there) {
    return html`
      <button
        type="button"
        class="button"
        aria-disabled="${this.#turning}"
        ?disabled=${!there}
        @click=${() => this.#turn(cursor)}
      >
        ${say(name)}
      </button>
    `;
  }

  #row(recipient) {
    return html`
      <tr key="${recipient.id}">
        <td><a href="#/campaigns/${this.campaignId}/recipients/${recipient.id}">${recipient.phone_number}</a></td>
        <td><span class="dot is-${recipient.status}"></span>${say(`one.${recipient.status}`)}</td>
        <td>${recipient.error?.reason ?? ""}</td>
        <td>${moment(recipient.updated_at)}</td>
      </tr>
    `;
  }
}

Recipients.define("oc-recipients");
