// People who want no more messages: list, search, add, take back, a file of them.

import "../elements/drop.js";
import { ask } from "../elements/dialog.js";
import { get, post, remove, upload } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { moment } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { mayWrite } from "../lib/permission.js";
import { Polling, SLOW } from "../lib/polling.js";

const PAGE = 50;
const TYPED = 250;
const FEWEST_DIGITS = 4;

class OptOuts extends PanelElement {
  #cursors = [null];
  #typed = "";
  #number = "";
  #page = null;
  #error = null;
  #refused = [];
  #canWrite = true;
  #busy = false;
  #typing;
  #polling = new Polling(
    (signal) => this.#load(signal),
    (page) => this.#apply(page),
    (error) => this.#fail(error),
  );

  async connected() {
    this.#polling.start();
    this.#canWrite = await mayWrite();
    this.update();
  }

  disconnected() {
    this.#polling.stop();
  }

  #load(signal) {
    const q = this.#typed.replace(/\D/g, "").length >= FEWEST_DIGITS ? this.#typed : "";
    return get("/opt-outs", { query: { limit: PAGE, cursor: this.#cursors.at(-1), q }, signal });
  }

  #apply(page) {
    this.#page = page;
    this.update();
    return SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  async #do(change) {
    this.#busy = true;
    this.#error = null;
    this.#refused = [];
    this.update();
    try {
      await change();
    } catch (error) {
      this.#error = error;
    }
    this.#busy = false;
    this.update();
    this.#polling.now();
  }

  #added({ added, refused }) {
    this.#refused = refused;
    this.emit("oc-say", say("optouts.added", { count: added }));
  }

  #add(event) {
    event.preventDefault();
    return this.#do(async () => {
      const answer = await post("/opt-outs", { phone_number: this.#number });
      if (answer.refused.length === 0) this.#number = "";
      this.#added(answer);
    });
  }

  #import(file) {
    return this.#do(async () => this.#added(await upload("/opt-outs", file)));
  }

  async #takeBack(one) {
    const question = { title: say("sure.take_back", { number: one.phone_number ?? one.user_id }), lines: [say("sure.take_back.why")], yes: say("optouts.take_back") };
    if (await ask(question)) await this.#do(() => remove(`/opt-outs/${one.id}`));
  }

  #search(text) {
    this.#typed = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#turn(undefined), TYPED);
  }

  /** To the next page by its cursor, back with null, to the first with undefined. */
  #turn(cursor) {
    // Until the next page has come, its button still names the page that was turned to already.
    if (cursor && cursor === this.#cursors.at(-1)) return;
    if (cursor) this.#cursors.push(cursor);
    else if (cursor === null && this.#cursors.length > 1) this.#cursors.pop();
    else this.#cursors = [null];
    this.#polling.now();
  }

  template() {
    const off = this.#busy || !this.#canWrite;
    return html`
      <section class="screen" aria-labelledby="optouts-title">
        <h2 id="optouts-title">${say("optouts.title")}</h2>
        <p>${say("optouts.means")}</p>
        ${this.#canWrite ? null : html`<p class="notice">${say("write.none")}</p>`}
        ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#error.message}</p>` : null}
        ${this.#refused.map((row) => html`<p class="notice is-warning">${row.message}</p>`)}
        <div class="columns">
          <form class="row" @submit=${(event) => this.#add(event)}>
            <label class="field is-grow">
              <span class="field-label">${say("optouts.number")}</span>
              <input class="input" type="tel" required .value=${this.#number} @input=${(event) => (this.#number = event.target.value)}>
            </label>
            <button class="button is-primary is-low" ?disabled=${off}>${say("optouts.add")}</button>
          </form>
          <oc-drop .off=${off} @oc-file=${(event) => this.#import(event.detail)}></oc-drop>
        </div>
        <label class="field">
          <span class="field-label">${say("recipients.search")}</span>
          <input class="input" type="search" inputmode="tel" .value=${this.#typed} @input=${(event) => this.#search(event.target.value)}>
        </label>
        ${this.#page ? this.#table(off) : html`<p key="loading" class="quiet" aria-busy="true">${say("loading")}</p>`}
      </section>
    `;
  }

  #table(off) {
    const { opt_outs: people, next_cursor: next } = this.#page;
    if (people.length === 0) return html`<p class="quiet">${say("optouts.none")}</p>`;
    return html`
      <div class="scrolling" tabindex="0" role="region" aria-label="${say("optouts.title")}">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">${say("recipients.number")}</th>
              <th scope="col">${say("optouts.source")}</th>
              <th scope="col">${say("optouts.since")}</th>
              <th scope="col"><span class="unseen">${say("optouts.take_back")}</span></th>
            </tr>
          </thead>
          <tbody>
            ${people.map(
              (one) => html`<tr key="${one.id}">
                <td>${one.phone_number ?? html`${one.user_id}<br /><span class="quiet">${say("optouts.unknown")}</span>`}</td>
                <td>${say(`source.${one.source}`)}</td>
                <td>${moment(one.created_at)}</td>
                <td><button type="button" class="button is-minimal" ?disabled=${off} @click=${() => this.#takeBack(one)}>${say("optouts.take_back")}</button></td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="buttons is-end">
        <button type="button" class="button" ?disabled=${this.#cursors.length === 1} @click=${() => this.#turn(null)}>${say("page.back")}</button>
        <button type="button" class="button" ?disabled=${!next} @click=${() => this.#turn(next)}>${say("page.next")}</button>
      </div>
    `;
  }
}

OptOuts.define("oc-opt-outs");
