// What was typed earlier and never saved is there again, and says so.

import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";

/** A notice with a button that discards it; null where nothing was kept. */
export function keptNotice(wasKept, discard) {
  if (!wasKept) return null;
  return html`<p class="notice row is-apart" role="status">
    <span>${say("kept")}</span>
    <button type="button" class="button is-minimal" @click=${discard}>${say("kept.discard")}</button>
  </p>`;
}
