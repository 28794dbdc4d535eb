// The first step: what the campaign is called, and which template it sends.

import "../../elements/media.js";
import "../../elements/phone.js";
import { OTHER, onlyByApi } from "../../elements/templates.js";
import { PanelElement } from "../../lib/element.js";
import { html } from "../../lib/html.js";
import { composed } from "../../lib/message.js";
import { say } from "../../lib/language.js";
import { Typed } from "../../lib/typed.js";
import { keptNotice } from "./kept.js";

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

  #choose(template) {
    this.#typed.set("other", template === OTHER);
    if (template !== OTHER) {
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
      ...this.#filling(),
    };
    this.emit("oc-save", { changes, next: "recipients", saved: () => this.#discard() });
  }

  /** What fills the slots that no column of a file does; those of the text are filled in the next step. */
  #filling() {
    const slots = slotsHere(this.#chosen());
    if (!slots.length) return {};
    const before = this.campaign?.template_id === this.#value("template_id") ? (this.campaign.values ?? {}) : {};
    const given = slots.map((slot) => [slot.key, this.#text(slot)]).filter(([, text]) => text);
    const others = Object.entries(before).filter(([key]) => !slots.some((slot) => slot.key === key));
    return { values: Object.fromEntries([...others, ...given]), variables: null, template_components: null };
  }

  #text(slot) {
    return this.#typed.values[`slot:${slot.key}`] ?? textOf(this.campaign?.values?.[slot.key]);
  }

  template() {
    const chosen = this.#chosen();
    return html`<div class="beside">${this.#form(chosen)}${chosen ? this.#phone(chosen) : null}</div>`;
  }

  /** How the message looks as far as it is filled here; the columns of the text are chosen in the next step. */
  #phone(chosen) {
    const typed = Object.fromEntries(slotsHere(chosen).map((slot) => [slot.key, this.#text(slot)]));
    const values = { ...(this.campaign?.values ?? {}), ...typed };
    return html`<oc-phone .message=${composed(chosen, values, null)} .to=${null}></oc-phone>`;
  }

  #form(chosen) {
    return html`
      <form class="form" @submit=${(event) => this.#next(event)}>
        ${keptNotice(this.#typed.wasKept, () => this.#discard())}
        <label class="field">
          <span class="field-label">${say("field.name")}</span>
          <input class="input" required maxlength="200" .value=${this.#value("name")} @input=${(event) => this.#type("name", event.target.value)}>
        </label>
        ${this.templates.length
          ? html`<oc-templates .templates=${this.templates} .chosen=${this.#isTyped() ? OTHER : chosen} @oc-chosen=${(event) => this.#choose(event.detail)}></oc-templates>`
          : html`<p class="quiet">${say("message.no_list")}</p>`}
        ${this.#isTyped() ? this.#asText() : null}
        ${slotsHere(chosen).map((slot) => this.#slot(slot))}
        <div class="buttons is-end">
          <button class="button is-primary" ?disabled=${this.off}>${say("wizard.next")}</button>
        </div>
      </form>
    `;
  }

  #slot(slot) {
    const field = html`<label class="field is-grow" key="${slot.key}">
      <span class="field-label">${labelOf(slot)}</span>
      <input class="input" type="text" maxlength="${slot.longest ?? 2000}" ?required=${slot.required} placeholder="${slot.example ?? ""}"
        .value=${this.#text(slot)} @input=${(event) => this.#type(`slot:${slot.key}`, event.target.value)}>
      ${HELP.includes(slot.kind) ? html`<span class="field-help">${say(`slot.help.${slot.kind}`, { example: `{{${say("slot.column")}}}` })}</span>` : null}
    </label>`;
    if (!FILES.includes(slot.kind)) return field;
    return html`<div key="${slot.key}">
      ${field}
      <oc-media .kind=${slot.kind} .off=${this.off} @oc-hosted=${(event) => this.#type(`slot:${slot.key}`, event.detail)}></oc-media>
    </div>`;
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

const FILES = ["image", "video", "document"];
const HELP = ["image", "video", "document", "url_end", "coupon_code", "expiry"];

/** Those filled in this step: all but the text's own, and what comes back when a quick reply is tapped. */
const slotsHere = (template) =>
  (!template || onlyByApi(template) ? [] : template.slots).filter((slot) => !slot.key.startsWith("body.") && slot.kind !== "payload");

const textOf = (value) => (typeof value === "string" ? value : (value?.text ?? (value?.column ? `{{${value.column}}}` : "")));

function labelOf({ key, kind, name, label }) {
  const [, card] = /^card\.(\d+)\./.exec(key) ?? [];
  const said = say(`slot.${kind}`, { name: `{{${name}}}`, button: label ?? "" });
  return card === undefined ? said : say("slot.card", { number: Number(card) + 1, slot: said });
}

StepMessage.define("oc-step-message");
