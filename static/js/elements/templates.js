// Chooses one of the account's templates: found by name or text, with why some can't be sent from here.

import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { language, say } from "../lib/language.js";
import { bare } from "../lib/spelling.js";

export const OTHER = "other";

const BY_API = ["one_time_code", "flow_token", "product"];
const CATEGORIES = ["MARKETING", "UTILITY", "AUTHENTICATION"];

/** Whether the panel has no form for it. */
export const onlyByApi = (template) =>
  template.only_by_components.length > 0 || template.slots.some((slot) => BY_API.includes(slot.kind));

class Templates extends PanelElement {
  /** `chosen` is one of `templates`, or OTHER, or null. */
  static properties = ["templates", "chosen"];
  #search = "";
  #category = "";

  #found() {
    const wanted = bare(this.#search);
    return this.templates.filter(
      (one) =>
        one === this.chosen ||
        ((!this.#category || one.category?.toUpperCase() === this.#category) && (bare(one.name).includes(wanted) || bare(one.body).includes(wanted))),
    );
  }

  #type(event) {
    this.#search = event.target.value;
    this.update();
  }

  #narrow(event) {
    this.#category = event.target.value;
    this.update();
  }

  template() {
    const found = this.#found();
    return html`<fieldset class="form">
      <legend>${say("message.template")}</legend>
      <div class="row">
        <label class="field is-grow">
          <span class="field-label">${say("templates.search")}</span>
          <input class="input" type="search" .value=${this.#search} @input=${(event) => this.#type(event)}>
        </label>
        <label class="field">
          <span class="field-label">${say("templates.category")}</span>
          <select class="input" .value=${this.#category} @change=${(event) => this.#narrow(event)}>
            <option value="">${say("templates.all")}</option>
            ${CATEGORIES.map((name) => html`<option value="${name}">${say(`category.${name}`)}</option>`)}
          </select>
        </label>
      </div>
      <div class="picks" tabindex="-1">
        ${found.map((one) => this.#pick(one))}
        ${found.length ? null : html`<p class="quiet">${say("templates.none")}</p>`}
        <label class="pick" key="other">
          <input type="radio" name="template" required .checked=${this.chosen === OTHER} @change=${() => this.emit("oc-chosen", OTHER)}>
          <span>${say("message.other")}</span>
        </label>
      </div>
    </fieldset>`;
  }

  #pick(one) {
    const why = whyNot(one);
    return html`<label class="pick" key="${one.name} ${one.language}">
      <input type="radio" name="template" required .checked=${one === this.chosen} ?disabled=${Boolean(why)} @change=${() => this.emit("oc-chosen", one)}>
      <span class="pick-name">${one.name}<span class="quiet">${one.body}</span></span>
      <span class="pick-facts">
        ${one.category ? html`<span>${category(one.category)}</span>` : null}
        <span class="quiet">${tongue(one.language)}${why ? ` · ${why}` : ""}</span>
      </span>
    </label>`;
  }
}

/** Why it can't be sent from here; empty if it can. */
function whyNot(template) {
  if (template.status !== "APPROVED") return say(`template.${template.status}`);
  return onlyByApi(template) ? say("template.only_by_api") : "";
}

const category = (name) => (CATEGORIES.includes(name.toUpperCase()) ? say(`category.${name.toUpperCase()}`) : name);

/** A language's name, as the browser calls it; its code where it does not know it. */
function tongue(code) {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(code.replace("_", "-"));
  } catch {
    return code;
  }
}

Templates.define("oc-templates");
