// A question before something happens, with its numbers; the browser's own dialog keeps focus inside.

import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

class Dialog extends PanelElement {
  #answer;
  #question = null;

  /** Ask {title, lines, yes, danger}; true when the person agrees. */
  ask(question) {
    this.#question = question;
    this.show();
    this.querySelector("dialog").showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  #close(agreed) {
    this.#answer?.(agreed);
    this.#answer = null;
    this.querySelector("dialog").close();
  }

  template() {
    const { title = "", lines = [], yes = "", danger = false } = this.#question ?? {};
    return html`
      <dialog class="dialog" aria-labelledby="dialog-title" @cancel=${() => this.#close(false)}>
        <h2 id="dialog-title">${title}</h2>
        ${lines.map((line) => html`<p>${line}</p>`)}
        <div class="buttons is-end">
          <button type="button" class="button" @click=${() => this.#close(false)}>${say("dialog.no")}</button>
          <button type="button" class="button ${danger ? "is-danger" : "is-primary"}" @click=${() => this.#close(true)}>
            ${yes}
          </button>
        </div>
      </dialog>
    `;
  }
}

Dialog.define("oc-dialog");

/** Ask in a dialog that lives as long as the question. */
export async function ask(question) {
  const dialog = document.createElement("oc-dialog");
  document.body.append(dialog);
  const before = document.activeElement;
  const agreed = await dialog.ask(question);
  dialog.remove();
  before?.focus?.();
  return agreed;
}
