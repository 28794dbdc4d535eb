// The only place that speaks with the service.

import { language, say } from "./language.js";
import { anotherToken, authorization, readToken } from "./session.js";

/** Where the module's routes begin: the panel's own address without `ui/`. */
export const BASE = new URL("..", document.baseURI).pathname.replace(/\/$/, "");

const answers = new Map();
const KEPT = 50;

/** What the service refused, in its own words. `details` is {field: [reasons]} for 422. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.message || `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? null;
    this.details = body.details && typeof body.details === "object" ? body.details : {};
    this.explanation = typeof body.details === "string" ? body.details : "";
  }
}

/** Nobody answered, or a proxy in the service's place. */
export class Away extends Error {}

/** Told of what concerns the whole panel: {session: ended?}, {away: away?}. */
export const listeners = new Set();
const tell = (news) => listeners.forEach((listener) => listener(news));

export const get = (path, options = {}) => ask("GET", path, options);
export const post = (path, body, options = {}) => ask("POST", path, { ...options, body });
export const put = (path, body, options = {}) => ask("PUT", path, { ...options, body });
export const remove = (path, options = {}) => ask("DELETE", path, options);

/** The answer's JSON. GET is asked with the ETag of the last answer. Throws Refused and Away. */
async function ask(method, path, { body, query, signal } = {}) {
  const address = BASE + path + searchOf(query);
  const known = method === "GET" ? answers.get(address) : undefined;
  const headers = known ? { "If-None-Match": known.etag } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await send(address, { method, headers, body: JSON.stringify(body), signal });
  if (response.status === 304 && known) return known.data;
  if (response.status === 204) return null;
  const data = await response.json();
  if (method === "GET" && response.headers.get("ETag")) keep(address, response.headers.get("ETag"), data);
  return data;
}

/** A file of the service, to be saved under the name that it gives. */
export async function download(path, query) {
  const response = await send(BASE + path + searchOf(query), { method: "GET", headers: {} });
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { blob: await response.blob(), name: name ?? "export.csv" };
}

/** Send a file; `progress` is told shares from 0 to 1. */
export async function upload(path, file, { query, progress } = {}) {
  for (;;) {
    const token = await tokenThere();
    const { status, text } = await post_(BASE + path + searchOf(query), file, progress);
    if (status === 401) {
      await renewed(token);
      continue;
    }
    const body = parsed(text);
    if (status >= 200 && status < 300 && body) return body;
    throw refusal("POST", status, body);
  }
}

function post_(address, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file);
    request.open("POST", address);
    for (const [name, value] of Object.entries(commonHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(away("POST"));
    request.send(form);
  });
}

async function send(address, options) {
  for (;;) {
    const token = await tokenThere(options.signal);
    const headers = { ...options.headers, ...commonHeaders() };
    let response;
    try {
      response = await fetch(address, { ...options, headers, cache: "no-store", redirect: "error" });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw away(options.method);
    }
    if (response.status !== 401) return checked(options.method, response);
    await renewed(token, options.signal);
  }
}

async function checked(method, response) {
  if (response.ok || response.status === 304) {
    tell({ away: false });
    return response;
  }
  throw refusal(method, response.status, parsed(await response.text()));
}

/** Who refused, and what can be done: the service itself has words for it, a proxy before it has none. */
function refusal(method, status, body) {
  if (status === 502 || status === 504 || (!body && status >= 500)) return away(method);
  tell({ away: false });
  if (body) return new Refused(status, body);
  return new Refused(status, { message: say(status === 413 ? "proxy.too_large" : "proxy.refused", { status }) });
}

/** The token, as soon as there is one: without it every request would be refused. */
async function tokenThere(signal) {
  if (!readToken()) await renewed(null, signal);
  return readToken();
}

/** A request that was refused for its token did nothing, so it may be sent again. */
async function renewed(token, signal) {
  tell({ session: false });
  await anotherToken(token, signal);
  tell({ session: true });
}

/** What is looked at is asked for again; of what was to be done nobody knows whether it was. */
function away(method) {
  tell({ away: true });
  return new Away(say(method === "GET" ? "service.away" : "service.away.act"));
}

const commonHeaders = () => ({ Accept: "application/json", "Accept-Language": language(), ...authorization() });

function searchOf(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

function parsed(text) {
  try {
    const body = JSON.parse(text);
    return body && typeof body === "object" ? body : null;
  } catch {
    return null;
  }
}

function keep(address, etag, data) {
  answers.delete(address);
  answers.set(address, { etag, data });
  if (answers.size > KEPT) answers.delete(answers.keys().next().value);
}
