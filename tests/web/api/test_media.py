"""Pictures, videos and documents by HTTP: who may write uploads them, who knows a name fetches them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.support.media_files import OTHERS, PDF, TAKEN, png
from tests.support.site import EDITOR, Site, body, site_in
from tests.support.tables import sqlite_with_tables

EXTERNAL = "https://bots.example.com"


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Site]:
    """A site that Meta can reach."""
    with site_in(tmp_path, sqlite_with_tables(tmp_path), external_url=EXTERNAL) as made:
        yield made


def send(site: Site, content: bytes, name: str = "foto.png", **more: Any) -> TestResponse:
    return site.ask("POST", "/media-files", data={"file": (BytesIO(content), name)}, **more)


def fetch(site: Site, url: str, method: str = "GET", **headers: str) -> TestResponse:
    answer = site.client.open(url.removeprefix(EXTERNAL), method=method, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def test_an_uploaded_picture_is_fetched_without_a_token(public: Site) -> None:
    answer = send(public, png())
    shown = body(answer)
    assert (answer.status_code, shown["type"], shown["content_type"], shown["size"]) == (
        201,
        "image",
        "image/png",
        len(png()),
    )
    assert shown["url"].startswith(f"{EXTERNAL}/api/v1/bots/demo-bot/mod/outbound-campaigns/media/")
    fetched = fetch(public, shown["url"])
    assert (fetched.status_code, fetched.data, fetched.mimetype) == (200, png(), "image/png")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert (
        "Content-Disposition" not in fetched.headers
        or "attachment" not in fetched.headers["Content-Disposition"]
    )


def test_head_and_ranges_are_answered_as_meta_asks(public: Site) -> None:
    url = body(send(public, png()))["url"]
    head = fetch(public, url, "HEAD")
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(png()))
    part = fetch(public, url, Range="bytes=1-3")
    assert (part.status_code, part.data) == (206, b"PNG")
    assert part.headers["Content-Range"] == f"bytes 1-3/{len(png())}"
    assert fetch(public, url, Range="bytes=999999-").status_code == 416
    again = fetch(public, url, **{"If-None-Match": head.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("ending", TAKEN)
def test_each_kind_is_served_as_what_it_is_and_documents_are_never_shown(public: Site, ending: str) -> None:
    shown = body(send(public, TAKEN[ending], "x.html"))
    fetched = fetch(public, shown["url"])
    assert (fetched.mimetype, shown["url"].rpartition(".")[2]) == (shown["content_type"], ending)
    is_attachment = "attachment" in fetched.headers.get("Content-Disposition", "")
    assert is_attachment is (shown["type"] == "document")


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_file_is_refused_in_both_languages_and_leaves_nothing(public: Site, name: str) -> None:
    said = set()
    for language in ("es", "en"):
        refused = send(public, OTHERS[name], headers={"Accept-Language": language})
        assert (refused.status_code, body(refused)["code"]) == (422, "media_not_taken")
        said.add(body(refused)["message"])
    assert len(said) == 2
    assert [path for path in public.uploads.rglob("*") if path.is_file()] == []


def test_a_file_larger_than_whatsapp_takes_is_refused(public: Site) -> None:
    large = png() + b"\0" * 5_000_000
    refused = public.ask("POST", "/media-files", data=large, content_type="image/png")
    assert (refused.status_code, body(refused)["code"]) == (413, "media_too_large")
    assert "5 MB" in body(refused)["message"]


def test_a_raw_body_is_taken_with_its_name(public: Site) -> None:
    headers = {"Content-Disposition": 'attachment; filename="C:\\\\fotos\\\\botas.pdf"'}
    answer = public.ask("POST", "/media-files", data=PDF, content_type="application/pdf", headers=headers)
    assert (answer.status_code, body(answer)["file_name"]) == (201, "botas.pdf")


def test_who_may_only_read_lists_and_who_may_write_uploads_and_deletes(public: Site) -> None:
    assert send(public, png(), user=EDITOR).status_code == 403
    assert public.client.post("/api/v1/bots/demo-bot/mod/outbound-campaigns/media-files").status_code == 401
    made = body(send(public, png()))
    (listed,) = body(public.get("/media-files", user=EDITOR))["media"]
    assert listed == made
    assert public.delete(f"/media-files/{made['id']}", user=EDITOR).status_code == 403
    assert public.delete(f"/media-files/{made['id']}").status_code == 204
    gone = fetch(public, made["url"])
    assert (gone.status_code, body(gone)["code"]) == (404, "media_not_found")


def test_a_file_that_fills_a_draft_is_not_deleted(public: Site) -> None:
    made = body(send(public, png()))
    public.create(values={"header.image": made["url"]})
    refused = public.delete(f"/media-files/{made['id']}")
    assert (refused.status_code, body(refused)["code"]) == (409, "media_in_use")


def test_without_a_public_address_no_file_is_taken(site: Site) -> None:
    refused = send(site, png())
    assert (refused.status_code, body(refused)["code"]) == (409, "external_url_missing")
    assert "EXTERNAL_URL" in body(refused)["message"]


@pytest.mark.parametrize(
    "name", ["x", "..%2f..%2fetc%2fpasswd", "%2e%2e/x", "a" * 32 + ".html", "media", ".", "12"]
)
def test_nothing_else_of_the_disk_can_be_fetched(public: Site, name: str) -> None:
    (public.uploads / "media").mkdir(parents=True)
    (public.uploads / "media" / ("a" * 32 + ".html")).write_text("x")
    place = f"/api/v1/bots/demo-bot/mod/outbound-campaigns/media/{name}"
    assert public.client.get(place).status_code in (404, 405)
