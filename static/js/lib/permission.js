// Whether the operator may change anything, or look only.

import { Refused, get } from "./api.js";

const AGAIN = 3000;

/** Asked until it is known; who may not even ask may not write. */
export async function mayWrite() {
  for (;;) {
    try {
      return (await get("/status")).can_write;
    } catch (error) {
      if (error instanceof Refused) return false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}
