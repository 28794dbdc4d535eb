"""A receipt that says that the person wants no more messages opts them out, in all campaigns of the bot."""

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.database.models import OptOut
from tests.support.outcomes import ACCEPTED
from tests.support.receipt_bodies import failed
from tests.support.sent import MakeSent, Sent


def listed(sent: Sent) -> list[tuple[str, str, str | None, str | None]]:
    with sent.database.read() as session:
        rows = session.execute(sa.select(OptOut).order_by(OptOut.id)).scalars()
        return [(row.phone_key, row.source, row.detail, row.who) for row in rows]


@pytest.mark.parametrize("code", ["1240", "131050"])
def test_a_code_that_says_so_opts_the_person_out_once(make_sent: MakeSent, code: str) -> None:
    sent, later = make_sent(2, ACCEPTED), make_sent(2)
    receipt = failed(code, sent.ref())
    sent.receive(receipt, receipt, failed("1330", sent.ref(1)))
    assert listed(sent) == [(sent.row().phone_key, "code", code, None)]
    assert [(row.status, row.error_code) for row in sent.rows()] == [("failed", code), ("failed", "1330")]
    assert [row.status for row in later.rows()] == ["skipped", "pending"]
    with sent.database.read() as session:
        assert recounting.recount(session) == []


def test_a_receipt_that_still_waits_after_a_crash_says_it_again(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    with sent.database.write() as session:
        session.execute(sa.text("ALTER TABLE outbound_error_counts RENAME TO gone"))
    with pytest.raises(sa.exc.DBAPIError):
        sent.receive(failed("1240", sent.ref()))
    assert sent.kept()[0].state == "waiting"
    assert len(listed(sent)) == 1
    with sent.database.write() as session:
        session.execute(sa.text("ALTER TABLE gone RENAME TO outbound_error_counts"))
    sent.receive()
    assert sent.kept()[0].state == "applied"
    assert len(listed(sent)) == 1


def test_a_failure_of_a_text_that_is_not_ours_opts_nobody_out(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed("1240", "abc-9-1"))
    assert listed(sent) == []
