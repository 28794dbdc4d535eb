"""Campaigns over the API: created with sane defaults, changed as long as that is honest, never lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.transactions import open_database
from tests.support.csv_reading import TWO_PEOPLE
from tests.support.outcomes import REFUSED, end_with
from tests.support.site import ADMIN, BOT, OTHER_BOT, Site, body, site_in

NEW = {"name": "Navidad", "template_id": "promo_navidad"}


def test_a_new_campaign_is_a_draft_with_the_defaults(site: Site) -> None:
    answer = site.post("/campaigns", NEW)
    campaign = body(answer)
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/mod/outbound-campaigns/campaigns/{campaign['id']}")
    expected: dict[str, Any] = {
        **NEW,
        "bot_id": BOT,
        "status": "draft",
        "status_reason": None,
        "template_language": "es_MX",
        "template_components": None,
        "variables": None,
        "sender_number": None,
        "batch_size": 100,
        "batch_interval_ms": 60_000,
        "max_attempts": 3,
        "spend_limit": None,
        "failure_share_limit": 0.5,
        "failure_minimum": 20,
        "canary_size": None,
        "canary_wait_minutes": 30,
        "canary": None,
        "on_spend_limit": "pause",
        "template_category": "marketing",
        "timezone": "America/Mexico_City",
        "created_by": ADMIN,
        "eta": None,
    }
    assert {name: campaign[name] for name in expected} == expected
    assert campaign["counts"]["total"] == 0
    assert campaign["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("fields", "field", "es", "en"),
    [
        ({"name": ""}, "name", "1 a 200", "1 to 200"),
        ({"name": "x" * 201}, "name", "1 a 200", "1 to 200"),
        ({"name": " \u2003"}, "name", "espacios", "spaces"),
        ({"name": "a\x00b"}, "name", "control", "control"),
        ({"name": "\ud800"}, "name", "control", "control"),
        ({"name": None}, "name", "null", "null"),
        ({"name": 7}, "name", "texto", "text"),
        ({"template_id": "\n"}, "template_id", "control", "control"),
        ({"batch_size": 0}, "batch_size", "1 a 10000", "1 to 10000"),
        ({"batch_size": 10_001}, "batch_size", "1 a 10000", "1 to 10000"),
        ({"batch_size": "100"}, "batch_size", "entero", "whole"),
        ({"batch_size": True}, "batch_size", "entero", "whole"),
        ({"batch_size": 1.5}, "batch_size", "entero", "whole"),
        ({"batch_size": 10**400}, "batch_size", "1 a 10000", "1 to 10000"),
        ({"batch_interval_ms": 99}, "batch_interval_ms", "100 a 86400000", "100 to 86400000"),
        ({"max_attempts": -1}, "max_attempts", "1 a", "1 to"),
        ({"spend_limit": -1}, "spend_limit", "0 a", "0 to"),
        ({"spend_limit": "mucho"}, "spend_limit", "número", "number"),
        ({"failure_share_limit": 0}, "failure_share_limit", "0.001 a 1", "0.001 to 1"),
        ({"failure_share_limit": 1.01}, "failure_share_limit", "0.001 a 1", "0.001 to 1"),
        ({"failure_minimum": 0}, "failure_minimum", "1 a 1000", "1 to 1000"),
        ({"failure_minimum": None}, "failure_minimum", "null", "null"),
        ({"canary_size": 1001}, "canary_size", "1 a 1000", "1 to 1000"),
        ({"canary_wait_minutes": 1441}, "canary_wait_minutes", "1 a 1440", "1 to 1440"),
        ({"template_language": "español de México"}, "template_language", "es_MX", "es_MX"),
        ({"sender_number": "cinco"}, "sender_number", "521555", "521555"),
        ({"timezone": "Mexico/Nowhere"}, "timezone", "No existe esa zona", "There is no such time zone"),
        ({"scheduled_at": "mañana"}, "scheduled_at", "Se espera", "Expected"),
        (
            {"scheduled_at": "2026-03-08T02:30:00", "timezone": "America/Tijuana"},
            "scheduled_at",
            "no existe",
            "does not exist",
        ),
        ({"variables": "var1"}, "variables", "var1", "var1"),
        ({"variables": [1]}, "variables", "var1", "var1"),
        ({"template_components": {}}, "template_components", "header", "header"),
        ({"template_components": [{"type": "footer"}]}, "template_components", "header", "header"),
        ({"template_components": [{"type": "body", "x": "\x00"}]}, "template_components", "JSON", "JSON"),
        ({"templateId": "x"}, "templateId", "No existe", "no field"),
    ],
)
def test_a_bad_field_is_named_and_explained_in_both_languages(
    sqlite_site: Site, fields: dict[str, Any], field: str, es: str, en: str
) -> None:
    for language, part in (("es", es), ("en", en), ("fr, en;q=0.5", en)):
        answer = sqlite_site.post("/campaigns", NEW | fields, headers={"Accept-Language": language})
        assert answer.status_code == 422, answer.text
        said = body(answer)
        assert said["errorCode"] == "BP_0040"
        assert part in said["details"][field][0], said


def test_what_is_missing_is_named(sqlite_site: Site) -> None:
    said = body(sqlite_site.post("/campaigns", {}))
    assert said["details"] == {"name": ["Falta este dato."], "template_id": ["Falta este dato."]}
    assert said["message"].startswith("Hay campos")


@pytest.mark.parametrize("nothing", ["[]", '"text"', "1", "null"])
def test_a_body_that_is_no_object_is_refused(sqlite_site: Site, nothing: str) -> None:
    answer = sqlite_site.ask("POST", "/campaigns", data=nothing, content_type="application/json")
    assert answer.status_code == 422


def test_what_was_got_can_be_put_back(site: Site) -> None:
    campaign_id = site.create(
        variables={"1": "var2", "2": "var1"},
        template_components=[{"type": "header", "parameters": [{"type": "text", "text": "{{var1}}"}]}],
        scheduled_at="2030-01-01T10:00:00",
        sender_number="+5215550001111",
        spend_limit=12.5,
        failure_share_limit=None,
        failure_minimum=5,
        canary_size=10,
        canary_wait_minutes=60,
    )
    before = body(site.get(f"/campaigns/{campaign_id}"))
    assert before["scheduled_at"] == "2030-01-01T16:00:00.000Z"
    after = body(site.put(f"/campaigns/{campaign_id}", before))
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


def test_a_change_merges_what_is_given(site: Site) -> None:
    campaign_id = site.create()
    changed = body(site.put(f"/campaigns/{campaign_id}", {"batch_size": 7, "name": "Reyes"}))
    assert (changed["batch_size"], changed["name"], changed["template_id"]) == (7, "Reyes", "promo_navidad")
    assert changed["status"] == "draft"


def test_once_started_only_the_name_and_the_throttle_change(site: Site) -> None:
    campaign_id = site.started()
    assert body(site.put(f"/campaigns/{campaign_id}", {"batch_size": 7, "name": "Reyes"}))["batch_size"] == 7
    refused = site.put(f"/campaigns/{campaign_id}", {"template_id": "otra", "batch_size": 8})
    assert refused.status_code == 409
    assert "template_id" in body(refused)["message"]
    assert body(site.get(f"/campaigns/{campaign_id}"))["batch_size"] == 7


def test_campaigns_come_newest_first_and_page_by_page(site: Site) -> None:
    made = [site.create(name=f"Campaña {number}") for number in range(5)]
    site.create(bot=OTHER_BOT)
    first = body(site.get("/campaigns?limit=2"))
    second = body(site.get(f"/campaigns?limit=2&cursor={first['next_cursor']}"))
    third = body(site.get(f"/campaigns?limit=2&cursor={second['next_cursor']}"))
    shown = [item["id"] for page in (first, second, third) for item in page["campaigns"]]
    assert shown == made[::-1]
    assert third["next_cursor"] is None


def test_campaigns_are_found_by_name_and_status(site: Site) -> None:
    draft, running = site.create(name="Navidad 100%"), site.started(name="Reyes")
    assert [c["id"] for c in body(site.get("/campaigns?q=navidad 100%"))["campaigns"]] == [draft]
    assert body(site.get("/campaigns?q=_"))["campaigns"] == []
    assert [c["id"] for c in body(site.get("/campaigns?status=running"))["campaigns"]] == [running]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "cursor=-1", "cursor=x", "status=gone", "q="]
)
def test_a_bad_query_is_422(sqlite_site: Site, query: str) -> None:
    answer = sqlite_site.get(f"/campaigns?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in body(answer)["details"]


def test_a_deleted_draft_is_gone_and_a_running_campaign_is_not_deleted(site: Site) -> None:
    draft, running = site.filled(), site.started()
    assert site.delete(f"/campaigns/{draft}").status_code == 204
    assert site.get(f"/campaigns/{draft}").status_code == 404
    refused = site.delete(f"/campaigns/{running}")
    assert refused.status_code == 409
    assert site.get(f"/campaigns/{running}").status_code == 200


def test_a_duplicate_has_the_settings_and_nobody(site: Site) -> None:
    original = site.started(batch_size=9)
    answer = site.post(f"/campaigns/{original}/duplicate")
    copy = body(answer)
    assert answer.status_code == 201
    assert (copy["status"], copy["batch_size"], copy["counts"]["total"]) == ("draft", 9, 0)
    assert copy["name"] != "Navidad"


def test_a_duplicate_says_whose_copy_it_is(sqlite_site: Site) -> None:
    original = sqlite_site.create(name="Navidad")
    copy = body(sqlite_site.post(f"/campaigns/{original}/duplicate"))["id"]
    (created,) = body(sqlite_site.get(f"/campaigns/{copy}/events"))["events"]
    assert (created["what"], created["code"]) == ("create", "duplicate")
    assert (created["details"]["campaign"], "Navidad" in created["why"]) == (original, True)


def test_a_duplicate_takes_the_failed_along(site: Site) -> None:
    original = site.started()
    assert site.post(f"/campaigns/{original}/duplicate?recipients=failed").status_code == 409
    end_with(site.database, original, REFUSED)
    copy = body(site.post(f"/campaigns/{original}/duplicate?recipients=failed&name=Otra vez"))
    site.import_now()
    shown = body(site.get(f"/campaigns/{copy['id']}"))
    assert (shown["name"], shown["counts"]["pending"]) == ("Otra vez", TWO_PEOPLE.count("\n") - 1)


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "1e3", "x", "1" * 400])
def test_an_id_that_cannot_be_one_is_404(sqlite_site: Site, number: str) -> None:
    answer = sqlite_site.get(f"/campaigns/{number}")
    assert answer.status_code == 404
    assert body(answer)["errorCode"] == "BP_0044"


def test_a_trailing_slash_makes_no_difference(sqlite_site: Site) -> None:
    assert sqlite_site.get("/campaigns/").status_code == 200
    assert sqlite_site.get("/status/").status_code == 200


def test_a_start_with_microseconds_can_be_put_back_as_it_is_shown(site: Site) -> None:
    campaign_id = site.filled()
    wanted = {"scheduled_at": "2031-01-01T10:00:00.123456Z"}
    shown = body(site.post(f"/campaigns/{campaign_id}/schedule", wanted))
    put = site.put(f"/campaigns/{campaign_id}", shown)
    assert put.status_code == 200, put.text
    assert body(put)["updated_at"] == shown["updated_at"]


@pytest.mark.parametrize(
    ("zone", "far"),
    [
        ("America/Mexico_City", "0001-01-01T00:00:00Z"),
        ("Asia/Tokyo", "9999-12-31T23:59:59Z"),
    ],
)
def test_the_furthest_times_are_read_back_from_a_database_of_any_zone(
    tmp_path: Path, copied_postgres_database: Callable[[], str], zone: str, far: str
) -> None:
    url = copied_postgres_database()
    database = open_database(url)
    with database.write() as session:
        session.execute(sa.text(f"ALTER DATABASE {database.engine.url.database} SET timezone = '{zone}'"))
    database.dispose()
    with site_in(tmp_path, url) as site:
        site.create(scheduled_at=far)
        assert site.get("/campaigns").status_code == 200
