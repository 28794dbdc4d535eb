"""Many threads share a commit; each returns only when its own item is committed, or told that it is not."""

import threading
from collections.abc import Sequence

import pytest

from outbound_campaigns.database.group_commit import GroupCommit


def in_threads(count: int, work: object) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_every_item_is_committed_once_and_before_its_thread_goes_on() -> None:
    written: list[int] = []
    sizes: list[int] = []
    committed: set[int] = set()

    def write(items: Sequence[int]) -> None:
        sizes.append(len(items))
        written.extend(items)
        committed.update(items)

    commits = GroupCommit(write, most=7)
    missing: list[int] = []

    def put(start: int) -> None:
        for number in range(start * 100, start * 100 + 100):
            commits.put(number)
            if number not in committed:
                missing.append(number)

    in_threads(16, put)
    assert sorted(written) == list(range(1600))
    assert missing == []
    assert max(sizes) <= 7


def test_those_who_wait_during_a_commit_share_the_next() -> None:
    sizes: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def write(items: Sequence[int]) -> None:
        sizes.append(len(items))
        begun.set()
        assert go_on.wait(30)

    commits = GroupCommit(write)
    first = threading.Thread(target=commits.put, args=(0,))
    first.start()
    assert begun.wait(30)
    others = [threading.Thread(target=commits.put, args=(number,)) for number in range(1, 9)]
    for thread in others:
        thread.start()
    while len(commits._waiting) < 8:
        pass
    go_on.set()
    for thread in (first, *others):
        thread.join(30)
    assert sizes == [1, 8]


def test_a_commit_that_fails_is_told_to_all_of_its_batch_and_to_no_other() -> None:
    def write(items: Sequence[int]) -> None:
        if any(number % 2 for number in items):
            raise OSError("disk full")

    commits = GroupCommit(write, most=1)
    failed: list[int] = []

    def put(number: int) -> None:
        try:
            commits.put(number)
        except OSError:
            failed.append(number)

    in_threads(20, put)
    assert sorted(failed) == list(range(1, 20, 2))
    with pytest.raises(OSError, match="disk full"):
        commits.put(1)
    commits.put(2)
