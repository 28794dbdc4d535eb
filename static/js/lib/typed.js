// What a person has typed and not saved yet: kept in the browser for each bot and user, so that nothing is lost when
// the studio leaves for its login, or another of its pages is opened.

import { BASE } from "./api.js";
import { readToken } from "./session.js";

/** The values of one form, by name. */
export class Typed {
  #place;

  constructor(place) {
    this.#place = place;
    this.values = stored(place);
    /** Whether there was something when the form was opened. */
    this.wasKept = Object.keys(this.values).length > 0;
  }

  set(name, value) {
    this.values[name] = value;
    store(this.#place, JSON.stringify(this.values));
  }

  /** Forget it all: it was saved, or is not wanted. */
  discard() {
    this.values = {};
    this.wasKept = false;
    store(this.#place, null);
  }
}

function stored(place) {
  try {
    return JSON.parse(localStorage.getItem(key(place))) ?? {};
  } catch {
    return {};
  }
}

function store(place, text) {
  try {
    if (text === null) localStorage.removeItem(key(place));
    else localStorage.setItem(key(place), text);
  } catch {
    // A browser that keeps nothing: it lives as long as the page.
  }
}

const key = (place) => ["outbound-campaigns", BASE, user(), place].join("|");

/** The e-mail in Botpress's token; none in cookie mode, where a page can't read it. */
function user() {
  try {
    const [, claims] = readToken().split(".");
    return JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))).email ?? "";
  } catch {
    return "";
  }
}
