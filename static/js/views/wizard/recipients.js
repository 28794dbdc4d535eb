// The second step: the file, how it is taken in, what was refused and why, and which column fills which placeholder.

import "../../elements/drop.js";
import { get, remove, upload } from "../../lib/api.js";
import { PanelElement } from "../../lib/element.js";
import { bytes, number, percent } from "../../lib/formats.js";
import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";
import { Polling, SLOW } from "../../lib/polling.js";
import { save } from "../../lib/download.js";

const WHILE_IMPORTING = 500;
const FIRST = 5;
const SHOWN = 10;
const ASKS_FOR_COLUMN = ["no_phone_column", "several_phone_columns"];
const ENCODINGS = ["utf-8", "utf-16", "cp1252", "mac_roman", "cp850"];

class StepRecipients extends PanelElement {
  static properties = ["campaign", "templates", "off"];
  #imports = [];
  #first = [];
  #sending = null;
  #error = null;
  #chosen = {};
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
      get(`${place}/recipients`, { query: { limit: FIRST }, signal }),
    ]);
    // Only a single import tells its refused rows.
    const refused = imports.filter((one) => one.invalid || one.duplicates).slice(0, 3);
    const whole = await Promise.all(refused.map((one) => get(`${place}/imports/${one.id}`, { signal })));
    const errors = Object.fromEntries(whole.map((one) => [one.id, one.errors]));
    return { imports: imports.map((one) => ({ ...one, errors: errors[one.id] ?? [] })), recipients };
  }

  #apply({ imports, recipients }) {
    const imported = imports.reduce((sum, one) => sum + one.imported, 0);
    // A file that is taken out leaves the list at once; its people follow.
    const differs = imported !== this.campaign.counts.total;
    const busy = differs || imports.some(moves);
    if (differs) this.emit("oc-changed");
    this.#imports = imports;
    this.#first = recipients;
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

  async #download(one) {
    try {
      await save(`/campaigns/${this.campaign.id}/imports/${one.id}/errors.csv`);
    } catch (error) {
      this.#fail(error);
    }
  }

  #placeholders() {
    const { template_id: id, template_language: code } = this.campaign;
    return this.templates.find((one) => one.name === id && one.language === code)?.placeholders ?? [];
  }

  #columns() {
    const others = (one) => one.columns.filter((name) => name && name !== one.phone_column);
    return [...new Set(this.#imports.filter((one) => !one.error).flatMap(others))];
  }

  /** The column of a placeholder: chosen now, chosen before, else by its place in the file. */
  #columnOf(placeholder, place) {
    const kept = this.campaign.variables;
    const before = Array.isArray(kept) ? kept[place] : kept?.[placeholder];
    return this.#chosen[placeholder] ?? before ?? this.#columns()[place] ?? "";
  }

  #choose(placeholder, column) {
    this.#chosen[placeholder] = column;
    this.update();
  }

  #next() {
    const placeholders = this.#placeholders();
    const pairs = placeholders.map((one, place) => [one, this.#columnOf(one, place)]).filter(([, column]) => column);
    const changes = pairs.length ? { variables: Object.fromEntries(pairs) } : {};
    this.emit("oc-save", { changes, next: "pace" });
  }

  template() {
    const total = this.campaign.counts.total;
    return html`
      <oc-drop .off=${this.off || this.#sending !== null} @oc-file=${(event) => this.#send(event.detail)}></oc-drop>
      ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#explained()}</p>` : null}
      ${this.#sending ? this.#progress(say("recipients.sending", this.#sending), this.#sending.share) : null}
      ${this.#imports.map((one) => this.#file(one))}
      ${this.#first.length ? this.#sample() : null}
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

  #file(one) {
    return html`<section class="file" key="${one.id}" aria-label="${one.file_name}">
      <div class="row is-apart">
        <h3>${one.file_name} <span class="quiet">${bytes(one.size)}</span></h3>
        <button type="button" class="button is-minimal" ?disabled=${this.off || moves(one)} @click=${() => this.#remove(one)}>
          ${say("recipients.remove")}
        </button>
      </div>
      ${one.status === "running" ? this.#progress(say("recipients.importing"), one.size ? one.done / one.size : 0) : null}
      ${one.removing ? html`<p class="quiet">${say("recipients.removing")}</p>` : null}
      ${one.error ? html`<p class="notice is-danger" role="alert">${one.error.message}</p>` : null}
      ${ASKS_FOR_COLUMN.includes(one.error?.code) && this.#files.has(one.id) ? this.#phoneColumn(one) : null}
      <ul class="verdict">
        <li><span class="dot is-delivered"></span>${say("verdict.imported", { count: one.imported })}</li>
        <li><span class="dot is-skipped"></span>${say("verdict.duplicates", { count: one.duplicates })}</li>
        <li><span class="dot is-failed"></span>${say("verdict.invalid", { count: one.invalid })}</li>
      </ul>
      ${one.restored ? this.#restored(one) : null}
      ${one.encoding && one.status !== "running" ? this.#encoding(one) : null}
      ${one.errors.length ? this.#refused(one) : null}
    </section>`;
  }

  #restored(one) {
    return html`<details>
      <summary>${say("verdict.restored", { count: one.restored })}</summary>
      <ul>
        ${one.restored_sample.map((cell) => html`<li>${say("verdict.restored.cell", { ...cell, row: number(cell.row) })}</li>`)}
      </ul>
    </details>`;
  }

  #phoneColumn(one) {
    return html`<label class="field">
      <span class="field-label">${say("recipients.phone_column")}</span>
      <select class="input" .value=${""} ?disabled=${this.off || moves(one)} @change=${(event) => this.#readAgain(one, { phone_column: event.target.value })}>
        <option value=""></option>
        ${one.columns.filter(Boolean).map((name) => html`<option value="${name}">${name}</option>`)}
      </select>
    </label>`;
  }

  /** How the letters were read, and another choice where the file is at hand. */
  #encoding(one) {
    if (!one.text_sample.length) return null;
    const read = html`<span>${say("encoding.read", { sample: one.text_sample.join(" · ") })}</span>`;
    if (!this.#files.has(one.id)) return html`<p class="quiet">${read}</p>`;
    return html`<label class="row quiet">
      ${read}
      <select class="input" .value=${told(one.encoding)} ?disabled=${this.off || moves(one)} @change=${(event) => this.#readAgain(one, { encoding: event.target.value, phone_column: one.phone_column })}>
        ${ENCODINGS.map((name) => html`<option value="${name}">${say(`encoding.${name}`)}</option>`)}
      </select>
    </label>`;
  }

  #refused(one) {
    return html`
      <div class="scrolling" tabindex="0" role="region" aria-label="${say("refused.label")}">
        <table class="table">
          <thead><tr><th scope="col">${say("refused.row")}</th><th scope="col">${say("refused.value")}</th><th scope="col">${say("refused.why")}</th></tr></thead>
          <tbody>
            ${one.errors.slice(0, SHOWN).map(
              (row) => html`<tr key="${row.row}"><td>${number(row.row)}</td><td>${row.value ?? ""}</td><td>${row.message}</td></tr>`,
            )}
          </tbody>
        </table>
      </div>
      <button type="button" class="button" @click=${() => this.#download(one)}>
        ${say("refused.download", { count: one.invalid + one.duplicates })}
      </button>
    `;
  }

  #sample() {
    const columns = this.#columns();
    return html`<section aria-labelledby="sample-title">
      <h3 id="sample-title">${say("recipients.first")}</h3>
      <div class="scrolling" tabindex="0" role="region" aria-label="${say("recipients.first")}">
        <table class="table">
          <thead><tr><th scope="col">${say("recipients.number")}</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>
            ${this.#first.map(
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
        (placeholder, place) => html`<label class="field" key="${placeholder}">
          <span class="field-label">${`{{${placeholder}}}`}</span>
          <select class="input" .value=${this.#columnOf(placeholder, place)} @change=${(event) => this.#choose(placeholder, event.target.value)}>
            ${columns.map((name) => html`<option value="${name}">${name}</option>`)}
          </select>
        </label>`,
      )}
    </fieldset>`;
  }
}

// The service tells how exactly it read a file; to a person a mark at its beginning makes no difference.
const told = (encoding) => ENCODINGS.find((name) => encoding.startsWith(name)) ?? "utf-8";

const moves = (one) => one.status === "running" || one.removing;

StepRecipients.define("oc-step-recipients");
