"""Who has opted out is in the campaign, where an operator sees why nothing is sent, and is never pending."""

from collections import Counter

from outbound_campaigns.audience.importing import remove_import, undo_some
from outbound_campaigns.campaigns import opt_outs, recounting
from outbound_campaigns.campaigns.campaign_rows import Act, get
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.domain.phone_numbers import read_number
from tests.support.files import HEADER, Files, rows


def opt_out(files: Files, *numbers: str, bot: str = "bot") -> None:
    with files.database.write() as session:
        people = [read_number(number) for number in numbers]
        opt_outs.add(session, bot, people, Reason(OptOutSource.FILE), files.database.now(session))


def counts(files: Files) -> dict[str, int]:
    with files.database.read() as session:
        assert recounting.recount(session) == []
        found = get(session, files.campaign_id).counts
    return {status: count for status, count in found.items() if count}


def test_an_opted_out_persons_row_is_imported_as_skipped_and_says_why(files: Files) -> None:
    opt_out(files, "4420000001", "4420000002")
    opt_out(files, "4420000003", bot="other")
    done = files.take(HEADER + rows(0, 5) + "+524420000002,another variant\n")
    assert (done.rows, done.imported, done.duplicates, done.invalid) == (6, 5, 1, 0)
    found = {r.phone_key[-1]: (r.status, r.error_code) for r in files.recipients()}
    assert found == {
        "0": ("pending", None),
        "1": ("skipped", "opted_out"),
        "2": ("skipped", "opted_out"),
        "3": ("pending", None),
        "4": ("pending", None),
    }
    assert counts(files) == {"pending": 3, "skipped": 2, "total": 5}


def test_a_person_of_an_earlier_file_is_counted_once(files: Files) -> None:
    opt_out(files, "4420000001")
    files.take(HEADER + rows(0, 2))
    assert files.take(HEADER + rows(1, 2)).imported == 1
    assert counts(files) == {"pending": 2, "skipped": 1, "total": 3}


def test_a_file_that_is_taken_out_again_takes_its_skipped_rows_along(files: Files) -> None:
    opt_out(files, *(f"442{n:07d}" for n in range(0, 60, 2)))
    kept, wrong = files.take(HEADER + rows(0, 20)), files.take(HEADER + rows(20, 40))
    with files.database.write() as session:
        act = Act("ana", files.database.now(session))
        remove_import(session, files.campaign_id, wrong.id, act)
    sizes: list[int] = []
    while not sizes or sizes[-1]:
        with files.database.write() as session:
            sizes.append(undo_some(session, wrong.id, files.database.now(session), 7))
    assert sum(sizes) == 40
    assert max(sizes) <= 7
    assert Counter(r.import_id for r in files.recipients()) == {kept.id: 20}
    assert counts(files) == {"pending": 10, "skipped": 10, "total": 20}
