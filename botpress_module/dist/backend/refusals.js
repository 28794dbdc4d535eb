// What the module itself answers, in the shape of Botpress's errors, in Spanish and English.
"use strict";

const DOCS = "https://botpress.com/docs";

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

function refuse(req, res, name) {
  const { status, errorCode, type, [languageOf(req.headers["accept-language"])]: message } = REFUSALS[name];
  const body = JSON.stringify({ statusCode: status, errorCode, type, message, details: "", docs: DOCS });
  res.statusCode = status;
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Content-Length", Buffer.byteLength(body));
  res.end(body);
  // What of a body is still to come goes nowhere, so that its client gets to read the answer.
  req.resume();
}

module.exports = { languageOf, refuse };
