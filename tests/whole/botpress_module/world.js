// A Botpress with the module, and a service behind it that a test answers for, over real HTTP.
"use strict";

const http = require("http");

const { MODULE, startBotpress, unauthorized } = require("./botpress");

const BOTS = { "demo-bot": {}, "private-bot": { private: true }, "disabled-bot": { disabled: true } };
const USERS = { "Bearer writer": { read: true, write: true }, "Bearer reader": { read: true, write: false } };
const BASE = "/api/v1/bots/demo-bot/mod/outbound-campaigns";
const WRITER = { Authorization: "Bearer writer" };

async function permit(req) {
  const user = USERS[req.headers.authorization];
  if (!user) throw unauthorized("Invalid authentication token");
  return user;
}

/** Runs `body` with {url, origin, asked, botpress}; `answer(req, res)` is the service. */
async function withModule(answer, body, { root = "", config, patience } = {}) {
  const asked = [];
  const service = http.createServer((req, res) => {
    asked.push(req);
    answer(req, res);
  });
  await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${service.address().port}`;
  const botpress = await startBotpress({ bots: BOTS, permit, root, config: config || { serviceUrl: origin } });
  const entry = freshModule();
  if (patience) mountWith(patience, origin, botpress.bp);
  else await entry.onServerReady(botpress.bp);
  botpress.ready();
  try {
    await body({ url: botpress.url + BASE, root: botpress.url, origin, service, asked, botpress, entry });
  } finally {
    await botpress.close();
    await new Promise((resolve) => service.close(resolve));
  }
}

/** As the module does, but for how long it waits. */
function mountWith(patience, origin, bp) {
  const { createProxy } = require(`${MODULE}/dist/backend/proxy.js`);
  require(`${MODULE}/dist/backend/routes.js`).mount(bp, createProxy(new URL(origin), bp.logger, patience));
}

/** The module as after a start of Botpress. */
function freshModule() {
  for (const file of Object.keys(require.cache)) if (file.startsWith(MODULE)) delete require.cache[file];
  return require(`${MODULE}/dist/backend/index.js`);
}

/** {status, headers, body} of a whole answer. */
function ask(url, { method = "GET", headers = {}, body, path } = {}) {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...(path === undefined ? {} : { path }) };
    const asked = http.request(url, options, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("aborted", () => reject(new Error("cut")));
      answer.on("error", reject);
      answer.on("end", () => {
        const whole = Buffer.concat(chunks);
        resolve({ status: answer.statusCode, message: answer.statusMessage, headers: answer.headers, body: whole });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const json = (answer) => JSON.parse(answer.body.toString());

module.exports = { BASE, WRITER, ask, freshModule, json, withModule };
