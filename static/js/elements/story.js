// One recipient's whole story: the row of the file, every attempt, every receipt, and what to do.

import { get, post } from "../lib/api.js";
import { PanelElement } from "../lib/element.js";
import { clockTime, moment } from "../lib/formats.js";
import { html } from "../lib/html.js";
import { say } from "../lib/language.js";
import { Polling, QUICK, SLOW } from "../lib/polling.js";
import { go } from "../lib/routes.js";

const MOVING = ["pending", "sending", "sent"];

class Story extends PanelElement {
  static properties = ["campaignId", "recipientId", "canWrite"];
  #recipient = null;
  #error = null;

  #polling = new Polling(
    (signal) => get(this.#place(), { signal }),
    (recipient) => this.#apply(recipient),
    (error) => this.#fail(error),
  );

  connected() {
    this.show();
    this.querySelector("dialog").showModal();
    this.#polling.start();
  }

  disconnected() {
    this.#polling.stop();
  }

  #place() {
    return `/campaigns/${this.campaignId}/recipients/${this.recipientId}`;
  }

  #apply(recipient) {
    this.#recipient = recipient;
    this.update();
    return MOVING.includes(recipient.status) ? QUICK : SLOW;
  }

  #fail(error) {
    this.#error = error;
    this.update();
  }

  async #resolve(verdict) {
    this.#error = null;
    try {
      await post(`${this.#place()}/resolve`, { as: verdict });
      this.emit("oc-resolved");
    } catch (error) {
      this.#fail(error);
    }
    this.#polling.now();
  }

  #close() {
    go(`/campaigns/${this.campaignId}`);
  }

  template() {
    return html`
      <dialog class="dialog is-wide" aria-labelledby="story-title" @cancel=${() => this.#close()}>
        <div class="row is-apart">
          <h2 id="story-title">${this.#recipient?.phone_number ?? say("story.title")}</h2>
          <button type="button" class="button is-minimal" @click=${() => this.#close()}>${say("dialog.close")}</button>
        </div>
        ${this.#error ? html`<p class="notice is-danger" role="alert">${this.#error.message}</p>` : null}
        ${this.#recipient ? this.#content(this.#recipient) : null}
      </dialog>
    `;
  }

  #content(recipient) {
    return html`
      <p><span class="dot is-${recipient.status}"></span><strong>${say(`one.${recipient.status}`)}:</strong>
        ${say(`recipient.${recipient.status}.means`)}</p>
      ${recipient.error
        ? html`<p class="notice is-warning"><strong>${recipient.error.title}.</strong> ${recipient.error.reason} ${recipient.error.advice}</p>`
        : null}
      ${recipient.next_attempt_at ? html`<p>${say("story.next", { at: moment(recipient.next_attempt_at) })}</p>` : null}
      ${recipient.status === "in_doubt" ? this.#verdict() : null}
      <h3>${say("story.row")}</h3>
      <dl class="facts">
        ${Object.entries(recipient.variables).map(([name, value]) => html`<div key="${name}"><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
      <h3>${say("story.attempts")}</h3>
      ${recipient.history.length ? html`<ol class="story">${recipient.history.map(attempt)}</ol>` : html`<p class="quiet">${say("story.none")}</p>`}
      ${recipient.replies.length
        ? html`<h3>${say("story.replies")}</h3>
            <ul>${recipient.replies.map((reply) => html`<li>${moment(reply.at ?? reply.received_at)} ${say(`reply.${reply.kind}.means`)}</li>`)}</ul>`
        : null}
    `;
  }

  #verdict() {
    const off = !this.canWrite;
    return html`
      <div class="notice">
        <p>${say("story.in_doubt")}</p>
        <div class="buttons">
          <button type="button" class="button" ?disabled=${off} @click=${() => this.#resolve("sent")}>${say("story.was_sent")}</button>
          <button type="button" class="button is-danger" ?disabled=${off} @click=${() => this.#resolve("not_sent")}>
            ${say("story.was_not_sent")}
          </button>
        </div>
      </div>
    `;
  }
}

function attempt(one) {
  return html`
    <li key="${one.attempt}">
      <p><strong>${say("story.attempt", { number: one.attempt })}</strong> ${moment(one.at)} ${clockTime(one.at)}:
        ${say(`outcome.${one.outcome ?? "open"}`)} ${one.reason ?? ""}</p>
      <ul>
        ${one.receipts.map(
          (receipt) => html`<li>${clockTime(receipt.at ?? receipt.received_at)} ${say(`receipt.${receipt.status}`)}
            ${receipt.source === "report" ? say("receipt.from_report") : ""} ${receipt.error?.reason ?? ""}</li>`,
        )}
      </ul>
    </li>
  `;
}

Story.define("oc-story");
