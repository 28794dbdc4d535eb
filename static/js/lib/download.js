// A file from the service onto the operator's disk; it is fetched, since a link would carry no token.

import { download } from "./api.js";

export async function save(path, query) {
  const { blob, name } = await download(path, query);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
