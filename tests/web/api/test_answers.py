"""Answers have Botpress's shape when something is wrong, are cheap when nothing changed, and are private."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Campaign
from tests.support.site import ADMIN, Site, body, site_in
from tests.support.tables import sqlite_with_tables

BASE = "/api/v1/bots/demo-bot/mod/outbound-campaigns"
ABOVE = BASE.replace("demo-bot", "{bot_id}")
SHAPE = {"statusCode", "type", "message", "details", "docs"}


def test_an_unknown_route_is_404_in_json(sqlite_site: Site) -> None:
    for path in (f"{BASE}/nothing", "/", "/api/v1/bots/demo-bot", f"{BASE}//campaigns"):
        answer = sqlite_site.client.get(path)
        assert answer.status_code == 404, path
        assert set(body(answer)) >= SHAPE | {"errorCode"}


def test_a_method_that_is_not_taken_is_405_and_says_which_are(sqlite_site: Site) -> None:
    answer = sqlite_site.ask("PATCH", "/campaigns")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))
    assert set(body(answer)) >= SHAPE


@pytest.mark.parametrize(
    "broken", [b"{", b'{"name": }', b"\xff\xfe", b"[" * 100_000, b'{"batch_size": ' + b"9" * 5000]
)
def test_broken_json_is_400(sqlite_site: Site, broken: bytes) -> None:
    answer = sqlite_site.ask("POST", "/campaigns", data=broken, content_type="application/json")
    assert answer.status_code == 400
    assert body(answer)["errorCode"] == "BP_0040"


@pytest.mark.parametrize(("spoken", "word"), [("es", "no se entiende"), ("en", "can't be read")])
def test_the_details_of_a_broken_body_are_in_the_readers_language(
    sqlite_site: Site, spoken: str, word: str
) -> None:
    headers = {"Accept-Language": spoken}
    answer = sqlite_site.ask(
        "POST", "/campaigns", data=b"{", content_type="application/json", headers=headers
    )
    assert word in body(answer)["details"]["body"][0]


def test_a_move_without_a_body_may_say_that_it_is_json(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.filled()
    answer = sqlite_site.ask("POST", f"/campaigns/{campaign_id}/start", content_type="application/json")
    assert answer.status_code == 200, answer.text
    nothing = sqlite_site.ask("POST", "/campaigns", content_type="application/json")
    assert (nothing.status_code, set(body(nothing)["details"])) == (422, {"name", "template_id"})


@pytest.mark.parametrize("other", ["null", "[]", "5", '"x"'])
def test_a_body_that_is_no_object_is_refused_as_a_body(sqlite_site: Site, other: str) -> None:
    answer = sqlite_site.ask("POST", "/campaigns", data=other, content_type="application/json")
    assert answer.status_code == 422
    assert body(answer)["details"] == {"body": ["Se espera un objeto JSON."]}


def test_a_body_of_another_type_is_415(sqlite_site: Site) -> None:
    answer = sqlite_site.ask("POST", "/campaigns", data=b'{"name": "x"}', content_type="text/plain")
    assert answer.status_code == 415


def test_a_huge_body_is_413(sqlite_site: Site) -> None:
    huge = json.dumps({"name": "x", "template_id": "y" * 1_100_000})
    answer = sqlite_site.ask("POST", "/campaigns", data=huge, content_type="application/json")
    assert answer.status_code == 413


def test_a_crash_is_500_with_the_number_that_is_in_the_log(
    sqlite_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "5214422591631"

    def crash(campaign_id: int) -> str:
        raise RuntimeError(f"something about {secret}")

    view = "outbound_campaigns.report"
    sqlite_site.app.view_functions[view] = crash
    answer = sqlite_site.get("/campaigns/1/report")
    assert answer.status_code == 500
    said = body(answer)
    assert said["errorCode"] == "BP_0050"
    assert answer.headers["X-Request-Id"] in said["message"]
    assert secret not in answer.text
    assert "Traceback" not in answer.text
    assert any("RuntimeError" in record.getMessage() for record in caplog.records)


def test_a_database_that_is_away_is_503(tmp_path: Path) -> None:
    with site_in(tmp_path, f"postgresql+psycopg://postgres@/gone?host={tmp_path}") as site:
        for answer in (site.get("/campaigns"), site.post("/campaigns", {"name": "x", "template_id": "y"})):
            assert (answer.status_code, body(answer)["code"]) == (503, "database_unavailable")
            assert answer.headers["Retry-After"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_missing_tables_are_503_with_the_command_that_makes_them(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = f"sqlite:///{tmp_path}/new/campaigns.sqlite"
    if kind == "postgresql":
        url = request.getfixturevalue("new_postgres_database")()
    with site_in(tmp_path, url) as site:
        for answer in (site.get("/status"), site.post("/campaigns", {"name": "x", "template_id": "y"})):
            said = body(answer)
            assert (answer.status_code, said["code"]) == (503, "database_outdated")
            assert "outbound-campaigns db upgrade" in said["message"]


def test_a_missing_column_is_503_with_the_command_that_adds_it(site: Site) -> None:
    with site.database.write() as session:
        session.execute(sa.text("ALTER TABLE outbound_campaigns DROP COLUMN spend_limit"))
    for answer in (site.get("/campaigns"), site.post("/campaigns", {"name": "x", "template_id": "y"})):
        assert (answer.status_code, body(answer)["code"]) == (503, "database_outdated")


def test_what_did_not_change_is_304(site: Site) -> None:
    campaign_id = site.filled()
    for path in (
        "/campaigns",
        f"/campaigns/{campaign_id}",
        f"/campaigns/{campaign_id}/recipients",
        "/status",
    ):
        first = site.get(path)
        tag = {"If-None-Match": first.headers["ETag"]}
        again = site.get(path, headers=tag)
        assert (again.status_code, again.data) == (304, b""), path
        assert site.get(path, headers=tag | {"Accept-Language": "en"}).status_code in (200, 304)
    with site.database.write() as session:
        session.execute(sa.update(Campaign).values(name="Otra"))
    assert site.get(f"/campaigns/{campaign_id}", headers=tag).status_code == 200


def test_data_is_kept_nowhere_on_its_way(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.filled()
    for path in ("/campaigns", f"/campaigns/{campaign_id}/export-failed", "/nothing"):
        headers = sqlite_site.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Request-Id"]
        if path != "/nothing":
            assert "no-store" in headers["Cache-Control"]
    exported = sqlite_site.get(f"/campaigns/{campaign_id}/export-failed").headers
    assert exported["Cache-Control"] == "no-store, no-transform"


def test_a_request_keeps_the_number_that_a_proxy_gave_it_when_it_is_one(sqlite_site: Site) -> None:
    given = {"X-Request-Id": "abc-123-def-456"}
    assert sqlite_site.get("/status", headers=given).headers["X-Request-Id"] == "abc-123-def-456"
    forged = {"X-Request-Id": "x" * 500}
    assert sqlite_site.get("/status", headers=forged).headers["X-Request-Id"] != "x" * 500


def test_the_panels_files_are_public_and_may_be_framed_by_the_studio(sqlite_site: Site) -> None:
    answer = sqlite_site.get("/ui/icon.svg", user=None)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    for path in ("/ui/../app.py", "/ui/%2e%2e/%2e%2e/setup.cfg", "/ui//etc/passwd", "/ui/.git/config"):
        assert sqlite_site.get(path, user=None).status_code == 404


def test_every_route_is_in_the_openapi(sqlite_site: Site) -> None:
    paths = body(sqlite_site.get("/openapi.json"))["paths"]
    for rule in sqlite_site.app.url_map.iter_rules():
        if rule.endpoint.startswith("outbound_campaigns."):
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule).removeprefix(ABOVE)
            assert {m.lower() for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}} <= set(paths[path]), (
                path
            )


@pytest.mark.parametrize("above", ["", "/bots"])
def test_addresses_in_answers_are_those_in_front_of_a_proxy_that_strips_the_root_path_too(
    tmp_path: Path, above: str
) -> None:
    with site_in(tmp_path, sqlite_with_tables(tmp_path), external_url="https://host.example/bots") as site:
        answer = site.client.post(
            f"{above}{BASE}/campaigns",
            headers={"Authorization": site.botpress.bearer(ADMIN)},
            json={"name": "x", "template_id": "y"},
        )
        assert answer.headers["Location"] == f"/bots{BASE}/campaigns/{body(answer)['id']}"
        assert site.client.get(answer.headers["Location"]).status_code == 401
        document = body(site.get("/openapi.json"))
        assert document["servers"] == [{"url": f"/bots{BASE}"}]
