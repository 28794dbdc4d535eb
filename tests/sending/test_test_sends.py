"""A test message is claimed like any other: never for a person whose opt-out is committed."""

from __future__ import annotations

import threading

from bot_config.problems import SourceUnavailable
from bot_config.texts import problem
from outbound_campaigns.campaigns import campaign_rows, opt_outs
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import OptOutSource, TestSend
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.sending import test_sends
from outbound_campaigns.vonage.senders import Sender
from tests.support.senders import OneSender

NUMBER = PhoneNumber("+5214425550199", "524425550199")


def requested(database: Database, bot: str = "bot") -> int:
    with database.write() as session:
        now = database.now(session)
        campaign = campaign_rows.create(session, NewCampaign(bot, "Navidad", "promo"), now)
        custom = {"type": "template", "template": {"name": "promo"}}
        return test_sends.request(session, campaign, NUMBER, custom, Act("ana", now)).id


def opt_out(database: Database, waits: threading.Event | None = None) -> None:
    with database.write() as session:
        opt_outs.add(session, "bot", [NUMBER], Reason(OptOutSource.API), database.now(session))
        if waits is not None:
            waits.set()
            threading.Event().wait(0.3)


class OneOfThemUnreadable(OneSender):
    """Senders of which one bot's can't be read."""

    def sender(self, bot_id: str, number: str | None) -> Sender:
        if bot_id == "unreadable":
            raise SourceUnavailable(problem("file.unreadable", file="x", why="Permission denied"))
        return super().sender(bot_id, number)


def claim(database: Database) -> test_sends.ClaimedTest | None:
    return test_sends.claim(database, OneSender(), 35.0)


def assert_not_begun(database: Database, test_send_id: int) -> None:
    with database.read() as session:
        row = session.get_one(TestSend, test_send_id)
    assert (row.outcome, row.code, row.custom) == ("not_begun", "opted_out", None)
    assert claim(database) is None


def test_one_that_waits_is_claimed_once(database: Database) -> None:
    test_send_id = requested(database)
    claimed = claim(database)
    assert claimed is not None
    assert (claimed.id, claimed.message["to"]) == (test_send_id, "5214425550199")
    assert claim(database) is None


def test_a_bot_whose_files_can_not_be_read_holds_up_no_other_s_test(database: Database) -> None:
    unreadable, other = requested(database, "unreadable"), requested(database)
    claimed = test_sends.claim(database, OneOfThemUnreadable(), 35.0)
    assert claimed is not None
    assert claimed.id == other
    with database.read() as session:
        assert session.get_one(TestSend, unreadable).code == "file.unreadable"


def test_who_opts_out_before_the_engine_takes_it_gets_no_test(database: Database) -> None:
    test_send_id = requested(database)
    opt_out(database)
    assert claim(database) is None
    assert_not_begun(database, test_send_id)


def test_a_claim_that_comes_during_the_opt_out_waits_for_it(database: Database) -> None:
    test_send_id = requested(database)
    under_way = threading.Event()
    thread = threading.Thread(target=opt_out, args=(database, under_way))
    thread.start()
    assert under_way.wait(30)
    assert claim(database) is None
    thread.join(30)
    assert_not_begun(database, test_send_id)
