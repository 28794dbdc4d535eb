"""The secret and the transport of Botpress's tokens, as its own configuration says."""

import json

import pytest

from bot_config.bots import Bots
from bot_config.problems import BotConfigBroken
from bot_config.server import BotpressServer, read_server
from tests.support.data_folder import DataFolder


def bots(folder: DataFolder, config: object, **environ: str) -> Bots:
    folder.write("global/botpress.config.json", config)
    return folder.bots(environ)


def test_the_file_names_the_secret_and_the_transport(folder: DataFolder) -> None:
    config = {"appSecret": "s3cret", "jwtToken": {"duration": "1h", "useCookieStorage": True}}
    assert read_server(bots(folder, config)) == BotpressServer("s3cret", uses_cookies=True)


def test_a_secret_of_the_environment_goes_before_the_files(folder: DataFolder) -> None:
    assert read_server(bots(folder, {"appSecret": "file"}), "environment").app_secret == "environment"


def test_the_secret_of_older_versions_is_taken_when_there_is_no_newer(folder: DataFolder) -> None:
    assert read_server(bots(folder, {"jwtSecret": "old"})).app_secret == "old"
    assert read_server(bots(folder, {"jwtSecret": "old", "appSecret": "new"})).app_secret == "new"


def test_a_secret_may_come_from_a_variable(folder: DataFolder) -> None:
    assert read_server(bots(folder, {"appSecret": "%SECRET%"}, SECRET="filled")).app_secret == "filled"


@pytest.mark.parametrize("secret", ["%SECRET%", "pre-%SECRET%-post", "", None, 7, ["x"]])
def test_a_secret_that_anybody_could_know_is_not_known(folder: DataFolder, secret: object) -> None:
    assert read_server(bots(folder, {"appSecret": secret})).app_secret is None


def test_a_literal_secret_stays_when_another_variable_is_missing(folder: DataFolder) -> None:
    assert read_server(bots(folder, {"appSecret": "a%b%c%", "x": "%OTHER%"}, b="-")).app_secret == "a-c%"


def test_without_the_file_only_a_given_secret_is_known(folder: DataFolder) -> None:
    assert read_server(folder.bots()) == BotpressServer(None, uses_cookies=False)
    assert read_server(folder.bots(), "given") == BotpressServer("given", uses_cookies=False)


@pytest.mark.parametrize(
    ("given", "cookies"),
    [(True, True), ("true", True), ("YES", True), (1, True), (False, False), ("false", False), (None, False)],
)
def test_the_flag_is_read_as_botpress_reads_it(folder: DataFolder, given: object, cookies: bool) -> None:
    assert read_server(bots(folder, {"jwtToken": {"useCookieStorage": given}})).uses_cookies is cookies


@pytest.mark.parametrize(("given", "cookies"), [("true", True), ("false", False), (" TRUE\r", True)])
def test_what_overrides_botpresss_file_in_its_environment_overrides_it_here(
    folder: DataFolder, given: str, cookies: bool
) -> None:
    config = {"appSecret": "file", "jwtToken": {"useCookieStorage": not cookies}}
    environ = {"BP_CONFIG_JWTTOKEN_USECOOKIESTORAGE": given, "BP_CONFIG_JWTSECRET": "unused"}
    assert read_server(bots(folder, config, **environ)) == BotpressServer("file", uses_cookies=cookies)
    assert read_server(folder.bots(environ)).app_secret == "file"


def test_an_odd_token_section_means_headers(folder: DataFolder) -> None:
    assert read_server(bots(folder, {"jwtToken": ["useCookieStorage"]})).uses_cookies is False


def test_a_change_of_the_file_is_seen(folder: DataFolder) -> None:
    found = bots(folder, {"appSecret": "one"})
    assert read_server(found).app_secret == "one"
    folder.write("global/botpress.config.json", {"appSecret": "another"})
    assert read_server(found).app_secret == "another"


@pytest.mark.parametrize("config", ["[]", '"text"', '{"appSecret": "s3cret",'])
def test_a_broken_file_is_refused_without_its_content(folder: DataFolder, config: str) -> None:
    with pytest.raises(BotConfigBroken) as refused:
        read_server(bots(folder, config))
    assert refused.value.problem.text("en").startswith("data/global/botpress.config.json")
    assert "s3cret" not in refused.value.problem.text("en")


def test_a_secret_is_never_shown(folder: DataFolder) -> None:
    server = read_server(bots(folder, json.dumps({"appSecret": "s3cret"})))
    assert "s3cret" not in repr(server)
