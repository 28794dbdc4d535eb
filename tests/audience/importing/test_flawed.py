"""A row that can't become a message is kept, skipped with its reason, and gives way to a good one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbound_campaigns.campaigns import opt_outs
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.phone_numbers import read_number
from tests.support.files import HEADER, Files, figures
from tests.support.tables import sqlite_with_tables
from tests.support.template_kinds import body, listed

NAMED = {"values": {"body.nombre": {"column": "nombre"}}}
NAMES = "phone_number,nombre\n"


@pytest.fixture
def named(database: Database, tmp_path: Path) -> Files:
    return Files(database, tmp_path, NAMED)


def states(files: Files) -> list[tuple[str, str, str | None, str | None]]:
    return [(r.phone_key[-1], r.status, r.error_code, r.error_detail) for r in files.recipients()]


def opt_out(files: Files, *numbers: str) -> None:
    with files.database.write() as session:
        people = [read_number(number) for number in numbers]
        opt_outs.add(session, "bot", people, Reason(OptOutSource.FILE), files.database.now(session))


def test_a_flawed_row_is_imported_as_skipped_with_its_reason_and_column(named: Files) -> None:
    done = named.take(NAMES + "4420000001,Ana\n4420000002,\n4420000003,#N/D\n")
    assert (figures(done), done.flawed) == ((3, 3, 0, 0), 2)
    assert states(named) == [
        ("1", "pending", None, None),
        ("2", "skipped", "flaw_empty", "nombre"),
        ("3", "skipped", "flaw_formula", "nombre"),
    ]
    assert named.counts() == {"pending": 1, "skipped": 2, "total": 3}


def test_a_file_without_a_used_column_is_taken_with_every_row_flawed(named: Files) -> None:
    done = named.take(HEADER + "4420000001,x\n4420000002,y\n")
    assert (done.status, done.imported, done.flawed) == ("completed", 2, 2)
    assert states(named)[0] == ("1", "skipped", "flaw_column_missing", "nombre")


def test_columns_are_proposed_for_the_template_that_is_known(files: Files) -> None:
    item = listed("promo", body("Hola, {{primer_nombre}}."), form="NAMED")
    files.upload("phone_number,Correo,Primer Nombre\n4420000001,,Ana\n4420000002,x,\n", template=item)
    files.run()
    assert states(files) == [
        ("1", "pending", None, None),
        ("2", "skipped", "flaw_empty", "Primer Nombre"),
    ]


def test_slots_that_are_not_filled_yet_are_judged_by_the_columns_that_suggest_themselves(
    database: Database, tmp_path: Path
) -> None:
    files = Files(database, tmp_path, {"values": {"button.0.payload": "si"}})
    files.upload(NAMES + "4420000001,Ana\n4420000002,\n", template=listed("promo", body("Hola {{1}}.")))
    files.run()
    assert [code for _, _, code, _ in states(files)] == [None, "flaw_empty"]


@pytest.mark.parametrize(
    "content",
    [
        NAMES + "4420000001,\n5214420000001,Ana\n",
        NAMES + "4420000001,\n4420000001,NULL\n+52 1 442 000 0001,Ana\n4420000001,Eva\n",
    ],
)
def test_a_good_row_replaces_a_flawed_one_of_the_same_file(named: Files, content: str) -> None:
    done = named.take(content)
    (only,) = named.recipients()
    assert (only.status, only.error_code, only.variables) == ("pending", None, {"nombre": "Ana"})
    assert (done.imported, done.flawed, done.duplicates) == (1, 0, done.rows - 1)
    assert len(named.refused(done.id)) == done.duplicates
    assert named.counts() == {"pending": 1, "total": 1}


def test_a_good_row_of_a_later_file_replaces_a_flawed_one_which_is_then_a_duplicate(named: Files) -> None:
    first = named.take(NAMES + "4420000001,Ana\n4420000002,\n")
    later = named.take(NAMES + "4420000002,Eva\n4420000001,otra\n")
    assert (figures(later), later.flawed) == ((2, 1, 1, 0), 0)
    first = named.import_row(first.id)
    assert (figures(first), first.flawed) == ((2, 1, 1, 0), 0)
    assert named.refused(first.id) == [(3, "phone_number", "+5214420000002", "duplicate")]
    assert [r.variables["nombre"] for r in named.recipients()] == ["Ana", "Eva"]
    assert [r.import_id for r in named.recipients()] == [first.id, later.id]
    assert named.counts() == {"pending": 2, "total": 2}


def test_neither_a_flawed_row_nor_a_tried_one_is_replaced(named: Files) -> None:
    named.take(NAMES + "4420000001,\n4420000002,Ana\n4420000003,\n")
    with named.database.write() as session:
        tried = named.recipients()[2]
        tried.last_attempt = 1
        session.merge(tried)
    again = named.take(NAMES + "4420000001,NULL\n4420000002,Eva\n4420000003,Sol\n")
    assert figures(again) == (3, 0, 3, 0)
    assert [r.variables["nombre"] for r in named.recipients()] == ["", "Ana", ""]


def test_who_has_opted_out_is_skipped_for_that_whatever_the_row(named: Files) -> None:
    opt_out(named, "4420000001")
    named.take(NAMES + "4420000001,\n4420000002,\n")
    opt_out(named, "4420000002")
    named.take(NAMES + "4420000001,Ana\n4420000002,Eva\n")
    assert states(named) == [("1", "skipped", "opted_out", None), ("2", "skipped", "opted_out", None)]
    assert named.counts() == {"skipped": 2, "total": 2}


def test_a_replaced_row_of_a_paused_campaign_is_sent_with_the_others(named: Files) -> None:
    named.take(NAMES + "4420000001,Ana\n4420000002,\n")
    named.set_status("paused")
    named.take(NAMES + "4420000002,Eva\n")
    assert named.counts() == {"pending": 2, "total": 2}


LINES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["Ana", "Eva", "", "NULL", "#N/D"])), min_size=1, max_size=8
)


UPLOADS = st.lists(
    st.tuples(
        LINES,
        st.sampled_from(["442000000{}", "+52 1 442 000 000{}", "52442000000{}"]),
        st.sampled_from(["draft", "scheduled", "paused"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(UPLOADS)
def test_whatever_comes_when_each_person_is_there_once_and_good_if_any_row_was(
    uploads: list[tuple[list[tuple[int, str]], str, str]],
) -> None:
    with TemporaryDirectory() as name, open_database(sqlite_with_tables(Path(name))) as database:
        files = Files(database, Path(name), NAMED)
        for lines, spelling, status in uploads:
            files.set_status(status)
            files.take(NAMES + "".join(f"{spelling.format(n)},{cell}\n" for n, cell in lines))
        everybody = [line for lines, _, _ in uploads for line in lines]
        found = {int(r.phone_key[-1]): r for r in files.recipients()}
        assert len(found) == len(files.recipients())
        assert set(found) == {n for n, _ in everybody}
        for n, recipient in found.items():
            good = next((cell for m, cell in everybody if m == n and cell in ("Ana", "Eva")), None)
            assert recipient.status == ("pending" if good else "skipped")
            assert good is None or recipient.variables["nombre"] == good
        files.counts()
