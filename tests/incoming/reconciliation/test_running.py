"""A pass through Vonage's records settles what is in doubt by what they say, and nothing by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Receipt, Recipient, Reconciliation
from outbound_campaigns.domain.refusals.state import (
    IllegalMove,
    NothingNotFound,
    NothingToReconcile,
    ReconciliationUnderWay,
)
from outbound_campaigns.incoming import receipts, reconciliation
from outbound_campaigns.incoming.reconciliation import TakenByAnother
from outbound_campaigns.incoming.reconciliation.running import MOST_TRIES, ROWS_IN_A_STEP
from outbound_campaigns.reports import pages
from outbound_campaigns.vonage.records import VonageRecords
from tests.support.lost import AT_ONCE, LATER, LOST, Lost, MakeLost, credentials, post
from tests.support.outcomes import ACCEPTED, end_with
from tests.support.simulator_process import RunningSimulator


def change(account_simulator: RunningSimulator, **settings: Any) -> None:
    requests.post(f"{account_simulator.url}/_simulator/reports", json=settings, timeout=10).raise_for_status()


def test_what_vonage_has_is_sent_and_what_it_does_not_know_is_shown_as_not_found(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(3)
    lost.reach(0, 2)
    done = lost.reconcile(records)
    assert lost.statuses() == ["delivered", "in_doubt", "delivered"]
    assert lost.rows()[1].error_code == "not_found_at_vonage"
    assert (done.status, done.rows, done.asked, done.found) == ("completed", 3, 3, 2)
    assert (done.not_found, done.too_early, done.records) == (1, 0, 2)
    assert lost.rows()[0].message_uuid is not None


def test_a_record_tells_as_much_as_a_receipt_and_says_where_it_came_from(
    make_lost: MakeLost, records: VonageRecords, account_simulator: RunningSimulator
) -> None:
    lost = make_lost(1)
    account_simulator.courier.change({"on": True, "failed_share": 1.0, "read_share": 0})
    lost.reach(0)
    lost.reconcile(records)
    row = lost.rows()[0]
    assert row.status == "failed"
    assert row.error_code not in (None, "unknown")
    with lost.database.read() as session:
        (receipt,) = pages.receipts_of(session, row.id)
    assert (receipt.source, receipt.code) == ("report", row.error_code)


def test_before_the_stated_delay_a_missing_record_says_nothing(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(2)
    done = lost.reconcile(records, LATER)
    assert [row.error_code for row in lost.rows()] == ["connection_lost"] * 2
    assert (done.not_found, done.too_early) == (0, 2)


def test_a_record_that_comes_later_still_counts(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(1)
    lost.reconcile(records)
    lost.reach(0)
    lost.reconcile(records)
    assert lost.statuses() == ["delivered"]


def test_another_message_to_the_same_person_is_not_taken_for_ours(
    make_lost: MakeLost, records: VonageRecords, account_simulator: RunningSimulator
) -> None:
    lost = make_lost(1)
    number = lost.rows()[0].phone_number.lstrip("+")
    for ref in ("", "otra-cosa", f"zzzzzzzz-{lost.rows()[0].id}-1", lost.ref(0, attempt=2)):
        post(account_simulator, number, ref)
    done = lost.reconcile(records)
    assert lost.statuses() == ["in_doubt"]
    assert (done.not_found, done.records) == (1, 4)
    with lost.database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Receipt)).scalar_one() == 0


def test_a_person_whose_number_vonage_keeps_in_its_other_form_is_found(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(1)
    number = lost.rows()[0].phone_number.lstrip("+")
    assert number.startswith("521")
    lost.reach(0, to="52" + number[3:])
    lost.reconcile(records)
    assert lost.statuses() == ["delivered"]


def test_sending_again_what_is_not_found_is_one_deliberate_act(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(3)
    lost.reach(0)
    lost.reconcile(records)
    resend(lost)
    follow(lost)
    assert lost.statuses() == ["delivered", "pending", "pending"]
    assert lost.campaign().status == "running"
    with lost.database.read() as session:
        events = [(event.what, event.who) for event in pages.events_page(session, lost.campaign_id)][:2]
    assert events == [("reopen", "ana"), ("reconcile", "ana")]
    end_with(lost.database, lost.campaign_id, ACCEPTED)
    assert lost.statuses() == ["delivered", "sent", "sent"]
    assert lost.campaign().status == "completed"


def test_what_was_only_lost_is_not_sent_again_with_it(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(2)
    with pytest.raises(NothingNotFound):
        resend(lost)
    lost.reconcile(records, LATER)
    with pytest.raises(NothingNotFound):
        resend(lost)
    assert lost.statuses() == ["in_doubt"] * 2


def test_a_receipt_that_comes_before_its_row_is_sent_again_saves_it(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(2)
    lost.reconcile(records)
    resend(lost)
    lost.reach(0)
    with lost.database.write() as session:
        now = lost.database.now(session)
        body = f'{{"message_uuid": "u", "status": "delivered", "client_ref": "{lost.ref(0)}"}}'
        receipts.store(session, [("demo-bot", body)], now)
    lost.apply()
    follow(lost)
    assert lost.statuses() == ["delivered", "pending"]


def test_a_pass_during_a_resend_takes_nobody_out_of_it(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(2)
    lost.reconcile(records)
    resend(lost)
    assert lost.reconcile(records).not_found == 2
    follow(lost)
    assert lost.statuses() == ["pending"] * 2


def test_a_cancelled_campaign_sends_none_of_them_again(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(1)
    lost.reconcile(records)
    with lost.database.write() as session:
        campaign_rows.update(session, lost.campaign_id, status="cancelled")
    with pytest.raises(IllegalMove):
        resend(lost)


def resend(lost: Lost) -> None:
    with lost.database.write() as session:
        actions.resend_not_found(session, lost.campaign_id, Act("ana", lost.database.now(session)))


def follow(lost: Lost) -> None:
    moved = 1
    while moved:
        with lost.database.write() as session:
            moved = bulk_moves.resend_some(session, lost.campaign_id, lost.database.now(session), 1)


def test_of_many_rows_each_is_asked_about_once(make_lost: MakeLost, records: VonageRecords) -> None:
    people = 2 * ROWS_IN_A_STEP + 3
    lost = make_lost(people)
    lost.reach(*range(0, people, 2))
    done = lost.reconcile(records)
    assert lost.statuses() == [("delivered", "in_doubt")[place % 2] for place in range(people)]
    assert (done.asked, done.found, done.records) == (people, people // 2 + 1, people // 2 + 1)


def test_a_pass_that_is_told_to_wait_goes_on_where_it_was(
    make_lost: MakeLost, records: VonageRecords, account_simulator: RunningSimulator
) -> None:
    lost = make_lost(2)
    lost.reach(0, 1)
    reconciliation_id = lost.request()
    change(account_simulator, throttled=1, retry_after=30)
    step = reconciliation.take(lost.database)
    assert step is not None
    reconciliation.run_step(lost.database, step, records, AT_ONCE, lambda: False)
    assert reconciliation.take(lost.database) is None
    put_off = lost.read(reconciliation_id)
    assert (put_off.status, put_off.tries) == ("running", 1)
    make_due(lost, reconciliation_id)
    step = reconciliation.take(lost.database)
    assert step is not None
    reconciliation.run_step(lost.database, step, records, AT_ONCE, lambda: False)
    lost.apply()
    assert lost.statuses() == ["delivered", "delivered"]


def test_a_vonage_that_never_answers_ends_the_pass_with_the_reason(
    make_lost: MakeLost, account_simulator: RunningSimulator, records: VonageRecords
) -> None:
    lost = make_lost(1)
    change(account_simulator, throttled=MOST_TRIES)
    reconciliation_id = lost.request()
    for _ in range(MOST_TRIES):
        step = reconciliation.take(lost.database)
        assert step is not None
        reconciliation.run_step(lost.database, step, records, AT_ONCE, lambda: False)
        make_due(lost, reconciliation_id)
    ended = lost.read(reconciliation_id)
    assert (ended.status, ended.error) == ("failed", {"code": "reports_unavailable", "reason": "HTTP 429"})
    assert lost.statuses() == ["in_doubt"]


def test_refused_credentials_end_it_at_once(make_lost: MakeLost, account_simulator: RunningSimulator) -> None:
    lost = make_lost(1)
    ended = lost.reconcile(VonageRecords(account_simulator.url, credentials("wrong")))
    assert (ended.status, ended.error) == ("failed", {"code": "reports_refused", "status": 401})
    assert lost.statuses() == ["in_doubt"]


def make_due(lost: Lost, reconciliation_id: int) -> None:
    with lost.database.write() as session:
        row = session.get_one(Reconciliation, reconciliation_id)
        row.try_at = lost.database.now(session)


def test_a_step_whose_worker_died_is_taken_by_another_and_the_first_keeps_nothing(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(1)
    lost.reach(0)
    reconciliation_id = lost.request()
    first = reconciliation.take(lost.database)
    assert first is not None
    assert reconciliation.take(lost.database) is None
    make_due(lost, reconciliation_id)
    second = reconciliation.take(lost.database)
    assert second is not None
    with pytest.raises(TakenByAnother):
        reconciliation.run_step(lost.database, first, records, AT_ONCE, lambda: False)
    lost.apply()
    assert lost.statuses() == ["in_doubt"]
    reconciliation.run_step(lost.database, second, records, AT_ONCE, lambda: False)
    lost.apply()
    assert lost.statuses() == ["delivered"]


def test_an_engine_that_is_told_to_stop_asks_no_more(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(2)
    lost.request()
    step = reconciliation.take(lost.database)
    assert step is not None
    reconciliation.run_step(lost.database, step, records, AT_ONCE, lambda: True)
    assert records.usage.questions == 0
    assert reconciliation.take(lost.database) is not None


def test_one_pass_at_a_time_and_none_without_doubt(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(1)
    lost.request()
    with pytest.raises(ReconciliationUnderWay):
        lost.request()
    sent = make_lost(1, ACCEPTED)
    with pytest.raises(NothingToReconcile):
        sent.request()
    sent.request(without_receipt=True)


def test_receipts_that_never_came_are_found_by_vonages_ids(
    make_lost: MakeLost, records: VonageRecords, account_simulator: RunningSimulator
) -> None:
    lost = make_lost(3, ACCEPTED)
    account_simulator.courier.change({"on": True, "failed_share": 0, "read_share": 1.0})
    for row in lost.rows()[:2]:
        took(
            lost,
            row.id,
            post(account_simulator, row.phone_number.lstrip("+"), f"{lost.campaign().ref}-{row.id}-1"),
        )
    done = lost.reconcile(records, without_receipt=True)
    assert sorted(lost.statuses()[:2]) == ["read", "read"]
    assert lost.statuses()[2] == "sent"
    assert (done.asked, done.found, done.not_found, done.questions) == (3, 2, 1, 1)


def test_what_was_sent_a_moment_ago_is_not_asked_about(make_lost: MakeLost, records: VonageRecords) -> None:
    lost = make_lost(3, ACCEPTED)
    done = lost.reconcile(records, LATER, without_receipt=True)
    assert (done.status, done.asked, done.questions) == ("completed", 0, 0)


def test_what_the_records_said_to_be_on_its_way_is_not_paid_for_twice_in_a_pass(
    make_lost: MakeLost, records: VonageRecords
) -> None:
    lost = make_lost(2, LOST)
    lost.reach(0, 1)
    reconciliation_id = lost.request(without_receipt=True)
    while (step := reconciliation.take(lost.database)) is not None:
        fresh = VonageRecords(records.url, records.credentials)
        reconciliation.run_step(lost.database, step, fresh, AT_ONCE, lambda: False)
        lost.apply()
    done = lost.read(reconciliation_id)
    assert (done.status, done.records) == ("completed", 2)


def took(lost: Lost, recipient_id: int, message_uuid: str) -> None:
    with lost.database.write() as session:
        row = session.get_one(Recipient, recipient_id)
        row.message_uuid = message_uuid
        row.sent_at = lost.database.now(session) - timedelta(minutes=1)
