// What the module itself answers, in the shape of Botpress's errors, in Spanish and English.
"use strict";

const { POLICY, page, wantsPage } = require("./page");

const DOCS = "https://botpress.com/docs";
const AGAIN = {
  es: "Esta página lo intenta otra vez cada cinco segundos y abre el panel en cuanto pueda.",
  en: "This page tries again every five seconds, and opens the panel as soon as it can.",
};

const REFUSALS = {
  address: {
    status: 400,
    errorCode: "BP_0040",
    type: "BadRequestError",
    es: "Esta dirección no es del servicio de campañas.",
    en: "This address is none of the campaigns' service.",
  },
  away: {
    status: 502,
    type: "BadGatewayError",
    es: "El servicio de campañas no responde. Inícielo, o revise «serviceUrl» en data/global/config/outbound-campaigns.json.",
    en: "The campaigns' service does not answer. Start it, or check serviceUrl in data/global/config/outbound-campaigns.json.",
  },
  unset: {
    status: 503,
    type: "ServiceUnavailableError",
    es: "Falta decir dónde está el servicio de campañas: ponga «serviceUrl» en data/global/config/outbound-campaigns.json y reinicie Botpress, o haga que el proxy inverso lleve al servicio.",
    en: "Where the campaigns' service is has not been said: set serviceUrl in data/global/config/outbound-campaigns.json and restart Botpress, or let the reverse proxy lead to the service.",
  },
  silent: {
    status: 504,
    type: "GatewayTimeoutError",
    es: "El servicio de campañas no respondió a tiempo. Compruebe si lo que pidió se hizo antes de repetirlo.",
    en: "The campaigns' service did not answer in time. See whether what you asked for was done before you repeat it.",
  },
};

/** es or en, as Accept-Language prefers; es when it says nothing of either. */
function languageOf(header) {
  const wanted = { es: 0, en: 0 };
  for (const range of String(header || "").split(",")) {
    const [tag, ...parameters] = range.trim().toLowerCase().split(/\s*;\s*/);
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = quality ? Number(quality.slice(2)) || 0 : 1;
    const language = tag.slice(0, 2);
    if (/^(es|en)(-|$)/.test(tag)) wanted[language] = Math.max(wanted[language], weight);
  }
  return wanted.en > wanted.es ? "en" : "es";
}

const inBoth = (words, first) =>
  [first, first === "es" ? "en" : "es"].map((language) => ({ language, text: words[language], again: AGAIN[language] }));

function refuse(req, res, name) {
  const language = languageOf(req.headers["accept-language"]);
  const { status, errorCode, type, [language]: message } = REFUSALS[name];
  const forPeople = wantsPage(req);
  const body = forPeople
    ? page(inBoth(REFUSALS[name], language))
    : JSON.stringify({ statusCode: status, errorCode, type, message, details: "", docs: DOCS });
  res.statusCode = status;
  res.setHeader("Content-Type", `${forPeople ? "text/html" : "application/json"}; charset=utf-8`);
  if (forPeople) res.setHeader("Content-Security-Policy", POLICY);
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Content-Length", Buffer.byteLength(body));
  res.end(body);
  // What of a body is still to come goes nowhere, so that its client gets to read the answer.
  req.resume();
}

module.exports = { languageOf, refuse };
