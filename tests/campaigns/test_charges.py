"""What is told of an attempt commits or releases its price, once and for good, whoever tells it and when."""

import pytest

from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.domain.lifecycle import Charge
from outbound_campaigns.domain.outcome import CONSEQUENCES, OutcomeKind
from tests.support.spender import CODES, MEXICO, MakeSpender, table

ACCEPTED, IN_DOUBT, NOT_BEGUN = OutcomeKind.ACCEPTED, OutcomeKind.IN_DOUBT, OutcomeKind.NOT_BEGUN


def test_only_what_vonage_took_is_known_and_only_what_may_have_left_is_guessed() -> None:
    kept = {kind: one.charge for kind, one in CONSEQUENCES.items() if one.charge is not Charge.RELEASED}
    assert kept == {ACCEPTED: Charge.COMMITTED, IN_DOUBT: Charge.POSSIBLE}


@pytest.mark.parametrize("kind", sorted(CODES))
def test_a_claim_is_possible_until_its_answer_comes(make_spender: MakeSpender, kind: OutcomeKind) -> None:
    spender = make_spender(["MX", "CO"])
    spender.claim()
    assert spender.spent() == (0, 70_000)
    spender.answer(kind, spender.open)
    spent = {Charge.COMMITTED: (70_000, 0), Charge.POSSIBLE: (0, 70_000), Charge.RELEASED: (0, 0)}
    assert spender.spent() == spent[CONSEQUENCES[kind].charge]
    spender.must_add_up()


def test_a_price_is_that_of_the_claim_whatever_the_table_says_later(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "MX"])
    spender.claim(1)
    spender.prices = table(MX=90_000)
    spender.claim(1)
    spender.answer(ACCEPTED, spender.open)
    assert [one.price for one in spender.attempts()] == [MEXICO, 90_000]
    assert spender.spent() == (MEXICO + 90_000, 0)


def test_without_a_price_table_nothing_is_counted(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"], prices=None)
    spender.claim()
    spender.answer(ACCEPTED, spender.open)
    assert spender.spent() == (0, 0)
    assert [(one.price, one.charge) for one in spender.attempts()] == [(None, None)]


@pytest.mark.parametrize("status", ["rejected", "undeliverable"])
@pytest.mark.parametrize("kind", [ACCEPTED, IN_DOUBT])
def test_a_failure_that_a_receipt_tells_releases_nothing(
    make_spender: MakeSpender, kind: OutcomeKind, status: str
) -> None:
    spender = make_spender(["MX"])
    spender.claim()
    one = spender.open[0]
    spender.answer(kind, [one])
    before = spender.spent()
    spender.receive(status, one.recipient_id, 1)
    assert spender.spent() == before
    spender.receive("delivered", one.recipient_id, 1)
    assert spender.spent() == (MEXICO, 0)


@pytest.mark.parametrize("status", ["submitted", "delivered", "read"])
def test_a_receipt_commits_what_is_in_doubt_once(make_spender: MakeSpender, status: str) -> None:
    spender = make_spender(["MX", "MX"])
    spender.claim()
    spender.answer(IN_DOUBT, spender.open)
    for _ in range(2):
        spender.receive(status, spender.attempts()[0].recipient_id, 1)
    assert spender.spent() == (MEXICO, MEXICO)


def test_a_receipt_before_the_answer_commits_and_the_answer_adds_nothing(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"])
    spender.claim()
    spender.receive("delivered", spender.open[0].recipient_id, 1)
    assert spender.spent() == (MEXICO, 0)
    spender.answer(ACCEPTED, spender.open)
    assert spender.spent() == (MEXICO, 0)


def test_a_late_answer_settles_what_was_given_up(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "MX"])
    spender.claim()
    spender.lose_workers()
    assert spender.spent() == (0, 2 * MEXICO)
    accepted, handed_back = spender.open
    spender.answer(ACCEPTED, [accepted])
    spender.answer(NOT_BEGUN, [handed_back])
    assert spender.spent() == (MEXICO, 0)
    spender.must_add_up()


def test_a_second_attempt_is_a_second_possible_charge(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"])
    spender.claim()
    spender.answer(ACCEPTED, spender.open)
    spender.receive("rejected", spender.attempts()[0].recipient_id, 1, code="1000")
    spender.make_due()
    spender.claim()
    assert spender.spent() == (MEXICO, MEXICO)
    spender.receive("delivered", spender.attempts()[0].recipient_id, 1)
    assert spender.spent() == (MEXICO, MEXICO)
    spender.must_add_up()


@pytest.mark.parametrize(
    ("verdict", "spent"), [(DoubtVerdict.SENT, (MEXICO, 0)), (DoubtVerdict.NOT_SENT, (0, MEXICO))]
)
def test_an_operator_commits_what_went_out_and_can_release_nothing(
    make_spender: MakeSpender, verdict: DoubtVerdict, spent: tuple[int, int]
) -> None:
    spender = make_spender(["MX"])
    spender.claim()
    one = spender.open[0]
    spender.answer(IN_DOUBT, [one])
    spender.resolve(one.recipient_id, verdict)
    assert spender.spent() == spent


def test_the_answer_to_an_attempt_that_another_has_followed_settles_its_price(
    make_spender: MakeSpender,
) -> None:
    spender = make_spender(["MX"])
    spender.claim()
    first = spender.open[0]
    spender.lose_workers()
    spender.resolve(first.recipient_id, DoubtVerdict.NOT_SENT)
    spender.claim()
    assert spender.spent() == (0, 2 * MEXICO)
    spender.answer(NOT_BEGUN, [first])
    assert spender.spent() == (0, MEXICO)
    spender.must_add_up()


def test_what_was_released_stays_so_though_a_receipt_says_otherwise(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "MX"])
    spender.claim()
    refused, other = spender.open
    spender.answer(OutcomeKind.THROTTLED, [refused])
    spender.receive("delivered", refused.recipient_id, 1)
    assert spender.spent() == (0, MEXICO)
    spender.answer(ACCEPTED, [other])
    assert spender.spent() == (MEXICO, 0)
