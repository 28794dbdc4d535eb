// How long so many people take, by the campaign's batches and the account's pace.

const DAY = 86_400_000;

/** Seconds from the first message to the last. */
export function duration(people, { size, intervalMs, perSecond }) {
  if (people <= 0) return 0;
  const batches = Math.ceil(people / size);
  const last = people - (batches - 1) * size;
  const byBatches = ((batches - 1) * intervalMs) / 1000 + last / perSecond;
  return Math.max(byBatches, people / perSecond);
}

/** Messages a second in the long run. */
export const rate = ({ size, intervalMs, perSecond }) => Math.min((size * 1000) / intervalMs, perSecond);

/**
 * The instant that a wall clock shows as `text` ("2026-12-24T09:30") in a zone; null where it skips that time, and the
 * first of two where it shows it twice, as the service reads it.
 */
export function instantIn(zone, text) {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  const offsets = [offsetAt(zone, wanted - DAY), offsetAt(zone, wanted + DAY)];
  const instants = offsets.filter((offset) => offsetAt(zone, wanted - offset) === offset).map((offset) => wanted - offset);
  return instants.length ? new Date(Math.min(...instants)) : null;
}

/** What a zone's clock shows at an instant, as an input of type datetime-local takes it. */
export function wallClock(zone, at) {
  const ms = new Date(at).getTime();
  return new Date(ms + offsetAt(zone, ms)).toISOString().slice(0, 16);
}

function offsetAt(zone, ms) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(ms);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
