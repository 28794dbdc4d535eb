// A campaign's status as a small coloured word.

import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

export const statusTag = (status) => html`<span class="tag is-${status}">${say(`campaign.${status}`)}</span>`;
