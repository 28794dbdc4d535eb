// A new campaign in four steps. The draft lives in the service, so each step can be left and taken up again.

import "./wizard/message.js";
import "./wizard/pace.js";
import "./wizard/recipients.js";
import "./wizard/review.js";
import { get, post, put } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { go } from "../lib/routes.js";

const STEPS = ["message", "recipients", "pace", "review"];

class Wizard extends PanelElement {
  static properties = ["campaignId", "step"];
  #campaign = null;
  #status = null;
  #templates = [];
  #error = null;
  #busy = false;

  async connected() {
    try {
      [this.#status, this.#campaign] = await Promise.all([
        get("/status"),
        this.campaignId ? get(`/campaigns/${this.campaignId}`) : null,
      ]);
      if (this.#campaign && this.#campaign.status !== "draft") go(`/campaigns/${this.campaignId}`, { replace: true });
      this.#templates = this.#status.bot.lists_templates ? (await get("/templates")).templates : [];
    } catch (error) {
      this.#error = error;
    }
    this.update();
  }

  get #current() {
    return this.campaignId ? (this.step ?? STEPS[0]) : STEPS[0];
  }

  /** Save what a step changed, and go on to another; what was typed stays where it was refused. */
  async #save({ changes, next, saved }) {
    this.#busy = true;
    this.#error = null;
    this.update();
    try {
      this.#campaign = this.#campaign
        ? await put(`/campaigns/${this.#campaign.id}`, changes)
        : await post("/campaigns", changes);
      saved?.();
      if (next) go(`/campaigns/${this.#campaign.id}/edit/${next}`);
    } catch (error) {
      this.#error = error;
    }
    this.#busy = false;
    this.update();
  }

  async #reload() {
    try {
      this.#campaign = await get(`/campaigns/${this.#campaign.id}`);
    } catch (error) {
      this.#error = error;
    }
    this.update();
  }

  template() {
    if (!this.#status) return html`<section class="screen">${this.#refusal() ?? html`<p key="loading" class="quiet" aria-busy="true">${say("loading")}</p>`}</section>`;
    const current = this.#current;
    return html`
      <section class="screen" aria-labelledby="wizard-title">
        <a class="back" href="#/campaigns">${say("campaign.back")}</a>
        <h2 id="wizard-title">${this.#campaign?.name ?? say("wizard.title")}</h2>
        <ol class="steps">
          ${STEPS.map(
            (step, place) => html`<li key="${step}">
              ${this.#campaign
                ? html`<a href="#/campaigns/${this.#campaign.id}/edit/${step}" aria-current="${step === current ? "step" : null}">
                    <span class="steps-number">${place + 1}</span>${say(`step.${step}`)}</a>`
                : html`<span aria-current="${step === current ? "step" : null}">
                    <span class="steps-number">${place + 1}</span>${say(`step.${step}`)}</span>`}
            </li>`,
          )}
        </ol>
        ${this.#status.can_write ? null : html`<p class="notice">${say("write.none")}</p>`}
        ${this.#refusal()}
        <div @oc-save=${(event) => this.#save(event.detail)} @oc-changed=${() => this.#reload()}>${this.#body(current)}</div>
      </section>
    `;
  }

  #refusal() {
    if (!this.#error) return null;
    const reasons = Object.entries(this.#error.details ?? {});
    return html`<div class="notice is-danger" role="alert">
      <p>${this.#error.message}</p>
      <ul>${reasons.map(([field, why]) => html`<li>${say(`field.${field}`)}: ${[why].flat().join(" ")}</li>`)}</ul>
    </div>`;
  }

  #body(step) {
    const [campaign, templates, status] = [this.#campaign, this.#templates, this.#status];
    const off = this.#busy || !status.can_write;
    if (step === "recipients")
      return html`<oc-step-recipients .campaign=${campaign} .templates=${templates} .off=${off}></oc-step-recipients>`;
    if (step === "pace") return html`<oc-step-pace .campaign=${campaign} .status=${status} .off=${off}></oc-step-pace>`;
    if (step === "review") return html`<oc-step-review .campaign=${campaign} .status=${status} .off=${off}></oc-step-review>`;
    return html`<oc-step-message .campaign=${campaign} .templates=${templates} .off=${off}></oc-step-message>`;
  }
}

Wizard.define("oc-wizard");
