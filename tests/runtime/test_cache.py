"""An answer is asked for once, and kept until its time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from outbound_campaigns.runtime.cache import AnswerCache
from tests.support.data_folder import Clock


class Oracle:
    """Answers with the number of the question; each is good for ten seconds of the clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked = 0

    def __call__(self) -> tuple[int, float]:
        self.asked += 1
        return self.asked, self.clock() + 10


def test_an_answer_is_kept_until_its_time_and_asked_again_then() -> None:
    clock = Clock()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)
    assert [kept.get("a", oracle) for _ in range(3)] == [1, 1, 1]
    clock.time += 9.9
    assert kept.get("a", oracle) == 1
    clock.time += 0.1
    assert kept.get("a", oracle) == 2


def test_one_asks_again_and_the_others_go_on_with_the_last_answer_for_a_while() -> None:
    clock = Clock()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)
    assert kept.peek("a", grace=2) is None
    kept.get("a", oracle)
    clock.time += 10
    assert [kept.peek("a", grace=2) for _ in range(3)] == [None, 1, 1]
    assert kept.peek("a") is None
    clock.time += 1.9
    assert kept.peek("a", grace=2) == 1
    clock.time += 0.1
    assert [kept.peek("a", grace=2) for _ in range(2)] == [None, None]
    kept.get("a", oracle)
    assert kept.peek("a", grace=2) == 2


def test_each_key_has_its_own_answer() -> None:
    clock = Clock()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)
    assert [kept.get(key, oracle) for key in "abab"] == [1, 2, 1, 2]


def test_of_too_many_answers_the_one_longest_unused_goes() -> None:
    clock = Clock()
    kept, oracle = AnswerCache[int](clock, 2), Oracle(clock)
    assert [kept.get(key, oracle) for key in "abacab"] == [1, 2, 1, 3, 1, 4]


def test_threads_that_want_the_same_wait_for_one_answer() -> None:
    clock, let_go = Clock(), threading.Event()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)

    def slow() -> tuple[int, float]:
        let_go.wait()
        return oracle()

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(kept.get, "a", slow) for _ in range(8)]
        others = threads.submit(kept.get, "b", slow)
        let_go.set()
        assert {answer.result() for answer in waiting} | {others.result()} == {1, 2}
    assert oracle.asked == 2


def test_one_key_does_not_wait_for_another() -> None:
    clock, let_go, begun = Clock(), threading.Event(), threading.Event()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)

    def slow() -> tuple[int, float]:
        begun.set()
        let_go.wait()
        return oracle()

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(kept.get, "a", slow)
        begun.wait()
        assert kept.get("b", oracle) == 1
        let_go.set()
        assert waiting.result() == 2


def test_an_error_is_not_kept() -> None:
    clock = Clock()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)

    def broken() -> tuple[int, float]:
        raise OSError

    with pytest.raises(OSError):
        kept.get("a", broken)
    assert kept.get("a", oracle) == 1


def test_who_does_not_want_to_wait_gets_what_is_known_and_good() -> None:
    clock = Clock()
    kept, oracle = AnswerCache[int](clock, 10), Oracle(clock)
    assert kept.peek("a") is None
    assert kept.get("a", oracle) == kept.peek("a") == 1
    clock.time += 10
    assert kept.peek("a") is None
    assert oracle.asked == 1
