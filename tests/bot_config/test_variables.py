"""Environment variables in bot.config.json, filled in as Botpress does."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot_config.accounts import read_account
from bot_config.json_files import parse, parse_filled
from bot_config.problems import BotConfigBroken
from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import bots_of
from tests.support.data_folder import DataFolder


def _filled(text: str, **variables: str) -> object:
    return parse_filled("data/file.json", text, variables).value


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ('"%X%"', "plain", "plain"),
        ('"a %X% b"', "plain", "a plain b"),
        ('"%X%"', '"quoted"', "quoted"),
        ('"%X%"', "12345678", "12345678"),
        ('"%X%"', "1e5", "1e5"),
        ('"%X%"', "a$$b$&c", "a$$b$&c"),
        ('"%X%"', r"line\nline", "line\nline"),
        ('"%X%"', "", ""),
        ("%X%", "12", 12),
        ("%X%", "true", True),
        ("%X%", '{"a": [1, 2]}', {"a": [1, 2]}),
        ("[%X%]", '"a", "b"', ["a", "b"]),
        ('"%X%"', "%Y%", "%Y%"),
    ],
)
def test_a_variable_takes_the_place_of_its_name(text: str, value: str, expected: object) -> None:
    assert _filled(text, X=value) == expected


@pytest.mark.parametrize("value", ["line\nline\n", 'a"b', r"a\cb", "tab\t", '"a\\nb"'])
def test_a_value_that_would_break_the_json_is_written_as_text(value: str) -> None:
    expected = "a\nb" if value.startswith('"') else value
    assert _filled('{"a": "%X%"}', X=value) == {"a": expected}


def test_lists_keep_their_place_beside_a_value_with_line_breaks() -> None:
    assert _filled('{"a": %LIST%, "b": "%PEM%"}', LIST="[1,\n2]", PEM="x\ny") == {"a": [1, 2], "b": "x\ny"}


def _is_structure(value: str) -> bool:
    try:
        return isinstance(json.loads(value), list | dict)
    except ValueError:
        return False


@settings(deadline=None)
@given(value=st.text().filter(lambda value: not _is_structure(value)))
def test_every_text_can_stand_between_quotes(value: str) -> None:
    filled = _filled('{"a": "%X%"}', X=value)
    assert isinstance(filled, dict)
    assert isinstance(filled["a"], str)


@settings(deadline=None)
@given(
    value=st.text(alphabet=st.characters(blacklist_characters='"\\'), min_size=1).map(
        lambda text: f"{text}\n"
    )
)
def test_a_value_with_line_breaks_arrives_as_it_is(value: str) -> None:
    assert _filled('"%X%"', X=value) == value


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, [False, True]),
        ({"BP_PRODUCTION": "true"}, [True, False]),
        ({"CLUSTER_ENABLED": "1"}, [True, False]),
        ({"BP_PRODUCTION": "false"}, [False, True]),
    ],
)
def test_production_is_told_by_botpress_own_variables(
    variables: dict[str, str], expected: list[bool]
) -> None:
    assert _filled('["$isProduction", "$isDevelopment"]', **variables) == expected


def test_a_variable_that_is_not_set_keeps_its_place_and_is_named() -> None:
    parsed = parse_filled("data/file.json", '["%X%", "%Y%"]', {"X": "set"})
    assert parsed.value == ["set", "%Y%"]
    assert parsed.unset == {"Y"}


def _problem(text: str, **variables: str) -> str:
    with pytest.raises(BotConfigBroken) as refused:
        _filled(text, **variables)
    return str(refused.value)


def test_broken_json_is_placed_by_line_and_column_of_the_file_itself() -> None:
    said = _problem('{\n  "a": "%X%", "b" 1\n}', X="a value much longer than its name")
    assert said == "file.broken_json: data/file.json is not valid JSON: fix line 2, column 19."


def test_a_value_that_breaks_the_json_is_told_by_its_variable() -> None:
    assert "(X)" in _problem('{"a": %X%}', X="no json")


def test_a_variable_that_is_not_set_where_no_text_can_stand_is_named() -> None:
    assert "may not use: Y." in _problem('{"a": %X%, "b": %Y%}', X="1")


def test_a_refusal_carries_nothing_of_the_file() -> None:
    with pytest.raises(BotConfigBroken) as refused:
        parse("data/file.json", '{"apiSecret": "hidden" oops}')
    assert refused.value.__context__ is None
    assert "hidden" not in refused.value.problem.text("es") + refused.value.problem.text("en")


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5_000])
def test_json_that_no_parser_takes_is_refused(text: str) -> None:
    with pytest.raises(BotConfigBroken, match="odd_json"):
        parse("data/file.json", text)


def test_a_bot_s_file_shows_only_variables_that_are_allowed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.add_bot(name="%VONAGE_NAME% %AWS_SECRET% %OUTBOUND_DATABASE_URL%")
    environ = {"VONAGE_NAME": "Ana", "AWS_SECRET": "hidden", "OUTBOUND_DATABASE_URL": "hidden"}
    for allowed in ("VONAGE_*", "VONAGE_NAME", "VONAGE_NAME,OUTBOUND_*"):
        settings = Settings.from_environ(
            {"OUTBOUND_BOT_VARIABLES": allowed, "BOTPRESS_DATA_DIR": str(tmp_path)}
        )
        bot = bots_of(settings, environ).find("demo-bot")
        assert bot.name == "Ana %AWS_SECRET% %OUTBOUND_DATABASE_URL%"
        assert bot.unset_variables == {"AWS_SECRET", "OUTBOUND_DATABASE_URL"}


@pytest.mark.parametrize("names", ["*", "A-B", "A,,B", "A *", "%A%"])
def test_the_list_of_allowed_variables_has_names(names: str) -> None:
    with pytest.raises(InvalidValue, match="OUTBOUND_BOT_VARIABLES"):
        Settings.from_environ({"OUTBOUND_BOT_VARIABLES": names})


def test_a_path_from_a_variable_is_not_shown(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    channel = {"apiKey": "abcd1234", "applicationId": "id", "privateKey": "keys/%VONAGE_SECRET%.pem"}
    folder.add_channel(channel)
    account = read_account(folder.bots({"VONAGE_SECRET": "hidden"}), "demo-bot")
    assert account.problems
    assert "hidden" not in " ".join(problem.text("en") for problem in account.problems)
