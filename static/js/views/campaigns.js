// The list of campaigns: what goes on, whether it is all right, when it will be done.

import "../elements/bar.js";
import { statusTag } from "../elements/status.js";
import { get } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { clockTime, fromNow, moment, span } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { Polling, QUICK, SLOW } from "../lib/polling.js";
import { go } from "../lib/routes.js";
import { CAMPAIGN_STATUSES, done } from "../lib/statuses.js";

const PAGE = 50;
const TYPED = 250;

class Campaigns extends PanelElement {
  static properties = ["query"];
  #page = null;
  #more = 1;
  #error = null;
  #typing;
  #polling = new Polling(
    (signal) => this.#load(signal),
    (page) => this.#apply(page),
    (error) => this.#fail(error),
  );

  connected() {
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  /** Pages already asked for, one after the other. */
  async #load(signal) {
    const campaigns = [];
    let cursor = null;
    for (let page = 0; page < this.#more; page++) {
      const query = { status: this.query.status, q: this.query.q, limit: PAGE, cursor };
      const found = await get("/campaigns", { query, signal });
      campaigns.push(...found.campaigns);
      cursor = found.next_cursor;
      if (!cursor) break;
    }
    return { campaigns, cursor };
  }

  #apply(page) {
    this.#page = page;
    this.#error = null;
    this.update();
    return page.campaigns.some((campaign) => campaign.status === "running") ? QUICK : SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  #filter(changes) {
    const given = Object.entries({ ...this.query, ...changes }).filter(([, value]) => value);
    this.#more = 1;
    this.query = Object.fromEntries(given);
    go(`/campaigns${given.length ? `?${new URLSearchParams(given)}` : ""}`, { replace: true });
    this.#polling.now();
  }

  #type(text) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#filter({ q: text }), TYPED);
  }

  template() {
    return html`
      <section class="screen" aria-labelledby="campaigns-title">
        <div class="row is-apart">
          <h2 id="campaigns-title">${say("campaigns.title")}</h2>
          <a class="button is-primary" href="#/campaigns/new">${say("campaigns.new")}</a>
        </div>
        <div class="row" role="search">
          <label class="field is-grow">
            <span class="field-label">${say("campaigns.search")}</span>
            <input class="input" type="search" .value=${this.query.q ?? ""} @input=${(event) => this.#type(event.target.value)}>
          </label>
          <label class="field">
            <span class="field-label">${say("campaigns.status")}</span>
            <select class="input" .value=${this.query.status ?? ""} @change=${(event) => this.#filter({ status: event.target.value })}>
              <option value="">${say("campaigns.all")}</option>
              ${CAMPAIGN_STATUSES.map(
                (status) => html`<option value="${status}">${say(`campaign.${status}`)}</option>`,
              )}
            </select>
          </label>
        </div>
        ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#error.message}</p>` : null}
        ${this.#list()}
      </section>
    `;
  }

  #list() {
    if (!this.#page) return this.#error ? null : html`<p key="loading" class="quiet" aria-busy="true">${say("loading")}</p>`;
    const { campaigns, cursor } = this.#page;
    if (campaigns.length === 0) return this.query.q || this.query.status ? nothingFound() : howToBegin();
    return html`
      <ul class="cards">${campaigns.map(card)}</ul>
      ${cursor
        ? html`<button type="button" class="button" @click=${() => (this.#more++, this.#polling.now())}>
            ${say("campaigns.more")}
          </button>`
        : null}
    `;
  }
}

function card(campaign) {
  const { counts } = campaign;
  return html`
    <li class="card" key="${campaign.id}">
      <div class="row is-apart">
        <a class="card-title" href="${addressOf(campaign)}">${campaign.name}</a>
        ${statusTag(campaign.status)}
      </div>
      ${counts.total ? html`<oc-bar .counts=${counts}></oc-bar>` : null}
      <p class="card-facts">
        <span>${say("campaigns.done", { done: done(counts), count: counts.total })}</span>
        ${counts.failed ? html`<span class="is-bad">${say("campaigns.failed", { count: counts.failed })}</span>` : null}
        ${counts.in_doubt ? html`<span class="is-odd">${say("campaigns.in_doubt", { count: counts.in_doubt })}</span>` : null}
        ${when(campaign)}
      </p>
      ${campaign.status_reason && campaign.status !== "running"
        ? html`<p class="card-reason">${campaign.status_reason.reason}</p>`
        : null}
    </li>
  `;
}

function when(campaign) {
  if (campaign.status === "running" && campaign.eta) {
    const values = { span: span(Math.max(0, fromNow(campaign.eta))), at: moment(campaign.eta, campaign.timezone) };
    return html`<span>${say("campaigns.left", values)}</span><span>${pace(campaign)}</span>${nextBatch(campaign)}`;
  }
  if (campaign.status === "scheduled" && campaign.scheduled_at) {
    return html`<span>${say("campaigns.starts", { at: moment(campaign.scheduled_at, campaign.timezone) })}</span>`;
  }
  if (campaign.finished_at) return html`<span>${say("campaigns.ended", { at: moment(campaign.finished_at, campaign.timezone) })}</span>`;
  return html`<span>${pace(campaign)}</span>${nextBatch(campaign)}`;
}

const pace = ({ batch_size: size, batch_interval_ms: ms }) => say("campaigns.pace", { size, span: span(ms / 1000) });

function nextBatch({ status, next_batch_at: at }) {
  if (status !== "running" || !at || fromNow(at) <= 0) return null;
  return html`<span>${say("campaigns.next", { at: clockTime(at) })}</span>`;
}

const addressOf = ({ id, status }) => (status === "draft" ? `#/campaigns/${id}/edit` : `#/campaigns/${id}`);
const nothingFound = () => html`<p class="quiet">${say("campaigns.none_found")}</p>`;
const howToBegin = () => html`
  <div class="empty">
    <h3>${say("campaigns.empty.title")}</h3>
    <ol>
      <li>${say("campaigns.empty.1")}</li>
      <li>${say("campaigns.empty.2")}</li>
      <li>${say("campaigns.empty.3")}</li>
    </ol>
    <a class="button is-primary" href="#/campaigns/new">${say("campaigns.new")}</a>
  </div>
`;

Campaigns.define("oc-campaigns");
