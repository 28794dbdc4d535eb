// Which screen an address means. Addresses are behind the #, so that one file serves them all.

const ROUTES = [
  [/^\/campaigns$/, "campaigns", []],
  [/^\/campaigns\/new$/, "wizard", []],
  [/^\/campaigns\/(\d+)\/edit(?:\/(\w+))?$/, "wizard", ["id", "step"]],
  [/^\/campaigns\/(\d+)(?:\/recipients\/(\d+))?$/, "campaign", ["id", "recipient"]],
  [/^\/opt-outs$/, "optouts", []],
  [/^\/health$/, "health", []],
];

/** {name, …its parts}; the campaigns where nothing fits. */
export function currentRoute() {
  const [path, search] = (location.hash.slice(1) || "/campaigns").split("?");
  for (const [pattern, name, parts] of ROUTES) {
    const match = pattern.exec(path);
    if (match) {
      const given = Object.fromEntries(parts.map((part, place) => [part, match[place + 1]]));
      return { name, ...given, query: Object.fromEntries(new URLSearchParams(search)) };
    }
  }
  return { name: "campaigns", query: {} };
}

export function go(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", `#${path}`);
  else location.hash = path;
  if (replace) dispatchEvent(new HashChangeEvent("hashchange"));
}
