"""Every answer is one that the service's own OpenAPI document knows."""

from tests.service.openapi import judge
from tests.service.running import Running


def test_the_service_is_what_its_openapi_says(sqlite_service: Running) -> None:
    judgement = judge(sqlite_service, 5)
    assert judgement.passed, judgement.said
    assert judgement.broken == []
    assert judgement.cases > 500
