// What can be done to a campaign, asked for with what will happen, in numbers.

import { ask } from "../elements/dialog.js";
import { get, post, remove } from "./api.js";
import { money, moment, number } from "./formats.js";
import { say } from "./language.js";
import { go } from "./routes.js";

const place = (campaign) => `/campaigns/${campaign.id}`;
const move = (campaign, action) => post(`${place(campaign)}/${action}`);

/** What an action gives that leads to another screen. */
export const LEFT = Symbol("left");

/** Each does it and gives the campaign after it, LEFT, or null where the operator thought better of it. */
export const DO = {
  pause: (campaign) => move(campaign, "pause"),
  resume: (campaign) => move(campaign, "resume"),
  unschedule: (campaign) => move(campaign, "unschedule"),
  start: async (campaign) => ((await sureToStart(campaign)) ? move(campaign, "start") : null),
  cancel: async (campaign) => ((await sureToCancel(campaign)) ? move(campaign, "cancel") : null),
  "retry-failed": retryThem,
  resend: async (campaign) => ((await sureToResend(campaign)) ? move(campaign, "resend-not-found") : null),
  reconcile: async (campaign) => ((await sureToReconcile(campaign)) ? move(campaign, "reconcile") : null),
  delete: deleteIt,
  duplicate: duplicateIt,
  edit: async (campaign) => leave(`/campaigns/${campaign.id}/edit`),
};

export async function sureToStart(campaign) {
  const { cost } = await get(`${place(campaign)}/report`);
  const { counts } = campaign;
  const lines = [
    say("sure.start.people", { count: counts.pending - cost.out_of_reach }),
    say("sure.start.pace", { size: campaign.batch_size, interval: campaign.batch_interval_ms / 1000 }),
    ...(counts.skipped ? [say("sure.start.skipped", { count: counts.skipped })] : []),
    ...(cost.out_of_reach ? [say("sure.start.reach", { count: cost.out_of_reach })] : []),
    ...(cost.estimated !== null && cost.currency ? [say("sure.start.cost", { cost: money(cost.estimated, cost.currency) })] : []),
  ];
  return ask({ title: say("sure.start", { name: campaign.name }), lines, yes: say("action.start") });
}

export async function sureToSchedule(campaign, at, zone) {
  const { cost } = await get(`${place(campaign)}/report`);
  const lines = [
    say("sure.start.people", { count: campaign.counts.pending - cost.out_of_reach }),
    ...(cost.out_of_reach ? [say("sure.start.reach", { count: cost.out_of_reach })] : []),
  ];
  return ask({ title: say("sure.schedule", { at: moment(at, zone), zone }), lines, yes: say("action.schedule") });
}

function sureToCancel({ name, counts }) {
  const lines = [
    say("sure.cancel.pending", { count: counts.pending }),
    say("sure.cancel.left", { count: counts.sent + counts.delivered + counts.read }),
    say("sure.cancel.final"),
  ];
  return ask({ title: say("sure.cancel", { name }), lines, yes: say("action.cancel"), danger: true });
}

/** To whom another attempt makes sense is chosen already; the others can be. */
async function retryThem(campaign) {
  const { causes } = await get(`${place(campaign)}/retry-failed`);
  const choices = causes.map((cause) => ({
    value: cause.code,
    label: say("retry.cause", { count: number(cause.count), reason: cause.reason, code: cause.code }),
    note: senseOf(cause),
    checked: cause.due > 0,
    disabled: cause.waiting === cause.count,
  }));
  const lines = [say("sure.retry.choose"), say("sure.retry.in_doubt", { count: campaign.counts.in_doubt })];
  const codes = await ask({ title: say("sure.retry", { name: campaign.name }), lines, choices, yes: say("action.retry-failed") });
  return codes ? post(`${place(campaign)}/retry-failed`, { codes }) : null;
}

function senseOf({ code_class: codeClass, count, due, waiting, due_from: from }) {
  if (waiting) return say("retry.waiting", { count: waiting, due: number(due), at: moment(from) });
  if (due === count) return say("retry.now");
  return say(codeClass === "unknown" ? "retry.unknown" : "retry.never");
}

function sureToResend({ name }) {
  return ask({ title: say("sure.resend", { name }), lines: [say("sure.resend.why")], yes: say("action.resend"), danger: true });
}

function sureToReconcile({ name, counts }) {
  const lines = [say("sure.reconcile.count", { count: counts.in_doubt }), say("sure.reconcile.price")];
  return ask({ title: say("sure.reconcile", { name }), lines, yes: say("action.reconcile") });
}

async function deleteIt(campaign) {
  const { name, counts, started_at: startedAt } = campaign;
  const lines = [startedAt ? say("sure.delete.hidden") : say("sure.delete.gone", { count: counts.total })];
  if (!(await ask({ title: say("sure.delete", { name }), lines, yes: say("action.delete"), danger: true }))) return null;
  await remove(place(campaign));
  return leave("/campaigns");
}

async function duplicateIt(campaign) {
  const copy = await post(`${place(campaign)}/duplicate`);
  return leave(`/campaigns/${copy.id}/edit`);
}

function leave(path) {
  go(path);
  return LEFT;
}
