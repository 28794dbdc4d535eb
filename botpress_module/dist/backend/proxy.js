// Passes a request on to the service and its answer back, both as streams: no body is ever held.
"use strict";

const http = require("http");
const https = require("https");

const { readTarget } = require("./address");
const { answerHeaders, hasBody, requestHeaders } = require("./headers");
const { refuse } = require("./refusals");

/** Milliseconds: until a connection stands; of silence on it. The service gives up on a client sooner. */
const PATIENCE = { connect: 10000, silence: 120000 };
const LAST_WORDS = 1000;

/** A handler for Express. It answers every request, and throws nothing. `log` has info and warn. */
function createProxy(service, log, patience = PATIENCE) {
  const health = healthOf(service, log);
  return function proxy(req, res) {
    const target = readTarget(req.originalUrl);
    if (target === null) {
      refuse(req, res, "address");
      return;
    }
    try {
      new Passage(req, res, health).begin(service, target, patience);
    } catch (error) {
      // Node takes no such header or target; it has opened no connection.
      refuse(req, res, "address");
    }
  };
}

/** One line in the log when the service goes away, and one when it is back. */
function healthOf(service, log) {
  let away = false;
  return {
    answered() {
      if (away) log.info(`the service at ${service.origin} answers again`);
      away = false;
    },
    failed(error) {
      if (!away) log.warn(`the service at ${service.origin} does not answer: ${error.code || error.message}`);
      away = true;
    },
  };
}

/**
 * Lets a service be heard that has refused a body and closed: Node drops what it has not read yet when a write fails.
 * So that failure counts a second later, unless reading has ended the connection before. (In Botpress's Node 12; later
 * ones close the reading side as well, and a 502 says that the service hung up.)
 */
function hearTheService(socket) {
  const { destroy } = socket;
  socket.destroy = (error, done) => {
    if (!error || error.syscall !== "write") return destroy.call(socket, error, done);
    setTimeout(() => destroy.call(socket, error, done), LAST_WORDS);
    return socket;
  };
}

class Passage {
  constructor(req, res, health) {
    this.req = req;
    this.res = res;
    this.health = health;
    this.gone = false;
    this.silent = false;
  }

  begin(service, target, patience) {
    const { request } = service.protocol === "https:" ? https : http;
    this.asked = request(service, {
      method: this.req.method,
      path: target,
      headers: requestHeaders(this.req, service.host),
      // A connection of its own: one kept open may be closed by the service just when it is used again.
      agent: false,
      timeout: patience.connect,
    });
    this.asked.on("socket", (socket) => {
      hearTheService(socket);
      socket.once("connect", () => socket.setTimeout(patience.silence));
    });
    this.asked.on("timeout", () => this.giveUp());
    this.asked.on("response", (answer) => this.pass(answer));
    this.asked.on("error", (error) => this.fail(error));
    this.res.on("close", () => this.leave());
    this.req.on("aborted", () => this.leave());
    if (hasBody(this.req)) this.req.pipe(this.asked);
    else this.asked.end();
  }

  giveUp() {
    this.silent = true;
    this.asked.destroy(new Error("silence"));
  }

  /** The client has hung up, or has its answer. */
  leave() {
    this.gone = true;
    this.asked.destroy();
  }

  pass(answer) {
    this.health.answered();
    answer.on("aborted", () => this.cut());
    answer.on("error", () => this.cut());
    this.stopUpload();
    try {
      const headers = answerHeaders(answer);
      for (const name of Object.keys(headers)) this.res.setHeader(name, headers[name]);
      this.res.writeHead(answer.statusCode, answer.statusMessage);
    } catch (error) {
      this.fail(error);
      return;
    }
    answer.pipe(this.res);
  }

  /** Who answers before it has the whole body wants none of the rest; the client is to read the answer. */
  stopUpload() {
    this.req.unpipe(this.asked);
    this.req.resume();
  }

  fail(error) {
    if (this.gone || this.res.headersSent) return;
    this.health.failed(error);
    this.stopUpload();
    refuse(this.req, this.res, this.silent ? "silent" : "away");
  }

  /** Half an answer must not look like a whole one. */
  cut() {
    this.res.destroy();
  }
}

module.exports = { createProxy };
