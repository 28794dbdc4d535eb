"""A report says in what share messages arrived, and what happened when, in few points."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Campaign, TimelineMinute
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.reports import campaign_report
from outbound_campaigns.reports.campaign_report import BUCKETS, MOST_POINTS, Point, Rates, rates_of
from tests.support.campaigns import MakeCampaign, set_rows

BEGIN = datetime(2026, 3, 1, 23, 57, tzinfo=UTC)


def add_minutes(database: Database, campaign_id: int, minutes: list[int]) -> None:
    with database.write() as session:
        rows = [{"campaign_id": campaign_id, "at": BEGIN + timedelta(minutes=m)} for m in minutes]
        values = {"sent": 4, "delivered": 3, "read": 2, "failed": 1}
        session.execute(sa.insert(TimelineMinute), [{**row, **values} for row in rows])


def points(database: Database, campaign_id: int) -> list[Point]:
    with database.read() as session:
        return list(campaign_report.report(session, campaign_id).timeline)


def counts(**given: int) -> dict[str, int]:
    return {**dict.fromkeys(RecipientStatus, 0), **given}


def test_rates_are_shares_of_what_left_and_reading_is_getting() -> None:
    assert rates_of(counts(sent=2, delivered=3, read=4, failed=1, pending=90)) == Rates(0.7, 0.4, 0.1)


def test_before_anything_left_all_rates_are_zero() -> None:
    assert rates_of(counts(pending=5, in_doubt=1)) == Rates(0.0, 0.0, 0.0)


def test_a_report_has_rates_and_errors_the_commonest_first(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(8, running=True)
    set_rows(database, campaign_id, "failed", 1, "http_422_to")
    set_rows(database, campaign_id, "failed", 2, "1300")
    set_rows(database, campaign_id, "in_doubt", 1, "timeout")
    set_rows(database, campaign_id, "sent", 1)
    with database.read() as session:
        report = campaign_report.report(session, campaign_id)
    assert report.rates == Rates(0.0, 0.0, 0.75)
    assert [(e.status, e.code, e.count) for e in report.errors] == [
        ("failed", "1300", 2),
        ("failed", "http_422_to", 1),
        ("in_doubt", "timeout", 1),
    ]


def test_a_campaign_without_sends_has_no_timeline(database: Database, make_campaign: MakeCampaign) -> None:
    assert points(database, make_campaign(1)) == []


def test_a_short_campaign_is_told_by_the_minute(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id, other = make_campaign(1), make_campaign(1)
    add_minutes(database, campaign_id, [5, 0])
    add_minutes(database, other, [1])
    assert points(database, campaign_id) == [
        Point(BEGIN, 4, 3, 2, 1),
        Point(BEGIN + timedelta(minutes=5), 4, 3, 2, 1),
    ]


def test_points_of_a_long_campaign_begin_on_round_times(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(1)
    add_minutes(database, campaign_id, [0, 1, 2, 3, 7, 500])
    assert [(point.at, point.sent, point.failed) for point in points(database, campaign_id)] == [
        (datetime(2026, 3, 1, 23, 55, tzinfo=UTC), 12, 3),
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), 8, 2),
        (datetime(2026, 3, 2, 8, 15, tzinfo=UTC), 4, 1),
    ]


@pytest.mark.parametrize("seconds", BUCKETS)
def test_there_are_few_points_however_long_it_lasts(
    database: Database, make_campaign: MakeCampaign, seconds: int
) -> None:
    campaign_id = make_campaign(1)
    span = seconds * (MOST_POINTS - 2) // 60
    minutes = sorted({*range(0, span, max(1, seconds // 120)), span})
    add_minutes(database, campaign_id, minutes)
    told = points(database, campaign_id)
    assert MOST_POINTS - 2 <= len(told) <= MOST_POINTS
    assert {(b.at - a.at).total_seconds() for a, b in pairwise(told)} == {float(seconds)}
    assert sum(point.sent for point in told) == 4 * len(minutes)


def test_beyond_that_a_point_is_a_day(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(1)
    add_minutes(database, campaign_id, [day * 24 * 60 for day in range(200)])
    assert len(points(database, campaign_id)) == 200


def test_the_pace_counts_messages_and_not_those_who_were_left_out() -> None:
    campaign = Campaign(started_at=BEGIN, finished_at=BEGIN + timedelta(seconds=10))
    for status in RecipientStatus:
        setattr(campaign, f"{status}_count", 0)
    campaign.sent_count, campaign.failed_count = 15, 5
    campaign.cancelled_count, campaign.skipped_count = 70_000, 3_000
    assert campaign_report.per_second(campaign, BEGIN) == 2.0


def test_a_campaign_of_an_instant_has_no_more_messages_a_second_than_messages() -> None:
    campaign = Campaign(started_at=BEGIN, finished_at=BEGIN + timedelta(milliseconds=2))
    for status in RecipientStatus:
        setattr(campaign, f"{status}_count", 0)
    campaign.sent_count = 3
    assert campaign_report.per_second(campaign, BEGIN) == 3.0
