// The page in the panel's place while the service can't be reached: it says so, and comes back by itself.
"use strict";

const AGAIN = 5;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Whether a request is for the panel's document, and not for a file or by a program. */
function wantsPage(req) {
  const path = String(req.originalUrl || "").split("?")[0];
  return req.method === "GET" && /\/ui\/?$/.test(path) && /text\/html/.test(req.headers.accept || "");
}

/** HTML with both sentences, the reader's own first. */
function page(sentences) {
  const [first, second] = sentences.map(({ language, text, again }) =>
    `<section lang="${language}"><p>${escaped(text)}</p><p class="quiet">${escaped(again)}</p></section>`);
  return `<!doctype html>
<html lang="${sentences[0].language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${AGAIN}">
<title>Campañas Salientes</title>
<style>
body { max-width: 38em; margin: 12vh auto; padding: 0 24px; font: 16px/1.5 Roboto, "Helvetica Neue", Arial, sans-serif; color: #182026; background: #fff; }
h1 { font-size: 20px; }
section + section { margin-top: 24px; padding-top: 16px; border-top: 1px solid #ced9e0; color: #5c7080; }
.quiet { color: #5c7080; font-size: 14px; }
</style>
</head>
<body>
<main role="alert">
<h1>Campañas Salientes</h1>
${first}
${second}
</main>
</body>
</html>
`;
}

module.exports = { POLICY, page, wantsPage };
