// Which of the module's addresses Botpress checks. Botpress decides by the router, and asks routers in the order
// in which they were made, so those without a check come first.
"use strict";

const NAME = "outbound-campaigns";

// Bodies have to arrive as they were sent: signatures are over their bytes, and files are larger than Botpress reads.
const RAW = { enableJsonBodyParser: false, enableUrlEncoderBodyParser: false };
const PUBLIC = Object.assign({ checkAuthentication: false }, RAW);
const CHECKED = Object.assign({ checkAuthentication: true, checkMethodPermissions: true }, RAW);

const ROUTERS = [
  // An iframe's document carries no token; the files hold no data.
  { name: `${NAME}/ui`, options: PUBLIC },
  // Vonage has no token of Botpress's; the service checks its signature.
  { name: `${NAME}/webhooks`, options: PUBLIC },
  // Meta fetches there what messages show, and has no token; a file's name is its key.
  { name: `${NAME}/media`, options: PUBLIC },
  { name: NAME, options: CHECKED },
];

function mount(bp, handler) {
  for (const { name, options } of ROUTERS) {
    bp.http.createRouterForBot(name, options).use(handler);
  }
}

function unmount(bp) {
  for (const { name } of ROUTERS) {
    bp.http.deleteRouterForBot(name);
  }
}

module.exports = { NAME, mount, unmount };
