"""What people write is attributed to the campaign it answers, and whoever asks for it is opted out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.database.models import Attempt
from outbound_campaigns.incoming.replies.stop_words import STOP_LABELS
from tests.incoming.replies.conftest import TWO, Desk
from tests.support.reply_bodies import ANA, EVA, EVERY_SHAPE, HIDDEN, button, context, posted, text
from tests.support.site import BOT, OTHER_BOT, body

NOBODY = {"replied": 0, "buttons": 0, "opted_out": 0}


def age(desk: Desk, campaign_id: int, days: float) -> None:
    """Let a campaign's messages have left so long ago."""
    with desk.site.database.write() as session:
        for attempt in session.execute(sa.select(Attempt)).scalars():
            if attempt.sent_at:
                attempt.sent_at -= timedelta(days=days)
    assert campaign_id


def test_answers_are_counted_once_for_each_recipient(desk: Desk) -> None:
    campaign_id = desk.sent()
    assert desk.replies(campaign_id) == NOBODY
    desk.receive(
        text("hola", ANA, "in-1"), text("y otra cosa", ANA, "in-2"), button("Sí", "YES", ANA, "in-3")
    )
    desk.receive(posted(EVA, "in-4", message_type="reply", reply={"id": "x", "title": "9am"}))
    assert desk.replies(campaign_id) == {"replied": 1, "buttons": 2, "opted_out": 0}
    assert desk.opted_out() == []


def test_who_answered_is_found_and_their_story_tells_it(desk: Desk) -> None:
    campaign_id = desk.sent()
    desk.receive(text("hola", ANA, "in-1"), button("Sí", "YES", EVA, "in-2"), text("BAJA", EVA, "in-3"))

    def those(reply: str) -> list[str]:
        found = body(desk.site.get(f"/campaigns/{campaign_id}/recipients?reply={reply}"))["recipients"]
        return [recipient["phone_number"] for recipient in found]

    ana, eva = f"+{ANA}", f"+{EVA}"
    assert [those(reply) for reply in ("replied", "button", "opted_out")] == [[ana], [eva], [eva]]
    assert those("any") == [ana, eva]
    assert those("any&status=read") == []
    found = body(desk.site.get(f"/campaigns/{campaign_id}/recipients?q={EVA}"))["recipients"]
    story = body(desk.site.get(f"/campaigns/{campaign_id}/recipients/{found[0]['id']}"))
    assert [reply["kind"] for reply in story["replies"]] == ["button", "opted_out"]


def test_the_message_that_an_answer_names_goes_before_a_later_one(desk: Desk) -> None:
    first, second = desk.sent("ours-1"), desk.sent("ours-2")
    desk.receive(text("hola", uuid="in-1", **context("ours-1-0")))
    assert (desk.replies(first)["replied"], desk.replies(second)["replied"]) == (1, 0)
    # One that names what we do not know, or somebody else's, answers the latest.
    desk.receive(text("hola", uuid="in-2", **context("unknown")))
    desk.receive(text("hola", EVA, "in-3", **context("ours-1-0")))
    assert (desk.replies(first)["replied"], desk.replies(second)["replied"]) == (1, 2)


def test_any_variant_of_a_number_is_the_same_person(desk: Desk) -> None:
    campaign_id = desk.sent()
    desk.receive(text("BAJA", "524422591631"))
    assert desk.replies(campaign_id)["opted_out"] == 1
    assert desk.opted_out() == [("+524422591631", "word", "BAJA")]


@pytest.mark.parametrize(
    ("days", "setting", "counted"), [(6.9, 7, 1), (7.1, 7, 0), (7.1, 8, 1), (0.6, 0.5, 0)]
)
def test_an_answer_long_after_the_message_is_no_answer_to_it_unless_it_names_it(
    desk: Desk, days: float, setting: float, counted: int
) -> None:
    campaign_id = desk.sent()
    desk.site.data.write("bots/demo-bot/config/outbound-campaigns.json", {"replyDays": setting})
    age(desk, campaign_id, days)
    desk.receive(text("hola"))
    assert desk.replies(campaign_id)["replied"] == counted
    desk.receive(text("hola", uuid="in-2", **context("ours-1-0")))
    assert desk.replies(campaign_id)["replied"] == 1


def test_a_bots_messages_are_answered_to_that_bot_only(desk: Desk) -> None:
    campaign_id = desk.sent()
    desk.receive(text("BAJA"), bot=OTHER_BOT)
    assert desk.replies(campaign_id) == NOBODY
    later = desk.site.filled(TWO)
    assert desk.statuses(later) == ["pending", "pending"]


@pytest.mark.parametrize(
    ("message", "listed"),
    [
        (text(" ¡Bája! "), ("word", "BAJA")),
        (text("no molestar"), ("word", "NO MOLESTAR")),
        (button("No recibir más", "STOP_c42"), ("button", "STOP_")),
        (button("Alto", {"flow": 1}), ("button", "ALTO")),
        (button("No", "cancelar"), ("button", "CANCELAR")),
        (posted(message_type="reply", reply={"id": "STOP_1", "title": "No más"}), ("button", "STOP_")),
    ],
)
def test_a_word_or_a_button_opts_the_person_out_of_all_campaigns(
    desk: Desk, message: bytes, listed: tuple[str, str]
) -> None:
    campaign_id, later = desk.sent(), desk.site.started(TWO)
    desk.receive(message)
    assert desk.opted_out() == [("+5214422591631", *listed)]
    assert desk.statuses(later) == ["skipped", "pending"]
    assert desk.replies(campaign_id) == {"replied": 0, "buttons": 0, "opted_out": 1}
    with desk.site.database.read() as session:
        assert recounting.recount(session) == []


@pytest.mark.parametrize(
    "message",
    [text("Quiero la baja"), button("Sí", "NO_STOP_"), text("STOP_1"), text("BAJA " * 200), text("")],
)
def test_what_is_more_than_a_word_opts_nobody_out(desk: Desk, message: bytes) -> None:
    desk.receive(message)
    assert desk.opted_out() == []


@pytest.mark.parametrize("label", STOP_LABELS)
def test_a_tap_on_a_button_to_stop_opts_out_whatever_words_the_bot_has(desk: Desk, label: str) -> None:
    desk.site.data.write("bots/demo-bot/config/outbound-campaigns.json", {"optOutWords": ["Fuera"]})
    desk.receive(button(f"{label.upper()}.", "p1", ANA, "in-1"), button("Sí", label, EVA, "in-2"))
    assert desk.opted_out() == [(f"+{ANA}", "button", label), (f"+{EVA}", "button", label)]
    desk.receive(text(label, "5214425551234", "in-3"))
    assert len(desk.opted_out()) == 2


def test_who_hides_their_number_is_found_by_the_message_that_they_answer(desk: Desk) -> None:
    earlier, campaign_id, later = desk.sent("ours-1"), desk.sent("ours-2"), desk.site.started(TWO)
    sender = {"sender": {"user_id": HIDDEN, "username": "@ana"}}
    for uuid in ("ours-1-1", "ours-2-1"):
        desk.receive(text("Baja", None, f"in-{uuid}", whatsapp=sender, **context(uuid)))
    assert desk.opted_out() == [(f"+{EVA}", "word", "BAJA")]
    assert desk.statuses(later) == ["pending", "skipped"]
    assert [desk.replies(id_)["opted_out"] for id_ in (earlier, campaign_id)] == [1, 1]


@pytest.mark.parametrize("named", [{}, context("unknown"), context("theirs-1-1")])
def test_who_asks_for_no_more_and_can_not_be_found_is_listed_by_their_id(
    desk: Desk, named: dict[str, Any]
) -> None:
    desk.sent()
    desk.receive(text("BAJA", None, whatsapp={"sender": {"user_id": HIDDEN}}, **named))
    (listed,) = body(desk.site.get("/opt-outs"))["opt_outs"]
    assert (listed["phone_number"], listed["user_id"], listed["source"]) == (None, HIDDEN, "word")
    assert desk.site.ask("DELETE", f"/opt-outs/{listed['id']}").status_code == 204


def test_a_bots_own_words_take_the_place_of_ours(desk: Desk) -> None:
    desk.site.data.write("bots/demo-bot/config/outbound-campaigns.json", {"optOutWords": ["Fuera"]})
    desk.receive(text("baja", uuid="in-1"), text("FUERA", EVA, "in-2"))
    assert desk.opted_out() == [(f"+{EVA}", "word", "Fuera")]


def test_who_asks_for_no_more_is_heard_though_the_bots_files_are_broken(desk: Desk) -> None:
    desk.post(text("BAJA"))
    desk.site.data.write("bots/demo-bot/bot.config.json", "{ broken")
    desk.answering.apply()
    assert [one[0] for one in desk.opted_out()] == [f"+{ANA}"]


def test_an_opt_out_counts_at_once_while_botpresss_files_are_away(desk: Desk) -> None:
    desk.post(text("BAJA"))
    workspaces = desk.site.data.path / "global/workspaces.json"
    workspaces.rename(workspaces.with_suffix(".away"))
    desk.answering.apply()
    assert len(desk.opted_out()) == 1


def test_a_message_that_vonage_posts_again_counts_once_and_is_forwarded_once(desk: Desk) -> None:
    campaign_id = desk.sent()
    desk.receive(text("hola"), text("hola"))
    desk.receive(text("hola"))
    assert [row.state for row in desk.kept()] == ["applied", "repeated", "repeated"]
    desk.answering.forward()
    assert desk.messaging.texts() == ["hola"]
    assert desk.replies(campaign_id)["replied"] == 1
    assert [row.raw for row in desk.kept()] == [None] * 3


@pytest.mark.parametrize("shape", EVERY_SHAPE)
def test_every_shape_is_taken_looked_at_and_forwarded(desk: Desk, shape: str) -> None:
    campaign_id = desk.sent()
    raw = EVERY_SHAPE[shape]
    desk.receive(raw)
    (row,) = desk.kept()
    assert (row.state, row.forward) == ("applied", "waiting")
    assert row.kind == (
        "button" if shape in ("button", "flow", "reply", "button_alone", "reply_alone") else "replied"
    )
    known = b"5214422591631" in raw
    assert sum(desk.replies(campaign_id).values()) == known
    assert row.person == ("524422591631" if known else HIDDEN if HIDDEN.encode() in raw else "")
    assert desk.opted_out() == []
    desk.answering.forward()
    assert [body for _, body in desk.messaging.taken] == [raw]


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff", b"[1]", b"{", b"[" * 90_000, b'{"status":"read","channel":"whatsapp"}']
)
def test_what_no_message_can_be_made_of_is_forwarded_all_the_same(desk: Desk, raw: bytes) -> None:
    desk.messaging.status = 200
    desk.receive(raw)
    assert [(row.state, row.raw, row.kind) for row in desk.kept()] == [("unreadable", raw, None)]
    desk.answering.forward()
    assert [body for _, body in desk.messaging.taken] == [raw]
    assert desk.kept()[0].raw is None


def unreadable(desk: Desk, bot: str) -> None:
    """The bot's settings are a file that no file system reads, not even for root."""
    file = settings_of(desk, bot)
    file.unlink(missing_ok=True)
    file.symlink_to(file)


def settings_of(desk: Desk, bot: str) -> Path:
    return desk.site.data.write(f"bots/{bot}/config/outbound-campaigns.json", {"optOutWords": ["ya no"]})


def test_a_bot_whose_files_can_not_be_read_holds_up_nobody_s_opt_out(desk: Desk) -> None:
    desk.sent()
    desk.post(text("BAJA", EVA, "o-1"), bot=OTHER_BOT)
    unreadable(desk, OTHER_BOT)
    desk.receive(text("BAJA", ANA, "in-1"))
    assert {number for number, _, _ in desk.opted_out()} == {f"+{ANA}", f"+{EVA}"}


def test_a_bot_s_own_words_still_count_when_its_files_can_no_longer_be_read(desk: Desk) -> None:
    settings_of(desk, BOT)
    answering = desk.answering
    desk.post(text("hola", ANA, "in-1"))
    answering.apply()
    desk.post(text("ya no", ANA, "in-2"))
    unreadable(desk, BOT)
    answering.apply()
    assert [word for _, _, word in desk.opted_out()] == ["ya no"]
