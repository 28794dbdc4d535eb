"""Whatever is sent, nothing breaks, nothing of the inside is told, and nothing lies where it should not."""

import pytest

from tests.support.running import Running
from tests.whole.service.hostile import attack


@pytest.mark.parametrize("service", ["postgresql"], indirect=True)
def test_hostile_requests_are_refused_without_a_crash_or_a_word_of_the_inside(service: Running) -> None:
    done = attack(service, 1500, seed=7)
    assert done.wrong == []
    assert done.answers[0] < 150
    assert {200, 400, 401, 404, 405, 409, 413, 415, 422} & set(done.answers) >= {200, 400, 404, 405, 422}
