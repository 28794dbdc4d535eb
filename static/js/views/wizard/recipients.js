// The second step: the file, how it is taken in, what was refused and why, and which column fills which placeholder.

import "../../elements/drop.js";
import "../../elements/example.js";
import "../../elements/import.js";
import { get, remove, upload } from "../../lib/api.js";
import { PanelElement } from "../../lib/element.js";
import { number, percent } from "../../lib/formats.js";
import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";
import { Polling, SLOW } from "../../lib/polling.js";
import { save } from "../../lib/download.js";
import { bare } from "../../lib/spelling.js";
import { judgingNotice } from "./judging.js";

const WHILE_IMPORTING = 500;
const FIRST = 5;
// Among so many people the longest message is looked for, and one with an empty cell.
const LOOKED_AT = 50;

class StepRecipients extends PanelElement {
  static properties = ["campaign", "templates", "off"];
  #imports = [];
  #people = [];
  #sending = null;
  #error = null;
  #causes = [];
  #chosen = {};
  #texts = {};
  // What was uploaded in this sitting can be read again in another encoding, without being chosen again.
  #files = new Map();
  #polling = new Polling(
    (signal) => this.#load(signal),
    (found) => this.#apply(found),
    (error) => this.#fail(error),
  );

  connected() {
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  async #load(signal) {
    const place = `/campaigns/${this.campaign.id}`;
    const [{ imports }, { recipients }] = await Promise.all([
      get(`${place}/imports`, { signal }),
      get(`${place}/recipients`, { query: { limit: LOOKED_AT }, signal }),
    ]);
    // Only a single import tells its refused rows.
    const refused = imports.filter((one) => one.invalid || one.duplicates).slice(0, 3);
    const whole = await Promise.all(refused.map((one) => get(`${place}/imports/${one.id}`, { signal })));
    const errors = Object.fromEntries(whole.map((one) => [one.id, one.errors]));
    const flawed = imports.some((one) => one.flawed);
    const causes = flawed ? (await get(`${place}/report`, { signal })).errors.filter(isFlaw) : [];
    return { causes, imports: imports.map((one) => ({ ...one, errors: errors[one.id] ?? [] })), recipients };
  }

  #apply({ causes, imports, recipients }) {
    const imported = imports.reduce((sum, one) => sum + one.imported, 0);
    // A file that is taken out leaves the list at once; its people follow.
    const differs = imported !== this.campaign.counts.total;
    const { judging } = this.campaign;
    const busy = differs || judging || imports.some(moves);
    if (differs || judging) this.emit("oc-changed");
    this.#causes = causes;
    this.#imports = imports;
    this.#people = recipients;
    this.update();
    return busy ? WHILE_IMPORTING : SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  async #send(file, told = {}) {
    this.#sending = { name: file.name, share: 0 };
    this.#error = null;
    this.update();
    try {
      const progress = (share) => {
        this.#sending = { name: file.name, share };
        this.update();
      };
      const { id } = await upload(`/campaigns/${this.campaign.id}/upload-csv`, file, { query: told, progress });
      this.#files.set(id, file);
      this.emit("oc-changed");
    } catch (error) {
      if (error.details?.import_id) this.#files.set(error.details.import_id, file);
      // What was refused as a whole says so itself, in the list of files.
      if (error.details?.import_id === undefined) this.#error = error;
    }
    this.#sending = null;
    this.update();
    this.#polling.now();
  }

  async #remove(one) {
    this.#error = null;
    try {
      await remove(`/campaigns/${this.campaign.id}/imports/${one.id}`);
    } catch (error) {
      this.#fail(error);
    }
    this.#polling.now();
  }

  /** The same file, read as its owner says. */
  async #readAgain(one, told) {
    await this.#remove(one);
    if (this.#error === null) await this.#send(this.#files.get(one.id), told);
  }

  async #download(path, query) {
    try {
      await save(`/campaigns/${this.campaign.id}/${path}`, query);
    } catch (error) {
      this.#fail(error);
    }
  }

  #template() {
    const { template_id: id, template_language: code } = this.campaign;
    return this.templates.find((one) => one.name === id && one.language === code) ?? null;
  }

  #placeholders() {
    return this.#template()?.placeholders ?? [];
  }

  /** What fills the template as this step stands now. */
  #values() {
    const placeholders = this.#placeholders();
    const pairs = placeholders.map((one, place) => [`body.${one}`, this.#filling(one, place)]).filter(([, { column }]) => column);
    const others = Object.entries(this.campaign.values ?? {}).filter(([key]) => !key.startsWith("body."));
    return { mapped: pairs.length > 0, values: Object.fromEntries([...others, ...pairs]) };
  }

  /** What fills a placeholder of the text, as it was saved. */
  #before(placeholder, place) {
    const { values, variables } = this.campaign;
    const column = values?.[`body.${placeholder}`]?.column ?? (Array.isArray(variables) ? variables[place] : variables?.[placeholder]);
    return { column, if_empty: values?.[`body.${placeholder}`]?.if_empty };
  }

  #columns() {
    const others = (one) => one.columns.filter((name) => name && name !== one.phone_column);
    return [...new Set(this.#imports.filter((one) => !one.error).flatMap(others))];
  }

  /** The column of a placeholder: chosen now, chosen before, else the one of its name; of numbers by their place. */
  #columnOf(placeholder, place) {
    const columns = this.#columns();
    const proposed = /^\d+$/.test(placeholder) ? columns[place] : columns.find((name) => bare(name) === bare(placeholder));
    return this.#chosen[placeholder] ?? this.#before(placeholder, place).column ?? proposed ?? "";
  }

  #ifEmpty(placeholder, place) {
    return this.#texts[placeholder] ?? this.#before(placeholder, place).if_empty ?? "";
  }

  #write(placeholder, text) {
    this.#texts[placeholder] = text;
    this.update();
  }

  #filling(placeholder, place) {
    const text = this.#ifEmpty(placeholder, place).trim();
    return { column: this.#columnOf(placeholder, place), ...(text ? { if_empty: text } : {}) };
  }

  #choose(placeholder, column) {
    this.#chosen[placeholder] = column;
    this.update();
  }

  #next() {
    const { mapped, values } = this.#values();
    const changes = mapped ? { values, variables: null, ...(this.campaign.values ? { template_components: null } : {}) } : {};
    this.emit("oc-save", { changes, next: "pace" });
  }

  template() {
    return html`<div class="beside"><div class="form">${this.#form()}</div>${this.#template() ? html`<oc-example .listed=${this.#template()} .values=${this.#values().values} .people=${this.#people}></oc-example>` : null}</div>`;
  }

  #form() {
    const total = this.campaign.counts.total;
    return html`
      <oc-drop .off=${this.off || this.#sending !== null} @oc-file=${(event) => this.#send(event.detail)}></oc-drop>
      ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#explained()}</p>` : null}
      ${this.#sending ? this.#progress(say("recipients.sending", this.#sending), this.#sending.share) : null}
      ${this.#imports.map((one) => this.#import(one))}
      ${this.campaign.judging ? judgingNotice(this.campaign.judging) : null}
      ${this.#causes.length ? this.#flawed() : null}
      ${this.#people.length ? this.#sample() : null}
      ${total && this.#placeholders().length ? this.#mapping() : null}
      <div class="buttons is-end">
        <button type="button" class="button is-primary" ?disabled=${this.off || !total || this.#imports.some(moves)} @click=${() => this.#next()}>
          ${say("wizard.next")}
        </button>
      </div>
    `;
  }

  #explained() {
    return Object.values(this.#error.details ?? {}).flat()[0] ?? this.#error.message;
  }

  #progress(label, share) {
    return html`<label class="progress"><span>${label} ${percent(share)}</span><progress max="1" .value=${share}></progress></label>`;
  }

  #import(one) {
    return html`<oc-import key="${one.id}" .one=${one} .off=${this.off} .kept=${this.#files.has(one.id)}
      @oc-remove=${() => this.#remove(one)} @oc-download=${() => this.#download(`imports/${one.id}/errors.csv`)}
      @oc-read-again=${(event) => this.#readAgain(one, event.detail)}></oc-import>`;
  }

  #flawed() {
    return html`<section aria-labelledby="flawed-title">
      <h3 id="flawed-title">${say("flawed.title")}</h3>
      <ul class="causes">
        ${this.#causes.map(
          (cause) => html`<li key="${cause.code}">
            <strong class="causes-count">${number(cause.count)}</strong>
            <div><p>${cause.reason}</p><p class="quiet">${cause.advice}</p></div>
          </li>`,
        )}
      </ul>
      <button type="button" class="button" @click=${() => this.#download("export", { status: "skipped" })}>${say("flawed.download")}</button>
    </section>`;
  }

  #sample() {
    const columns = this.#columns();
    return html`<section aria-labelledby="sample-title">
      <h3 id="sample-title">${say("recipients.first")}</h3>
      <div class="scrolling" tabindex="0" role="region" aria-label="${say("recipients.first")}">
        <table class="table">
          <thead><tr><th scope="col">${say("recipients.number")}</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>
            ${this.#people.slice(0, FIRST).map(
              (one) => html`<tr key="${one.id}"><td>${one.phone_number}</td>${columns.map((name) => html`<td>${one.variables[name] ?? ""}</td>`)}</tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #mapping() {
    const columns = this.#columns();
    return html`<fieldset class="form">
      <legend>${say("recipients.mapping")}</legend>
      ${this.#placeholders().map(
        (placeholder, place) => html`<div class="row" key="${placeholder}">
          <label class="field is-grow">
            <span class="field-label">${`{{${placeholder}}}`}</span>
            <select class="input" .value=${this.#columnOf(placeholder, place)} @change=${(event) => this.#choose(placeholder, event.target.value)}>
              <option value="" disabled>${say("recipients.choose_column")}</option>
              ${columns.map((name) => html`<option value="${name}">${name}</option>`)}
            </select>
          </label>
          <label class="field is-grow">
            <span class="field-label">${say("recipients.if_empty", { name: `{{${placeholder}}}` })}</span>
            <input class="input" type="text" maxlength="1024" .value=${this.#ifEmpty(placeholder, place)}
              @input=${(event) => this.#write(placeholder, event.target.value)}>
          </label>
        </div>`,
      )}
    </fieldset>`;
  }
}

const isFlaw = (cause) => cause.code.startsWith("flaw_");

const moves = (one) => one.status === "running" || one.removing;

StepRecipients.define("oc-step-recipients");
