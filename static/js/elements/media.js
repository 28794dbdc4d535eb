// Uploads a picture, video or document of a message; tells the address under which it is hosted.

import { upload } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { percent } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";

const ACCEPTED = {
  image: ".jpg,.jpeg,.png",
  video: ".mp4,.3gp",
  document: ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx",
};

class Media extends PanelElement {
  /** `kind` is a slot's: image, video or document. */
  static properties = ["kind", "off"];
  #share = null;
  #error = null;

  async #choose(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    this.#error = null;
    this.#progress(0);
    try {
      const hosted = await upload("/media-files", file, { progress: (share) => this.#progress(share) });
      if (hosted.type === this.kind) this.emit("oc-hosted", hosted.url);
      else this.#error = say("media.other", { type: say(`media.${hosted.type}`), wanted: say(`media.${this.kind}`) });
    } catch (error) {
      this.#error = error.message;
    }
    this.#progress(null);
  }

  #progress(share) {
    this.#share = share;
    this.update();
  }

  template() {
    const busy = this.#share !== null;
    return html`
      <label class="button is-low upload">
        ${busy ? say("media.sending", { share: percent(this.#share) }) : say("media.upload")}
        <input class="upload-input" type="file" accept="${ACCEPTED[this.kind]}" ?disabled=${this.off || busy} @change=${(event) => this.#choose(event)}>
      </label>
      ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#error}</p>` : null}
    `;
  }
}

Media.define("oc-media");
