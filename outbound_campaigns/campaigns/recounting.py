"""Compares the stored figures with the rows; there must be no difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.counting import (
    UNKNOWN_CODE,
    WITH_ERROR,
    shift_countries,
    shift_counts,
    shift_errors,
)
from outbound_campaigns.database.models import Attempt, Campaign, CountryCount, ErrorCount, Recipient
from outbound_campaigns.domain.countries import MEXICAN, country_of
from outbound_campaigns.domain.lifecycle import RecipientStatus


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of a campaign that does not match its rows.

    `status` is a recipient's (with a `code`, the figure counts that error); or one of CHARGES, in millionths;
    or one of COUNTRIES, with the country as its `code`.
    """

    campaign_id: int
    status: str
    kept: int
    counted: int
    code: str | None = None


CHARGES = ("committed", "possible")
COUNTRIES = ("recipients", "tried")


def recount(session: Session) -> list[Difference]:
    """Compare the stored figures of every campaign with its rows. Returns the differences."""
    return [
        *_recount_statuses(session),
        *_recount_errors(session),
        *_recount_spending(session),
        *_recount_countries(session),
    ]


def mend(session: Session, differences: Iterable[Difference]) -> None:
    """Fix wrong figures by adding the difference, which is right even while others keep counting."""
    differences = list(differences)
    ids = {difference.campaign_id for difference in differences}
    # Campaigns are locked in the order of ids, and before their rows, as everywhere.
    session.execute(
        sa.select(Campaign.id).where(Campaign.id.in_(ids)).order_by(Campaign.id).with_for_update()
    )
    for difference in differences:
        _shift(session, difference, difference.counted - difference.kept)


def _shift(session: Session, wrong: Difference, delta: int) -> None:
    if wrong.status in CHARGES:
        column = f"spend_{wrong.status}"
        campaign_rows.update(session, wrong.campaign_id, **{column: getattr(Campaign, column) + delta})
    elif wrong.code is None:
        shift_counts(session, wrong.campaign_id, {RecipientStatus(wrong.status): delta})
    elif wrong.status in COUNTRIES:
        shift_countries(session, wrong.campaign_id, **{wrong.status: {wrong.code: delta}})
    else:
        shift_errors(session, wrong.campaign_id, {(wrong.status, wrong.code): delta})


def _recount_statuses(session: Session) -> list[Difference]:
    """Return the differences in the counts by status; one statement reads both figures and rows."""
    kept = {status: getattr(Campaign, f"{status}_count") for status in RecipientStatus}
    query = (
        sa.select(Campaign.id, Recipient.status, sa.func.count(Recipient.id), *kept.values())
        .outerjoin(Recipient, Recipient.campaign_id == Campaign.id)
        .group_by(Campaign.id, Recipient.status, *kept.values())
    )
    rows: dict[int, Counter[str]] = {}
    counts: dict[int, Sequence[int]] = {}
    for campaign_id, status, count, *numbers in session.execute(query):
        rows.setdefault(campaign_id, Counter())[status] += count
        counts[campaign_id] = numbers
    return _differences(counts, rows, tuple(kept))


def _differences(
    kept: Mapping[int, Sequence[int]], counted: Mapping[int, Counter[str]], names: Sequence[str]
) -> list[Difference]:
    """Return where {campaign: a number for each name} does not match what its rows give."""
    return [
        Difference(campaign_id, name, number, counted[campaign_id][name])
        for campaign_id in sorted(kept)
        for name, number in zip(names, kept[campaign_id], strict=True)
        if number != counted[campaign_id][name]
    ]


def _recount_errors(session: Session) -> list[Difference]:
    """Return the differences in the counts of errors; one statement reads both figures and rows."""
    none = sa.literal(0)
    kept = sa.select(ErrorCount.campaign_id, ErrorCount.status, ErrorCount.code, ErrorCount.count, none)
    code = sa.func.coalesce(Recipient.error_code, sa.literal_column(f"'{UNKNOWN_CODE}'"))
    counted = (
        sa.select(Recipient.campaign_id, Recipient.status, code, none, sa.func.count())
        .where(Recipient.status.in_(WITH_ERROR))
        .group_by(Recipient.campaign_id, Recipient.status, code)
    )
    numbers: dict[tuple[int, str, str], Counter[str]] = {}
    for campaign_id, status, error, of_kept, of_rows in session.execute(sa.union_all(kept, counted)):
        both = numbers.setdefault((campaign_id, status, error), Counter())
        both["kept"] += of_kept
        both["rows"] += of_rows
    return [
        Difference(campaign_id, status, both["kept"], both["rows"], error)
        for (campaign_id, status, error), both in sorted(numbers.items())
        if both["kept"] != both["rows"]
    ]


def _recount_spending(session: Session) -> list[Difference]:
    """Return the differences in spending; one statement reads both figures and rows."""
    sums = (
        sa.select(Recipient.campaign_id, Attempt.charge, sa.func.sum(Attempt.price).label("sum"))
        .join(Attempt, Attempt.recipient_id == Recipient.id)
        .where(Attempt.charge.in_(CHARGES))
        .group_by(Recipient.campaign_id, Attempt.charge)
        .subquery()
    )
    query = sa.select(
        Campaign.id, Campaign.spend_committed, Campaign.spend_possible, sums.c.charge, sums.c.sum
    )
    counted: dict[int, Counter[str]] = {}
    kept: dict[int, Sequence[int]] = {}
    for campaign_id, *numbers, charge, total in session.execute(
        query.outerjoin(sums, sums.c.campaign_id == Campaign.id)
    ):
        counted.setdefault(campaign_id, Counter())[charge] += int(total or 0)
        kept[campaign_id] = numbers
    return _differences(kept, counted, CHARGES)


def _recount_countries(session: Session) -> list[Difference]:
    """Return the differences in the counts by country; one statement reads both figures and rows.

    Mexican numbers, which are the most, are read as one group; all others one by one.
    """
    none = sa.literal(0)
    counts = (CountryCount.recipients, CountryCount.tried)
    kept = sa.select(CountryCount.campaign_id, CountryCount.country, none.label("number"), *counts)
    is_mexican = Recipient.phone_number.startswith(MEXICAN)
    number = sa.case((is_mexican, MEXICAN), else_=Recipient.phone_number)
    tried = sa.func.sum(sa.case((Recipient.last_attempt > 0, 1), else_=0))
    counted = sa.select(Recipient.campaign_id, number, sa.literal(1), sa.func.count(), tried)
    numbers: dict[tuple[int, str], Counter[tuple[int, str]]] = {}
    both = sa.union_all(kept, counted.group_by(Recipient.campaign_id, number))
    for campaign_id, place, of_rows, *sums in session.execute(both):
        key = (campaign_id, country_of(place) if of_rows else place)
        found = numbers.setdefault(key, Counter())
        for name, value in zip(COUNTRIES, sums, strict=True):
            found[of_rows, name] += int(value)
    return [
        Difference(campaign_id, name, found[0, name], found[1, name], country)
        for (campaign_id, country), found in sorted(numbers.items())
        for name in COUNTRIES
        if found[0, name] != found[1, name]
    ]
