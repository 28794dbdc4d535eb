"""The limit is held before rows leave; who finds no room waits with the campaign paused, or is skipped."""

import pytest

from outbound_campaigns.campaigns import bulk_moves, transitions
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.campaigns.spending import must_be_priced
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.domain.refusals.configuration import PricesMissing
from outbound_campaigns.sending.slice import Slice, Wait
from tests.support.spender import MEXICO, MakeSpender, Spender, table

ACCEPTED, REFUSED = OutcomeKind.ACCEPTED, OutcomeKind.RECIPIENT_REFUSED


def claimed(spender: Spender, most: int = 1000) -> int:
    """How many rows a claim gave."""
    found = spender.claim(most)
    return len(found.departures) if isinstance(found, Slice) else 0


def waits(spender: Spender) -> bool:
    """Return whether a claim gives nothing and a time to look again."""
    found = spender.claim()
    return isinstance(found, Wait) and found.until is not None


def test_rows_that_do_not_fit_are_as_if_never_taken_and_the_campaign_pauses_in_words(
    make_spender: MakeSpender,
) -> None:
    spender = make_spender(["MX"] * 5, 2 * MEXICO + 1)
    assert claimed(spender) == 2
    assert spender.statuses() == {"sending": 2, "pending": 3}
    assert [one.number for one in spender.attempts()] == [1, 1]
    spender.answer(ACCEPTED, spender.open)
    assert claimed(spender) == 0
    campaign = spender.campaign()
    assert (campaign.status, spender.statuses()) == ("paused", {"sent": 2, "pending": 3})
    assert campaign.status_reason == {
        "code": "spend_limit",
        "limit": 0.040001,
        "spent": 0.04,
        "possible": 0.0,
        "currency": "USD",
    }
    assert "0.04 spent" in reason_text(campaign.status_reason, "en")
    assert "límite de gasto, 0.040001 USD" in reason_text(campaign.status_reason, "es")
    spender.must_add_up()


def test_a_campaign_waits_for_answers_on_their_way_before_it_pauses(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 4, 2 * MEXICO)
    claimed(spender)
    assert waits(spender)
    assert spender.campaign().status == "running"
    spender.answer(REFUSED, spender.open[:1])
    assert claimed(spender) == 1
    spender.answer(ACCEPTED, spender.open)
    assert claimed(spender) == 0
    assert (spender.campaign().status, spender.statuses()) == (
        "paused",
        {"sent": 2, "failed": 1, "pending": 1},
    )


def test_what_is_in_doubt_takes_room(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 4, 2 * MEXICO)
    claimed(spender)
    spender.answer(OutcomeKind.IN_DOUBT, spender.open)
    claimed(spender)
    reason = spender.campaign().status_reason
    assert reason is not None
    assert (reason["spent"], reason["possible"]) == (0.0, 0.04)


def test_a_resume_goes_on_after_the_limit_was_raised_and_else_pauses_again_for_the_same_reason(
    make_spender: MakeSpender,
) -> None:
    spender = make_spender(["MX"] * 3, MEXICO)
    claimed(spender)
    spender.answer(ACCEPTED, spender.open)
    claimed(spender)
    spender.act("resume")
    assert claimed(spender) == 0
    assert [(why or {}).get("code") for why in spender.pauses()] == ["spend_limit"] * 2
    spender.change(spend_limit=2 * MEXICO)
    spender.act("resume")
    assert claimed(spender) == 1
    spender.change(spend_limit=None)
    assert claimed(spender) == 1


def test_a_cheaper_row_may_pass_one_that_does_not_fit(make_spender: MakeSpender) -> None:
    spender = make_spender(["CO", "MX", "CO", "MX"], 2 * MEXICO)
    assert claimed(spender) == 2
    assert spender.spent() == (0, 2 * MEXICO)
    assert spender.statuses() == {"sending": 2, "pending": 2}


def test_skipping_leaves_out_who_does_not_fit_once_no_answer_can_make_room(make_spender: MakeSpender) -> None:
    spender = make_spender(["CO", "MX", "MX"], 2 * MEXICO, on_spend_limit="skip")
    assert claimed(spender, 1) == 0
    assert spender.statuses() == {"skipped": 1, "pending": 2}
    assert claimed(spender) == 2
    spender.answer(ACCEPTED, spender.open)
    assert (spender.campaign().status, spender.statuses()) == ("completed", {"sent": 2, "skipped": 1})
    spender.must_add_up()


def test_skipping_waits_for_answers_that_may_make_room(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 3, MEXICO, on_spend_limit="skip")
    assert claimed(spender) == 1
    assert waits(spender)
    assert spender.statuses() == {"sending": 1, "pending": 2}
    spender.answer(REFUSED, spender.open)
    assert claimed(spender) == 1


def test_a_claim_that_sends_what_fits_skips_nobody_whom_its_answers_may_make_room_for(
    make_spender: MakeSpender,
) -> None:
    spender = make_spender(["MX"] * 2, MEXICO, on_spend_limit="skip")
    assert claimed(spender) == 1
    assert spender.statuses() == {"sending": 1, "pending": 1}


def test_when_not_even_the_cheapest_fits_the_engine_skips_all_that_is_pending_in_chunks(
    make_spender: MakeSpender,
) -> None:
    spender = make_spender(["MX"] * 9, 2 * MEXICO, on_spend_limit="skip")
    claimed(spender)
    spender.answer(ACCEPTED, spender.open)
    assert waits(spender)
    assert spender.campaign().limit_reached
    assert spender.statuses() == {"sent": 2, "pending": 7}
    assert waits(spender)
    spender.follow()
    campaign = spender.campaign()
    assert (campaign.status, campaign.limit_reached) == ("completed", False)
    assert spender.statuses() == {"sent": 2, "skipped": 7}
    spender.must_add_up()


def test_a_limit_raised_while_rows_are_being_skipped_spares_the_others(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 4, 2 * MEXICO, on_spend_limit="skip")
    claimed(spender)
    spender.answer(ACCEPTED, spender.open)
    claimed(spender)
    spender.change(spend_limit=4 * MEXICO)
    spender.follow()
    assert claimed(spender) == 2


def test_nobody_is_skipped_while_the_campaign_is_paused(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 3, MEXICO, on_spend_limit="skip")
    claimed(spender)
    spender.answer(ACCEPTED, spender.open)
    claimed(spender)
    spender.act("pause")
    spender.follow()
    assert spender.statuses() == {"sent": 1, "pending": 2}


def test_a_limit_of_zero_lets_through_what_costs_nothing(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "CO"], 0, prices=table(MX=0, CO=1))
    assert claimed(spender) == 1


def test_a_price_that_is_lost_pauses_a_campaign_with_a_limit(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "CO", "ES"], 1_000_000)
    claimed(spender)
    campaign = spender.campaign()
    assert (campaign.status, spender.statuses()) == ("paused", {"pending": 3})
    reason = {"code": "prices_missing", "category": "marketing", "countries": "ES"}
    assert campaign.status_reason == reason
    for language in ("es", "en"):
        assert "ES" in reason_text(reason, language)
        assert "config/outbound-campaigns.json" in reason_text(reason, language)
    spender.must_add_up()


def test_without_a_limit_who_has_no_price_is_sent_to(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "ES"])
    assert claimed(spender) == 2
    assert spender.spent() == (0, MEXICO)


@pytest.mark.parametrize(("limit", "people"), [(None, ["MX", "ES"]), (1, ["MX", "CO"])])
def test_a_campaign_needs_prices_only_with_a_limit(
    make_spender: MakeSpender, limit: int | None, people: list[str]
) -> None:
    spender = make_spender(people, limit)
    with spender.database.read() as session:
        must_be_priced(session, spender.campaign(), spender.prices)


def test_the_countries_without_a_price_are_named(make_spender: MakeSpender) -> None:
    spender = make_spender(["ES", "MX", "CO"], 1, template_category="utility")
    with spender.database.read() as session, pytest.raises(PricesMissing) as refused:
        must_be_priced(session, spender.campaign(), None)
    assert refused.value.values == {"category": "utility", "countries": "CO, ES, MX"}


def test_a_member_of_the_canary_that_the_limit_skips_is_replaced_once_the_limit_is_raised(
    make_spender: MakeSpender,
) -> None:
    spender = make_spender(["MX"] * 9, 3 * MEXICO, on_spend_limit="skip", canary_size=3)
    claimed(spender)
    members = [one.recipient_id for one in spender.open]
    spender.answer(ACCEPTED, spender.open)
    spender.receive("undeliverable", members[0], 1, "1000")
    spender.make_due()
    assert waits(spender)
    assert spender.campaign().limit_reached
    with spender.database.write() as session:
        now = spender.database.now(session)
        assert bulk_moves.skip_some(session, spender.campaign_id, now, 1) == 1
    assert spender.statuses() == {"sent": 2, "skipped": 1, "pending": 6}
    spender.change(spend_limit=9 * MEXICO)
    assert claimed(spender) == 1
    assert members[0] not in spender.campaign().canary_members
    spender.must_add_up()


def test_who_comes_back_after_the_end_is_held_against_the_limit_anew(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 4, 2 * MEXICO, on_spend_limit="skip")
    claimed(spender)
    spender.answer(OutcomeKind.IN_DOUBT, spender.open)
    doubtful = [one.recipient_id for one in spender.attempts()]
    assert waits(spender)
    with spender.database.write() as session:
        now = spender.database.now(session)
        assert bulk_moves.skip_some(session, spender.campaign_id, now, 500) == 2
    # Before the engine's next look an answer ends the campaign.
    assert claimed(spender) == 0
    with spender.database.write() as session:
        assert transitions.finish_if_done(session, spender.campaign_id, spender.database.now(session))
    assert not spender.campaign().limit_reached
    spender.resolve(doubtful[0], DoubtVerdict.NOT_SENT)
    assert (spender.campaign().status, spender.campaign().limit_reached) == ("running", False)
