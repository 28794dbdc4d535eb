// Headers as a proxy passes them on (RFC 9110, 7.6.1): without those that are about one connection.
"use strict";

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

// A client's own word on these is not believed; Node has answered Expect by itself.
const OURS = ["expect", "forwarded", "host", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-proto"];

/** {name: value or values}, in the client's spelling. */
function endToEnd(message, dropped) {
  const named = String(message.headers.connection || "").toLowerCase().split(/\s*,\s*/);
  const without = new Set([...HOP_BY_HOP, ...named, ...dropped]);
  const kept = new Map();
  for (let place = 0; place < message.rawHeaders.length; place += 2) {
    const name = message.rawHeaders[place];
    const key = name.toLowerCase();
    if (without.has(key)) continue;
    const values = kept.has(key) ? kept.get(key)[1] : [];
    kept.set(key, [name, [...values, message.rawHeaders[place + 1]]]);
  }
  const headers = {};
  for (const [name, values] of kept.values()) headers[name] = values.length > 1 ? values : values[0];
  return headers;
}

/** Of a request with its body as it was announced; one that Botpress has read already has none. */
function requestHeaders(req, host) {
  const eaten = req.body !== undefined;
  const chunked = !eaten && "transfer-encoding" in req.headers;
  const headers = endToEnd(req, [...OURS, "x-forwarded-for", ...(eaten || chunked ? ["content-length"] : [])]);
  const before = req.headers["x-forwarded-for"];
  const address = req.socket.remoteAddress || "unknown";
  headers["X-Forwarded-For"] = before ? `${before}, ${address}` : address;
  headers["X-Forwarded-Proto"] = req.protocol || "http";
  if (req.headers.host) headers["X-Forwarded-Host"] = req.headers.host;
  headers.Host = host;
  if (chunked) headers["Transfer-Encoding"] = "chunked";
  return headers;
}

const hasBody = (req) =>
  req.body === undefined && ("transfer-encoding" in req.headers || Number(req.headers["content-length"]) > 0);

const answerHeaders = (answer) => endToEnd(answer, []);

module.exports = { requestHeaders, answerHeaders, hasBody };
