// The panel's roof: the language, the screens by address, and what concerns all of them.

import { listeners } from "./lib/api.js";
import { PanelElement } from "./lib/element.js";
import { html } from "./lib/html.js";
import { chooseLanguage, say } from "./lib/language.js";
import { currentRoute } from "./lib/routes.js";
import { readToken } from "./lib/session.js";

const VIEWS = {
  campaigns: "campaigns",
  wizard: "wizard",
  campaign: "campaign",
  optouts: "opt-outs",
  health: "health",
};
const TABS = [
  ["#/campaigns", "tab.campaigns", ["campaigns", "wizard", "campaign"]],
  ["#/opt-outs", "tab.opt_outs", ["optouts"]],
  ["#/health", "tab.health", ["health"]],
];
const SPOKEN_FOR = 8000;
const AGAIN = 3000;

class Panel extends PanelElement {
  #route = currentRoute();
  #loaded = new Set();
  #session = Boolean(readToken());
  #away = false;
  #said = "";
  #timer;

  connected() {
    addEventListener("hashchange", () => this.#open());
    listeners.add((news) => this.#hear(news));
    this.addEventListener("oc-say", (event) => this.#tell(event.detail));
    this.#open();
  }

  async #open() {
    this.#route = currentRoute();
    await this.#load(this.#route.name);
    this.update();
  }

  /** A screen's files, asked for until they come; a browser gives up an address that failed once. */
  async #load(name) {
    for (let tries = 0; !this.#loaded.has(name); tries++) {
      try {
        await import(`./views/${VIEWS[name]}.js${tries ? `?${tries}` : ""}`);
        this.#loaded.add(name);
      } catch {
        this.#hear({ away: true });
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  #hear(news) {
    const [session, away] = [news.session ?? this.#session, news.away ?? this.#away];
    if (session === this.#session && away === this.#away) return;
    this.#session = session;
    this.#away = away;
    this.update();
  }

  #tell(text) {
    this.#said = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(""), SPOKEN_FOR);
    this.update();
  }

  template() {
    const { name } = this.#route;
    return html`
      <header class="top">
        <h1 class="top-title">${say("title")}</h1>
        <nav aria-label="${say("nav.label")}">
          ${TABS.map(
            ([address, label, names]) => html`
              <a class="tab" href="${address}" aria-current="${names.includes(name) ? "page" : null}">${say(label)}</a>
            `,
          )}
        </nav>
      </header>
      <div role="alert">${this.#notice()}</div>
      <main>${this.#loaded.has(name) ? this.#view() : null}</main>
      <p class="toast ${this.#said ? "" : "is-empty"}" role="status">${this.#said}</p>
    `;
  }

  #notice() {
    if (!this.#session) return html`<p class="notice is-warning">${say("session.ended")}</p>`;
    if (this.#away) return html`<p class="notice is-danger">${say("service.away")}</p>`;
    return null;
  }

  #view() {
    const { name, id, recipient, step, query } = this.#route;
    if (name === "campaign") return html`<oc-campaign key="c${id}" .campaign-id=${id} .recipient-id=${recipient}></oc-campaign>`;
    if (name === "wizard") return html`<oc-wizard key="w${id ?? "new"}" .campaign-id=${id} .step=${step}></oc-wizard>`;
    if (name === "optouts") return html`<oc-opt-outs></oc-opt-outs>`;
    if (name === "health") return html`<oc-health></oc-health>`;
    return html`<oc-campaigns .query=${query}></oc-campaigns>`;
  }
}

await chooseLanguage();
Panel.define("oc-panel");
