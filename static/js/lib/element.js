// What every element of the panel is: properties in, a template out, events up.

import { render } from "./html.js";

export class PanelElement extends HTMLElement {
  #queued = false;

  /** Names of the properties; setting one shows the element anew. */
  static properties = [];

  static define(name) {
    for (const property of this.properties) addProperty(this.prototype, property);
    customElements.define(name, this);
  }

  connectedCallback() {
    this.connected?.();
    this.update();
  }

  disconnectedCallback() {
    // One that is only moved is connected again at once.
    queueMicrotask(() => this.isConnected || this.disconnected?.());
  }

  /** Show the template as it is now, soon and once. */
  update() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (this.isConnected) this.show();
    });
  }

  show() {
    render(this.template(), this);
    this.shown?.();
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

function addProperty(prototype, name) {
  const values = new WeakMap();
  Object.defineProperty(prototype, name, {
    get() {
      return values.get(this);
    },
    set(value) {
      values.set(this, value);
      this.update();
    },
  });
}
