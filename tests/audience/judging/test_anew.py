"""When the template or what fills it changes, rows are judged anew: only what differs is written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from outbound_campaigns.audience.importing import remove_import
from outbound_campaigns.audience.judging import anew
from outbound_campaigns.audience.judging.anew import being_judged, judge_if_changed, judge_some
from outbound_campaigns.audience.judging.starting import must_be_judged
from outbound_campaigns.campaigns import actions, campaign_rows, editing
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Recipient
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.refusals.state import EveryoneFlawed, JudgingUnderWay
from outbound_campaigns.domain.template import ResolvedTemplate
from tests.audience.importing.test_flawed import opt_out, states
from tests.support.files import Files
from tests.support.tables import sqlite_with_tables
from tests.support.template_kinds import body, listed

HEADER = "phone_number,nombre,promo\n"
PEOPLE = HEADER + "4420000001,Ana,10 %\n4420000002,,20 %\n4420000003,Eva,\n"
BY_NAME = {"values": {"body.1": {"column": "nombre"}}}
BY_OFFER = {"values": {"body.1": {"column": "promo"}}}


@pytest.fixture
def named(database: Database, tmp_path: Path) -> Files:
    files = Files(database, tmp_path, BY_NAME)
    files.take(PEOPLE)
    return files


def edit(files: Files, changes: dict[str, Any]) -> bool:
    """Change the mapping as the API does; whether rows are to be judged anew."""
    with files.database.write() as session:
        editing.change(session, files.campaign_id, changes, Act("ana", files.database.now(session)))
        campaign = campaign_rows.get(session, files.campaign_id, lock=True)
        return judge_if_changed(session, campaign)


def finish(files: Files) -> list[int]:
    """Judge all; how many rows each step looked at."""
    steps = [judge_some(files.database, files.campaign_id)]
    while steps[-1]:
        steps.append(judge_some(files.database, files.campaign_id))
    return steps


def test_another_filling_moves_rows_both_ways(named: Files) -> None:
    assert edit(named, BY_OFFER)
    with named.database.read() as session:
        assert list(being_judged(session)) == [named.campaign_id]
    finish(named)
    assert states(named) == [
        ("1", "pending", None, None),
        ("2", "pending", None, None),
        ("3", "skipped", "flaw_empty", "promo"),
    ]
    assert named.counts() == {"pending": 2, "skipped": 1, "total": 3}
    with named.database.read() as session:
        assert list(being_judged(session)) == []
    assert edit(named, BY_NAME)
    finish(named)
    assert states(named)[1] == ("2", "skipped", "flaw_empty", "nombre")


def test_only_rows_that_differ_are_written(named: Files) -> None:
    before = {r.id: r.updated_at for r in named.recipients()}
    edit(named, BY_OFFER)
    finish(named)
    assert [r.updated_at == before[r.id] for r in named.recipients()] == [True, False, False]


def test_what_comes_to_the_same_is_not_judged_again(named: Files) -> None:
    assert not edit(named, {"values": {"body.1": {"column": "nombre"}}})
    assert not edit(named, {"name": "otra", "batch_size": 5})


def test_rows_are_judged_in_steps_that_say_how_far_they_are(
    named: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anew, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(anew, "WRITES_AT_ONCE", 1)
    edit(named, BY_OFFER)
    assert judge_some(named.database, named.campaign_id) == 2
    assert named.campaign().judged_rows == 2
    assert named.counts()["total"] == 3
    assert finish(named) == [0]


def test_a_change_in_the_midst_begins_anew(named: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anew, "ROWS_AT_ONCE", 2)
    edit(named, BY_OFFER)
    judge_some(named.database, named.campaign_id)
    edit(named, {"values": {"body.1": {"column": "nombre", "if_empty": "cliente"}}})
    finish(named)
    assert named.counts() == {"pending": 3, "total": 3}


def test_a_step_that_was_overtaken_writes_nothing(named: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(named, BY_OFFER)
    judged = anew._verdicts

    def overtaken(*arguments: Any) -> Any:
        found = list(judged(*arguments))
        monkeypatch.undo()
        edit(named, {"values": {"body.1": "fijo"}})
        return found

    monkeypatch.setattr(anew, "_verdicts", overtaken)
    assert judge_some(named.database, named.campaign_id)
    assert states(named)[1][2] == "flaw_empty"
    finish(named)
    assert named.counts() == {"pending": 3, "total": 3}


def test_who_has_opted_out_stays_so_when_a_flaw_goes(named: Files) -> None:
    opt_out(named, "4420000002")
    edit(named, BY_OFFER)
    finish(named)
    assert states(named)[1] == ("2", "skipped", "opted_out", None)
    assert named.counts() == {"pending": 1, "skipped": 2, "total": 3}


def test_rows_that_were_tried_are_left_alone(named: Files) -> None:
    with named.database.write() as session:
        session.execute(sa.update(Recipient).values(last_attempt=1))
    edit(named, BY_OFFER)
    finish(named)
    assert states(named)[1] == ("2", "skipped", "flaw_empty", "nombre")


def test_a_later_file_that_changes_what_fills_the_template_has_all_judged(
    database: Database, tmp_path: Path
) -> None:
    item = listed("promo", body("Hola {{nombre}}: {{promo}}."), form="NAMED")
    files = Files(database, tmp_path)
    files.upload("phone_number,nombre\n4420000001,Ana\n", template=item)
    files.run()
    first = files.take("phone_number,nombre,promo\n4420000002,Eva,10 %\n")
    finish(files)
    assert states(files)[0] == ("1", "skipped", "flaw_column_missing", "promo")
    with database.write() as session:
        act = Act("ana", files.database.now(session))
        remove_import(session, files.campaign_id, first.id, act)
    finish(files)
    assert states(files)[0] == ("1", "pending", None, None)


def test_a_start_waits_until_rows_are_judged_and_refuses_where_all_are_flawed(named: Files) -> None:
    template = ResolvedTemplate("promo", "es_MX")
    edit(named, {"values": {"body.1": {"column": "nadie"}}})
    act = Act("ana", named.campaign().created_at)
    with pytest.raises(JudgingUnderWay), named.database.write() as session:
        actions.start(session, named.campaign_id, template, act)
    with pytest.raises(JudgingUnderWay):
        must_be_judged(named.database, named.campaign_id, template)
    must_be_judged(named.database, named.campaign_id, template, patience=60)
    with pytest.raises(EveryoneFlawed) as refused, named.database.write() as session:
        actions.start(session, named.campaign_id, template, act)
    assert "3" in refused.value.text("es")


def test_a_template_that_is_known_only_at_the_start_is_judged_by_then(named: Files) -> None:
    item = listed("promo", body("Hola {{1}}."))
    template = ResolvedTemplate("promo", "es_MX", definition=item, filling=BY_NAME["values"])
    with pytest.raises(JudgingUnderWay):
        must_be_judged(named.database, named.campaign_id, template)
    assert named.campaign().template_definition == item
    must_be_judged(named.database, named.campaign_id, template, patience=60)
    must_be_judged(named.database, named.campaign_id, template)


CELLS = st.sampled_from(["Ana", "", "NULL"])
FILLINGS = st.sampled_from(
    [
        {"body.1": {"column": "nombre"}},
        {"body.1": {"column": "promo"}},
        {"body.1": {"column": "nombre", "if_empty": "cliente"}},
        {"body.1": "{{nombre}} {{promo}}"},
        {"body.1": "fijo"},
        {"body.1": {"column": "nadie"}},
    ]
)


@settings(max_examples=40)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=9), st.lists(FILLINGS, min_size=1, max_size=4))
def test_rows_judged_anew_are_as_if_imported_that_way(
    people: list[tuple[str, str]], fillings: list[dict[str, Any]]
) -> None:
    content = HEADER + "".join(f"442000000{n},{a},{b}\n" for n, (a, b) in enumerate(people))
    with TemporaryDirectory() as name, open_database(sqlite_with_tables(Path(name))) as database:
        files = Files(database, Path(name), BY_NAME)
        files.take(content)
        for values in fillings:
            edit(files, {"values": values})
            judge_some(database, files.campaign_id)
            files.counts()
        finish(files)
        found = states(files)
        fresh = Files(database, Path(name), {"values": fillings[-1]})
        fresh.take(content)
        assert found == states(fresh)[len(found) :]
