// One campaign: the truth in one bar, what happened, why some failed, everybody in it, and what can be done.

import "../elements/bar.js";
import "../elements/chart.js";
import "../elements/events.js";
import "../elements/recipients.js";
import "../elements/story.js";
import { statusTag } from "../elements/status.js";
import { DO, LEFT } from "../lib/actions.js";
import { get } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { fromNow, moment, money, number, percent, showTimesIn, span } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { mayWrite } from "../lib/permission.js";
import { Polling, QUICK, SLOW } from "../lib/polling.js";
import { save } from "../lib/download.js";

/** Seconds after its end in which most receipts of a campaign come. */
const RECEIPTS_COME = 300;
const NOT_FOUND = "not_found_at_vonage";

class Campaign extends PanelElement {
  static properties = ["campaignId", "recipientId"];
  #report = null;
  #canWrite = true;
  #error = null;
  #busy = null;
  #polling = new Polling(
    (signal) => get(`/campaigns/${this.campaignId}/report`, { signal }),
    (report) => this.#apply(report),
    (error) => this.#fail(error),
  );

  async connected() {
    this.#polling.start();
    this.#canWrite = await mayWrite();
    this.update();
  }

  disconnected() {
    this.#polling.stop();
    showTimesIn(null);
  }

  #apply(report) {
    this.#report = report;
    showTimesIn(report.campaign.timezone);
    this.#error = null;
    this.update();
    return this.#wait();
  }

  #wait() {
    const { campaign, counts } = this.#report;
    const follows = campaign.status === "cancelled" && counts.pending > 0;
    if (campaign.status === "running" || counts.sending > 0 || follows) return QUICK;
    const ended = campaign.finished_at && -fromNow(campaign.finished_at) < RECEIPTS_COME;
    return ended ? 2 * QUICK : SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  async #do(action) {
    this.#busy = action;
    this.update();
    try {
      const after = await DO[action](this.#report.campaign);
      this.#error = null;
      if (after === LEFT) return;
      if (after) this.emit("oc-say", say(`done.${action}`));
    } catch (error) {
      this.#error = error;
    }
    this.#busy = null;
    this.update();
    this.#now();
  }

  /** Everything on the screen as it is now. */
  #now() {
    this.#polling.now();
    for (const name of ["oc-recipients", "oc-events"]) this.querySelector(name)?.now();
  }

  async #save(path, query) {
    try {
      await save(path, query);
    } catch (error) {
      this.#fail(error);
    }
  }

  template() {
    const error = this.#error
      ? html`<p class="notice is-danger" role="alert">${this.#error.message}</p>`
      : null;
    if (!this.#report) return html`<section class="screen">${error ?? html`<p key="loading" class="quiet" aria-busy="true">${say("loading")}</p>`}</section>`;
    const { campaign, counts } = this.#report;
    return html`
      <section class="screen" aria-labelledby="campaign-title">
        <a class="back" href="#/campaigns">${say("campaign.back")}</a>
        <div class="row is-apart">
          <h2 id="campaign-title">${campaign.name} ${statusTag(campaign.status)}</h2>
          <div class="buttons">${this.#buttons(campaign)}</div>
        </div>
        ${this.#canWrite ? null : html`<p class="notice">${say("write.none")}</p>`}
        ${error}
        ${campaign.status_reason ? html`<p class="notice is-warning">${campaign.status_reason.reason}</p>` : null}
        ${waitingNotice(this.#report.waiting)}
        ${canaryNotice(campaign.canary)}
        <oc-bar .counts=${counts} .legend=${true}></oc-bar>
        ${this.#figures()}
        ${this.#chart()} ${this.#errors()}
        <section class="part" aria-labelledby="recipients-title">
          <div class="row is-apart">
            <h3 id="recipients-title">${say("campaign.recipients")}</h3>
            <div class="buttons">${this.#exports(campaign, counts)}</div>
          </div>
          <oc-recipients .campaign-id=${campaign.id} .counts=${counts} .replies=${this.#report.replies} .wait=${this.#wait()}></oc-recipients>
        </section>
        <section class="part" aria-labelledby="events-title">
          <h3 id="events-title">${say("campaign.events")}</h3>
          <oc-events .campaign-id=${campaign.id}></oc-events>
        </section>
      </section>
      ${this.recipientId
        ? html`<oc-story key="s${this.recipientId}" .campaign-id=${campaign.id} .recipient-id=${this.recipientId}
            .can-write=${this.#canWrite} @oc-resolved=${() => this.#now()}></oc-story>`
        : null}
    `;
  }

  #buttons(campaign) {
    const primary = { start: "is-primary", resume: "is-primary", cancel: "is-danger", delete: "is-danger" };
    return campaign.actions
      .filter((action) => action in DO)
      .map(
        (action) => html`<button type="button" key="${action}" class="button ${primary[action] ?? ""}"
          ?disabled=${!this.#canWrite || this.#busy !== null} @click=${() => this.#do(action)}>${say(`action.${action}`)}</button>`,
      );
  }

  #figures() {
    const { campaign, rates, replies, pace, cost } = this.#report;
    const runs = campaign.status === "running";
    const facts = [
      ["figure.delivered", percent(rates.delivered)],
      ["figure.read", percent(rates.read)],
      ["figure.failed", percent(rates.failed)],
      ["figure.replied", this.#those("any", replies.replied + replies.buttons)],
      ["figure.opted_out", this.#those("opted_out", replies.opted_out)],
      ["figure.pace", say("figure.per_second", { pace: Number(pace.per_second.toFixed(1)) })],
      runs && pace.eta ? ["figure.left", span(Math.max(0, fromNow(pace.eta)))] : null,
      runs && pace.next_batch_at ? ["figure.next", moment(pace.next_batch_at)] : null,
      ...costs(cost),
      ["figure.batches", say("campaigns.pace", { size: campaign.batch_size, span: span(campaign.batch_interval_ms / 1000) })],
    ].filter(Boolean);
    return html`<dl class="figures">
      ${facts.map(([name, value]) => html`<div key="${name}"><dt>${say(name)}</dt><dd>${value}</dd></div>`)}
    </dl>`;
  }

  /** A number of people that leads to them. */
  #those(reply, count) {
    if (count === 0) return number(count);
    return html`<button type="button" class="link" @click=${() => this.#show(`reply:${reply}`)}>${number(count)}</button>`;
  }

  #show(those) {
    const recipients = this.querySelector("oc-recipients");
    recipients.filter(those);
    recipients.scrollIntoView({ behavior: "smooth" });
  }

  #chart() {
    if (!this.#report.campaign.started_at) return null;
    return html`<section class="part" aria-labelledby="chart-title">
      <h3 id="chart-title">${say("campaign.chart")}</h3>
      <oc-chart .timeline=${this.#report.timeline}></oc-chart>
    </section>`;
  }

  #errors() {
    const { errors, counts } = this.#report;
    if (errors.length === 0) return null;
    return html`<section class="part" aria-labelledby="errors-title">
      <h3 id="errors-title">${say("campaign.errors")}</h3>
      <ul class="causes">
        ${errors.map(
          (cause) => html`<li key="${cause.status}${cause.code}">
            <strong class="causes-count">${number(cause.count)}</strong>
            <div>
              <p><span class="dot is-${cause.status}"></span>${say(`recipient.${cause.status}`)}: ${cause.reason}</p>
              <p class="quiet">${cause.advice}</p>
            </div>
          </li>`,
        )}
      </ul>
      <div class="buttons">
        ${counts.in_doubt ? this.#button("reconcile") : null}
        ${errors.some(({ code }) => code === NOT_FOUND) ? this.#button("resend") : null}
      </div>
    </section>`;
  }

  #button(action) {
    return html`<button type="button" class="button" ?disabled=${!this.#canWrite || this.#busy !== null}
      @click=${() => this.#do(action)}>${say(`action.${action}`)}</button>`;
  }

  #exports(campaign, counts) {
    const place = `/campaigns/${campaign.id}`;
    return html`
      <button type="button" class="button" @click=${() => this.#save(`${place}/export`)}>${say("action.export")}</button>
      <button type="button" class="button" ?disabled=${!counts.failed} @click=${() => this.#save(`${place}/export-failed`)}>
        ${say("action.export_failed")}
      </button>
    `;
  }
}

/** What is known to be spent, what may be, and what it will come to. */
function costs({ currency, committed, possible, estimated, limit }) {
  if (!currency) return [];
  const shown = [
    ["figure.committed", committed],
    ["figure.possible", possible || null],
    ["figure.cost", estimated],
    ["figure.limit", limit],
  ];
  return shown.filter(([, value]) => value !== null).map(([name, value]) => [name, money(value, currency)]);
}

function canaryNotice(canary) {
  if (!canary || !["sending", "waiting"].includes(canary.state)) return null;
  const values = { size: canary.size, arrived: canary.delivered, failed: canary.failed };
  return html`<p class="notice">
    ${say("canary.open", values)} ${canary.until ? say("canary.until", { at: moment(canary.until) }) : null}
  </p>`;
}

function waitingNotice(waiting) {
  // Of a canary its own notice tells.
  if (!waiting || waiting.code === "canary_waits") return null;
  return html`<p class="notice ${waiting.kind === "stuck" ? "is-warning" : ""}">
    ${waiting.message} ${waiting.until ? say("waiting.until", { at: moment(waiting.until) }) : null}
  </p>`;
}

Campaign.define("oc-campaign");
