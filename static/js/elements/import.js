// One uploaded file: how far it is, what was taken, what was refused and why, and what its owner can say of it.

import { PanelElement } from "../lib/element.js";
import { bytes, number, percent } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

const SHOWN = 10;
const ASKS_FOR_COLUMN = ["no_phone_column", "several_phone_columns"];
const ASKS_FOR_SHEET = ["several_sheets", "sheet_missing"];
const ENCODINGS = ["utf-8", "utf-16", "cp1252", "mac_roman", "cp850"];

class Import extends PanelElement {
  /** `one` as the service gives it; whether its file is `kept` here, so that it can be read again. */
  static properties = ["one", "off", "kept"];

  template() {
    const { one } = this;
    return html`<section class="file" aria-label="${one.file_name}">
      <div class="row is-apart">
        <h3>${one.file_name} <span class="quiet">${bytes(one.size)}</span></h3>
        <button type="button" class="button is-minimal" ?disabled=${this.#isOff()} @click=${() => this.emit("oc-remove")}>
          ${say("recipients.remove")}
        </button>
      </div>
      ${one.status === "running" ? this.#progress() : null}
      ${one.removing ? html`<p class="quiet">${say("recipients.removing")}</p>` : null}
      ${one.error ? html`<p class="notice is-danger" role="alert">${one.error.message}</p>` : null}
      ${this.kept && this.#hasSheets() ? this.#sheet() : null}
      ${ASKS_FOR_COLUMN.includes(one.error?.code) && this.kept ? this.#phoneColumn() : null}
      <ul class="verdict">
        <li><span class="dot is-delivered"></span>${say("verdict.imported", { count: one.imported - one.flawed })}</li>
        ${one.flawed ? html`<li><span class="dot is-in_doubt"></span>${say("verdict.flawed", { count: one.flawed })}</li>` : null}
        <li><span class="dot is-skipped"></span>${say("verdict.duplicates", { count: one.duplicates })}</li>
        <li><span class="dot is-failed"></span>${say("verdict.invalid", { count: one.invalid })}</li>
      </ul>
      ${one.restored ? this.#restored() : null}
      ${one.encoding && !one.sheet && one.status !== "running" && one.text_sample.length ? this.#encoding() : null}
      ${one.errors.length ? this.#refused() : null}
    </section>`;
  }

  #isOff() {
    return this.off || this.one.status === "running" || this.one.removing;
  }

  #progress() {
    const { done, size } = this.one;
    const share = size ? done / size : 0;
    return html`<label class="progress"><span>${say("recipients.importing")} ${percent(share)}</span><progress max="1" .value=${share}></progress></label>`;
  }

  /** What its owner said of it before is said again. */
  #readAgain(told) {
    const { sheet } = this.one;
    this.emit("oc-read-again", { ...(sheet ? { sheet } : {}), ...told });
  }

  #hasSheets() {
    const { error, sheets, status } = this.one;
    return error ? ASKS_FOR_SHEET.includes(error.code) : sheets.length > 1 && status !== "running";
  }

  #sheet() {
    const { sheet, sheets } = this.one;
    return html`<label class="field">
      <span class="field-label">${say("recipients.sheet")}</span>
      <select class="input" .value=${sheets.includes(sheet) ? sheet : ""} ?disabled=${this.#isOff()} @change=${(event) => this.#readAgain({ sheet: event.target.value })}>
        <option value="" disabled></option>
        ${sheets.map((name) => html`<option value="${name}">${name}</option>`)}
      </select>
    </label>`;
  }

  #restored() {
    return html`<details>
      <summary>${say("verdict.restored", { count: this.one.restored })}</summary>
      <ul>
        ${this.one.restored_sample.map((cell) => html`<li>${say("verdict.restored.cell", { ...cell, row: number(cell.row) })}</li>`)}
      </ul>
    </details>`;
  }

  #phoneColumn() {
    return html`<label class="field">
      <span class="field-label">${say("recipients.phone_column")}</span>
      <select class="input" .value=${""} ?disabled=${this.#isOff()} @change=${(event) => this.#readAgain({ phone_column: event.target.value })}>
        <option value=""></option>
        ${this.one.columns.filter(Boolean).map((name) => html`<option value="${name}">${name}</option>`)}
      </select>
    </label>`;
  }

  /** How the letters were read, and another choice where the file is at hand. */
  #encoding() {
    const { encoding, phone_column: column, text_sample: sample } = this.one;
    const read = html`<span>${say("encoding.read", { sample: sample.join(" · ") })}</span>`;
    if (!this.kept) return html`<p class="quiet">${read}</p>`;
    return html`<label class="row quiet">
      ${read}
      <select class="input" .value=${told(encoding)} ?disabled=${this.#isOff()}
        @change=${(event) => this.#readAgain({ encoding: event.target.value, phone_column: column })}>
        ${ENCODINGS.map((name) => html`<option value="${name}">${say(`encoding.${name}`)}</option>`)}
      </select>
    </label>`;
  }

  #refused() {
    const { errors, invalid, duplicates } = this.one;
    return html`
      <div class="scrolling" tabindex="0" role="region" aria-label="${say("refused.label")}">
        <table class="table">
          <thead><tr><th scope="col">${say("refused.row")}</th><th scope="col">${say("refused.value")}</th><th scope="col">${say("refused.why")}</th></tr></thead>
          <tbody>
            ${errors.slice(0, SHOWN).map(
              (row) => html`<tr key="${row.row}"><td>${number(row.row)}</td><td>${row.value ?? ""}</td><td>${row.message}</td></tr>`,
            )}
          </tbody>
        </table>
      </div>
      <button type="button" class="button" @click=${() => this.emit("oc-download")}>
        ${say("refused.download", { count: invalid + duplicates })}
      </button>
    `;
  }
}

// The service tells how exactly it read a file; to a person a mark at its beginning makes no difference.
const told = (encoding) => ENCODINGS.find((name) => encoding.startsWith(name)) ?? "utf-8";

Import.define("oc-import");
