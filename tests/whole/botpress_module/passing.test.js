// What passes through: bytes and headers, both ways, unchanged, and never held.
"use strict";

const assert = require("assert");
const crypto = require("crypto");
const http = require("http");

const { test } = require("./harness");
const { WRITER, ask, withModule } = require("./world");

const BLOCK = crypto.randomBytes(1 << 16);
const BLOCKS = 800;
const WHOLE = BLOCK.length * BLOCKS;
const HELD = 32 * 2 ** 20;
/** bytes that kernel buffers of three connections may hold; the body is 50 MB */

const hashOf = (...parts) => parts.reduce((hash, part) => hash.update(part), crypto.createHash("sha256")).digest("hex");
const expected = hashOf(...Array(BLOCKS).fill(BLOCK));

/** Writes the 50 MB as they are taken; `sent()` says how many bytes. */
function pour(stream) {
  let count = 0;
  const go = () => {
    while (count < BLOCKS) {
      count += 1;
      if (!stream.write(BLOCK)) return stream.once("drain", go);
    }
    return stream.end();
  };
  go();
  return () => count * BLOCK.length;
}

function digest(stream, done) {
  const hash = crypto.createHash("sha256");
  let size = 0;
  stream.on("data", (chunk) => {
    size += chunk.length;
    hash.update(chunk);
  });
  stream.on("end", () => done(`${size} ${hash.digest("hex")}`));
  stream.resume();
}

/** Resolves when what `count` gives has not grown for half a second. */
async function still(count) {
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

for (const announced of [true, false]) {
  test(`50 MB go in ${announced ? "with their length" : "in chunks"}, and wait outside while the service does not read`, async () => {
    let waiting;
    await withModule((req, res) => {
      waiting = () => digest(req, (found) => res.end(`${req.headers["content-length"]} ${req.headers["transfer-encoding"]} ${found}`));
    }, async ({ url }) => {
      const headers = { ...WRITER, "Content-Type": "text/csv", ...(announced ? { "Content-Length": WHOLE } : {}) };
      const answered = new Promise((resolve, reject) => {
        const asked = http.request(`${url}/campaigns/1/upload-csv`, { method: "POST", headers, agent: false }, (answer) => {
          answer.setEncoding("utf8").on("data", resolve);
        });
        asked.on("error", reject);
        const sent = pour(asked);
        still(() => sent() + (waiting ? 0 : 1)).then(() => {
          assert(sent() < HELD, `${sent()} bytes were taken in`);
          waiting();
        }).catch(reject);
      });
      const framing = announced ? `${WHOLE} undefined` : "undefined chunked";
      assert.strictEqual(await answered, `${framing} ${WHOLE} ${expected}`);
    });
  });
}

test("50 MB come out as they are made, unpacked, and wait at the service while the client does not read", async () => {
  let sent;
  await withModule((req, res) => {
    res.writeHead(200, { "Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store, no-transform" });
    sent = pour(res);
  }, async ({ url }) => {
    const found = await new Promise((resolve, reject) => {
      const headers = { ...WRITER, "Accept-Encoding": "gzip" };
      http.get(`${url}/campaigns/1/export`, { headers, agent: false }, (answer) => {
        assert.strictEqual(answer.headers["content-encoding"], undefined);
        assert.strictEqual(answer.headers["cache-control"], "no-store, no-transform");
        answer.pause();
        still(() => sent()).then(() => {
          assert(sent() < HELD, `${sent()} bytes were taken out`);
          digest(answer, resolve);
        }).catch(reject);
      });
    });
    assert.strictEqual(found, `${WHOLE} ${expected}`);
  });
});

test("the first rows of an export arrive before the last are made", async () => {
  let finish;
  await withModule((req, res) => {
    res.writeHead(200, { "Content-Type": "text/csv", "Cache-Control": "no-store, no-transform" });
    res.write("first\n");
    finish = () => res.end("last\n");
  }, async ({ url }) => {
    const rows = await new Promise((resolve) => {
      const got = [];
      http.get(`${url}/x`, { headers: { ...WRITER, "Accept-Encoding": "gzip" }, agent: false }, (answer) => {
        answer.setEncoding("utf8").on("data", (row) => {
          got.push(row);
          if (got.length === 1) finish();
        }).on("end", () => resolve(got));
      });
    });
    assert.deepStrictEqual(rows, ["first\n", "last\n"]);
  });
});

const BODIES = {
  "JSON with spaces": [' {"a" : 1.0,  "ñ": "\\u00e9" }\n', "application/json"],
  "broken JSON": ['{"a": ', "application/json"],
  "a form": ["a=1&b=%20&a=2", "application/x-www-form-urlencoded"],
  "bytes of no text": [Buffer.from([0, 255, 13, 10, 128]), "application/octet-stream"],
  "nothing": ["", "application/json"],
};
for (const name of Object.keys(BODIES)) {
  test(`${name} in a webhook arrives byte for byte, so that its signature holds`, async () => {
    const [body, type] = BODIES[name];
    const echo = (req, res) => {
      const chunks = [];
      req.on("data", (chunk) => chunks.push(chunk)).on("end", () => res.end(Buffer.concat(chunks)));
    };
    await withModule(echo, async ({ url }) => {
      const back = await ask(`${url}/webhooks/status`, { method: "POST", body, headers: { "Content-Type": type } });
      assert.deepStrictEqual(back.body, Buffer.from(body));
    });
  });
}

test("a body that Botpress has read, at the address with nothing behind it, is not waited for", async () => {
  const echo = (req, res) => req.resume().on("end", () => res.end(`${req.headers["content-length"]}`));
  await withModule(echo, async ({ url }) => {
    const headers = { ...WRITER, "Content-Type": "application/json" };
    assert.strictEqual((await ask(url, { method: "POST", body: '{"a": 1}', headers })).body.toString(), "0");
  });
});

test("every method passes", async () => {
  await withModule((req, res) => res.end(req.method), async ({ url }) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      assert.strictEqual((await ask(`${url}/x`, { method, headers: WRITER })).body.toString(), method);
    }
    const head = await ask(`${url}/x`, { method: "HEAD", headers: WRITER });
    assert.deepStrictEqual([head.status, head.body.length], [200, 0]);
  });
});

test("a request's headers pass but for those of its connection, and the client's word on where it comes from", async () => {
  await withModule((req, res) => res.end(), async ({ url, origin, asked }) => {
    await ask(`${url}/x`, {
      headers: {
        ...WRITER,
        "Accept-Language": "es-MX,es;q=0.9",
        "If-None-Match": 'W/"abc"',
        "X-Two": ["1", "2"],
        Connection: "close, X-Mine",
        "X-Mine": "only for the next one",
        "Proxy-Authorization": "Basic abc",
        TE: "trailers",
        Upgrade: "h2c",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        Forwarded: "for=evil",
      },
    });
    const { headers } = asked[0];
    assert.strictEqual(headers["accept-language"], "es-MX,es;q=0.9");
    assert.strictEqual(headers["if-none-match"], 'W/"abc"');
    assert.strictEqual(headers["x-two"], "1, 2");
    for (const name of ["x-mine", "proxy-authorization", "te", "upgrade", "x-forwarded-prefix", "forwarded", "expect"]) {
      assert.strictEqual(headers[name], undefined, name);
    }
    assert.strictEqual(headers["x-forwarded-for"], "203.0.113.9, 127.0.0.1");
    assert.strictEqual(headers["x-forwarded-proto"], "http");
    assert.strictEqual(`http://${headers["x-forwarded-host"]}`, new URL(url).origin);
    assert.strictEqual(`http://${headers.host}`, origin);
  });
});

test("a client that waits for leave to send its body gets it", async () => {
  const echo = (req, res) => req.resume().on("end", () => res.end(`${req.headers.expect}`));
  await withModule(echo, async ({ url }) => {
    const said = await new Promise((resolve, reject) => {
      const headers = { ...WRITER, Expect: "100-continue", "Content-Length": 3 };
      const asked = http.request(`${url}/x`, { method: "POST", headers, agent: false }, (answer) => {
        answer.setEncoding("utf8").on("data", resolve);
      });
      asked.on("error", reject).on("continue", () => asked.end("abc"));
      asked.flushHeaders();
    });
    assert.strictEqual(said, "undefined");
  });
});

test("an answer's status and headers pass, cookies each by itself, but for those of its connection", async () => {
  await withModule((req, res) => {
    res.writeHead(418, "Short and stout", {
      "Set-Cookie": ["a=1", "b=2"],
      ETag: '"abc"',
      "X-Request-Id": "42",
      "Content-Security-Policy": "default-src 'none'",
      Connection: "close, X-Mine",
      "X-Mine": "x",
      "Content-Length": 2,
    });
    res.end("hi");
  }, async ({ url }) => {
    const answer = await ask(`${url}/ui/x`);
    assert.deepStrictEqual([answer.status, answer.message], [418, "Short and stout"]);
    assert.deepStrictEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
    assert.strictEqual(answer.headers.etag, '"abc"');
    assert.strictEqual(answer.headers["x-request-id"], "42");
    assert.strictEqual(answer.headers["content-security-policy"], "default-src 'none'");
    assert.strictEqual(answer.headers["x-mine"], undefined);
    assert.strictEqual(answer.headers["content-length"], "2");
  });
});

test("an answer without a body has none", async () => {
  await withModule((req, res) => res.writeHead(req.url.endsWith("/304") ? 304 : 204).end(), async ({ url }) => {
    for (const status of [204, 304]) {
      const answer = await ask(`${url}/ui/${status}`);
      assert.deepStrictEqual([answer.status, answer.body.length], [status, 0]);
    }
  });
});
