"""Every answer is one that the service's own OpenAPI document knows."""

from tests.support.running import Running
from tests.whole.service.openapi import SHORT_PHASES, judge


def test_the_service_is_what_its_openapi_says(sqlite_service: Running) -> None:
    judgement = judge(sqlite_service, 10, SHORT_PHASES)
    assert judgement.passed, judgement.said
    assert judgement.broken == []
    assert judgement.cases > 500
