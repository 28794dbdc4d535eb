// How names are compared as people do.

/** Letters and digits alone, without case and accents. */
export const bare = (text) => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
