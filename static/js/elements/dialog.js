// A question before something happens, with its numbers; the browser's own dialog keeps focus inside.

import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

class Dialog extends PanelElement {
  #answer;
  #question = null;
  #chosen = new Set();

  /** Ask {title, lines, choices, yes, danger}; see ask(). */
  ask(question) {
    this.#question = question;
    this.#chosen = new Set(question.choices?.filter(({ checked }) => checked).map(({ value }) => value));
    this.show();
    this.querySelector("dialog").showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  #choose(value, wanted) {
    if (wanted) this.#chosen.add(value);
    else this.#chosen.delete(value);
    this.update();
  }

  #close(agreed) {
    this.#answer?.(agreed && this.#question.choices ? [...this.#chosen] : agreed);
    this.#answer = null;
    this.querySelector("dialog").close();
  }

  template() {
    const { title = "", lines = [], choices, yes = "", danger = false } = this.#question ?? {};
    return html`
      <dialog class="dialog" aria-labelledby="dialog-title" @cancel=${() => this.#close(false)}>
        <h2 id="dialog-title">${title}</h2>
        ${lines.map((line) => html`<p>${line}</p>`)}
        ${choices?.map((choice) => this.#choice(choice))}
        <div class="buttons is-end">
          <button type="button" class="button" @click=${() => this.#close(false)}>${say("dialog.no")}</button>
          <button type="button" class="button ${danger ? "is-danger" : "is-primary"}"
            ?disabled=${Boolean(choices) && this.#chosen.size === 0} @click=${() => this.#close(true)}>
            ${yes}
          </button>
        </div>
      </dialog>
    `;
  }

  #choice({ value, label, note, disabled = false }) {
    return html`
      <label class="choice" key="${value}">
        <input type="checkbox" .checked=${this.#chosen.has(value)} ?disabled=${disabled}
          @change=${(event) => this.#choose(value, event.target.checked)} />
        <span>${label}<br /><span class="quiet">${note}</span></span>
      </label>
    `;
  }
}

Dialog.define("oc-dialog");

/**
 * Ask in a dialog that lives as long as the question: true when the person agrees. With choices, each {value, label,
 * note, checked, disabled}, the values that were chosen.
 */
export async function ask(question) {
  const dialog = document.createElement("oc-dialog");
  document.body.append(dialog);
  const before = document.activeElement;
  const agreed = await dialog.ask(question);
  dialog.remove();
  before?.focus?.();
  return agreed;
}
