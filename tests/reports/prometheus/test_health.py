"""The service says whether it lives and is ready, without a token and without data; figures need theirs."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.runtime.settings import Settings
from tests.support.scraping import BEARER, TOKEN
from tests.support.site import Site, body, site_in
from tests.support.tables import sqlite_with_tables

ENGLISH = {"Accept-Language": "en"}


def test_it_lives_whatever_the_database_does(site: Site, site_without_database: Site) -> None:
    for one in (site, site_without_database):
        answer = one.client.get("/livez")
        assert (answer.status_code, body(answer)) == (200, {"status": "alive"})
        assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_ready_when_its_tables_are_those_of_its_version(site: Site) -> None:
    answer = site.client.get("/readyz")
    assert (answer.status_code, body(answer)) == (200, {"status": "ready", "message": None})


@pytest.mark.parametrize(("version", "words"), [("0001", "older version"), ("9999", "newer version")])
def test_it_is_not_ready_with_tables_of_another_version(site: Site, version: str, words: str) -> None:
    with site.database.write() as session:
        change = sa.text("UPDATE outbound_alembic_version SET version_num = :version")
        session.execute(change, {"version": version})
    answer = site.client.get("/readyz", headers=ENGLISH)
    assert (answer.status_code, body(answer)["status"]) == (503, "unavailable")
    assert words in body(answer)["message"]


def test_it_is_not_ready_without_tables_or_database(site_without_database: Site, tmp_path: Path) -> None:
    answer = site_without_database.client.get("/readyz")
    assert (answer.status_code, body(answer)["status"]) == (503, "unavailable")
    with site_in(tmp_path / "empty", f"sqlite:///{tmp_path}/empty.sqlite") as empty:
        answer = empty.client.get("/readyz", headers=ENGLISH)
    assert answer.status_code == 503
    assert "db upgrade" in body(answer)["message"]


def test_a_held_copy_answers_and_says_so(site: Site) -> None:
    with site.database.write() as session:
        session.execute(sa.text("UPDATE outbound_instance SET inode = inode + 1, oid = oid + 1"))
    answer = site.client.get("/readyz", headers=ENGLISH)
    assert (answer.status_code, body(answer)["status"]) == (200, "held")
    assert "db accept" in body(answer)["message"]


def test_without_a_token_in_the_settings_there_are_no_figures(tmp_path: Path) -> None:
    with site_in(tmp_path, sqlite_with_tables(tmp_path)) as site:
        for headers in ({}, BEARER, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
            assert site.client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", f"bearer {TOKEN}", f"Bearer {TOKEN}x", "Bearer ñ"]
)
def test_another_token_is_refused(site: Site, given: str) -> None:
    answer = site.client.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.headers["WWW-Authenticate"], answer.text) == (401, "Bearer", "")


def test_botpress_tokens_open_nothing_here(site: Site) -> None:
    bearer = {"Authorization": site.botpress.bearer("admin@example.com")}
    assert site.client.get("/metrics", headers=bearer).status_code == 401


@pytest.mark.parametrize("text", ["short", "with spaces in between", "ñandú-ñandú-ñandú"])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Settings.from_environ({"OUTBOUND_METRICS_TOKEN": text})
    assert text not in refused.value.text("en")
    assert TOKEN not in repr(Settings.from_environ({"OUTBOUND_METRICS_TOKEN": TOKEN}))
