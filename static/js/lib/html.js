// Templates whose values can only become text, attributes, properties or listeners: never markup.
//
// html`<p class="${c}">${text}</p>` makes one, render() puts it into an element and changes there only
// what differs, so that focus, selection and scroll positions stay. In a tag: `@click` listens, `?disabled` is a
// boolean attribute, `.some-name` sets the property someName. `key` tells a list's nodes apart. An attribute with a
// value in it is written in small letters and in quotes.

const MARK = /oc:(\d+):/;
const MARKS = /oc:(\d+):/g;
// Under another name until it is filled: the parser complains of a mark where SVG wants a number.
const MARKED = /\s([a-z-]+)="([^"]*oc:\d+:[^"]*)"/g;
const parsed = new WeakMap();
const rendered = new WeakMap();

export const html = (strings, ...values) => ({ strings, values, isSvg: false });
export const svg = (strings, ...values) => ({ strings, values, isSvg: true });

/** Show a template in a container, keeping the nodes that are there already. */
export function render(template, container) {
  const wanted = document.createDocumentFragment();
  append(template, wanted);
  morphChildren(container, wanted);
}

function append(value, parent) {
  if (isNothing(value) || value === true) return;
  if (Array.isArray(value)) value.forEach((item) => append(item, parent));
  else if (value.strings) parent.append(instantiate(value));
  else parent.append(document.createTextNode(String(value)));
}

function instantiate({ strings, values, isSvg }) {
  const clone = document.importNode(parse(strings, isSvg), true);
  const walker = document.createTreeWalker(clone, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  // Children first: what a select shows can be set once its options are there.
  for (const node of nodes.reverse()) {
    if (node.nodeType === Node.COMMENT_NODE) fillPlace(node, values);
    else fillTag(node, values);
  }
  return clone;
}

function parse(strings, isSvg) {
  let fragment = parsed.get(strings);
  if (!fragment) {
    const text = strings.reduce((all, part, place) => all + mark(place - 1, all) + part);
    const template = document.createElement("template");
    const marked = text.replace(MARKED, ' :$1="$2"');
    template.innerHTML = isSvg ? `<svg>${marked}</svg>` : marked.trim();
    fragment = template.content;
    if (isSvg) fragment.firstChild.replaceWith(...fragment.firstChild.childNodes);
    parsed.set(strings, fragment);
  }
  return fragment;
}

/** Between tags a comment stands for a value, since a table would throw text out. */
function mark(place, before) {
  const isInTag = before.lastIndexOf("<") > before.lastIndexOf(">");
  return isInTag ? `oc:${place}:` : `<!--oc:${place}:-->`;
}

function fillPlace(comment, values) {
  const match = comment.data.match(MARK);
  if (!match) return;
  const filled = document.createDocumentFragment();
  append(values[Number(match[1])], filled);
  comment.replaceWith(filled);
}

function fillTag(node, values) {
  const state = { attributes: new Map(), properties: new Map(), listeners: new Map() };
  for (const { name, value } of [...node.attributes]) {
    const match = value.match(MARK);
    const given = match && value === match[0] ? values[Number(match[1])] : undefined;
    const kind = name[0];
    if ("@.?:".includes(kind)) node.removeAttribute(name);
    if (kind === "@") state.listeners.set(name.slice(1), given);
    else if (kind === ".") state.properties.set(camel(name.slice(1)), given);
    else if (kind === "?") given && state.attributes.set(name.slice(1), "");
    else if (kind !== ":") state.attributes.set(name, value);
    else if (value !== match[0] || !isNothing(given)) {
      state.attributes.set(name.slice(1), value.replace(MARKS, (_, place) => values[Number(place)] ?? ""));
    }
  }
  for (const [name, value] of state.attributes) node.setAttribute(name, value);
  rendered.set(node, { attributes: new Map(state.attributes), properties: new Map(), listeners: new Map() });
  listen(node, state.listeners);
  setProperties(node, state.properties);
}

const isNothing = (value) => value === null || value === undefined || value === false;
const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

function listen(node, listeners) {
  const known = rendered.get(node).listeners;
  for (const name of known.keys()) if (!listeners.has(name)) known.set(name, null);
  for (const [name, listener] of listeners) {
    if (!known.has(name)) node.addEventListener(name, (event) => known.get(name)?.call(node, event));
    known.set(name, listener);
  }
}

function setProperties(node, properties) {
  const known = rendered.get(node).properties;
  for (const [name, value] of properties) {
    // What a person typed since then stays: only a new value is set. A select forgets its own with its options.
    if (!known.has(name) || known.get(name) !== value || node.localName === "select") node[name] = value;
    known.set(name, value);
  }
}

function setAttributes(node, attributes) {
  const known = rendered.get(node).attributes;
  for (const name of known.keys()) if (!attributes.has(name)) node.removeAttribute(name);
  for (const [name, value] of attributes) if (known.get(name) !== value) node.setAttribute(name, value);
  rendered.get(node).attributes = new Map(attributes);
}

function morphChildren(parent, wanted) {
  const keys = new Set([...wanted.childNodes].map(keyOf));
  const keyed = new Map();
  for (const child of [...parent.childNodes]) {
    const key = keyOf(child);
    if (key === null) continue;
    if (keys.has(key)) keyed.set(key, child);
    else child.remove();
  }
  let current = parent.firstChild;
  for (const node of [...wanted.childNodes]) {
    const key = keyOf(node);
    const match = key === null ? current : keyed.get(key);
    if (match && alike(match, node)) {
      if (match === current) current = current.nextSibling;
      else parent.insertBefore(match, current);
      morph(match, node);
    } else {
      parent.insertBefore(node, current);
    }
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}

const keyOf = (node) => node.getAttribute?.("key") ?? null;

function alike(node, other) {
  return node.nodeName === other.nodeName && keyOf(node) === keyOf(other) && (node.nodeType !== Node.ELEMENT_NODE || rendered.has(node));
}

function morph(node, wanted) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== wanted.data) node.data = wanted.data;
    return;
  }
  const state = rendered.get(wanted);
  setAttributes(node, state.attributes);
  listen(node, state.listeners);
  // A custom element looks after its own inside.
  if (!node.localName.includes("-")) morphChildren(node, wanted);
  setProperties(node, state.properties);
}
