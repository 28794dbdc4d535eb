"""Programs give recipients as objects: an import like any other, with the same verdicts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.site import EDITOR, Site, body


def add(site: Site, campaign_id: int, rows: Any, **more: Any) -> Any:
    return site.post(f"/campaigns/{campaign_id}/recipients", {"recipients": rows, **more})


def recipients(site: Site, campaign_id: int) -> dict[str, dict[str, str]]:
    found = body(site.get(f"/campaigns/{campaign_id}/recipients"))["recipients"]
    return {one["phone_number"]: one["variables"] for one in found}


def test_objects_become_recipients(site: Site) -> None:
    campaign_id = site.create(variables=["nombre"])
    rows = [
        {"phone_number": "4422591631", "nombre": "Ana", "puntos": 7},
        {"phone_number": 4421234567, "nombre": "Eva", "vip": True},
        {"phone_number": "4422591631", "nombre": "otra vez"},
        {"phone_number": "12", "nombre": "corto"},
        {"phone_number": "4421234568", "nombre": None},
        {"nombre": "sin número"},
    ]
    answer = add(site, campaign_id, rows)
    assert (answer.status_code, body(answer)["file_name"]) == (202, "rows.json")
    site.import_now()
    (done,) = body(site.get(f"/campaigns/{campaign_id}/imports"))["imports"]
    assert (done["rows"], done["imported"], done["duplicates"], done["invalid"]) == (6, 3, 1, 2)
    assert done["flawed"] == 1
    shown = body(site.get(f"/campaigns/{campaign_id}/imports/{done['id']}"))
    assert [(one["row"], one["code"]) for one in shown["errors"]] == [
        (4, "duplicate"),
        (5, "phone_wrong_length"),
        (7, "phone_empty"),
    ]
    assert recipients(site, campaign_id) == {
        "+5214422591631": {"nombre": "Ana", "puntos": "7", "vip": ""},
        "+5214421234567": {"nombre": "Eva", "puntos": "", "vip": "true"},
        "+5214421234568": {"nombre": "", "puntos": "", "vip": ""},
    }


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.5, "0.5"),
        (12.0, "12"),
        (10**12, "1000000000000"),
        (False, "false"),
        ("=1+1", "=1+1"),
        ("+52", "+52"),
        ("José, «Pepe»", "José, «Pepe»"),
        ('dice "hola"', 'dice "hola"'),
    ],
)
def test_a_cell_is_what_was_given(sqlite_site: Site, cell: object, text: str) -> None:
    campaign_id = sqlite_site.create()
    add(sqlite_site, campaign_id, [{"phone_number": "4422591631", "a": cell}])
    sqlite_site.import_now()
    assert recipients(sqlite_site, campaign_id) == {"+5214422591631": {"a": text}}


def test_the_numbers_column_can_be_said(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    add(sqlite_site, campaign_id, [{"de": "4422591631", "para": "4421234567"}], phone_column="para")
    sqlite_site.import_now()
    assert recipients(sqlite_site, campaign_id) == {"+5214421234567": {"de": "4422591631"}}


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [],
        {},
        [7],
        [{}],
        [{"": "x"}],
        [{"a\nb": "x"}],
        [{"a": []}],
        [{"a": {"b": 1}}],
        [{"a": 1}] * 10_001,
    ],
)
def test_what_is_no_list_of_objects_is_refused(sqlite_site: Site, rows: Any) -> None:
    refused = add(sqlite_site, sqlite_site.create(), rows)
    assert (refused.status_code, list(body(refused)["details"])) == (422, ["recipients"])


def test_only_who_may_write_adds(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    rows = {"recipients": [{"phone_number": "4422591631"}]}
    assert sqlite_site.post(f"/campaigns/{campaign_id}/recipients", rows, user=EDITOR).status_code == 403


def test_a_campaign_that_takes_nobody_refuses(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.filled()
    sqlite_site.post(f"/campaigns/{campaign_id}/start")
    refused = add(sqlite_site, campaign_id, [{"phone_number": "4422591631"}])
    assert refused.status_code == 409
