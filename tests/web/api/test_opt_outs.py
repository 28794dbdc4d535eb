"""The list of those who want no more messages: seen, added to by number or by file, and taken back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from outbound_campaigns.web.api import opt_outs
from tests.support.site import ADMIN, OTHER_BOT, Site, body


def add(site: Site, number: str, **more: Any) -> TestResponse:
    return site.post("/opt-outs", {"phone_number": number}, **more)


def add_file(site: Site, content: str | bytes, **more: Any) -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return site.ask("POST", "/opt-outs", data={"file": (BytesIO(data), "bajas.csv")}, **more)


def listed(site: Site, query: str = "", **more: Any) -> list[dict[str, Any]]:
    answer = site.get(f"/opt-outs{query}", **more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = body(answer)["opt_outs"]
    return found


def numbers(site: Site, query: str = "", **more: Any) -> list[str]:
    return [one["phone_number"] for one in listed(site, query, **more)]


def figures(answer: TestResponse) -> tuple[int, int, int]:
    assert answer.status_code == 201, answer.text
    said = body(answer)
    return said["added"], said["already_there"], said["invalid"]


def test_one_number_is_added_with_who_did_it_and_skips_the_person(site: Site) -> None:
    campaign_id = site.filled("phone_number,var1\n4422591631,a\n5512345678,b\n")
    assert figures(add(site, "442 259 1631")) == (1, 0, 0)
    assert figures(add(site, "+52 442 259 1631")) == (0, 1, 0)
    (shown,) = listed(site)
    assert (shown["phone_number"], shown["source"], shown["detail"]) == ("+5214422591631", "api", None)
    assert shown["who"] == ADMIN
    assert shown["created_at"].endswith("Z")
    people = body(site.get(f"/campaigns/{campaign_id}/recipients"))["recipients"]
    assert [person["status"] for person in people] == ["skipped", "pending"]
    error = people[0]["error"]
    assert error["code"] == "opted_out"
    assert "no recibir" in error["reason"]
    assert error["advice"]


def test_a_file_is_added_and_every_row_that_could_not_be_is_told(site: Site) -> None:
    add(site, "4422591631")
    content = "nombre;phone_number\nAna;4422591631\nEva;5512345678\nLuz;14422591631\nSol;521 55 1234 5678\n"
    answer = add_file(site, content, headers={"Accept-Language": "en"})
    assert figures(answer) == (1, 2, 1)
    (refused,) = body(answer)["refused"]
    assert (refused["row"], refused["value"], refused["code"]) == (4, "14422591631", "phone_ambiguous")
    assert "United States" in refused["message"]
    assert numbers(site) == ["+5215512345678", "+5214422591631"]
    assert [one["source"] for one in listed(site)] == ["file", "api"]


def test_a_raw_csv_and_a_long_one_are_taken(site: Site) -> None:
    count = 1203
    rows = "phone_number\n" + "".join(f"442{n:07d}\n" for n in range(count)) + "x\n" * 150
    answer = site.ask("POST", "/opt-outs", data=rows.encode(), content_type="text/csv")
    assert figures(answer) == (count, 0, 150)
    assert len(body(answer)["refused"]) == 100
    assert not list(site.uploads.glob("*"))
    first = body(site.get("/opt-outs?limit=500"))
    second = body(site.get(f"/opt-outs?limit=500&cursor={first['next_cursor']}"))
    last = body(site.get(f"/opt-outs?limit=500&cursor={second['next_cursor']}"))
    assert last["next_cursor"] is None
    seen = [one["phone_number"] for page in (first, second, last) for one in page["opt_outs"]]
    assert seen == [f"+521442{n:07d}" for n in reversed(range(count))]


def test_the_list_is_searched_by_number_or_last_digits(site: Site) -> None:
    add(site, "4422591631")
    add(site, "5512341631")
    assert numbers(site, "?q=1631") == ["+5215512341631", "+5214422591631"]
    assert numbers(site, "?q=%2B52 442 259 1631") == ["+5214422591631"]
    assert site.get("/opt-outs?q=ana").status_code == 422


def test_an_opt_out_is_taken_back_by_id_or_number_and_skipped_rows_stay_so(site: Site) -> None:
    campaign_id = site.filled()
    people = body(site.get(f"/campaigns/{campaign_id}/recipients"))["recipients"]
    for person in people:
        add(site, person["phone_number"])
    newest, oldest = listed(site)
    assert site.delete(f"/opt-outs/{newest['id']}").status_code == 204
    # As a client writes it that does not escape its plus, which so comes as a blank.
    assert site.delete(f"/opt-outs?phone_number=+{oldest['phone_number'][1:]}").status_code == 204
    assert listed(site) == []
    for path in (f"/opt-outs/{newest['id']}", "/opt-outs?phone_number=4422591631"):
        answer = site.delete(path)
        assert (answer.status_code, body(answer)["code"]) == (404, "opt_out_not_found")
    assert body(site.get(f"/campaigns/{campaign_id}"))["counts"]["skipped"] == len(people)


def test_a_bot_sees_and_changes_its_own_list_only(sqlite_site: Site) -> None:
    add(sqlite_site, "4422591631")
    (shown,) = listed(sqlite_site)
    assert listed(sqlite_site, bot=OTHER_BOT) == []
    assert sqlite_site.delete(f"/opt-outs/{shown['id']}", bot=OTHER_BOT).status_code == 404


@pytest.mark.parametrize(
    ("data", "content_type", "status", "field"),
    [
        ('{"phone_number": ""}', "application/json", 422, "phone_number"),
        ("{}", "application/json", 422, "phone_number"),
        ('{"phone_number": "4422591631", "x": 1}', "application/json", 422, "x"),
        ("{", "application/json", 400, "body"),
        ("correo\nana@ej.mx\n", "text/csv", 422, "file"),
        ("phone_number\n", "text/csv", 422, "file"),
        ("<a/>", "application/xml", 415, None),
    ],
)
def test_what_can_not_be_used_is_refused_with_its_reason(
    sqlite_site: Site, data: str, content_type: str, status: int, field: str | None
) -> None:
    answer = sqlite_site.ask("POST", "/opt-outs", data=data.encode(), content_type=content_type)
    assert answer.status_code == status, answer.text
    if field:
        assert body(answer)["details"][field]
    assert listed(sqlite_site) == []


def test_a_number_that_can_not_be_read_takes_nothing_back(sqlite_site: Site) -> None:
    assert sqlite_site.delete("/opt-outs").status_code == 422
    assert sqlite_site.delete("/opt-outs?phone_number=abc").status_code == 404


def test_a_number_that_can_not_be_read_is_told_as_a_files_row_is(sqlite_site: Site) -> None:
    answer = add(sqlite_site, "14422591631", headers={"Accept-Language": "en"})
    assert figures(answer) == (0, 0, 1)
    (refused,) = body(answer)["refused"]
    assert (refused["row"], refused["value"], refused["code"]) == (1, "14422591631", "phone_ambiguous")
    assert "United States" in refused["message"]
    assert listed(sqlite_site) == []


def test_a_file_that_is_too_large_or_can_not_be_stored_is_refused(
    sqlite_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opt_outs, "OPT_OUTS_MB", 1)
    for size in (1_050_000, 1_500_000):
        content = b"phone_number\n" + b"4" * size
        answer = sqlite_site.ask("POST", "/opt-outs", data=content, content_type="text/csv")
        assert (answer.status_code, body(answer)["code"]) == (413, "file_too_large")
    sqlite_site.uploads.rmdir()
    sqlite_site.uploads.write_text("no folder")
    answer = add_file(sqlite_site, "phone_number\n4422591631\n")
    assert (answer.status_code, body(answer)["code"]) == (503, "file_not_stored")


def test_a_bot_whose_settings_can_not_be_read_takes_mexican_numbers(sqlite_site: Site) -> None:
    sqlite_site.data.write("bots/demo-bot/config/outbound-campaigns.json", "{ broken")
    assert figures(add(sqlite_site, "4422591631")) == (1, 0, 0)
