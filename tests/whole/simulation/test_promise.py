"""Ways in which a campaign can go wrong, played; `python -m tests.whole.simulation` plays thousands."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.whole.simulation.judges import judge, judge_window
from tests.whole.simulation.stories import play
from tests.whole.simulation.story import Story, read_campaign
from tests.whole.simulation.world import Faults

AT_A_TIME = 25


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", range(0, 100, AT_A_TIME))
def test_nobody_is_messaged_twice_and_nobody_forgotten_whatever_happens(first: int) -> None:
    for seed in range(first, first + AT_A_TIME):
        play(seed)


def test_without_faults_everybody_is_sent_to_once() -> None:
    story = Story(1, Faults(), recipients=60, workers=1, batch_size=50)
    world = story.tell()
    judge(story)
    judge_window(story)
    assert Counter(len(times) for times in world.accepted.values()) == {1: 60}
    assert read_campaign(story.database, story.campaign_id).status == "completed"


def test_the_same_seed_tells_the_same_story() -> None:
    faults = Faults(error_5xx=0.2, die_at_step=0.01, freeze=0.01)
    told = [Story(7, faults).tell().accepted for _ in range(2)]
    assert told[0] == told[1]


def test_an_outage_puts_at_most_five_and_those_in_flight_in_doubt() -> None:
    story = Story(3, Faults(), recipients=200, workers=1, batch_size=10_000, outage=(1.0, 9.0))
    story.tell()
    judge(story)
    campaign = read_campaign(story.database, story.campaign_id)
    assert 0 < campaign.in_doubt_count <= 5 + 8
    assert campaign.sent_count == 200 - campaign.in_doubt_count


def test_two_workers_without_a_lease_never_send_one_row_twice() -> None:
    for seed in range(500, 512):
        story = Story(seed, Faults(reset_after_accept=0.1), workers=2, lease_kept=False)
        story.tell()
        judge(story)


def test_a_worker_from_which_another_takes_over_while_it_sends_sends_no_row_twice() -> None:
    for seed in range(800, 812):
        faults = Faults(take_over=0.3, reset_after_accept=0.1, freeze=0.01, throttled=0.1)
        story = Story(seed, faults, recipients=30, batch_size=50, lease_kept=False)
        story.tell()
        judge(story)


def test_batches_are_kept_through_crashes_and_take_overs() -> None:
    for seed in range(600, 615):
        story = Story(seed, Faults(die_at_commit=0.1, throttled=0.2), batch_size=3, batch_interval_ms=700)
        story.tell()
        judge(story)
        judge_window(story)


def test_a_canary_is_all_that_leaves_before_its_verdict_through_crashes_and_take_overs() -> None:
    faults = Faults(die_at_commit=0.1, die_at_step=0.01, throttled=0.2, not_connected=0.1, error_5xx=0.05)
    reached = []
    for seed in range(715, 727):
        story = Story(seed, faults, recipients=20, batch_size=3, canary_size=5, length=20.0)
        story.tell()
        judge(story)
        reached.append(story.reached_by_then)
        # Without receipts it fails after its wait, and an operator lets the others follow.
        assert ("pause", "canary_failed") in story.events()
    assert max(reached) == 5


def test_a_bot_that_loses_its_configuration_is_paused_with_the_reason() -> None:
    story = Story(11, Faults(), recipients=40, workers=1, unconfigured=(0.5, 60.0))
    story.tell()
    judge(story)
    events = story.events()
    assert ("pause", "configuration_missing") in events
    assert read_campaign(story.database, story.campaign_id).status == "completed"


def test_a_limit_is_used_up_to_its_last_message_and_never_passed() -> None:
    for seed in range(700, 712):
        faults = Faults(refused_number=0.2, throttled=0.2, not_connected=0.1, reset_after_accept=0.05)
        story = Story(seed, faults, recipients=20, pays_for=6, on_spend_limit="skip")
        story.tell()
        judge(story)
        campaign = read_campaign(story.database, story.campaign_id)
        assert campaign.status == "completed"
        assert campaign.sent_count + campaign.in_doubt_count == 6, seed
