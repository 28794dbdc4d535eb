// Who gets through to the service, and to which of its addresses.
"use strict";

const assert = require("assert");

const { test } = require("./harness");
const { BASE, WRITER, ask, json, withModule } = require("./world");

const READER = { Authorization: "Bearer reader" };
const echo = (req, res) => req.resume().on("end", () => res.end(`${req.method} ${req.url}`));

test("panel files, hosted media and webhooks need no token", async () => {
  await withModule(echo, async ({ url }) => {
    for (const place of ["/ui/", "/ui/js/main.js", "/ui/?lang=es", "/media/0f.png"]) {
      assert.strictEqual((await ask(url + place)).body.toString(), `GET ${BASE}${place}`);
    }
    const posted = await ask(`${url}/webhooks/status`, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
    assert.strictEqual(posted.body.toString(), `POST ${BASE}/webhooks/status`);
  });
});

test("all else is checked by Botpress first: token, then role by method", async () => {
  await withModule(echo, async ({ url, asked }) => {
    for (const place of ["/status", "/campaigns", "/uix", "/ui-2/", "/media-files", "/media-files/7", "/webhooks2/status", "", "/", "/campaigns/1/webhooks/x"]) {
      const refused = await ask(url + place);
      assert.deepStrictEqual([refused.status, json(refused).errorCode], [401, "BP_0041"], place);
    }
    const forbidden = await ask(`${url}/campaigns`, { method: "POST", headers: READER, body: "{}" });
    assert.deepStrictEqual([forbidden.status, json(forbidden).errorCode], [403, "BP_0043"]);
    assert.strictEqual(asked.length, 0);
    assert.strictEqual((await ask(`${url}/campaigns`, { headers: READER })).status, 200);
    assert.strictEqual((await ask(`${url}/campaigns/7`, { method: "DELETE", headers: WRITER })).status, 200);
    assert.strictEqual(asked.length, 2);
  });
});

test("the service gets what shows who asks, as the client sent it, to check again", async () => {
  await withModule(echo, async ({ url, asked }) => {
    const shown = { ...WRITER, Cookie: "jwtToken=a; b=c", "CSRF-Token": "x", "X-BP-Workspace": "default" };
    await ask(`${url}/status`, { headers: shown });
    for (const name of Object.keys(shown)) assert.strictEqual(asked[0].headers[name.toLowerCase()], shown[name]);
  });
});

test("a private bot's webhooks and panel files too are asked for a token by Botpress", async () => {
  await withModule(echo, async ({ url, asked }) => {
    const hidden = url.replace("demo-bot", "private-bot");
    assert.strictEqual((await ask(`${hidden}/ui/`)).status, 401);
    assert.strictEqual((await ask(`${hidden}/webhooks/status`, { method: "POST" })).status, 401);
    assert.strictEqual(asked.length, 0);
    assert.strictEqual((await ask(`${hidden}/ui/`, { headers: WRITER })).status, 200);
  });
});

test("bots that Botpress does not know, or has disabled, get no further", async () => {
  await withModule(echo, async ({ url, asked }) => {
    for (const bot of ["no-bot", "disabled-bot"]) {
      assert.strictEqual((await ask(`${url.replace("demo-bot", bot)}/ui/`)).status, 404);
    }
    assert.strictEqual(asked.length, 0);
  });
});

const CLIMBING = [
  "/ui/../status",
  "/ui/%2e%2e/status",
  "/ui/%2E./status",
  "/ui/..%2fstatus",
  "/ui/.%2e%2f.%2e%2f..%2fother",
  "/ui/..%5cstatus",
  "/ui/x/./../../status",
  "/ui/%00",
  "/ui/%ff",
];
for (const place of CLIMBING) {
  test(`an address that climbs, ${place}, goes nowhere`, async () => {
    await withModule(echo, async ({ url, asked }) => {
      const refused = await ask(url, { path: BASE + place });
      assert.deepStrictEqual([refused.status, json(refused).type], [400, "BadRequestError"]);
      assert.strictEqual(asked.length, 0);
    });
  });
}

test("an address with another host goes nowhere", async () => {
  await withModule(echo, async ({ url, asked }) => {
    for (const target of [`http://127.0.0.1:9${BASE}/ui/`, `https://evil.example${BASE}/ui/`]) {
      const refused = await ask(url, { path: target });
      assert.deepStrictEqual([refused.status, json(refused).statusCode], [400, 400]);
    }
    assert.notStrictEqual((await ask(url, { path: `//evil.example${BASE}/ui/` })).status, 200);
    assert.strictEqual(asked.length, 0);
  });
});

test("what looks like an address behind the question mark is the service's to judge", async () => {
  await withModule(echo, async ({ url }) => {
    const place = "/ui/?next=../../x&y=http://evil.example/%2e%2e";
    assert.strictEqual((await ask(url, { path: BASE + place })).body.toString(), `GET ${BASE}${place}`);
  });
});

test("below a root path the service gets the address with it", async () => {
  await withModule(echo, async ({ url }) => {
    assert.strictEqual((await ask(`${url}/ui/x.js`)).body.toString(), `GET /bp${BASE}/ui/x.js`);
    const made = await ask(`${url}/campaigns`, { method: "POST", body: '{"a": 1}', headers: WRITER });
    assert.strictEqual(made.body.toString(), `POST /bp${BASE}/campaigns`);
  }, { root: "/bp" });
});
