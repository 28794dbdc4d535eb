"""Exports tell what became of whom; that of the failed ones is a file to upload again."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.audience.exporting import errors_csv, failed_csv, recipients_csv
from outbound_campaigns.audience.exporting.writing import PAGE
from outbound_campaigns.campaigns import campaign_rows, recounting
from outbound_campaigns.database.models import Attempt, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.refusals.request import CampaignNotFound
from tests.support.files import HEADER, Files, rows

AT = datetime(2026, 3, 1, 12, 0, 5, 999_999, UTC)
HOSTILE = [
    "=1+1",
    "+52",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "''=1",
    "'hola'",
    '"',
    '""x""',
    ",;|",
    "  spaces  ",
    "line\nbreak\r\nand \r",
    "ñandú 🎉 \u200b\u2028",
    "x" * 1024,
    "=" * 1024,
    "",
    "\\N",
    "\ufeffmark",
]


@pytest.fixture
def free_files(database: Database, tmp_path: Path) -> Files:
    """A campaign whose template uses no column, so that any cell is taken."""
    return Files(database, tmp_path, {"variables": []})


def end(files: Files, status: str = "failed", **values: Any) -> None:
    """All pending rows have come to this, after one attempt each."""
    with files.database.write() as session:
        pending = sa.and_(Recipient.status == "pending", Recipient.campaign_id == files.campaign_id)
        ids = session.execute(sa.select(Recipient.id).where(pending)).scalars().all()
        session.add_all(
            Attempt(recipient_id=i, number=1, claimed_at=AT.replace(hour=1), sent_at=AT) for i in ids
        )
        values = {"status": status, "last_attempt": 1, "attempts": 1, **values}
        session.execute(sa.update(Recipient).where(Recipient.id.in_(ids)).values(**values))
        session.flush()
        recounting.mend(session, recounting.recount(session))


def table(chunks: Iterable[bytes]) -> list[list[str]]:
    """As a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(b"".join(chunks).decode("utf-8-sig"), newline="")))


def people(files: Files) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everybody's cells, in their columns' order."""
    of_campaign = [r for r in files.recipients() if r.campaign_id == files.campaign_id]
    return [(r.phone_number, list(r.variables.items())) for r in of_campaign]


def failed_bytes(files: Files) -> bytes:
    return b"".join(failed_csv(files.database, files.campaign_id, "es"))


def all_csv(database: Database, campaign_id: int, language: str) -> Iterable[bytes]:
    return recipients_csv(database, campaign_id, None, language)


def test_the_failed_are_exported_with_the_reason(files: Files) -> None:
    files.take(HEADER + rows(0, 2))
    end(files, error_code="http_422_to", failed_at=AT)
    files.take(HEADER + rows(2, 1))
    reason = explain("http_422_to").reason
    for language, words in (("es", reason.es), ("en", reason.en)):
        header, *others = table(failed_csv(files.database, files.campaign_id, language))
        assert header == [
            "phone_number",
            "var1",
            "error_code",
            "error_reason",
            "attempts",
            "last_attempt_at",
        ]
        assert others == [
            [f"+521442000000{n}", f"name {n}", "http_422_to", words, "1", "2026-03-01T12:00:05Z"]
            for n in range(2)
        ]


def test_the_failed_can_be_uploaded_again_byte_for_byte(
    free_files: Files, database: Database, tmp_path: Path
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            ["phone_number", "Año", "'=risk", "estado, etc.", "status"],
            *([f"442{n:07d}", cell, "", f"{cell}!", cell] for n, cell in enumerate(HOSTILE)),
        ]
    )
    assert free_files.take(text.getvalue()).imported == len(HOSTILE)
    before = people(free_files)
    for _ in range(2):
        end(free_files, error_code="http_422_to")
        exported = failed_bytes(free_files)
        free_files = Files(database, tmp_path, {"variables": []})
        done = free_files.take(exported)
        assert (done.imported, done.invalid) == (len(HOSTILE), 0)
        assert people(free_files) == before


def test_no_cell_but_the_number_can_be_run_by_a_spreadsheet(free_files: Files) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [["phone_number", "=a"], *([f"442{n:07d}", cell] for n, cell in enumerate(HOSTILE))]
    )
    free_files.take(text.getvalue())
    end(free_files, error_code="=cmd")
    header, *others = table([failed_bytes(free_files)])
    assert header[1] == "'=a"
    for number, *cells in others:
        assert number.startswith("+521")
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in cells if cell)


def test_files_with_different_columns_share_one_header(
    free_files: Files, database: Database, tmp_path: Path
) -> None:
    free_files.take("phone_number,b,A\n4420000001,b1,a1\n")
    free_files.take("c,phone_number,a,Attempts\nc2,4420000002,a2,7\n")
    end(free_files)
    header, *others = table([failed_bytes(free_files)])
    assert header[:4] == ["phone_number", "b", "A", "c"]
    assert [cells[:4] for cells in others] == [
        ["+5214420000001", "b1", "a1", ""],
        ["+5214420000002", "", "a2", "c2"],
    ]
    again = Files(database, tmp_path, {"variables": ["a"]})
    assert again.take(failed_bytes(free_files)).imported == 2


def test_who_came_without_a_file_has_columns_too(files: Files) -> None:
    files.take(HEADER + rows(0, 1))
    with files.database.write() as session:
        columns = {"nombre": "Ana", "ciudad": "Qro"}
        session.execute(sa.update(Recipient).values(variables=columns, import_id=None))
    end(files)
    header, cells = table([failed_bytes(files)])
    assert (header[1:4], cells[1:4]) == (["var1", "nombre", "ciudad"], ["", "Ana", "Qro"])


def test_the_file_opens_in_excel_as_it_should(files: Files) -> None:
    files.take(HEADER + "4420000001,Año\n")
    end(files)
    exported = failed_bytes(files)
    assert exported.startswith(b"\xef\xbb\xbfphone_number,var1,")
    assert exported.count(b"\r\n") == exported.count(b"\n") == 2


def test_all_recipients_are_exported_with_what_became_of_them(files: Files) -> None:
    files.take(HEADER + rows(0, 1))
    moments = {f"{name}_at": AT for name in ("sent", "delivered", "read")}
    end(files, "read", message_uuid="uuid-1", **moments)
    files.take(HEADER + rows(1, 1))
    header, read, pending = table(recipients_csv(files.database, files.campaign_id, None, "es"))
    at = "2026-03-01T12:00:05Z"
    assert dict(zip(header, read, strict=True)) == {
        "phone_number": "+5214420000000",
        "var1": "name 0",
        "recipient_status": "read",
        "error_code": "",
        "error_reason": "",
        "attempts": "1",
        "message_uuid": "uuid-1",
        "message_sent_at": at,
        "message_delivered_at": at,
        "message_read_at": at,
        "message_failed_at": "",
    }
    assert pending[2:] == ["pending", "", "", "0", "", "", "", "", ""]
    (_, only) = table(recipients_csv(files.database, files.campaign_id, "pending", "es"))
    assert only == pending


def test_many_rows_come_in_chunks_with_a_transaction_each(files: Files) -> None:
    files.take(HEADER + rows(0, 2 * PAGE + 1))
    end(files)
    chunks = failed_csv(files.database, files.campaign_id, "es")
    sizes = []
    for chunk in chunks:
        sizes.append(chunk.count(b"\n"))
        # Nothing is held while a client takes its time.
        assert files.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert sizes == [1, PAGE, PAGE, 1]


def test_an_export_of_nothing_is_a_header(files: Files) -> None:
    assert len(table([failed_bytes(files)])) == 1


def test_an_unknown_campaign_is_refused_before_the_first_byte(database: Database) -> None:
    for export in (failed_csv, all_csv):
        with pytest.raises(CampaignNotFound):
            export(database, 77, "es")


def test_every_refused_row_is_told_in_both_languages(files: Files) -> None:
    first = files.take(HEADER + "=x,y\n" + rows(0, 1) + rows(0, 1) + "z\n")
    files.take(HEADER + "another,file\n")
    header, bad, duplicate, short = table(errors_csv(files.database, first.id))
    assert header == ["row", "column", "value", "code", "message_es", "message_en"]
    assert bad == [
        "2",
        "phone_number",
        "'=x",
        "phone_not_a_number",
        "Fila 2: «=x» no es un número de teléfono. Escriba solo un número por fila.",
        "Row 2: =x is not a phone number. Write one number per row and nothing else.",
    ]
    assert duplicate[:4] == ["4", "phone_number", "'+5214420000000", "duplicate"]
    assert short[:4] == ["5", "var1", "z", "row_too_short"]


def test_what_was_deleted_meanwhile_ends_an_export(files: Files) -> None:
    files.take(HEADER + rows(0, PAGE + 5))
    end(files)
    chunks = failed_csv(files.database, files.campaign_id, "es")
    next(chunks)
    next(chunks)
    with files.database.write() as session:
        session.execute(sa.delete(Attempt))
        session.execute(sa.delete(Recipient))
        campaign_rows.update(session, files.campaign_id, failed_count=0)
    assert list(chunks) == []
