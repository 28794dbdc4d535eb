// The last step: what the first recipient will read, how many, for how much, what is wrong; then start.

import "../../elements/phone.js";
import { sureToSchedule, sureToStart } from "../../lib/actions.js";
import { get, post } from "../../lib/api.js";
import { PanelElement } from "../../lib/element.js";
import { moment, money, number, span } from "../../lib/formats.js";
import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";
import { asRead } from "../../lib/message.js";
import { duration } from "../../lib/pace.js";
import { Polling, SLOW } from "../../lib/polling.js";
import { go } from "../../lib/routes.js";
import { judgingNotice } from "./judging.js";

const WHILE_MOVING = 500;

class StepReview extends PanelElement {
  static properties = ["campaign", "status", "off"];
  #preview = null;
  #cost = null;
  #error = null;
  #said = "";
  #number = "";
  #busy = false;

  #polling = new Polling(
    (signal) => this.#load(signal),
    (found) => this.#apply(found),
    (error) => this.#fail(error),
  );

  connected() {
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  async #load(signal) {
    const place = `/campaigns/${this.campaign.id}`;
    const { campaign, cost } = await get(`${place}/report`, { signal });
    const known = this.#preview?.looking === false ? this.#preview : null;
    return { campaign, cost, preview: known ?? (await post(`${place}/preview`, {}, { signal })) };
  }

  #apply({ campaign, cost, preview }) {
    if (campaign.judging || this.campaign.judging) this.emit("oc-changed");
    this.#cost = cost;
    this.#preview = preview;
    this.update();
    return campaign.judging || preview.looking ? WHILE_MOVING : SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  async #ask(question) {
    this.#busy = true;
    this.#error = null;
    this.update();
    try {
      await question();
    } catch (error) {
      this.#error = error;
    }
    this.#busy = false;
    this.update();
  }

  #test(event) {
    event.preventDefault();
    return this.#ask(async () => {
      this.#said = "";
      const sent = await post(`/campaigns/${this.campaign.id}/test-send`, { phone_number: this.#number });
      this.#said = say(`test.${sent.outcome}`, { number: sent.phone_number });
    });
  }

  #begin() {
    return this.#ask(async () => {
      const { id, scheduled_at: at, timezone } = this.campaign;
      const agreed = at ? await sureToSchedule(this.campaign, at, timezone) : await sureToStart(this.campaign);
      if (!agreed) return;
      await post(`/campaigns/${id}/${at ? "schedule" : "start"}`, at ? {} : undefined);
      this.emit("oc-say", say(at ? "done.schedule" : "done.start"));
      go(`/campaigns/${id}`);
    });
  }

  template() {
    const { campaign } = this;
    const problems = this.#preview?.problems ?? [];
    return html`
      <div class="review">
        ${this.#preview ? html`<oc-phone .message=${this.#preview.text ? asRead(this.#preview.text) : null} .to=${this.#preview.phone_number}></oc-phone>` : null}
        <div class="review-facts">
          <dl class="figures">${this.#facts().map(([name, value]) => html`<div key="${name}"><dt>${say(name)}</dt><dd>${value}</dd></div>`)}</dl>
          ${campaign.judging ? judgingNotice(campaign.judging) : null}
          ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#error.message}</p>` : null}
          ${this.#cost?.reason ? html`<p class="quiet">${this.#cost.reason}</p>` : null}
          ${this.#cost?.unpriced && this.#cost.currency
            ? html`<p class="notice is-warning">${say("review.unpriced", { count: this.#cost.unpriced })}</p>`
            : null}
          ${this.#cost?.out_of_reach ? html`<p class="notice is-warning">${say("sure.start.reach", { count: this.#cost.out_of_reach })}</p>` : null}
          ${this.#preview?.looking ? html`<p class="quiet" role="status">${say("review.looking")}</p>` : null}
          ${problems.map((problem) => html`<p class="notice is-warning">${problem.message}</p>`)}
          <form class="row" @submit=${(event) => this.#test(event)}>
            <label class="field is-grow">
              <span class="field-label">${say("test.number")}</span>
              <input class="input" type="tel" required .value=${this.#number} @input=${(event) => (this.#number = event.target.value)}>
            </label>
            <button class="button is-low" ?disabled=${this.#off()}>${say("test.send")}</button>
          </form>
          <p role="status">${this.#said}</p>
          <div class="buttons is-end">
            <button type="button" class="button is-primary is-large" ?disabled=${this.#off() || campaign.counts.total === 0 || campaign.judging !== null} @click=${() => this.#begin()}>
              ${campaign.scheduled_at ? say("action.schedule") : say("action.start")}
            </button>
          </div>
        </div>
      </div>
    `;
  }

  #off() {
    return this.off || this.#busy;
  }

  #facts() {
    const { campaign, status } = this;
    const beyond = this.#cost?.out_of_reach ?? 0;
    const people = campaign.counts.total - campaign.counts.skipped - beyond;
    const pace = { size: campaign.batch_size, intervalMs: campaign.batch_interval_ms, perSecond: status.bot.messages_per_second };
    const when = campaign.scheduled_at ? moment(campaign.scheduled_at, campaign.timezone) : say("pace.now");
    return [
      ["review.people", people],
      campaign.counts.skipped ? ["review.skipped", campaign.counts.skipped] : null,
      ["review.when", when],
      ["review.takes", span(duration(people, pace))],
      ["review.cost", this.#price()],
    ]
      .filter(Boolean)
      .map(([name, value]) => [name, typeof value === "number" ? number(value) : value]);
  }

  #price() {
    const { currency, estimated } = this.#cost ?? {};
    return currency && estimated !== null ? money(estimated, currency) : say("review.cost.unknown");
  }
}

StepReview.define("oc-step-review");
