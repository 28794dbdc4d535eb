// What a template looks like filled, as the phone beside the form shows it.

import assert from "node:assert/strict";
import test from "node:test";

import { composed, hasEmptyCell, lengthOf } from "../../../static/js/lib/message.js";

const template = {
  header: { format: "IMAGE", text: null },
  body: "Hola {{nombre}}, su {{ promo }} vence el {{fecha}}.",
  footer: "BAJA",
  buttons: ["Ver"],
  cards: [{ index: 0, header_format: "VIDEO", body: "Desde {{1}}", buttons: ["Comprar"] }],
  slots: [{ key: "body.nombre", example: "María" }, { key: "body.promo", example: null }],
};
const values = {
  "header.image": "https://x.mx/{{foto}}.jpg",
  "body.nombre": { column: "Nombre", if_empty: "cliente" },
  "body.promo": "10 %",
  "card.0.body.1": { text: "$99" },
  "card.0.header.video": { text: "https://x.mx/v.mp4" },
};
const text = (pieces) => pieces.map((one) => one.text).join("");

test("a person's message is filled from their cells, whatever the case of a column's name", () => {
  const made = composed(template, values, { nombre: "Ana", foto: "7" });
  assert.equal(text(made.body), "Hola Ana, su 10 % vence el .");
  assert.deepEqual(made.media, { kind: "image", link: "https://x.mx/7.jpg" });
  assert.equal(text(made.cards[0].body), "Desde $99");
  assert.deepEqual(made.cards[0].media, { kind: "video", link: "https://x.mx/v.mp4" });
});

test("what others get differently is marked, and nothing else", () => {
  const { body } = composed(template, values, { nombre: "Ana" });
  assert.deepEqual(body.filter((one) => one.own).map((one) => one.text), ["Ana", ""]);
});

test("an empty cell has its text", () => {
  assert.equal(text(composed(template, values, { nombre: "" }).body), "Hola cliente, su 10 % vence el .");
});

test("as long as there is nobody, columns show their names and empty slots their examples", () => {
  const { body } = composed(template, { "body.promo": { column: "promo" } }, null);
  assert.equal(text(body), "Hola María, su {{promo}} vence el {{fecha}}.");
});

test("whoever lacks a cell that the message uses is found", () => {
  assert.equal(hasEmptyCell(values, { nombre: "", foto: "7" }), true);
  assert.equal(hasEmptyCell(values, { nombre: "Ana", foto: "7", other: "" }), false);
  assert.equal(hasEmptyCell({ "body.1": { column: "folio" } }, { nombre: "Ana" }), true);
});

test("a length counts characters as people do", () => {
  assert.equal(lengthOf([{ text: "🎉" }, { text: "ab" }]), 3);
});
