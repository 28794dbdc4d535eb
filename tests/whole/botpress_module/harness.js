// Tests for Node's own runner, and for Node 12, which has none: there they run one after the other.
"use strict";

const tests = [];

function ownRunner(name, body) {
  if (tests.push([name, body]) > 1) return;
  setImmediate(async () => {
    for (const [title, run] of tests) {
      try {
        await run();
        console.log(`ok - ${title}`);
      } catch (error) {
        console.log(`not ok - ${title}\n${error.stack}`);
        process.exitCode = 1;
      }
    }
    console.log(`# ${tests.length} tests under Node ${process.version}`);
  });
}

function runner() {
  try {
    return require("node:test").test;
  } catch (error) {
    return ownRunner;
  }
}

module.exports = { test: runner() };
