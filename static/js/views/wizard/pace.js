// The third step: how fast, in words that say when it will be done; and when it begins.

import { PanelElement } from "../../lib/element.js";
import { moment, span } from "../../lib/formats.js";
import { html } from "../../lib/html.js";
import { say } from "../../lib/language.js";
import { duration, instantIn, rate, wallClock } from "../../lib/pace.js";
import { Typed } from "../../lib/typed.js";
import { keptNotice } from "./kept.js";

const UNITS = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
const ZONES = ["America/Mexico_City", "America/Tijuana", "America/Cancun", "America/Bogota", "America/Lima", "America/Santiago", "America/Argentina/Buenos_Aires", "America/Sao_Paulo", "Europe/Madrid", "UTC"];
/** The limits of a campaign: how a person types each, and what is sent. */
const LIMITS = [
  { name: "spend_limit", min: 0 },
  { name: "canary_size", min: 1, max: 1000 },
  { name: "failure_share_limit", min: 1, max: 100, of: 100 },
  { name: "max_attempts", min: 1, max: 10, needed: true },
];
const ON_LIMIT = ["pause", "skip"];

class StepPace extends PanelElement {
  static properties = ["campaign", "status", "off"];
  #kept = null;

  get #typed() {
    return (this.#kept ??= new Typed(`pace/${this.campaign.id}`));
  }

  #discard() {
    this.#typed.discard();
    this.update();
  }

  #value(name) {
    return this.#typed.values[name] ?? this.campaign[name] ?? "";
  }

  /** A limit as it is typed: shares are percents. */
  #limit({ name, of = 1 }) {
    return this.#typed.values[name] ?? (this.campaign[name] === null ? "" : this.campaign[name] * of);
  }

  #limits() {
    return LIMITS.map((limit) => {
      const typed = this.#limit(limit);
      return [limit.name, typed === "" ? null : Number(typed) / (limit.of ?? 1)];
    });
  }

  #type(name, value) {
    this.#typed.set(name, value);
    this.update();
  }

  #zone() {
    return this.#value("timezone");
  }

  #unit() {
    const given = this.campaign.batch_interval_ms;
    return this.#typed.values.unit ?? Object.keys(UNITS).findLast((unit) => given % UNITS[unit] === 0);
  }

  #amount() {
    return Number(this.#typed.values.amount ?? this.campaign.batch_interval_ms / UNITS[this.#unit()]);
  }

  #pace() {
    return {
      size: Number(this.#value("batch_size")),
      intervalMs: this.#amount() * UNITS[this.#unit()],
      perSecond: this.status.bot.messages_per_second,
    };
  }

  #start() {
    if (!this.#later()) return new Date();
    return instantIn(this.#zone(), this.#clock());
  }

  #later() {
    return this.#typed.values.later ?? Boolean(this.campaign.scheduled_at);
  }

  #clock() {
    return this.#typed.values.clock ?? (this.campaign.scheduled_at ? wallClock(this.#zone(), this.campaign.scheduled_at) : "");
  }

  #next(event) {
    event.preventDefault();
    const changes = {
      batch_size: Number(this.#value("batch_size")),
      batch_interval_ms: Math.round(this.#amount() * UNITS[this.#unit()]),
      timezone: this.#zone(),
      scheduled_at: this.#later() ? this.#clock() || null : null,
      on_spend_limit: this.#value("on_spend_limit"),
      ...Object.fromEntries(this.#limits()),
    };
    this.emit("oc-save", { changes, next: "review", saved: () => this.#discard() });
  }

  template() {
    return html`
      <form class="form" @submit=${(event) => this.#next(event)}>
        ${keptNotice(this.#typed.wasKept, () => this.#discard())}
        <fieldset class="row">
          <legend>${say("pace.title")}</legend>
          <label class="field">
            <span class="field-label">${say("field.batch_size")}</span>
            <input class="input is-short" type="number" required min="1" max="10000" .value=${this.#value("batch_size")}
              @input=${(event) => this.#type("batch_size", event.target.value)}>
          </label>
          <label class="field">
            <span class="field-label">${say("pace.each")}</span>
            <input class="input is-short" type="number" required min="0.1" step="any" .value=${this.#amount()}
              @input=${(event) => this.#type("amount", event.target.value)}>
          </label>
          <label class="field">
            <span class="field-label">${say("pace.unit")}</span>
            <select class="input" .value=${this.#unit()} @change=${(event) => this.#type("unit", event.target.value)}>
              ${Object.keys(UNITS).map((unit) => html`<option value="${unit}">${say(`unit.${unit}`)}</option>`)}
            </select>
          </label>
        </fieldset>
        <p class="words" role="status">${this.#words()}</p>
        <fieldset>
          <legend>${say("pace.when")}</legend>
          <label class="choice"><input type="radio" name="when" .checked=${!this.#later()} @change=${() => this.#type("later", false)}> ${say("pace.now")}</label>
          <label class="choice"><input type="radio" name="when" .checked=${this.#later()} @change=${() => this.#type("later", true)}> ${say("pace.later")}</label>
          ${this.#later() ? this.#moment() : null}
        </fieldset>
        <details>
          <summary>${say("pace.more")}</summary>
          ${LIMITS.map(
            (limit) => html`<label class="field" key="${limit.name}">
              <span class="field-label">${say(`field.${limit.name}`)}</span>
              <input class="input is-short" type="number" step="any" min="${limit.min}" max="${limit.max}" ?required=${limit.needed}
                .value=${this.#limit(limit)} @input=${(event) => this.#type(limit.name, event.target.value)}>
              <span class="field-help">${say(`field.${limit.name}.help`)}</span>
            </label>`,
          )}
          <label class="field">
            <span class="field-label">${say("field.on_spend_limit")}</span>
            <select class="input" .value=${this.#value("on_spend_limit")} @change=${(event) => this.#type("on_spend_limit", event.target.value)}>
              ${ON_LIMIT.map((choice) => html`<option value="${choice}">${say(`on_limit.${choice}`)}</option>`)}
            </select>
          </label>
        </details>
        <div class="buttons is-end"><button class="button is-primary" ?disabled=${this.off}>${say("wizard.next")}</button></div>
      </form>
    `;
  }

  #moment() {
    return html`<div class="row">
      <label class="field">
        <span class="field-label">${say("pace.at")}</span>
        <input class="input" type="datetime-local" required .value=${this.#clock()} @input=${(event) => this.#type("clock", event.target.value)}>
      </label>
      <label class="field">
        <span class="field-label">${say("field.timezone")}</span>
        <select class="input" .value=${this.#zone()} @change=${(event) => this.#type("timezone", event.target.value)}>
          ${[...new Set([this.#zone(), ...ZONES])].map((zone) => html`<option value="${zone}">${zone}</option>`)}
        </select>
      </label>
    </div>`;
  }

  /** "100 per minute: 12,400 people take 2 h 4 min, ready on Tuesday at 14:32". */
  #words() {
    const pace = this.#pace();
    if (!(pace.size >= 1 && pace.intervalMs >= 100)) return say("pace.unclear");
    const people = this.campaign.counts.total - this.campaign.counts.skipped;
    const seconds = duration(people, pace);
    const perMinute = Math.round(rate(pace) * 60);
    if (this.#later() && !this.#clock()) return say("pace.no_time_yet");
    const start = this.#start();
    if (start === null) return say("pace.no_such_time", { zone: this.#zone() });
    const ready = moment(new Date(start.getTime() + seconds * 1000), this.#zone());
    const words = say("pace.words", { rate: perMinute, count: people, span: span(seconds), ready });
    return rate(pace) < (pace.size * 1000) / pace.intervalMs ? `${words} ${say("pace.bound", { count: pace.perSecond })}` : words;
  }
}

StepPace.define("oc-step-pace");
