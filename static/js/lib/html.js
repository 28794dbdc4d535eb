// Templates whose values can only become text, attributes, properties or listeners: never markup.
//
// html`<p class="${c}">${text}</p>` makes one, render() shows it in an element. Shown again, a template makes nothing
// new: only the values that differ are written, so that focus, selection and scroll positions stay. In a tag: `@click`
// listens, `?disabled` is a boolean attribute, `.some-name` sets the property someName. `key`, on a template's first
// element, tells a list's nodes apart. An attribute with a value in it is written in small letters and in quotes.

const MARK = /oc:(\d+):/;
const MARKS = /oc:(\d+):/g;
// Under another name until it is filled: the parser complains of a mark where SVG wants a number.
const MARKED = /\s([a-z-]+)="([^"]*oc:\d+:[^"]*)"/g;
const parsed = new WeakMap();
const shown = new WeakMap();

export const html = (strings, ...values) => ({ strings, values, isSvg: false });
export const svg = (strings, ...values) => ({ strings, values, isSvg: true });

/** Show a template in a container, keeping the nodes that are there already. */
export function render(template, container) {
  if (!shown.has(container)) {
    container.replaceChildren(document.createComment(""));
    shown.set(container, new Place(container.firstChild));
  }
  shown.get(container).set(template);
}

/** Where a value stands between tags: the nodes before `end`, each of an entry that knows its value. */
class Place {
  #entries = [];

  constructor(end) {
    this.end = end;
  }

  get nodes() {
    return [...this.#entries.flatMap((entry) => entry.nodes), this.end];
  }

  set(value) {
    const wanted = flat(value);
    const keys = new Set(wanted.map(keyOf));
    const keyed = new Map();
    const others = [];
    for (const entry of this.#entries) {
      if (entry.key === null) others.push(entry);
      else if (keys.has(entry.key)) keyed.set(entry.key, entry);
    }
    const entries = wanted.map((item) => {
      const entry = takeAlike(item, keyed, others) ?? newEntry(item);
      entry.set(item);
      return entry;
    });
    const before = this.#entries;
    this.#entries = entries;
    if (entries.length === before.length && entries.every((entry, place) => entry === before[place])) return;
    this.#remove(before);
    this.#order();
  }

  #remove(before) {
    const kept = new Set(this.#entries);
    for (const entry of before) if (!kept.has(entry)) entry.nodes.forEach((node) => node.remove());
  }

  /** From the last to the first: what stands where it should is not touched. */
  #order() {
    let next = this.end;
    for (const entry of [...this.#entries].reverse()) {
      for (const node of entry.nodes.reverse()) {
        if (node.nextSibling !== next || node.parentNode !== next.parentNode) next.before(node);
        next = node;
      }
    }
  }
}

/** The values that are shown, in one list: lists in lists are opened, what is nothing is left out. */
function flat(value) {
  if (isNothing(value) || value === true) return [];
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

/** The entry of an item's key, else the next without one, if it shows the same template. */
function takeAlike(item, keyed, others) {
  const key = keyOf(item);
  if (key === null) {
    const place = others.findIndex((entry) => entry.strings === item.strings);
    return place < 0 ? null : others.splice(0, place + 1).at(-1);
  }
  const entry = keyed.get(key);
  keyed.delete(key);
  return entry?.strings === item.strings ? entry : null;
}

const newEntry = (item) => (item.strings ? new Instance(item) : new Text());

class Text {
  strings = undefined;
  key = null;
  nodes = [document.createTextNode("")];

  set(value) {
    const text = String(value);
    if (this.nodes[0].data !== text) this.nodes[0].data = text;
  }
}

/** A template that is shown, with what in it depends on its values. */
class Instance {
  #parts;
  #roots;

  constructor(template) {
    this.strings = template.strings;
    this.key = keyOf(template);
    const clone = document.importNode(parse(template).content, true);
    const walker = document.createTreeWalker(clone, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    // Children first: what a select shows can be set once its options are there.
    this.#parts = nodes.reverse().map(partOf).filter(Boolean);
    const places = new Map(this.#parts.filter((part) => part.place).map(({ place }) => [place.end, place]));
    this.#roots = [...clone.childNodes].map((node) => places.get(node) ?? node);
  }

  get nodes() {
    return this.#roots.flatMap((root) => (root instanceof Place ? root.nodes : [root]));
  }

  set({ values }) {
    for (const part of this.#parts) part.set(values);
  }
}

function partOf(node) {
  if (node.nodeType === Node.ELEMENT_NODE) return tagPart(node);
  const match = node.data.match(MARK);
  if (!match) return null;
  node.data = "";
  const place = new Place(node);
  return { place, set: (values) => place.set(values[Number(match[1])]) };
}

/** What of a tag depends on values: a setter for each attribute, property and listener; null without any. */
function tagPart(node) {
  const setters = [];
  for (const { name, value } of [...node.attributes]) {
    if (!"@.?:".includes(name[0])) continue;
    node.removeAttribute(name);
    setters.push(SETTERS[name[0]](node, name.slice(1), value));
  }
  // Attributes before properties: what an input holds depends on its type.
  setters.sort((one, other) => one.order - other.order);
  return setters.length ? { set: (values) => setters.forEach((setter) => setter.set(values)) } : null;
}

const SETTERS = {
  ":": (node, name, text) => ({ order: 0, set: onChange(attributeValue(text), (value) => setAttribute(node, name, value)) }),
  "?": (node, name, text) => ({ order: 0, set: onChange(alone(text), (value) => node.toggleAttribute(name, Boolean(value))) }),
  "@": (node, name, text) => listen(node, name, alone(text)),
  ".": (node, name, text) => setProperty(node, camel(name), alone(text)),
};

/** A setter that writes a value only where it differs from the one before. */
function onChange(read, write) {
  let before = {};
  return (values) => {
    const value = read(values);
    if (value !== before) write(value);
    before = value;
  };
}

const alone = (text) => {
  const place = Number(text.match(MARK)[1]);
  return (values) => values[place];
};

/** An attribute's text; null, for one whose only value is nothing, is no attribute. */
function attributeValue(text) {
  const [mark, place] = text.match(MARK);
  if (text !== mark) return (values) => filled(text, values);
  return (values) => (isNothing(values[place]) ? null : String(values[place]));
}

const filled = (text, values) => text.replace(MARKS, (_, place) => values[Number(place)] ?? "");

function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

function listen(node, name, read) {
  let listener = null;
  node.addEventListener(name, (event) => listener?.call(node, event));
  return { order: 1, set: (values) => (listener = read(values)) };
}

/** What a person typed since then stays: only a new value is set. A select forgets its own with its options. */
function setProperty(node, name, read) {
  const write = (value) => (node[name] = value);
  return { order: 2, set: node.localName === "select" ? (values) => write(read(values)) : onChange(read, write) };
}

const isNothing = (value) => value === null || value === undefined || value === false;
const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** The template's nodes, and what its first element has as its key. */
function parse({ strings, isSvg }) {
  if (!parsed.has(strings)) {
    const text = strings.reduce((all, part, place) => all + mark(place - 1, all) + part);
    const template = document.createElement("template");
    const marked = text.replace(MARKED, ' :$1="$2"');
    template.innerHTML = isSvg ? `<svg>${marked}</svg>` : marked.trim();
    const { content } = template;
    if (isSvg) content.firstChild.replaceWith(...content.firstChild.childNodes);
    const first = content.firstElementChild;
    parsed.set(strings, { content, key: first?.getAttribute(":key") ?? first?.getAttribute("key") ?? null });
  }
  return parsed.get(strings);
}

/** Between tags a comment stands for a value, since a table would throw text out. */
function mark(place, before) {
  const isInTag = before.lastIndexOf("<") > before.lastIndexOf(">");
  return isInTag ? `oc:${place}:` : `<!--oc:${place}:-->`;
}

function keyOf(item) {
  if (!item.strings) return null;
  const { key } = parse(item);
  return key === null ? null : filled(key, item.values);
}
