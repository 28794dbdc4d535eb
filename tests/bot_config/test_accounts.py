"""All that sending for a bot needs to know."""

import pytest

from bot_config.accounts import Account, read_account
from bot_config.problems import BotNotFound
from tests.bot_config.conftest import Keys
from tests.support.data_folder import BASIC, DataFolder

SETTINGS = "bots/demo-bot/config/outbound-campaigns.json"


def _codes(account: Account) -> tuple[list[str], list[str]]:
    return [problem.code for problem in account.obstacles], [warning.code for warning in account.warnings]


def test_an_account_holds_credentials_and_settings(folder: DataFolder) -> None:
    folder.add_channel({**BASIC, "signatureSecret": "s", "version": "1.0.0"})
    folder.write(SETTINGS, {"senderNumber": "+52 1 442 259 1631", "messagesPerSecond": 5})
    account = read_account(folder.bots(), "demo-bot")
    assert account.credentials
    assert account.credentials.api_key == "abcd1234"
    assert (account.settings.sender_number, account.settings.messages_per_second) == ("5214422591631", 5)
    assert _codes(account) == ([], [])


def test_an_account_without_credentials_says_why(folder: DataFolder) -> None:
    folder.add_bot()
    account = read_account(folder.bots(), "demo-bot")
    assert account.credentials is None
    assert _codes(account) == (["vonage.channel_missing", "settings.sender_missing"], [])


def test_a_wrong_sender_number_is_not_reported_as_missing_too(folder: DataFolder) -> None:
    folder.add_channel({**BASIC, "signatureSecret": "s", "version": "1.0.0", "from": "x"})
    folder.write(SETTINGS, {"senderNumber": "x"})
    found = _codes(read_account(folder.bots(), "demo-bot"))
    assert found == (["settings.senderNumber"], ["vonage.extra_keys"])


def test_a_disabled_bot_can_not_send(folder: DataFolder) -> None:
    folder.add_bot("demo-bot", disabled=True, messaging={"channels": {"vonage": BASIC}})
    folder.write(SETTINGS, {"senderNumber": "5215550001111"})
    assert _codes(read_account(folder.bots(), "demo-bot"))[0] == ["bot.disabled"]


def test_a_replaced_key_file_counts_at_the_next_call(folder: DataFolder, keys: Keys) -> None:
    folder.add_channel({"apiKey": "k", "applicationId": "id", "privateKey": "private.key"})
    bots = folder.bots()
    for key in (keys.pkcs8, keys.other):
        folder.write("private.key", key)
        credentials = read_account(bots, "demo-bot").credentials
        assert credentials
        assert credentials.private_key == key


def test_an_unknown_bot_has_no_account(folder: DataFolder) -> None:
    folder.add_bot()
    with pytest.raises(BotNotFound):
        read_account(folder.bots(), "other-bot")
