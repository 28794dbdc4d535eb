"""What Botpress needs of the channel is checked beside what we need, in both of its versions."""

import pytest

from bot_config.accounts import read_account
from bot_config.botpress_channel import channel_warnings, messaging_path
from bot_config.lines import missing_lines
from tests.bot_config.conftest import Keys
from tests.support.data_folder import BASIC, DataFolder

NEW = {**BASIC, "signatureSecret": "s", "version": "1.0.0"}
PEM = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"
LEGACY = {**BASIC, "signatureSecret": "s", "applicationId": "id", "privateKey": PEM}
SETTINGS = "bots/demo-bot/config/outbound-campaigns.json"


def warned(folder: DataFolder, channel: object, **environ: str) -> list[str]:
    folder.add_channel(channel)
    return [warning.text("es") for warning in channel_warnings(folder.bots(environ).find("demo-bot"))]


@pytest.mark.parametrize("channel", [None, NEW, LEGACY, {"enabled": False}, NEW | {"enabled": True}])
def test_a_channel_that_botpress_uses_raises_no_warning(folder: DataFolder, channel: object) -> None:
    assert warned(folder, channel) == []


def test_keys_that_make_botpress_refuse_all_channels_are_warned_of(folder: DataFolder) -> None:
    (warning,) = warned(folder, {**NEW, "privateKey": "x", "from": "y"})
    assert "(from, privateKey)" in warning


def test_a_key_s_name_shows_no_variable(folder: DataFolder) -> None:
    channel = {**NEW, "privateKey": "x", "x%VONAGE_API_SECRET%": 1}
    (warning,) = warned(folder, channel, VONAGE_API_SECRET="hidden")
    assert "(privateKey, …)" in warning


@pytest.mark.parametrize(
    ("channel", "missing"),
    [
        ({**NEW, "signatureSecret": ""}, "signatureSecret"),
        ({"version": "1.0.0", "apiKey": "k"}, "apiSecret, signatureSecret"),
        (BASIC, "signatureSecret, applicationId, privateKey"),
        ({**LEGACY, "applicationId": None}, "applicationId"),
    ],
)
def test_what_botpress_lacks_in_the_channel_is_named(
    folder: DataFolder, channel: object, missing: str
) -> None:
    (warning,) = warned(folder, channel)
    assert f"sin {missing} en messaging.channels.vonage de data/bots/demo-bot/bot.config.json" in warning


def test_a_path_in_the_old_channel_breaks_botpresss_own_replies(folder: DataFolder) -> None:
    (warning,) = warned(folder, {**LEGACY, "privateKey": "private.key"})
    assert "el texto de la clave, no su ruta" in warning


@pytest.mark.parametrize(
    ("channel", "path"),
    [
        (NEW, "/api/v1/messaging/webhooks/v1/demo-bot/vonage"),
        (LEGACY, "/api/v1/messaging/webhooks/demo-bot/vonage/inbound"),
    ],
)
def test_botpress_takes_messages_where_the_channels_version_says(
    folder: DataFolder, channel: object, path: str
) -> None:
    folder.add_channel(channel)
    assert messaging_path(folder.bots().find("demo-bot")) == path


def lines(folder: DataFolder, channel: object, settings: object | None = None) -> dict[str, str]:
    folder.add_channel(channel)
    if settings is not None:
        folder.write(SETTINGS, settings)
    found = missing_lines(read_account(folder.bots(), "demo-bot"))
    return {one.file: " ".join(one.text.split()) for one in found}


OURS, CHANNEL = f"data/{SETTINGS}", "data/bots/demo-bot/bot.config.json"
SENDER = {"senderNumber": "5215550001111"}


def test_a_complete_bot_needs_no_lines(folder: DataFolder) -> None:
    assert lines(folder, NEW, SENDER) == {}


def test_where_only_the_number_is_missing_only_that_is_to_be_added(folder: DataFolder) -> None:
    assert lines(folder, NEW) == {OURS: '{ "senderNumber": "5215550001111" }'}


def test_without_a_channel_one_is_drawn_that_botpress_takes(folder: DataFolder) -> None:
    (text,) = lines(folder, None, SENDER).values()
    assert text == (
        '{ "messaging": { "channels": { "vonage": { "version": "1.0.0", "enabled": true, "apiKey": "…", '
        '"apiSecret": "…", "signatureSecret": "…" } } } }'
    )


@pytest.mark.parametrize(
    ("channel", "added"),
    [
        ({**NEW, "apiSecret": ""}, '"apiSecret": "…"'),
        ({**NEW, "enabled": False}, '"enabled": true'),
        ({"version": "1.0.0"}, '"apiKey": "…", "apiSecret": "…", "signatureSecret": "…"'),
        ({**LEGACY, "applicationId": ""}, '"applicationId": "…"'),
        (
            {**LEGACY, "privateKey": "private.key"},
            '"privateKey": "-----BEGIN PRIVATE KEY-----\\n…\\n-----END PRIVATE KEY-----\\n"',
        ),
    ],
)
def test_only_keys_that_the_channels_version_takes_are_added_to_it(
    folder: DataFolder, keys: Keys, channel: object, added: str
) -> None:
    folder.write("private.key", keys.pkcs8)
    found = lines(folder, channel, SENDER)
    assert added in found[CHANNEL]
    assert ("applicationId" in found[CHANNEL]) == ("applicationId" in added)


def test_a_keys_path_belongs_into_our_own_settings(folder: DataFolder) -> None:
    channel = {"version": "1.0.0", "apiKey": "k", "signatureSecret": "s"}
    found = lines(folder, channel, SENDER | {"applicationId": "id"})
    assert found[OURS] == '{ "privateKey": "private.key" }'
    assert "privateKey" not in found[CHANNEL]
