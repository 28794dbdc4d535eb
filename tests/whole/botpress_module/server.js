// Botpress with the module as a process of its own: before it a browser or a program, behind it the service. What a
// user may do it asks of the Botpress at `botpressUrl`, which knows users and roles.
"use strict";

const http = require("http");
const path = require("path");

const { MODULE, botpressError, startBotpress } = require("./botpress");

const RESOURCE = "module.outbound-campaigns";

function profileOf(botpressUrl, req) {
  const headers = { "X-BP-Workspace": "default" };
  for (const name of ["authorization", "cookie", "csrf-token"]) {
    if (req.headers[name]) headers[name] = req.headers[name];
  }
  return new Promise((resolve, reject) => {
    http.get(`${botpressUrl}/api/v2/admin/user/profile`, { headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece) => (text += piece)).on("end", () => {
        const body = JSON.parse(text);
        if (answer.statusCode === 200) resolve(body.payload);
        else reject(botpressError(body.statusCode, body.errorCode, body.type, body.message));
      });
    }).on("error", reject);
  });
}

/** As Botpress's checkRule: of the rules that match the last one decides. */
function permission(rules) {
  const may = { r: false, w: false };
  for (const { res, op } of rules) {
    const pattern = res.includes("*") ? res : `${res}.*`;
    const expression = new RegExp(`^${pattern.replace(/\./g, "\\.?").replace(/\*/g, ".*")}$`, "i");
    if (!expression.test(RESOURCE)) continue;
    for (const [, sign, letters] of op.matchAll(/([+-])([rw]+)/g)) {
      for (const letter of letters) may[letter] = sign === "+";
    }
  }
  return { read: may.r, write: may.w };
}

/** The studio's page around a module's view: its globals, its script tag, its React. */
const page = (root, bot) => `<!doctype html><html lang="es"><head><meta charset="utf-8"><base href="${root}/"><title>Botpress Studio</title>
<style>body { margin: 0; display: grid; height: 100vh; grid: 50px 1fr 28px / 40px 1fr; }
aside { grid-row: 1 / 3; background: #1a1e22; } footer { grid-column: 1 / 3; background: #1a1e22; } main { overflow: hidden; }</style>
<script>window.ROOT_PATH = "${root}"; window.BOT_ID = "${bot}";</script>
<script src="react.js"></script><script src="react-dom.js"></script></head>
<body><aside></aside><header></header><main id="main"></main><footer></footer>
<script src="assets/modules/outbound-campaigns/web/full.bundle.js"></script>
<script>
  const View = window.botpress["outbound-campaigns"].default;
  window.show = (contentLang) =>
    ReactDOM.render(React.createElement(View, { contentLang, bp: {} }), document.getElementById("main"));
  window.show("es");
</script></body></html>`;

async function main({ port, root, serviceUrl, botpressUrl, bots }) {
  const permit = async (req) => permission((await profileOf(botpressUrl, req)).permissions);
  const botpress = await startBotpress({ port, root, bots, permit, config: { serviceUrl } });
  const { app, bp } = botpress;
  bp.logger.attachError = (error) => {
    console.error(error);
    return bp.logger;
  };
  for (const name of ["react", "react-dom"]) {
    const file = require.resolve(`${name}/umd/${name}.production.min.js`);
    app.get(`/${name}.js`, (req, res) => res.sendFile(file));
  }
  app.get("/studio/:bot/modules/outbound-campaigns", (req, res) => res.send(page(root, req.params.bot)));
  await require(path.join(MODULE, "dist", "backend", "index.js")).onServerReady(bp);
  botpress.ready();
  for (const line of botpress.lines) console.error(line);
}

main(JSON.parse(process.argv[2])).catch((error) => {
  console.error(error);
  process.exit(1);
});
