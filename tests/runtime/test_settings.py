"""Every setting is read, checked and named in its refusal."""

from pathlib import Path

import pytest

from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.runtime.settings import SETTINGS, Setting, Settings

HERE = Path("/srv/campaigns")

WRONG = {
    "OUTBOUND_METRICS_TOKEN": "short",
    "BOTPRESS_URL": "botpress.example.com",
    "BP_CONFIG_APPSECRET": "half-a-character-\udce9",
    "EXTERNAL_URL": "https://?bots",
    "BOTPRESS_DATABASE_URL": "mysql://x/y",
    "OUTBOUND_DATABASE_URL": "sqlite://",
    "OUTBOUND_ENGINE": "turbo",
    "OUTBOUND_VONAGE_URL": "api.nexmo.com",
    "OUTBOUND_PORT": "70000",
    "OUTBOUND_CONNECT_TIMEOUT": "soon",
    "OUTBOUND_READ_TIMEOUT": "0",
    "OUTBOUND_MAX_IN_FLIGHT": "0",
    "OUTBOUND_MEDIA_MB": "0",
    "OUTBOUND_MAX_UPLOAD_MB": "-1",
    "OUTBOUND_START_GRACE": "-5",
    "OUTBOUND_WEB_PROCESSES": "0",
    "OUTBOUND_WEB_THREADS": "1000",
    "OUTBOUND_CLIENT_TIMEOUT": "0",
    "OUTBOUND_TRUSTED_PROXIES": "proxy.example.com",
    "OUTBOUND_BOT_VARIABLES": "*",
    "OUTBOUND_LOG": "xml",
}


def read(**environ: str) -> Settings:
    return Settings.from_environ(environ, HERE)


def test_blanks_and_carriage_returns_around_a_value_are_no_part_of_it() -> None:
    settings = read(
        EXTERNAL_URL=" https://bp.example.com\r",
        OUTBOUND_PORT="9000 ",
        OUTBOUND_HOST="\t0.0.0.0\r\n",
        BOTPRESS_URL=" \r",
    )
    assert (settings.external_url, settings.port) == ("https://bp.example.com", 9000)
    assert (settings.host, settings.botpress_url) == ("0.0.0.0", None)


def test_without_an_environment_the_defaults_hold() -> None:
    settings = read()
    assert settings.database_url == "sqlite:////srv/campaigns/instance/outbound_campaigns.sqlite"
    assert settings.botpress_data_dir == HERE / "data"
    assert (settings.vonage_url, settings.port) == ("https://api.nexmo.com", 8787)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.variable)
def test_a_wrong_value_is_named_with_what_is_expected(setting: Setting) -> None:
    wrong = WRONG.get(setting.variable)
    if wrong is None:
        assert setting.expected.en in ("a folder", "an address")
        return
    with pytest.raises(InvalidValue) as refused:
        read(**{setting.variable: wrong})
    for language in ("es", "en"):
        assert setting.variable in refused.value.text(language)
        assert (wrong in refused.value.text(language)) is not setting.secret


def test_a_password_in_a_wrong_url_is_not_repeated() -> None:
    with pytest.raises(InvalidValue) as refused:
        read(OUTBOUND_DATABASE_URL="mysql://ana:secreto@host/name")
    assert "secreto" not in str(refused.value)


def test_the_secret_of_tokens_is_not_shown() -> None:
    settings = read(BP_CONFIG_APPSECRET="secreto")
    assert settings.app_secret == "secreto"
    assert "secreto" not in repr(settings)


def test_a_url_is_taken_without_its_last_slash() -> None:
    settings = read(EXTERNAL_URL="https://bots.example.com/bp/", BOTPRESS_URL="http://127.0.0.1:3000/")
    assert settings.external_url == "https://bots.example.com/bp"
    assert settings.botpress_url == "http://127.0.0.1:3000"


def test_postgresql_gets_its_driver_and_keeps_its_password() -> None:
    url = read(OUTBOUND_DATABASE_URL="postgres://ana:secreto@host:5432/name").database_url
    assert url == "postgresql+psycopg://ana:secreto@host:5432/name"


def test_an_empty_variable_counts_as_not_given() -> None:
    assert read(OUTBOUND_PORT="").port == 8787


def test_a_relative_folder_is_taken_from_the_working_directory() -> None:
    assert read(BOTPRESS_DATA_DIR="../botpress/data").botpress_data_dir == Path("/srv/botpress/data")


def test_botpress_own_sqlite_file_is_refused() -> None:
    core = "sqlite:////opt/botpress/data/storage/core.sqlite"
    with pytest.raises(InvalidValue, match=r"core\.sqlite"):
        read(OUTBOUND_DATABASE_URL=core)
    assert read(BOTPRESS_DATABASE_URL=core).botpress_database_url == core
