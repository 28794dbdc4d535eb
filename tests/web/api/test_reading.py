"""What is read over the API: recipients, stories, reports, exports, health."""

import csv
import io
import time

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Pace
from tests.support.outcomes import ACCEPTED, LOST, REFUSED, end_with
from tests.support.site import BOT, CHANNEL, EDITOR, OTHER_BOT, Site, body

FOUR = (
    'phone_number,var1\n4422591631,Juan\n4421234567,=1+1\n5512345678,"O\'Hara, María"\n+5491123456789,Ana\n'
)


def test_recipients_come_in_the_files_order_page_by_page(site: Site) -> None:
    campaign_id = site.filled(FOUR)
    place = f"/campaigns/{campaign_id}/recipients"
    first = body(site.get(f"{place}?limit=3"))
    second = body(site.get(f"{place}?limit=3&cursor={first['next_cursor']}"))
    shown = [r["phone_number"] for page in (first, second) for r in page["recipients"]]
    assert shown == ["+5214422591631", "+5214421234567", "+5215512345678", "+5491123456789"]
    assert second["next_cursor"] is None
    person = first["recipients"][0]
    assert (person["status"], person["variables"], person["attempts"]) == ("pending", {"var1": "Juan"}, 0)
    assert person["next_attempt_at"] is None


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("4422591631", ["+5214422591631"]),
        ("+52 442 259 1631", ["+5214422591631"]),
        ("1631", ["+5214422591631"]),
        ("12345678", ["+5215512345678"]),
        ("0000", []),
        ("+54 11 2345-6789", ["+5491123456789"]),
    ],
)
def test_a_person_is_found_by_any_spelling_or_the_last_digits(site: Site, q: str, found: list[str]) -> None:
    campaign_id = site.filled(FOUR)
    answer = site.get(f"/campaigns/{campaign_id}/recipients", query_string={"q": q})
    assert [r["phone_number"] for r in body(answer)["recipients"]] == found


@pytest.mark.parametrize("q", ["1", "163", "Juan", "'; DROP TABLE", "%"])
def test_too_little_of_a_number_is_refused_in_words(sqlite_site: Site, q: str) -> None:
    campaign_id = sqlite_site.filled(FOUR)
    answer = sqlite_site.get(f"/campaigns/{campaign_id}/recipients", query_string={"q": q})
    assert answer.status_code == 422
    assert body(answer)["details"]["q"]


def test_each_fate_is_told_with_its_reason(site: Site) -> None:
    campaign_id = site.started(FOUR)
    end_with(site.database, campaign_id, ACCEPTED, REFUSED, LOST, ACCEPTED)
    place = f"/campaigns/{campaign_id}/recipients"
    failed = body(site.get(f"{place}?status=failed"))["recipients"]
    (one,) = failed
    assert one["error"]["code"] == REFUSED.code
    assert all(one["error"][part] for part in ("title", "reason", "advice"))
    assert one["failed_at"].endswith("Z")
    story = body(site.get(f"{place}/{one['id']}"))
    (attempt,) = story["history"]
    assert (attempt["attempt"], attempt["code"], attempt["receipts"]) == (1, REFUSED.code, [])
    assert attempt["client_ref"].endswith(f"-{one['id']}-1")
    doubtful = body(site.get(f"{place}?status=in_doubt", headers={"Accept-Language": "en"}))["recipients"]
    assert doubtful[0]["error"]["title"]


def test_the_report_adds_up(site: Site) -> None:
    campaign_id = site.started(FOUR)
    end_with(site.database, campaign_id, ACCEPTED, REFUSED, LOST, ACCEPTED)
    report = body(site.get(f"/campaigns/{campaign_id}/report"))
    assert report["campaign"]["status"] == "completed"
    counts = report["counts"]
    assert (counts["sent"], counts["failed"], counts["in_doubt"], counts["total"]) == (2, 1, 1, 4)
    assert sum(number for name, number in counts.items() if name != "total") == counts["total"]
    assert {(line["status"], line["count"]) for line in report["errors"]} == {("failed", 1), ("in_doubt", 1)}
    assert sum(point["sent"] for point in report["timeline"]) == 2
    assert sum(point["failed"] for point in report["timeline"]) == 1
    assert report["rates"]["failed"] == pytest.approx(1 / 3)
    assert (report["cost"]["currency"], report["cost"]["limit"]) == (None, None)
    assert report["pace"]["per_second"] > 0


def test_the_failed_file_goes_into_a_new_campaign_as_it_is(site: Site) -> None:
    campaign_id = site.started(FOUR)
    end_with(site.database, campaign_id, ACCEPTED, REFUSED)
    exported = site.get(f"/campaigns/{campaign_id}/export-failed")
    assert exported.mimetype == "text/csv"
    assert "attachment" in exported.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(exported.data.decode("utf-8-sig"))))
    assert list(rows[0]) == [
        "phone_number",
        "var1",
        "error_code",
        "error_reason",
        "attempts",
        "last_attempt_at",
    ]
    assert rows[0]["var1"] == "'=1+1"
    again = site.filled(exported.data)
    people = body(site.get(f"/campaigns/{again}/recipients"))["recipients"]
    assert [p["variables"] for p in people] == [{"var1": "=1+1"}, {"var1": "O'Hara, María"}, {"var1": "Ana"}]


def test_the_export_tells_everybodys_fate(site: Site) -> None:
    campaign_id = site.started(FOUR)
    end_with(site.database, campaign_id, ACCEPTED, REFUSED, LOST, ACCEPTED)
    place = f"/campaigns/{campaign_id}/export"
    everybody = list(csv.DictReader(io.StringIO(site.get(place).data.decode("utf-8-sig"))))
    assert len(everybody) == 4
    sent = list(csv.DictReader(io.StringIO(site.get(f"{place}?status=sent").data.decode("utf-8-sig"))))
    assert [row["phone_number"] for row in sent] == ["+5214422591631", "+5491123456789"]
    assert site.get(f"{place}?status=gone").status_code == 422


def test_a_recipient_of_another_campaign_is_404(site: Site) -> None:
    first, second = site.filled(), site.filled()
    (person, *_) = body(site.get(f"/campaigns/{first}/recipients"))["recipients"]
    assert site.get(f"/campaigns/{second}/recipients/{person['id']}").status_code == 404


def test_the_status_says_that_no_engine_runs_and_who_may_write(site: Site) -> None:
    status = body(site.get("/status", user=EDITOR))
    assert (status["status"], status["can_write"], status["database"]) == ("degraded", False, "ok")
    assert status["engine"] == {
        "kind": "embedded",
        "running": False,
        "last_batch_at": None,
        "workers": [],
    }
    assert status["bot"]["vonage"] == {"configured": True, "missing": []}
    # The tests' server has fsync off.
    expected = ["engine_missing"] if site.database.is_sqlite else ["database_unsafe", "engine_missing"]
    assert [problem["code"] for problem in status["problems"]] == expected
    assert status["bot"]["receipts"]["on"] is False


def test_the_status_lists_what_is_missing(sqlite_site: Site) -> None:
    broken = {**CHANNEL, "apiKey": ""}
    config = {"id": OTHER_BOT, "name": "x", "messaging": {"channels": {"vonage": broken}}}
    sqlite_site.data.write(f"bots/{OTHER_BOT}/bot.config.json", config)
    status = body(sqlite_site.get("/status", bot=OTHER_BOT))
    assert status["bot"]["vonage"]["configured"] is False
    assert "apiKey" in status["bot"]["vonage"]["missing"][0]["message"]
    assert "s3cret" not in str(status)


def test_a_row_in_doubt_is_resolved_by_its_operator(site: Site) -> None:
    campaign_id = site.started(FOUR)
    end_with(site.database, campaign_id, LOST)
    place = f"/campaigns/{campaign_id}/recipients"
    first, second, *_ = body(site.get(place))["recipients"]
    assert body(site.post(f"{place}/{first['id']}/resolve", {"as": "sent"}))["status"] == "sent"
    assert body(site.post(f"{place}/{second['id']}/resolve", {"as": "not_sent"}))["status"] == "pending"
    assert site.post(f"{place}/{first['id']}/resolve", {"as": "sent"}).status_code == 409
    assert site.post(f"{place}/{first['id']}/resolve", {"as": "perhaps"}).status_code == 422
    assert body(site.get(f"/campaigns/{campaign_id}"))["status"] == "running"


@pytest.mark.parametrize(
    ("rate", "ago", "is_told"), [(5.0, 60.0, True), (5.0, 4000.0, False), (20.0, 60.0, False)]
)
def test_the_health_says_that_another_bots_smaller_pace_holds(
    site: Site, rate: float, ago: float, is_told: bool
) -> None:
    now = time.time()
    ceilings = {OTHER_BOT: [rate, now - ago], BOT: [20.0, now - 60]}
    row = {"key": "account:abcd1234", "per_second": rate, "next_at": now, "window_at": now}
    with site.database.write() as session:
        session.execute(sa.insert(Pace), [{**row, "ceilings": ceilings}])
    status = body(site.get("/status"))
    assert ("pace_shared" in {problem["code"] for problem in status["problems"]}) == is_told
    assert status["engine"]["last_batch_at"] is not None
    assert OTHER_BOT not in str(status)
