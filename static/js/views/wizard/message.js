// The first step: what the campaign is called, and which template it sends.

import { PanelElement } from "../../lib/element.js";
import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";
import { Typed } from "../../lib/typed.js";
import { keptNotice } from "./kept.js";

const OTHER = "other";
const MEDIA = { IMAGE: "image", VIDEO: "video", DOCUMENT: "document" };

class StepMessage extends PanelElement {
  static properties = ["campaign", "templates", "off"];
  #kept = null;

  get #typed() {
    return (this.#kept ??= new Typed(`message/${this.campaign?.id ?? "new"}`));
  }

  #discard() {
    this.#typed.discard();
    this.update();
  }

  /** What a field holds: what was typed, else what the draft has. */
  #value(name, fallback = "") {
    return this.#typed.values[name] ?? this.campaign?.[name] ?? fallback;
  }

  #type(name, value) {
    this.#typed.set(name, value);
    this.update();
  }

  #chosen() {
    const [id, code] = [this.#value("template_id"), this.#value("template_language", "es_MX")];
    return this.templates.find((one) => one.name === id && one.language === code) ?? null;
  }

  #choose(place) {
    const template = this.templates[place];
    this.#typed.set("other", place === OTHER);
    if (template) {
      this.#typed.set("template_id", template.name);
      this.#typed.set("template_language", template.language);
    }
    this.update();
  }

  /** Whether the template is typed: it is in no list, or the operator wants another. */
  #isTyped() {
    if (this.templates.length === 0) return true;
    return this.#typed.values.other ?? (Boolean(this.campaign) && !this.#chosen());
  }

  #next(event) {
    event.preventDefault();
    const changes = {
      name: this.#value("name"),
      template_id: this.#value("template_id"),
      template_language: this.#value("template_language", "es_MX"),
      ...this.#components(),
    };
    this.emit("oc-save", { changes, next: "recipients", saved: () => this.#discard() });
  }

  #components() {
    const kind = MEDIA[this.#chosen()?.header?.format];
    if (!kind || this.#typed.values.link === undefined) return {};
    return { template_components: [{ type: "header", parameters: [{ type: kind, [kind]: { link: this.#typed.values.link } }] }] };
  }

  #link() {
    const header = this.campaign?.template_components?.find((one) => one.type === "header");
    const parameter = header?.parameters?.[0];
    return this.#typed.values.link ?? parameter?.[parameter?.type]?.link ?? "";
  }

  template() {
    const chosen = this.#chosen();
    return html`
      <form class="form" @submit=${(event) => this.#next(event)}>
        ${keptNotice(this.#typed.wasKept, () => this.#discard())}
        <label class="field">
          <span class="field-label">${say("field.name")}</span>
          <input class="input" required maxlength="200" .value=${this.#value("name")} @input=${(event) => this.#type("name", event.target.value)}>
        </label>
        ${this.templates.length ? this.#choice(chosen) : html`<p class="quiet">${say("message.no_list")}</p>`}
        ${this.#isTyped() ? this.#asText() : null}
        ${MEDIA[chosen?.header?.format]
          ? html`<label class="field">
              <span class="field-label">${say(`message.link.${MEDIA[chosen.header.format]}`)}</span>
              <input class="input" type="url" required .value=${this.#link()} @input=${(event) => this.#type("link", event.target.value)}>
            </label>`
          : null}
        ${chosen ? html`<blockquote class="quote">${chosen.body}</blockquote>` : null}
        <div class="buttons is-end">
          <button class="button is-primary" ?disabled=${this.off}>${say("wizard.next")}</button>
        </div>
      </form>
    `;
  }

  #choice(chosen) {
    return html`<label class="field">
      <span class="field-label">${say("message.template")}</span>
      <select class="input" required .value=${this.#isTyped() ? OTHER : chosen ? String(this.templates.indexOf(chosen)) : ""} @change=${(event) => this.#choose(event.target.value)}>
        <option value="" disabled>${say("message.choose")}</option>
        ${this.templates.map(
          (one, place) => html`<option value="${place}" ?disabled=${one.status !== "APPROVED"}>
            ${one.name} (${one.language})${one.status === "APPROVED" ? "" : ` · ${say(`template.${one.status}`)}`}
          </option>`,
        )}
        <option value="${OTHER}">${say("message.other")}</option>
      </select>
    </label>`;
  }

  #asText() {
    return html`
      <label class="field">
        <span class="field-label">${say("field.template_id")}</span>
        <input class="input" required .value=${this.#value("template_id")} @input=${(event) => this.#type("template_id", event.target.value)}>
        <span class="field-help">${say("message.template.help")}</span>
      </label>
      <label class="field">
        <span class="field-label">${say("field.template_language")}</span>
        <input class="input" required .value=${this.#value("template_language", "es_MX")}
          @input=${(event) => this.#type("template_language", event.target.value)}>
      </label>
    `;
  }
}

StepMessage.define("oc-step-message");
