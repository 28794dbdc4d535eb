// How far the recipients have been judged anew, after a change of what fills the template.

import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";

export const judgingNotice = ({ done, total }) => html`<label class="progress" key="judging">
  <span>${say("judging", { done, total })}</span><progress max="${total}" .value=${done}></progress>
</label>`;
