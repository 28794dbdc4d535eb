// The message of somebody among the first people: the first, the longest, or one with an empty cell.

import "./phone.js";
import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { composed, hasEmptyCell, lengthOf } from "../lib/message.js";

/** The place of whoever is meant; -1 where there is nobody. */
const PERSONS = {
  first: (people) => (people.length ? 0 : -1),
  empty: (people, _made, values) => people.findIndex((one) => hasEmptyCell(values, one.variables)),
  longest: (_people, made) => made.reduce((best, { body }, place) => (best === -1 || lengthOf(body) > lengthOf(made[best].body) ? place : best), -1),
};

class Example extends PanelElement {
  /** `values` fill the template that is `listed`; `people` are recipients as the service gives them. */
  static properties = ["listed", "values", "people"];
  #person = "first";

  #show(person) {
    this.#person = person;
    this.update();
  }

  template() {
    const { listed, people, values } = this;
    const made = people.map((one) => composed(listed, values, one.variables));
    const place = PERSONS[this.#person](people, made, values);
    const message = made[place] ?? composed(listed, values, null);
    const most = listed.slots.find(({ key }) => key.startsWith("body."))?.longest;
    return html`<div class="beside-phone">
      ${people.length ? this.#choice() : null}
      <oc-phone .message=${message} .to=${people[place]?.phone_number ?? null}></oc-phone>
      ${most ? html`<p class="quiet">${say("phone.length", { length: lengthOf(message.body), most })}</p>` : null}
    </div>`;
  }

  #choice() {
    return html`<label class="field">
      <span class="field-label">${say("phone.which")}</span>
      <select class="input" .value=${this.#person} @change=${(event) => this.#show(event.target.value)}>
        ${Object.keys(PERSONS).map((name) => html`<option value="${name}">${say(`phone.${name}`)}</option>`)}
      </select>
    </label>`;
  }
}

Example.define("oc-example");
