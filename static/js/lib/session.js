// The studio's token: read at every request, never kept, never part of an address.

const KEY = "bp/token";
const LOOK = 1000;

/** The headers that authorize a request; in cookie mode the stored text is the CSRF token. */
export function authorization() {
  const token = readToken();
  if (!token) return {};
  return token.split(".").length === 3 ? { Authorization: `Bearer ${token}` } : { "CSRF-Token": token };
}

/** Ends when another token is there than the one that was refused. */
export function anotherToken(refused, signal) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (signal?.aborted) finish(reject, signal.reason);
      else if (readToken() && readToken() !== refused) finish(resolve);
    };
    const finish = (end, value) => {
      clearInterval(timer);
      removeEventListener("storage", look);
      end(value);
    };
    const timer = setInterval(look, LOOK);
    addEventListener("storage", look);
  });
}

export function readToken() {
  try {
    return JSON.parse(localStorage.getItem(KEY))?.token ?? null;
  } catch {
    return null;
  }
}
