"""Whatever happens in whatever order, spending never passes the limit, and its figures are its attempts'."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.sending.slice import Departure, Slice
from tests.support.spender import CODES, Spender, clear, table
from tests.support.tables import make_tables

KINDS = sorted(CODES)
STATUSES = ("submitted", "delivered", "read", "rejected", "undeliverable")
STEPS = (
    *("claim",) * 4,
    *("answer",) * 4,
    *("receive",) * 4,
    "repeat_answer",
    "lose_workers",
    "resolve",
    "retry",
    "raise_limit",
    "resume",
    "wait",
    "switch",
)
FREE, CHEAP, DEAR = 0, 20_000, 50_000

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "10"))
"""`make fuzz` takes more"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    if request.param == "postgresql":
        database = open_database(request.getfixturevalue("lasting_postgres_database")())
    else:
        folder: Path = tmp_path_factory.mktemp("spending")
        database = open_database(f"sqlite:///{folder}/db.sqlite")
    make_tables(database)
    yield database
    database.dispose()


class Chance:
    """Everything that may happen to a campaign, one thing after the other, chosen by a seed."""

    def __init__(self, spender: Spender, random: Random) -> None:
        self.spender = spender
        self.random = random
        self.answered: list[tuple[OutcomeKind, Departure]] = []

    def step(self, what: str) -> None:
        getattr(self, what)()

    def claim(self) -> None:
        self.spender.claim(self.random.randint(1, 5))

    def answer(self) -> None:
        some = [one for one in self.spender.open if self.random.random() < 0.6]
        kind = self.random.choice(KINDS)
        self.spender.answer(kind, some)
        self.answered += [(kind, one) for one in some]

    def repeat_answer(self) -> None:
        """The answer to a commit was lost; or another outcome is told of an attempt that was given up."""
        if self.answered:
            kind, one = self.random.choice(self.answered)
            kind = self.random.choice([kind, *KINDS])
            self.spender.answer(kind, [one], again=True)

    def receive(self) -> None:
        attempts = self.spender.attempts()
        if attempts:
            one = self.random.choice(attempts)
            code = self.random.choice(["1330", "1000", "1022"])
            for _ in range(self.random.randint(1, 2)):
                status = self.random.choice(STATUSES)
                self.spender.receive(status, one.recipient_id, one.number, code)

    def lose_workers(self) -> None:
        self.spender.lose_workers()

    def resolve(self) -> None:
        attempts = self.spender.attempts()
        if attempts:
            self.spender.resolve(
                self.random.choice(attempts).recipient_id, self.random.choice([*DoubtVerdict])
            )

    def retry(self) -> None:
        self.spender.act("retry_failed")
        self.spender.follow()

    def raise_limit(self) -> None:
        limit = self.spender.campaign().spend_limit
        if limit is not None and self.random.random() < 0.3 and self.may_change():
            self.spender.change(spend_limit=limit + self.random.choice([1, CHEAP, DEAR]))

    def switch(self) -> None:
        if self.may_change():
            self.spender.change(on_spend_limit=self.random.choice(["pause", "skip"]))

    def may_change(self) -> bool:
        return self.spender.campaign().status not in ("completed", "cancelled")

    def resume(self) -> None:
        self.spender.act("resume")

    def wait(self) -> None:
        self.spender.make_due()
        self.spender.follow()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    steps=st.lists(st.sampled_from(STEPS), min_size=20, max_size=50),
    people=st.lists(st.sampled_from(["MX", "CO", "ES"]), min_size=1, max_size=8),
    limit=st.integers(0, 300_000),
    mode=st.sampled_from(["pause", "skip"]),
)
def test_spending_never_passes_the_limit_whatever_happens(
    lasting: Database, seed: int, steps: list[str], people: list[str], limit: int, mode: str
) -> None:
    clear(lasting)
    spender = Spender(lasting, table(MX=CHEAP, CO=DEAR, US=FREE)).begin(people, limit, on_spend_limit=mode)
    chance = Chance(spender, Random(seed))
    for what in steps:
        before = sum(spender.spent())
        chance.step(what)
        campaign = spender.campaign()
        assert campaign.spend_limit is not None
        assert min(spender.spent()) >= 0
        assert sum(spender.spent()) <= campaign.spend_limit, what
        assert what == "claim" or sum(spender.spent()) <= before, what
        spender.must_add_up()


@settings(
    max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), number=st.integers(1, 8), limit=st.integers(0, 200_000))
def test_whoever_is_refused_makes_room_for_another_until_the_limit_is_used_up(
    lasting: Database, seed: int, number: int, limit: int
) -> None:
    clear(lasting)
    for mode in ("pause", "skip"):
        random = Random(seed)
        spender = Spender(lasting, table(MX=CHEAP)).begin(["MX"] * number, limit, on_spend_limit=mode)
        kinds = [OutcomeKind.ACCEPTED, OutcomeKind.RECIPIENT_REFUSED, OutcomeKind.THROTTLED]
        for _ in range(100):
            if not isinstance(spender.claim(random.randint(1, 4)), Slice):
                spender.answer(random.choice(kinds), spender.open[:1])
                spender.follow()
                spender.make_due()
            if spender.campaign().status != "running" and not spender.open:
                break
        statuses = spender.statuses()
        sent, refused = statuses.get("sent", 0), statuses.get("failed", 0)
        assert sent == min(limit // CHEAP, number - refused)
        left = number - sent - refused
        assert statuses.get("pending" if mode == "pause" else "skipped", 0) == left
        assert spender.spent() == (sent * CHEAP, 0)
        clear(lasting)
