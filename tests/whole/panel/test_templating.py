"""The panel's templating in a real browser: only what differs is changed, and a value is never markup."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Frame, expect

from tests.whole.panel.studio import Studio

SCRIPT = """
async () => {
  const { html, svg, render } = await import(new URL("js/lib/html.js", document.baseURI).href);
  const place = document.createElement("div");
  document.body.append(place);
  WORK
}
"""


@pytest.fixture
def frame(studio: Studio) -> Frame:
    expect(studio.open("/health").locator("h2")).to_be_visible()
    return next(frame for frame in studio.page.frames if "/ui/" in frame.url)


def done(frame: Frame, work: str) -> Any:
    return frame.evaluate(SCRIPT.replace("WORK", work))


WORKS = {
    "a value in a text or an attribute is never markup": (
        """
        const trap = '"><img src=x>';
        render(html`<p title="${trap}">${trap}</p>`, place);
        return [place.children.length, place.firstChild.title, place.textContent, place.querySelector("img")];
        """,
        [1, '"><img src=x>', '"><img src=x>', None],
    ),
    "an element that is still wanted is the same one": (
        """
        const show = (text) => html`<section><h1>${text}</h1><input></section>`;
        render(show("a"), place);
        const input = place.querySelector("input");
        input.value = "typed"; input.focus();
        render(show("b"), place);
        const same = place.querySelector("input");
        return [same === input, same.value, document.activeElement === input, place.textContent];
        """,
        [True, "typed", True, "b"],
    ),
    "rows with keys keep their nodes when others come and go": (
        """
        const show = (keys) => html`<ul>${keys.map((key) => html`<li key="${key}">${key}</li>`)}</ul>`;
        render(show([1, 2, 3]), place);
        const second = place.querySelectorAll("li")[1];
        render(show([3, 2]), place);
        render(show([0, 2, 4]), place);
        const shown = [...place.querySelectorAll("li")];
        return [shown.map((row) => row.textContent).join(), shown[1] === second];
        """,
        ["0,2,4", True],
    ),
    "the latest listener is the one that hears": (
        """
        let heard = "";
        const show = (name) => html`<button @click=${() => (heard += name)}>x</button>`;
        render(show("a"), place); render(show("b"), place);
        place.querySelector("button").click();
        return heard;
        """,
        "b",
    ),
    "an attribute without a value is not there": (
        """
        const show = (label, off) => html`<button aria-label="${label}" ?disabled=${off}>x</button>`;
        render(show("a", true), place);
        const first = place.firstChild.outerHTML;
        render(show(null, false), place);
        return [first, place.firstChild.outerHTML];
        """,
        ['<button aria-label="a" disabled="">x</button>', "<button>x</button>"],
    ),
    "tables, lists in lists and figures are whole": (
        """
        const rows = [["a", 1], ["b", 2]].map(([name, n]) => html`<tr><td>${name}</td><td>${n}</td></tr>`);
        const part = svg`<rect width="${5}"></rect>`;
        render(html`<table><tbody>${rows}</tbody></table><svg>${part}</svg>`, place);
        const rect = place.querySelector("rect");
        const cells = place.querySelectorAll("tbody tr td").length;
        return [cells, rect.namespaceURI.endsWith("svg"), rect.getAttribute("width")];
        """,
        [4, True, "5"],
    ),
    "a select shows its value though its options change": (
        """
        const show = (values, chosen) => html`<select .value=${chosen}>
          ${values.map((value) => html`<option value="${value}">${value}</option>`)}</select>`;
        render(show([], "b"), place);
        render(show(["a", "b"], "b"), place);
        const first = place.querySelector("select").value;
        render(show(["a", "b", "c"], "c"), place);
        return [first, place.querySelector("select").value];
        """,
        ["b", "c"],
    ),
    "a template that is shown again makes nothing new": (
        """
        const row = (name) => html`<li key="${name}">${name} <b>${name}</b></li>`;
        const show = (names) => html`<ul>${names.map(row)}</ul>`;
        render(show(["a", "b", "c"]), place);
        const before = [...place.querySelectorAll("*")];
        let made = 0;
        const { importNode } = document;
        document.importNode = (...of) => { made++; return importNode.apply(document, of); };
        render(show(["a", "b", "c"]), place);
        const again = made;
        render(show(["a", "c", "d"]), place);
        delete document.importNode;
        const kept = [...place.querySelectorAll("*")].filter((node) => before.includes(node)).length;
        return [again, made, kept, place.textContent];
        """,
        [0, 1, 5, "a ac cd d"],
    ),
    "what stands between two values stays between them": (
        """
        const show = (a, b) => html`<p>${a}-${b ? html`<i>${b}</i>` : null}.</p>`;
        render(show("x", "y"), place);
        render(show([1, 2], null), place);
        render(show(null, "z"), place);
        return place.textContent;
        """,
        "-z.",
    ),
    "another template takes the place of the one before": (
        """
        const show = (on) => (on ? html`<p>${"on"}</p><p>!</p>` : html`<p>${"off"}</p>`);
        const seen = [true, false, true].map((on) => { render(show(on), place); return place.textContent; });
        return [...seen, place.children.length];
        """,
        ["on!", "off", "on!", 2],
    ),
}


@pytest.mark.parametrize("promise", WORKS)
def test_it_keeps_its_promise(frame: Frame, promise: str) -> None:
    work, expected = WORKS[promise]
    assert done(frame, work) == expected
