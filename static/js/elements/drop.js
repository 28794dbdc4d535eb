// Where a file is dropped, or chosen by mouse or keyboard.

import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

class Drop extends PanelElement {
  static properties = ["off"];
  #over = false;

  #drag(event, over) {
    event.preventDefault();
    this.#over = over;
    this.update();
  }

  #drop(event) {
    this.#drag(event, false);
    this.#take(event.dataTransfer.files[0]);
  }

  #choose(event) {
    this.#take(event.target.files[0]);
    event.target.value = "";
  }

  #take(file) {
    if (file && !this.off) this.emit("oc-file", file);
  }

  template() {
    return html`
      <label class="drop ${this.#over ? "is-over" : ""}" @dragover=${(event) => this.#drag(event, true)}
        @dragleave=${(event) => this.#drag(event, false)} @drop=${(event) => this.#drop(event)}>
        <strong>${say("drop.title")}</strong>
        <span class="quiet">${say("drop.help")}</span>
        <input class="drop-input" type="file" accept=".xlsx,.ods,.csv,.tsv,.txt" ?disabled=${this.off} @change=${(event) => this.#choose(event)}>
      </label>
    `;
  }
}

Drop.define("oc-drop");
