// The module as Botpress loads it, in two processes: nothing may happen when this file is required.
"use strict";

const { readServiceUrl } = require("./address");
const { createProxy } = require("./proxy");
const { refuse } = require("./refusals");
const { NAME, mount, unmount } = require("./routes");

const SETTING = `serviceUrl in data/global/config/${NAME}.json`;

let mounted = false;

async function onServerReady(bp) {
  try {
    const config = await bp.config.getModuleConfig(NAME);
    const { url, problem } = readServiceUrl(config.serviceUrl);
    if (url) {
      mount(bp, createProxy(url, bp.logger));
      bp.logger.info(`requests are passed on to the service at ${url.origin}`);
    } else {
      // Whoever opens the panel is told, instead of Express's bare "Cannot GET".
      mount(bp, (req, res) => refuse(req, res, "unset"));
    }
    mounted = true;
    if (problem) {
      bp.logger.error(`${SETTING}: ${problem}; nothing is passed on. An example: http://127.0.0.1:8787`);
    } else if (!url) {
      bp.logger.info(`${SETTING} is not set: a reverse proxy has to lead to the service`);
    }
  } catch (error) {
    bp.logger.attachError(error).error("nothing is passed on to the service");
  }
}

async function onModuleUnmount(bp) {
  // Only what was made: Botpress takes more away than the router of that name.
  if (mounted) unmount(bp);
  mounted = false;
}

module.exports = {
  onServerReady,
  onModuleUnmount,
  translations: {
    en: { fullName: "Outbound campaigns" },
    es: { fullName: "Campañas Salientes" },
    fr: { fullName: "Campagnes sortantes" },
  },
  definition: {
    name: NAME,
    fullName: "Campañas Salientes",
    menuText: "Campañas Salientes",
    menuIcon: "send-message",
    noInterface: false,
  },
};
