// The module as Botpress's loader takes it.
"use strict";

const assert = require("assert");
const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const { MODULE } = require("./botpress");
const { test } = require("./harness");
const { WRITER, ask, freshModule, json, withModule } = require("./world");

// module-loader.ts: its schema refuses every other key.
const ENTRY = ["onServerStarted", "onServerReady", "onBotMount", "onBotUnmount", "onModuleUnmount", "translations", "definition"];
const DEFINITION = ["name", "fullName", "plugins", "noInterface", "moduleView", "menuIcon", "menuText", "homepage", "workspaceApp"];

test("the loader's schema takes every key", () => {
  const entry = freshModule();
  for (const key of Object.keys(entry)) assert(ENTRY.includes(key), key);
  for (const key of Object.keys(entry.definition)) assert(DEFINITION.includes(key), key);
});

test("name, folder and package agree, and the menu has an icon and a label in each language", () => {
  const { definition, translations } = freshModule();
  const about = JSON.parse(fs.readFileSync(path.join(MODULE, "package.json"), "utf8"));
  assert.strictEqual(definition.name, "outbound-campaigns");
  assert.strictEqual(about.name, definition.name);
  assert.strictEqual(about.main, "dist/backend/index.js");
  assert.strictEqual(about.dependencies, undefined);
  assert.strictEqual(definition.menuIcon, "send-message");
  assert.deepStrictEqual(Object.keys(translations).sort(), ["en", "es", "fr"]);
  for (const sentences of Object.values(translations)) assert(sentences.fullName.length > 5);
});

test("to require it does nothing: the studio's process does so too, and calls no hook", () => {
  const script = `
    const before = process._getActiveHandles().length;
    require(${JSON.stringify(MODULE)});
    if (process._getActiveHandles().length !== before) process.exit(9);
  `;
  assert.strictEqual(execFileSync(process.execPath, ["-e", script]).toString(), "");
});

test("it requires Node's core alone", () => {
  const folder = path.join(MODULE, "dist", "backend");
  for (const file of fs.readdirSync(folder)) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    for (const [, wanted] of text.matchAll(/require\("([^"]+)"\)/g)) {
      assert(wanted.startsWith("./") || ["http", "https"].includes(wanted), `${file}: ${wanted}`);
    }
  }
});

test("its setting's schema is JSON that Botpress fills in from", () => {
  const schema = JSON.parse(fs.readFileSync(path.join(MODULE, "assets", "config.schema.json"), "utf8"));
  assert.strictEqual(schema.type, "object");
  assert.strictEqual(schema.properties.serviceUrl.default, "");
});

for (const serviceUrl of [undefined, null, ""]) {
  test(`without a serviceUrl (${serviceUrl}) nothing is passed on, and the log says what is needed`, async () => {
    await withModule((req, res) => res.end(), async ({ url, asked, botpress }) => {
      const refused = await ask(`${url}/status`, { headers: WRITER });
      assert.deepStrictEqual([refused.status, json(refused).type], [503, "ServiceUnavailableError"]);
      const shown = (await ask(`${url}/ui/`, { headers: { Accept: "text/html", "Accept-Language": "en" } })).body.toString();
      assert(shown.indexOf("has not been said") < shown.indexOf("Falta decir dónde está"), shown);
      assert.strictEqual(asked.length, 0);
      assert.deepStrictEqual(botpress.lines, [
        "info: serviceUrl in data/global/config/outbound-campaigns.json is not set: a reverse proxy has to lead to the service",
      ]);
    }, { config: { serviceUrl } });
  });
}

const WRONG = {
  "localhost": /"localhost" is no URL/,
  "127.0.0.1:8787": /is no URL|neither http/,
  "ftp://127.0.0.1": /ftp: is neither http: nor https:/,
  "http://me:s3cret@127.0.0.1:8787": /no user and no password/,
  "http://127.0.0.1:8787/bp": /must end after host and port/,
  "http://127.0.0.1:8787/?a": /must end after host and port/,
};
for (const serviceUrl of Object.keys(WRONG)) {
  test(`a wrong serviceUrl (${serviceUrl}) is an error in the log, and nothing is passed on`, async () => {
    await withModule((req, res) => res.end(), async ({ url, botpress }) => {
      assert.strictEqual((await ask(`${url}/ui/`)).status, 503);
      assert.strictEqual(botpress.lines.length, 1);
      assert(/^error: serviceUrl in .*An example: http:\/\/127.0.0.1:8787$/.test(botpress.lines[0]), botpress.lines[0]);
      assert(WRONG[serviceUrl].test(botpress.lines[0]), botpress.lines[0]);
      assert(!botpress.lines[0].includes("s3cret"));
    }, { config: { serviceUrl } });
  });
}

test("a config that can't be read is an error in the log, and no rejection", async () => {
  const lines = [];
  const logger = { attachError: () => logger, error: (text) => lines.push(text) };
  const broken = { logger, config: { getModuleConfig: () => Promise.reject(new Error("broken")) } };
  await freshModule().onServerReady(broken);
  assert.deepStrictEqual(lines, ["nothing is passed on to the service"]);
});

test("taken out, it leaves no router of its own; taken out twice, or never in, it touches nothing", async () => {
  const deleted = [];
  const never = { http: { deleteRouterForBot: (name) => deleted.push(name) } };
  await freshModule().onModuleUnmount(never);
  assert.deepStrictEqual(deleted, []);
  await withModule((req, res) => res.end(), async ({ url, botpress, entry }) => {
    assert.strictEqual((await ask(`${url}/ui/`)).status, 200);
    await entry.onModuleUnmount(botpress.bp);
    for (const place of ["/ui/", "/webhooks/status", "/media/0f.png", "/status"]) {
      assert.strictEqual((await ask(url + place, { headers: WRITER })).status, 404);
    }
    await entry.onModuleUnmount(never);
    assert.deepStrictEqual(deleted, []);
    await freshModule().onServerReady(botpress.bp);
    assert.strictEqual((await ask(`${url}/ui/`)).status, 200);
  });
});

/** The view's element, as the studio's script tag and React get it. */
function element(globals, props) {
  const window = globals;
  window.React = { createElement: (kind, given) => ({ kind, given }) };
  const script = fs.readFileSync(path.join(MODULE, "assets", "web", "full.bundle.js"), "utf8");
  vm.runInNewContext(script, { window, encodeURIComponent });
  const view = window.botpress["outbound-campaigns"].default;
  return [view(props), view(Object.assign({ contentLang: "fr" }, props)), window];
}

const storage = (language) => ({ localStorage: { getItem: (name) => (name === "uiLanguage" ? language : null) } });

test("the view is one iframe of the bot's panel, in the studio's language, below its root path", () => {
  const [shown] = element(Object.assign({ ROOT_PATH: "/bp", BOT_ID: "demo-bot" }, storage("en")), {});
  assert.strictEqual(shown.kind, "iframe");
  assert.strictEqual(shown.given.src, "/bp/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/?lang=en");
  assert.strictEqual(shown.given.title, "Outbound campaigns");
});

test("the admin, which has no BOT_ID, names the bot in its props", () => {
  const [shown] = element(storage(null), { botId: "other" });
  assert.strictEqual(shown.given.src, "/api/v1/bots/other/mod/outbound-campaigns/ui/");
});

test("without a language of the studio's, its title is in the browser's, as the panel is", () => {
  const [shown] = element(Object.assign({ BOT_ID: "demo-bot", navigator: { languages: ["de-DE", "en-US"] } }, storage(null)), {});
  assert.strictEqual(shown.given.title, "Outbound campaigns");
});

test("where storage is closed, the panel chooses the language itself", () => {
  const closed = { BOT_ID: "demo-bot", get localStorage() { throw new Error("SecurityError"); } };
  const [shown] = element(closed, {});
  assert.strictEqual(shown.given.src, "/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/");
});

test("shown again with another language of contents, it is the same element with the same address", () => {
  const [first, again, window] = element(Object.assign({ BOT_ID: "demo-bot" }, storage("es")), {});
  assert.deepStrictEqual(again.given.src, first.given.src);
  assert.strictEqual(again.given.key, first.given.key);
  assert.deepStrictEqual(Object.keys(window.botpress), ["outbound-campaigns"]);
});
