"""The vonage channel as credentials, or all that is missing in it."""

from dataclasses import replace

import pytest

from bot_config.module_settings import ModuleSettings
from bot_config.vonage import VonageCredentials, read_credentials
from tests.bot_config.conftest import Keys
from tests.support.data_folder import BASIC, DataFolder


def _read(
    folder: DataFolder, channel: object, settings: ModuleSettings | None = None, **environ: str
) -> VonageCredentials | list[str]:
    folder.add_channel(channel)
    bot = folder.bots(environ).find("demo-bot")
    read = read_credentials(bot, settings or ModuleSettings(), folder.path)
    return read if isinstance(read, VonageCredentials) else [problem.code for problem in read]


def _credentials(
    folder: DataFolder, channel: object, settings: ModuleSettings | None = None, **environ: str
) -> VonageCredentials:
    read = _read(folder, channel, settings, **environ)
    assert isinstance(read, VonageCredentials), read
    return read


NEW = {
    "version": "1.0.0",
    "enabled": True,
    "apiKey": "abcd1234",
    "apiSecret": "basic-secret",
    "signatureSecret": "signature-secret",
    "useTestingApi": True,
}
PLAIN = VonageCredentials("abcd1234", "basic-secret", None, None, None, sandbox=False)


def test_the_channel_of_version_1_gives_basic_credentials(folder: DataFolder) -> None:
    expected = replace(PLAIN, signature_secret="signature-secret", sandbox=True)
    assert _credentials(folder, NEW) == expected
    assert not expected.uses_token


def test_the_channel_without_a_version_gives_an_application_and_its_key(
    folder: DataFolder, keys: Keys
) -> None:
    channel = {**NEW, "applicationId": "app-id", "privateKey": keys.pkcs1}
    del channel["version"]
    credentials = _credentials(folder, channel)
    assert (credentials.application_id, credentials.private_key) == ("app-id", keys.pkcs8)
    assert credentials.uses_token


def test_a_channel_with_the_path_of_a_key_needs_no_api_secret(folder: DataFolder, keys: Keys) -> None:
    folder.write("keys/private.key", keys.pkcs8)
    channel = {"enabled": True, "apiKey": "abcd1234", "applicationId": "id", "privateKey": "keys/private.key"}
    expected = VonageCredentials("abcd1234", None, "id", keys.pkcs8, None, sandbox=False)
    assert _credentials(folder, channel) == expected


def test_the_settings_go_before_the_channel(folder: DataFolder, keys: Keys) -> None:
    channel = {**BASIC, "applicationId": "of the channel", "privateKey": "missing.key"}
    settings = ModuleSettings(application_id="of the settings", private_key=keys.other)
    credentials = _credentials(folder, channel, settings)
    assert (credentials.application_id, credentials.private_key) == ("of the settings", keys.other)


@pytest.mark.parametrize("half", [{"applicationId": "id"}, {"privateKey": "missing.key"}])
def test_half_an_application_beside_an_api_secret_is_left_unused(
    folder: DataFolder, half: dict[str, str]
) -> None:
    assert _credentials(folder, {**BASIC, **half}) == PLAIN


def test_blanks_around_a_value_do_not_count(folder: DataFolder) -> None:
    channel = {"apiKey": " abcd1234\n", "apiSecret": "basic-secret ", "signatureSecret": "  "}
    assert _credentials(folder, channel) == PLAIN


def test_a_key_with_real_line_breaks_may_come_from_the_environment(folder: DataFolder, keys: Keys) -> None:
    channel = {**BASIC, "applicationId": "id", "privateKey": "%KEY%"}
    assert _credentials(folder, channel, KEY=keys.pkcs8).private_key == keys.pkcs8


@pytest.mark.parametrize(
    ("channel", "codes"),
    [
        (None, ["channel_missing"]),
        ("text", ["channel_missing"]),
        ({**BASIC, "enabled": False}, ["disabled"]),
        ({**BASIC, "enabled": "%OFF%"}, ["disabled"]),
        ({**BASIC, "enabled": 1}, ["not_flag"]),
        ({**BASIC, "useTestingApi": "perhaps"}, ["not_flag"]),
        ({**BASIC, "useTestingApi": "%NOBODY%"}, ["unset_variable"]),
        ({**BASIC, "apiKey": ""}, ["api_key_missing"]),
        ({**BASIC, "apiKey": 12345678}, ["not_text"]),
        ({**BASIC, "apiKey": "%NOBODY%"}, ["unset_variable"]),
        ({**BASIC, "signatureSecret": "%NOBODY%"}, ["unset_variable"]),
        ({**BASIC, "applicationId": "id", "privateKey": "%NOBODY%"}, ["unset_variable"]),
        ({}, ["api_key_missing", "no_authorization"]),
        ({"apiSecret": ["x"]}, ["not_text", "api_key_missing"]),
        ({"apiKey": "k", "applicationId": "id"}, ["private_key_missing"]),
        ({"apiKey": "k", "privateKey": "missing.key"}, ["application_id_missing"]),
    ],
)
def test_all_that_is_missing_or_wrong_is_reported(
    folder: DataFolder, channel: object, codes: list[str]
) -> None:
    assert _read(folder, channel, OFF="false") == [f"vonage.{code}" for code in codes]


def test_a_key_that_can_not_be_used_is_reported_even_beside_an_api_secret(folder: DataFolder) -> None:
    channel = {**BASIC, "applicationId": "id", "privateKey": "missing.key"}
    assert _read(folder, channel) == ["key.not_found"]


def test_a_problem_names_setting_file_and_variable(folder: DataFolder) -> None:
    folder.add_channel({**BASIC, "apiKey": "%VONAGE_KEY%"})
    read = read_credentials(folder.bots().find("demo-bot"), ModuleSettings(), folder.path)
    assert isinstance(read, list)
    for named in ("vonage.apiKey", "data/bots/demo-bot/bot.config.json", "VONAGE_KEY"):
        assert named in read[0].text("es")


def test_a_variable_that_is_not_set_does_not_matter_where_nobody_reads_it(folder: DataFolder) -> None:
    assert _credentials(folder, {**BASIC, "comment": "%NOBODY%"}) == PLAIN


def test_credentials_show_no_secret_when_printed(keys: Keys) -> None:
    shown = repr(
        VonageCredentials("abcd1234", "one-secret", "app-id", keys.pkcs8, "two-secret", sandbox=False)
    )
    assert "abcd1234" in shown
    assert not any(secret in shown for secret in ("one-secret", "two-secret", "PRIVATE KEY"))
