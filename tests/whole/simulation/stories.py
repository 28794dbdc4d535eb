"""Stories made up from a seed: every kind of fault, alone and together."""

import random

from tests.whole.simulation.judges import judge, judge_window
from tests.whole.simulation.story import Story
from tests.whole.simulation.world import Faults

OPERATORS = (
    (),
    (),
    ("pause", "resume"),
    ("pause", "cancel"),
    ("pause", "resume", "cancel"),
    ("pause", "resume", "retry_failed", "pause", "resume"),
)


def made_up(seed: int) -> Story:
    chance = random.Random(seed)
    pick = chance.choice
    faults = Faults(
        error_5xx=pick((0, 0.05, 0.3)),
        reset_after_accept=pick((0, 0.05, 0.2)),
        not_connected=pick((0, 0.1)),
        refused_number=pick((0, 0.05)),
        throttled=pick((0, 0.2)),
        account_trouble=pick((0, 0, 0.01)),
        die_at_step=pick((0, 0.01)),
        die_at_commit=pick((0, 0.03)),
        freeze=pick((0, 0.01)),
        database_away=pick((0, 0.05)),
    )
    return Story(
        seed,
        faults,
        recipients=pick((4, 6, 10)),
        workers=pick((1, 2, 2, 3)),
        batch_size=pick((1, 4, 50)),
        operator=pick(OPERATORS),
        lease_kept=chance.random() < 0.7,
        length=pick((3.0, 6.0)),
        outage=pick((None, (1.0, 3.0))),
        pays_for=pick((None, None, 0, 2, 5)),
        on_spend_limit=pick(("pause", "skip")),
        edits=pick((0, 0, 1, 3)),
    )


def play(seed: int) -> Story:
    """Tell the story of a seed and hold the promise against it. Raises AssertionError."""
    story = made_up(seed)
    story.tell()
    judge(story)
    if story.lease_kept:
        judge_window(story)
    return story
