// Can this bot's campaigns be sent, and if not, what is missing and which lines to add.

import { get } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { moment, number } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { Polling, SLOW } from "../lib/polling.js";

class Health extends PanelElement {
  #status = null;
  #error = null;
  #polling = new Polling(
    (signal) => get("/status", { signal }),
    (status) => this.#apply(status),
    (error) => this.#fail(error),
  );

  connected() {
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  #apply(status) {
    this.#status = status;
    this.#error = null;
    this.update();
    return SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  template() {
    return html`
      <section class="screen" aria-labelledby="health-title">
        <h2 id="health-title">${say("health.title")}</h2>
        ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#error.message}</p>` : null}
        ${this.#status ? this.#content(this.#status) : html`<p key="loading" class="quiet" aria-busy="true">${say("loading")}</p>`}
      </section>
    `;
  }

  #content({ status, version, bot, engine, database, problems, waiting }) {
    const missing = [...bot.vonage.missing, ...problems];
    const told = [...new Map(missing.map((one) => [one.message, one])).values()];
    return html`
      <p class="notice ${status === "ok" ? "is-success" : "is-danger"}">${say(`health.${status}`)}</p>
      <ul class="checks">
        ${check(bot.vonage.configured, "health.vonage")}
        ${check(engine.running, "health.engine", engine.last_batch_at ? say("health.last", { at: moment(engine.last_batch_at) }) : "")}
        ${check(database === "ok", "health.database")}
        ${check(bot.receipts.on, "health.receipts", bot.receipts.reason ?? ofOthers(bot.receipts.other_number_today))}
        ${check(bot.inbound.forwarding && !bot.inbound.outage, "health.inbound", bot.inbound.reason)}
        ${check(bot.inbound.has_received, "health.replies", bot.inbound.has_received ? "" : say("health.replies.none", { url: bot.inbound.url }))}
      </ul>
      ${told.length
        ? html`<h3>${say("health.todo")}</h3>
            <ul class="todo">${told.map((one) => html`<li key="${one.message}">${one.message}</li>`)}</ul>`
        : null}
      ${waiting.length
        ? html`<h3>${say("health.waiting")}</h3>
            <ul class="todo">${waiting.map(waitingCampaign)}</ul>`
        : null}
      ${bot.lines.length ? this.#lines(bot.lines) : null}
      <p class="quiet">${say("health.version", { version })}</p>
    `;
  }

  #lines(lines) {
    return html`
      <h3>${say("health.lines")}</h3>
      ${lines.map(({ file, text }) => html`<p key="${file}">${file}</p><pre class="code" tabindex="0">${text}</pre>`)}
    `;
  }
}

const check = (fine, name, more) => html`
  <li key="${name}" class="${fine ? "is-fine" : "is-wrong"}">
    <strong>${say(name)}</strong> ${say(fine ? "health.fine" : "health.wrong")} <span class="quiet">${more ?? ""}</span>
  </li>
`;

const ofOthers = (count) => (count ? say("health.other_number", { count: number(count) }) : "");

const waitingCampaign = ({ campaign_id: id, name, message, until }) => html`
  <li key="w${id}"><a href="#/campaigns/${id}">${name}</a>: ${message} ${until ? say("waiting.until", { at: moment(until) }) : null}</li>
`;

Health.define("oc-health");
