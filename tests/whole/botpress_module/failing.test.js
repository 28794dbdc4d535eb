// What goes wrong: with the service, with the client, and in between.
"use strict";

const assert = require("assert");
const http = require("http");
const net = require("net");

const { MODULE } = require("./botpress");
const { test } = require("./harness");
const { BASE, WRITER, ask, json, withModule } = require("./world");

const AWAY = { es: /^El servicio de campañas no responde/, en: /^The campaigns' service does not answer/ };
const SHORT = { connect: 300, silence: 300 };

const until = async (happened) => {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 10));
};

function assertAway(answer, language) {
  const body = json(answer);
  assert.deepStrictEqual(Object.keys(body), ["statusCode", "type", "message", "details", "docs"]);
  assert.deepStrictEqual([answer.status, body.statusCode, body.type], [502, 502, "BadGatewayError"]);
  assert(AWAY[language].test(body.message), body.message);
  assert.strictEqual(answer.headers["content-type"], "application/json; charset=utf-8");
}

test("a service that is down is a 502 in the client's language, one line in the log, and one when it is back", async () => {
  await withModule((req, res) => res.end("back"), async ({ url, origin, service, botpress }) => {
    const { port } = service.address();
    await new Promise((resolve) => service.close(resolve));
    assertAway(await ask(`${url}/status`, { headers: { ...WRITER, "Accept-Language": "es-MX,en;q=0.5" } }), "es");
    assertAway(await ask(`${url}/status`, { headers: { ...WRITER, "Accept-Language": "en-US,es;q=0.5" } }), "en");
    assertAway(await ask(`${url}/ui/`), "es");
    const upload = { method: "POST", headers: WRITER, body: Buffer.alloc(5e6) };
    assertAway(await ask(`${url}/campaigns/1/upload-csv`, upload), "es");
    await new Promise((resolve) => service.listen(port, "127.0.0.1", resolve));
    assert.strictEqual((await ask(`${url}/status`, { headers: WRITER })).body.toString(), "back");
    assert.deepStrictEqual(botpress.lines.slice(1), [
      `warn: the service at ${origin} does not answer: ECONNREFUSED`,
      `info: the service at ${origin} answers again`,
    ]);
  });
});

test("who opens the panel meanwhile sees a page in both languages that comes back by itself", async () => {
  await withModule((req, res) => res.end(), async ({ url, service }) => {
    await new Promise((resolve) => service.close(resolve));
    for (const [language, first, second] of [["es-MX", "no responde", "does not answer"], ["en", "does not answer", "no responde"]]) {
      const answer = await ask(`${url}/ui/?lang=x`, { headers: { Accept: "text/html,*/*;q=0.8", "Accept-Language": language } });
      const page = answer.body.toString();
      assert.strictEqual(answer.status, 502);
      assert.strictEqual(answer.headers["content-type"], "text/html; charset=utf-8");
      assert(page.indexOf(first) > 0 && page.indexOf(first) < page.indexOf(second), page);
      assert(/http-equiv="refresh" content="5"/.test(page));
      assert(/default-src 'none'/.test(answer.headers["content-security-policy"]));
    }
    // A program, and the panel's files, get JSON as before.
    assertAway(await ask(`${url}/ui/js/main.js`, { headers: { Accept: "text/html" } }), "es");
    assertAway(await ask(`${url}/campaigns`, { headers: { ...WRITER, Accept: "text/html" } }), "es");
    await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
  });
});

test("a service that hangs up without an answer is a 502", async () => {
  await withModule((req) => req.socket.destroy(), async ({ url }) => {
    assertAway(await ask(`${url}/ui/`), "es");
    assertAway(await ask(`${url}/x`, { method: "POST", headers: WRITER, body: "x".repeat(100000) }), "es");
  });
});

test("a service whose answer is no HTTP is a 502", async () => {
  await withModule((req) => req.socket.end("hello\r\n\r\n"), async ({ url }) => assertAway(await ask(`${url}/ui/`), "es"));
});

test("a service that says nothing is a 504", async () => {
  await withModule(() => {}, async ({ url, service }) => {
    const answer = await ask(`${url}/ui/`, { headers: { "Accept-Language": "en" } });
    assert.deepStrictEqual([answer.status, json(answer).type], [504, "GatewayTimeoutError"]);
    assert(/before you repeat it/.test(json(answer).message));
    let open = 1;
    await until(() => {
      service.getConnections((error, count) => (open = count));
      return open === 0;
    });
  }, { patience: SHORT });
});

test("an answer that takes its time but moves is not given up", async () => {
  await withModule((req, res) => {
    let rows = 0;
    const timer = setInterval(() => {
      rows += 1;
      if (rows < 12) res.write("row\n");
      else {
        clearInterval(timer);
        res.end();
      }
    }, 50);
  }, async ({ url }) => {
    assert.strictEqual((await ask(`${url}/ui/`)).body.toString(), "row\n".repeat(11));
  }, { patience: SHORT });
});

for (const type of ["text/csv", "application/json"]) {
  test(`half an answer (${type}) is cut, so that nobody takes it for a whole one`, async () => {
    await withModule((req, res) => {
      res.writeHead(200, { "Content-Type": type, ...(type === "text/csv" ? { "Cache-Control": "no-transform" } : {}) });
      res.write("x".repeat(5000), () => setTimeout(() => res.destroy(), 50));
    }, async ({ url, botpress }) => {
      await assert.rejects(ask(`${url}/ui/`, { headers: { "Accept-Encoding": "gzip" } }), /cut|aborted|ECONNRESET|hang up/);
      assert.strictEqual(botpress.lines.length, 1);
    });
  });
}

test("a client that hangs up in its upload ends it at the service", async () => {
  let ended = false;
  await withModule((req) => req.resume().on("aborted", () => (ended = true)), async ({ url, asked, botpress }) => {
    const upload = http.request(`${url}/x`, { method: "POST", headers: { ...WRITER, "Content-Length": 1e7 }, agent: false });
    upload.on("error", () => {});
    upload.write("x".repeat(100000));
    await until(() => asked.length === 1);
    upload.destroy();
    await until(() => ended);
    assert.strictEqual(botpress.lines.length, 1);
  });
});

test("a client that hangs up in an export ends it at the service", async () => {
  let ended = false;
  await withModule((req, res) => {
    const timer = setInterval(() => res.write("row\n"), 5);
    res.on("close", () => {
      clearInterval(timer);
      ended = true;
    });
  }, async ({ url, botpress }) => {
    const asked = http.get(`${url}/ui/`, { agent: false }, (answer) => answer.once("data", () => asked.destroy()).on("error", () => {}));
    asked.on("error", () => {});
    await until(() => ended);
    assert.strictEqual(botpress.lines.length, 1);
  });
});

test("a client that hangs up before the answer ends the request at the service", async () => {
  let ended = false;
  await withModule((req) => req.on("aborted", () => (ended = true)), async ({ url, asked, botpress }) => {
    const waiting = http.get(`${url}/ui/`, { agent: false });
    waiting.on("error", () => {});
    await until(() => asked.length === 1);
    waiting.destroy();
    await until(() => ended);
    assert.strictEqual(botpress.lines.length, 1);
  });
});

// Later versions than Botpress's stop reading with the first write that fails.
const underBotpress = process.version.startsWith("v12.") ? test : () => {};

underBotpress("a service that refuses a large body and closes before it has it is heard, each time", async () => {
  const refusal = 'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 18\r\n\r\n{"statusCode":413}';
  const services = new Set();
  const service = net.createServer((socket) => {
    services.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.pause();
      // Closed with bytes unread, which resets the connection, as a worker does that is done with a request.
      socket.write(refusal, () => socket.destroy());
    });
  });
  await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
  const config = { serviceUrl: `http://127.0.0.1:${service.address().port}` };
  await withModule(() => {}, async ({ url }) => {
    for (let time = 0; time < 30; time += 1) {
      const answer = await ask(`${url}/x`, { method: "POST", headers: WRITER, body: Buffer.alloc(5e6) });
      assert.deepStrictEqual([answer.status, json(answer).statusCode], [413, 413]);
    }
  }, { config });
  assert.strictEqual(services.size, 30);
  await new Promise((resolve) => service.close(resolve));
});

test("a header that Node can't pass on is refused, and the server lives", async () => {
  await withModule((req, res) => res.end("ok"), async ({ url }) => {
    const { port } = new URL(url);
    const first = await new Promise((resolve) => {
      const socket = net.connect(Number(port), "127.0.0.1", () => {
        socket.write(`GET ${BASE}/ui/\u00e9\u4e2d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      });
      socket.once("data", (data) => resolve(data.toString()));
    });
    assert(/^HTTP\/1.1 (200|400) /.test(first), first);
    assert.strictEqual((await ask(`${url}/ui/`)).status, 200);
  });
});

test("the language is that which the client prefers, Spanish when it says neither", () => {
  const { languageOf } = require(`${MODULE}/dist/backend/refusals.js`);
  const wanted = { "": "es", "fr,de": "es", "en": "en", "en-GB;q=0.1": "en", "es, en": "es", "en;q=0.8,es;q=0.9": "es", "est,en;q=0.1": "en", "en;q=x": "es" };
  for (const header of Object.keys(wanted)) assert.strictEqual(languageOf(header), wanted[header], header);
});
