// Numbers, moments and spans of time as people read them.

import { locale, say } from "./language.js";

export const number = (value) => value.toLocaleString(locale());
export const percent = (share) => share.toLocaleString(locale(), { style: "percent", maximumFractionDigits: 1 });
export const money = (value, currency) =>
  value.toLocaleString(locale(), { style: "currency", currency, maximumFractionDigits: 4, minimumFractionDigits: 2 });

let campaignsZone;

/** In which zone times are shown from now on; without one, in the browser's. A campaign's times are in its own. */
export function showTimesIn(zone) {
  campaignsZone = zone ?? undefined;
}

/** "mar 24 dic, 14:32", with the year where it is not this one, and the zone where it is not the browser's. */
export function moment(text, zone = campaignsZone) {
  const at = new Date(text);
  const year = at.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const parts = { weekday: "short", day: "numeric", month: "short", year, hour: "2-digit", minute: "2-digit" };
  return inZone(at, zone, parts);
}

export const clockTime = (text, zone = campaignsZone) =>
  inZone(new Date(text), zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

function inZone(at, timeZone, parts) {
  const timeZoneName = timeZone && hourIn(at, timeZone) !== hourIn(at) ? "short" : undefined;
  return new Intl.DateTimeFormat(locale(), { ...parts, timeZone, timeZoneName }).format(at);
}

const hourIn = (at, timeZone) =>
  new Intl.DateTimeFormat("en-GB", { day: "2-digit", hour: "2-digit", minute: "2-digit", timeZone }).format(at);

/** "2 h 4 min": the two greatest units, rounded up to the smaller one. */
export function span(seconds) {
  if (seconds < 60) return say("span.s", { s: Math.max(1, Math.ceil(seconds)) });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return say("span.min", { min: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? say("span.h_min", { h: hours, min: minutes % 60 }) : say("span.h", { h: hours });
  const days = Math.floor(hours / 24);
  return hours % 24 ? say("span.d_h", { d: days, h: hours % 24 }) : say("span.d", { d: days });
}

export const fromNow = (text) => (new Date(text) - Date.now()) / 1000;

export function bytes(size) {
  const unit = size < 1e6 ? "kilobyte" : "megabyte";
  const value = size / (size < 1e6 ? 1e3 : 1e6);
  return value.toLocaleString(locale(), { style: "unit", unit, maximumFractionDigits: 1 });
}
