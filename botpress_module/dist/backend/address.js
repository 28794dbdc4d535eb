// Where requests go: the service's own address, and the paths that may be asked of it.
"use strict";

const PATH = /^(\/[^/]+)*\/api\/v1\/bots\/[^/]+\/mod\/outbound-campaigns(\/|$)/i;

/** {url} of the service, or {problem}: null when there is no address, else what is wrong with it. */
function readServiceUrl(value) {
  if (value === undefined || value === null || value === "") return { problem: null };
  let url;
  try {
    url = new URL(value);
  } catch (error) {
    return { problem: `${JSON.stringify(value)} is no URL` };
  }
  if (url.username || url.password) return { problem: "it must hold no user and no password" };
  if (url.protocol !== "http:" && url.protocol !== "https:") return { problem: `${url.protocol} is neither http: nor https:` };
  if (url.pathname !== "/" || url.search || url.hash) return { problem: `${url.href} must end after host and port` };
  return { url };
}

/** The target of a request as its client wrote it; null for one that could mean another host or another path. */
function readTarget(target) {
  if (!/^\/(?!\/)/.test(target)) return null;
  let path;
  try {
    path = decodeURIComponent(target.split("?")[0]);
  } catch (error) {
    return null;
  }
  const climbs = path.split("/").some((segment) => segment === "." || segment === "..");
  return climbs || /[\\\x00-\x1f]/.test(path) || !PATH.test(path) ? null : target;
}

module.exports = { readServiceUrl, readTarget };
