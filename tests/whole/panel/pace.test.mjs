// How long a campaign takes, and which instant a wall clock means: the panel's arithmetic, by node --test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { duration, instantIn, rate, wallClock } from "../../../static/js/lib/pace.js";

/** Let everybody leave one by one, as the batches and the pace allow: when the last one leaves, and one more's time. */
function played(people, { size, intervalMs, perSecond }) {
  const left = [];
  for (let one = 0; one < people; one++) {
    const byPace = one === 0 ? 0 : left[one - 1] + 1 / perSecond;
    const byBatch = one < size ? 0 : left[one - size] + intervalMs / 1000;
    left.push(Math.max(byPace, byBatch));
  }
  return people ? left[people - 1] + 1 / perSecond : 0;
}

test("what is told is what batches and pace come to", () => {
  for (const people of [0, 1, 2, 99, 100, 101, 250, 1000]) {
    for (const size of [1, 10, 100, 1000]) {
      for (const intervalMs of [100, 1000, 60_000]) {
        for (const perSecond of [1, 20, 500]) {
          const pace = { size, intervalMs, perSecond };
          const told = duration(people, pace);
          const real = played(people, pace);
          assert.ok(Math.abs(told - real) <= 1e-6 + real * 0.02 + 1 / perSecond, JSON.stringify({ people, ...pace, told, real }));
        }
      }
    }
  }
});

for (const one of JSON.parse(readFileSync(new URL("../../support/durations.json", import.meta.url), "utf8"))) {
  test(`as the service forecasts it: ${one.case}`, () => {
    const told = duration(one.people, { size: one.batch_size, intervalMs: one.batch_interval_ms, perSecond: one.per_second });
    assert.ok(Math.abs(told - one.seconds) < 1e-6, `${told}`);
  });
}

test("the slower of batches and pace is the rate", () => {
  assert.equal(rate({ size: 100, intervalMs: 1000, perSecond: 20 }), 20);
  assert.equal(rate({ size: 100, intervalMs: 60_000, perSecond: 20 }), 100 / 60);
});

test("a wall clock's time is the instant that it shows in its zone", () => {
  assert.equal(instantIn("America/Mexico_City", "2026-12-24T09:30").toISOString(), "2026-12-24T15:30:00.000Z");
  assert.equal(instantIn("UTC", "2026-12-24T09:30").toISOString(), "2026-12-24T09:30:00.000Z");
  assert.equal(instantIn("Europe/Madrid", "2026-07-01T09:30").toISOString(), "2026-07-01T07:30:00.000Z");
});

test("an hour that the clock skips does not exist, one that it repeats is the first", () => {
  assert.equal(instantIn("Europe/Madrid", "2026-03-29T02:30"), null);
  assert.equal(instantIn("Europe/Madrid", "2026-10-25T02:30").toISOString(), "2026-10-25T00:30:00.000Z");
  assert.equal(instantIn("America/Santiago", "nonsense"), null);
});

test("what is shown of an instant is read back as the same one", () => {
  for (const zone of ["America/Mexico_City", "America/Tijuana", "America/Santiago", "America/Sao_Paulo", "Europe/Madrid", "UTC"]) {
    for (let month = 1; month <= 12; month++) {
      const at = new Date(Date.UTC(2027, month - 1, 15, 13, 45));
      assert.equal(instantIn(zone, wallClock(zone, at)).getTime(), at.getTime());
    }
  }
});
