// What somebody would read of a template, filled as the form stands now: texts in pieces, so that what differs from
// person to person can be marked.

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;
const COLUMN = /\{\{\s*([^{}]+?)\s*\}\}/g;
const MEDIA = ["image", "video", "document"];

/**
 * `values` is {slot's key: text, or {text} or {column, if_empty}}; `cells` a person's {column: cell}, or null as long as
 * there is nobody: then a column shows its name, and an empty slot its example. Pieces are {text, own}, where `own`
 * says that others get another text.
 */
export function composed(template, values, cells) {
  const filler = new Filler(template, values, cells);
  const { header, footer, buttons } = template;
  return {
    header: header?.text ? filler.pieces(header.text, "header") : null,
    media: filler.media("header", header?.format),
    body: filler.pieces(template.body, "body"),
    footer,
    buttons,
    cards: template.cards.map((card) => ({
      media: filler.media(`card.${card.index}.header`, card.header_format),
      body: filler.pieces(card.body ?? "", `card.${card.index}.body`),
      buttons: card.buttons,
    })),
  };
}

/** A message whose texts the service has filled. */
export function asRead({ header, body, footer, buttons }) {
  const whole = (text) => [{ text, own: false }];
  return { header: header ? whole(header) : null, media: null, body: whole(body), footer, buttons, cards: [] };
}

/** How many characters a text has. */
export const lengthOf = (pieces) => pieces.reduce((sum, { text }) => sum + [...text].length, 0);

/** Whether a message uses a cell that is empty in a person's row. */
export function hasEmptyCell(values, cells) {
  return Object.values(values).some((value) => columnsOf(value).some((column) => !cellOf(cells, column)));
}

class Filler {
  constructor(template, values, cells) {
    this.slots = new Map(template.slots.map((slot) => [slot.key, slot]));
    this.values = values;
    this.cells = cells;
  }

  pieces(text, place) {
    const found = [];
    let end = 0;
    for (const match of text.matchAll(PLACEHOLDER)) {
      if (match.index > end) found.push({ text: text.slice(end, match.index), own: false });
      found.push(this.piece(`${place}.${match[1]}`, match[0]));
      end = match.index + match[0].length;
    }
    if (end < text.length) found.push({ text: text.slice(end), own: false });
    return found;
  }

  piece(key, asWritten) {
    const value = this.values[key];
    const text = this.text(value);
    if (text) return { text, own: isOwn(value) };
    const example = this.cells === null ? this.slots.get(key)?.example : null;
    return { text: example ?? (this.cells === null ? asWritten : ""), own: true };
  }

  media(place, format) {
    const kind = (format ?? "").toLowerCase();
    if (!MEDIA.includes(kind)) return null;
    return { kind, link: this.text(this.values[`${place}.${kind}`]) };
  }

  text(value) {
    if (!value) return "";
    if (value.column) return this.cell(value.column, value.if_empty);
    return (typeof value === "string" ? value : (value.text ?? "")).replace(COLUMN, (_, column) => this.cell(column));
  }

  cell(column, ifEmpty = "") {
    return this.cells === null ? `{{${column.trim()}}}` : cellOf(this.cells, column) || ifEmpty;
  }
}

const isOwn = (value) => columnsOf(value).length > 0;

function columnsOf(value) {
  if (value?.column) return [value.column];
  const text = typeof value === "string" ? value : (value?.text ?? "");
  return [...text.matchAll(COLUMN)].map((match) => match[1]);
}

function cellOf(cells, column) {
  const name = column.trim().toLowerCase();
  return Object.entries(cells).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}
