// Botpress 12.31 around a module: the same Express, the same order of middleware, the same way of making and deleting
// routers, as read in its core/app/server.ts, core/bots/bots-router.ts and core/routers/conditionalMiddleware.ts.
"use strict";

const http = require("http");
const path = require("path");

const compression = require("compression");
const express = require("express");

const MODULE = path.join(__dirname, "..", "..", "..", "botpress_module");
const RAW = /^\/api\/v1\/bots\/[A-Z0-9_-]+\/mod\/([A-Z0-9_-]+)\//i;
const PARSERS = [
  ["enableJsonBodyParser", express.json({ limit: "10mb" })],
  ["enableUrlEncoderBodyParser", express.urlencoded({ extended: true })],
];

function botpressError(statusCode, errorCode, type, message) {
  return Object.assign(new Error(message), { statusCode, errorCode, type });
}

const unauthorized = (message) => botpressError(401, "BP_0041", "UnauthorizedError", `Unauthorized: ${message}`);

/**
 * `bots` is {id: {private, disabled}}; `permit(req)` resolves to {read, write} or rejects as Botpress does;
 * `config` is the module's. Resolves to {url, bp, lines, close}.
 */
async function startBotpress({ bots, permit, config, root = "", port = 0 }) {
  const raw = { enableJsonBodyParser: [], enableUrlEncoderBodyParser: [] };
  const app = express();
  const botsRouter = express.Router({ mergeParams: true });
  app.use(compression());
  app.use((req, res, next) => {
    res.removeHeader("X-Powered-By");
    res.set({ "X-Powered-By": "Botpress" });
    next();
  });
  for (const [option, parse] of PARSERS) {
    app.use((req, res, next) => {
      const found = RAW.exec(req.path);
      if (found && raw[option].includes(found[1].toLowerCase())) next();
      else parse(req, res, next);
    });
  }
  app.use((req, res, next) => {
    res.set("Access-Control-Allow-Origin", "*");
    next();
  });
  app.use("/api/v1/bots/:botId", botsRouter);

  const checkToken = (req, res, next) => {
    permit(req).then((permission) => {
      req.permission = permission;
      next();
    }, next);
  };
  botsRouter.use((req, res, next) => {
    const bot = bots[req.params.botId];
    if (!bot) next(botpressError(404, "BP_0044", "NotFoundError", "Not Found: Invalid Bot ID"));
    else if (bot.disabled) next(botpressError(404, "BP_0044", "NotFoundError", "Not Found: Bot is disabled"));
    else if (bot.private) checkToken(req, res, next);
    else next();
  });
  const checkPermission = (byMethod) => (req, res, next) => {
    const operation = byMethod && ["GET", "OPTIONS"].includes(req.method) ? "read" : "write";
    if (req.permission[operation]) next();
    else next(botpressError(403, "BP_0043", "ForbiddenError", `Forbidden: no ${operation} on module.outbound-campaigns`));
  };

  app.use("/assets/modules/outbound-campaigns", express.static(path.join(MODULE, "assets")));

  const lines = [];
  const logger = { attachError: () => logger };
  for (const level of ["debug", "info", "warn", "error"]) logger[level] = (text) => lines.push(`${level}: ${text}`);
  const bp = {
    logger,
    config: { getModuleConfig: async () => config },
    http: {
      createRouterForBot(name, options = {}) {
        const router = express.Router({ mergeParams: true });
        if (options.checkAuthentication !== false) {
          router.use(checkToken);
          router.use(checkPermission(options.checkMethodPermissions));
        }
        for (const option of Object.keys(raw)) {
          if (options[option] === false) raw[option].push(name.toLowerCase());
        }
        botsRouter.use(`/mod/${name}`, router);
        return router;
      },
      deleteRouterForBot(name) {
        botsRouter.stack = botsRouter.stack.filter((layer) => !layer.regexp.exec(`/mod/${name}`));
      },
    },
  };

  const outer = express();
  outer.use(root || "/", app);
  const server = http.createServer(outer);
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    bp,
    app,
    lines,
    url: `http://127.0.0.1:${server.address().port}${root}`,
    /** As after all routes: Botpress's own handler of errors. */
    ready() {
      app.use((err, req, res, next) => {
        const statusCode = err.statusCode || 400;
        const { errorCode, message, type = "Exception" } = err;
        res.status(statusCode).json({ statusCode, errorCode, type, message, details: "", docs: "https://botpress.com/docs" });
      });
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

module.exports = { MODULE, startBotpress, unauthorized, botpressError };
