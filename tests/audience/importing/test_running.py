"""A file becomes recipients: each person once, in the file's order, every other row with its reason."""

from datetime import timedelta
from pathlib import Path

import pytest

from outbound_campaigns.audience.importing.queue import due_at
from outbound_campaigns.domain.phone_numbers import NumberRules
from outbound_campaigns.domain.row_refusals import file_sentence, row_sentence
from tests.support.csv_reading import TWO_PEOPLE
from tests.support.files import HEADER, Files, figures, rows


def test_the_two_rows_of_the_readme_become_two_recipients(files: Files) -> None:
    done = files.take(TWO_PEOPLE)
    assert (done.status, done.error, figures(done)) == ("completed", None, (2, 2, 0, 0))
    assert [(r.phone_number, r.row, r.variables) for r in files.recipients()] == [
        ("+5214422591631", 2, {"var1": "Juan", "var2": "Promoción Navidad"}),
        ("+5214421234567", 3, {"var1": "María", "var2": "Descuento Especial"}),
    ]
    assert files.pending() == 2


def test_an_import_says_what_it_found_and_how_far_it_is(files: Files) -> None:
    done = files.take("phone_number;a;b\n4422591631;x;y\n")
    assert (done.encoding, done.delimiter, done.columns) == ("utf-8", ";", ["phone_number", "a", "b"])
    assert done.done == done.size == 32
    assert done.finished_at is not None


def test_a_new_recipient_waits_for_its_first_attempt_since_the_upload(files: Files) -> None:
    done = files.take(TWO_PEOPLE)
    for recipient in files.recipients():
        assert (recipient.status, recipient.attempts, recipient.last_attempt) == ("pending", 0, 0)
        assert (recipient.import_id, recipient.next_attempt_at) == (done.id, due_at(done.id))


def test_who_was_not_touched_yet_was_last_changed_by_the_import(files: Files) -> None:
    done = files.take(TWO_PEOPLE)
    for recipient in files.recipients():
        assert abs(recipient.updated_at - done.created_at) < timedelta(minutes=1)


def test_the_first_of_several_spellings_of_one_person_wins(files: Files) -> None:
    done = files.take(HEADER + "4422591631,a\n+52 442 259 1631,b\n5214422591631,c\n")
    assert figures(done) == (3, 1, 2, 0)
    assert [r.variables["var1"] for r in files.recipients()] == ["a"]
    assert files.refused(done.id) == [
        (3, "phone_number", "+5214422591631", "duplicate"),
        (4, "phone_number", "+5214422591631", "duplicate"),
    ]


def test_who_is_in_the_campaign_already_is_a_duplicate(files: Files) -> None:
    files.take(HEADER + rows(0, 3))
    again = files.take(HEADER + rows(2, 3))
    assert figures(again) == (3, 2, 1, 0)
    assert files.pending() == 5


def test_refused_rows_are_kept_and_the_others_go_on(files: Files) -> None:
    done = files.take(HEADER + "5.2E+11,x\n4422591631,y\n14422591631,z\n4421234567\n")
    assert figures(done) == (4, 1, 0, 3)
    assert files.refused(done.id) == [
        (2, "phone_number", "5.2E+11", "phone_spreadsheet"),
        (4, "phone_number", "14422591631", "phone_ambiguous"),
        (5, "var1", "4421234567", "row_too_short"),
    ]


def test_every_kept_refusal_has_its_sentence(files: Files) -> None:
    done = files.take(HEADER + "x,y\nz\n4422591631,a,b\n")
    sentences = [
        row_sentence(code, row, column, value).text() for row, column, value, code in files.refused(done.id)
    ]
    assert len(sentences) == 3


def test_many_rows_keep_the_order_of_the_file(files: Files) -> None:
    done = files.take(HEADER + rows(0, 6000) + rows(5000, 2000))
    assert figures(done) == (8000, 7000, 1000, 0)
    recipients = files.recipients()
    assert [r.row for r in recipients] == sorted(r.row or 0 for r in recipients)
    assert files.pending() == 7000


def test_a_cell_with_any_text_is_kept_as_it_is(files: Files) -> None:
    text = "\\ \\N \\. O'Brien % :x {y} 🎉"
    files.take(HEADER + f"4422591631,{text}\n")
    assert files.recipients()[0].variables == {"var1": text}


def test_a_refused_value_that_a_database_would_not_take_is_kept_readable(files: Files) -> None:
    done = files.take(HEADER + "44\0,x\n")
    assert files.refused(done.id) == [(2, "phone_number", "44\ufffd", "phone_not_a_number")]


def test_national_numbers_are_read_by_the_rules_of_the_bot(files: Files) -> None:
    files.take(HEADER + "3001234567,x\n", rules=NumberRules("CO"))
    files.take(HEADER + "4422591631,x\n", rules=NumberRules("MX", mexico_mobile_prefix=False))
    assert [r.phone_number for r in files.recipients()] == ["+573001234567", "+524422591631"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7", "file_is_pdf"),
        (b"phone_number,a\n", "file_without_rows"),
        (b"correo,a\nana@ej.mx,x\n", "no_phone_column"),
    ],
)
def test_a_file_that_is_refused_as_a_whole_says_why(files: Files, content: bytes, code: str) -> None:
    failed = files.take(content)
    assert failed.error is not None
    assert (failed.status, failed.error["code"], failed.undoing) == ("failed", code, False)
    assert file_sentence(failed.error).text()


@pytest.mark.parametrize("content", [TWO_PEOPLE.encode(), b"%PDF-1.7"])
def test_the_spooled_file_is_gone_at_the_end(files: Files, content: bytes) -> None:
    assert not Path(files.take(content).path).exists()


def test_what_was_restored_and_how_it_reads_is_kept_with_the_import(files: Files) -> None:
    done = files.take('phone_number,a\n4422591631,"=""00123"""\n4422591632,Muñoz\n'.encode("mac_roman"))
    assert (done.encoding, done.restored, done.text_sample) == ("mac_roman", 1, ["Muñoz"])
    assert done.restored_sample == [{"row": 2, "column": "a", "before": '="00123"', "after": "00123"}]


def test_the_encoding_that_the_owner_says_is_believed(files: Files) -> None:
    files.upload("phone_number,a\n4422591631,Muñoz\n".encode("cp850"), encoding="cp850")
    done = files.import_row(files.run())
    assert (done.encoding, files.recipients()[0].variables) == ("cp850", {"a": "Muñoz"})
