"""Lists are read page by page, each campaign's rows by whom one looks for."""

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows, editing
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Attempt, Import, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.request import (
    CampaignNotFound,
    ImportNotFound,
    RecipientNotFound,
    SearchRefused,
)
from outbound_campaigns.reports import pages
from outbound_campaigns.reports.pages import PhoneQuery, phone_query
from tests.support.campaigns import MakeCampaign


def create(database: Database, name: str, bot_id: str = "bot") -> int:
    with database.write() as session:
        return campaign_rows.create(session, NewCampaign(bot_id, name, "promo"), database.now(session)).id


def add_import(database: Database, campaign_id: int, status: str = "completed") -> int:
    with database.write() as session:
        now = database.now(session)
        added = Import(
            campaign_id=campaign_id, file_name="a.csv", path="x", size=1, created_at=now, status=status
        )
        session.add(added)
        session.flush()
        return added.id


def names(database: Database, **how: object) -> list[str]:
    with database.read() as session:
        return [c.name for c in pages.campaigns_page(session, "bot", **how)]  # type: ignore[arg-type]


def test_a_bots_campaigns_come_newest_first_in_pages(database: Database) -> None:
    ids = [create(database, f"c{n}") for n in range(5)]
    create(database, "another's", bot_id="other")
    assert names(database, limit=2) == ["c4", "c3"]
    assert names(database, limit=2, before=ids[3]) == ["c2", "c1"]
    assert names(database, limit=2, before=ids[1]) == ["c0"]


def test_campaigns_are_found_by_status_and_by_part_of_the_name(database: Database) -> None:
    for name in ("Año nuevo", "ANTES DEL AÑO 100% gratis", "Navidad_2026", "Navidad 2026"):
        create(database, name)
    assert names(database, q="navidad_") == ["Navidad_2026"]
    assert names(database, q="0% G") == ["ANTES DEL AÑO 100% gratis"]
    assert names(database, status="running") == []
    assert len(names(database, status="draft", q="a")) == 4


def test_the_case_of_a_letter_with_an_accent_does_not_matter(database: Database) -> None:
    create(database, "Feliz AÑO")
    with database.read() as session:
        if session.execute(sa.text("SELECT lower('Ñ')")).scalar_one() != "ñ":
            pytest.skip("this server's locale knows no such letters")
    assert names(database, q="año") == ["Feliz AÑO"]


def test_a_hidden_campaign_is_in_no_list_and_not_found(database: Database) -> None:
    hidden = create(database, "hidden")
    with database.write() as session:
        editing.delete(session, hidden, Act("ana", database.now(session)))
    assert names(database) == []
    with database.read() as session, pytest.raises(CampaignNotFound):
        campaign_rows.get_of_bot(session, "bot", hidden)


def test_a_bot_finds_its_own_campaigns_only(database: Database) -> None:
    own = create(database, "own")
    with database.write() as session:
        assert campaign_rows.get_of_bot(session, "bot", own, lock=True).name == "own"
        for bot_id, campaign_id in (("other", own), ("bot", own + 1)):
            with pytest.raises(CampaignNotFound, match=str(campaign_id)):
                campaign_rows.get_of_bot(session, bot_id, campaign_id)


def found(database: Database, campaign_id: int, **how: object) -> list[str]:
    with database.read() as session:
        page = pages.recipients_page(session, campaign_id, **how)  # type: ignore[arg-type]
        return [recipient.phone_number for recipient in page]


def test_recipients_come_in_the_order_of_the_file_in_pages(
    database: Database, make_campaign: MakeCampaign
) -> None:
    make_campaign(3)
    campaign_id = make_campaign(5)
    assert found(database, campaign_id, limit=2) == ["+5214420000000", "+5214420000001"]
    with database.read() as session:
        second = pages.recipients_page(session, campaign_id)[1].id
    assert len(found(database, campaign_id, after=second)) == 3
    assert len(found(database, campaign_id, status="pending")) == 5
    assert found(database, campaign_id, status="failed") == []


@pytest.mark.parametrize(
    "text", ["4420000012", "+52 1 442 000 0012", "'442-000-0012", "0012", "00 0012", "20000012"]
)
def test_a_recipient_is_found_by_number_in_any_spelling_or_by_its_end(
    database: Database, make_campaign: MakeCampaign, text: str
) -> None:
    campaign_id = make_campaign(20)
    assert found(database, campaign_id, q=phone_query(text, "MX", True)) == ["+5214420000012"]


def test_a_number_that_can_be_read_is_looked_for_by_its_person() -> None:
    assert phone_query("044 442 259 1631", "MX", True) == PhoneQuery(key="524422591631")
    assert phone_query("+34 612 34 56 78", "MX", True) == PhoneQuery(key="34612345678")
    assert phone_query("1631", "MX", True) == PhoneQuery(last_digits="1631")
    assert phone_query("«1631» %", "MX", True) == PhoneQuery(last_digits="1631")


@pytest.mark.parametrize("text", ["", "163", "Juan", "1631x", "%%%%", "١٦٣١"])
def test_what_is_no_number_is_refused_in_words(text: str) -> None:
    with pytest.raises(SearchRefused) as refused:
        phone_query(text, "MX", True)
    assert "cuatro" in refused.value.text("es")
    assert len(str(refused.value.values["value"])) <= 40


def test_events_and_imports_come_newest_first(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(1, running=True)
    first, second = (add_import(database, campaign_id) for _ in range(2))
    add_import(database, campaign_id, "removed")
    with database.read() as session:
        events = pages.events_page(session, campaign_id)
        assert [event.what for event in events] == ["start", "create"]
        older = pages.events_page(session, campaign_id, before=events[0].id, limit=5)
        assert [event.what for event in older] == ["create"]
        assert [i.id for i in pages.imports_page(session, campaign_id)] == [second, first]
        assert [i.id for i in pages.imports_page(session, campaign_id, before=second)] == [first]


def test_attempts_come_in_their_order(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(1)
    with database.write() as session:
        (recipient,) = pages.recipients_page(session, campaign_id)
        now = database.now(session)
        session.add_all(Attempt(recipient_id=recipient.id, number=n, claimed_at=now) for n in (2, 1))
    with database.read() as session:
        assert [a.number for a in pages.attempts_of(session, recipient.id)] == [1, 2]


def test_rows_of_another_campaign_are_not_found(database: Database, make_campaign: MakeCampaign) -> None:
    own, other = make_campaign(1), make_campaign(1)
    kept, removed = add_import(database, own), add_import(database, own, "removed")
    with database.read() as session:
        recipient = session.execute(sa.select(Recipient.id).where(Recipient.campaign_id == own)).scalar_one()
        assert campaign_rows.recipient_of(session, own, recipient).id == recipient
        assert campaign_rows.import_of(session, own, kept).id == kept
        for campaign_id, recipient_id in ((other, recipient), (own, 999)):
            with pytest.raises(RecipientNotFound, match=str(recipient_id)):
                campaign_rows.recipient_of(session, campaign_id, recipient_id)
        for campaign_id, import_id in ((other, kept), (own, 999), (own, removed)):
            with pytest.raises(ImportNotFound, match=str(import_id)):
                campaign_rows.import_of(session, campaign_id, import_id)
