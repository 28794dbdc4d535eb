"""Which bots there are, and what their files say about them."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_config.bots import Bot, is_bot_id, open_bots
from bot_config.problems import BotConfigBroken, BotNotFound, SourceUnavailable
from tests.support.data_folder import BASIC, DataFolder, Stored

STORED = json.dumps({"vonage": {"apiKey": "stored"}, "telegram": {}})


@pytest.mark.parametrize("bot_id", ["bot", "Demo-Bot_2", "a" * 50, "1-1"])
def test_ids_that_botpress_takes_are_bot_ids(bot_id: str) -> None:
    assert is_bot_id(bot_id)


@pytest.mark.parametrize(
    "bot_id",
    ["", "ab", "a" * 51, "-ab", "ab-", "a.b", "a/b", "../x", "bot\n", "bot ", "señal", "bo\u212a", "ıbot"],
)
def test_other_ids_are_none(bot_id: str) -> None:
    assert not is_bot_id(bot_id)


@given(text=st.one_of(st.text(), st.text("aZ09_-/.\n", max_size=60)))
def test_a_bot_id_is_what_botpress_own_rule_takes(text: str) -> None:
    rule = re.compile(r"[A-Z0-9]+[A-Z0-9_-]{1,}[A-Z0-9]+", re.IGNORECASE | re.ASCII)
    assert is_bot_id(text) == (len(text) <= 50 and rule.fullmatch(text) is not None)


def test_a_bot_is_described_by_its_files(folder: DataFolder) -> None:
    folder.add_channel(BASIC)
    assert folder.bots().find("demo-bot") == Bot(
        id="demo-bot",
        name="Demo",
        workspace="default",
        disabled=False,
        private=False,
        channel=BASIC,
        channel_file="data/bots/demo-bot/bot.config.json",
    )


def test_a_disabled_or_private_bot_says_so(folder: DataFolder) -> None:
    folder.add_bot(disabled=True, private=True)
    bot = folder.bots().find("demo-bot")
    assert (bot.disabled, bot.private) == (True, True)


def test_a_bot_without_a_name_goes_by_its_id(folder: DataFolder) -> None:
    folder.add_bot(name="")
    assert folder.bots().find("demo-bot").name == "demo-bot"


def test_a_bot_belongs_to_the_first_workspace_that_lists_it(folder: DataFolder) -> None:
    folder.add_bot()
    listed = [{"id": "a", "bots": []}, {"id": "b", "bots": ["demo-bot"]}, {"id": "c", "bots": ["demo-bot"]}]
    folder.write("global/workspaces.json", listed)
    assert folder.bots().find("demo-bot").workspace == "b"


def test_a_bot_in_no_workspace_is_not_found(folder: DataFolder) -> None:
    folder.add_bot()
    folder.write("global/workspaces.json", [{"id": "default", "bots": ["other-bot"]}, {"id": "x"}, 7])
    with pytest.raises(BotNotFound):
        folder.bots().find("demo-bot")


@pytest.mark.parametrize("bot_id", ["other-bot", "../../etc", "demo-bot\n", "___", "a" * 10_000])
def test_an_unknown_id_is_not_found(folder: DataFolder, bot_id: str) -> None:
    folder.add_bot()
    with pytest.raises(BotNotFound):
        folder.bots().find(bot_id)


def test_a_bot_whose_config_is_not_there_is_not_found(folder: DataFolder) -> None:
    folder.add_bot()
    (folder.path / "bots/demo-bot/bot.config.json").unlink()
    with pytest.raises(BotNotFound):
        folder.bots().find("demo-bot")


def test_a_data_folder_without_workspaces_is_unavailable(folder: DataFolder) -> None:
    with pytest.raises(SourceUnavailable, match="BOTPRESS_DATA_DIR"):
        folder.bots().find("demo-bot")


@pytest.mark.parametrize("file", ["global/workspaces.json", "bots/demo-bot/bot.config.json"])
@pytest.mark.parametrize("content", ["{,}", '"text"', ""])
def test_a_broken_file_is_named(folder: DataFolder, file: str, content: str) -> None:
    folder.add_bot()
    folder.write(file, content)
    with pytest.raises(BotConfigBroken, match=f"data/{file}"):
        folder.bots().find("demo-bot")


def test_a_changed_config_counts_at_once(folder: DataFolder) -> None:
    folder.add_bot(name="Old")
    bots = folder.bots()
    assert bots.find("demo-bot").name == "Old"
    folder.add_bot(name="New name")
    assert bots.find("demo-bot").name == "New name"


def test_variables_are_filled_in_and_those_not_set_named(folder: DataFolder) -> None:
    folder.add_bot(name="%NAME% of %BOTPRESS_DIR% and %NOBODY%")
    bot = folder.bots({"NAME": "Ana"}).find("demo-bot")
    assert bot.name == f"Ana of {folder.path.parent} and %NOBODY%"
    assert bot.unset_variables == {"NOBODY"}


def test_a_stored_channel_holds_where_the_config_has_none(folder: DataFolder) -> None:
    folder.add_bot(messaging={"channels": {"telegram": {}}})
    bot = folder.bots(stored=Stored({"demo-bot": STORED})).find("demo-bot")
    assert bot.channel == {"apiKey": "stored"}
    assert bot.channel_file == "Admin > Channels"


def test_the_channel_in_the_config_goes_before_a_stored_one_which_is_not_even_asked(
    folder: DataFolder,
) -> None:
    folder.add_channel(BASIC)
    stored = Stored({"demo-bot": STORED})
    assert folder.bots(stored=stored).find("demo-bot").channel == BASIC
    assert stored.asked == 0


@pytest.mark.parametrize("text", [None, "{}", "[]", '{"vonage": 1}'])
def test_without_a_channel_anywhere_there_is_none(folder: DataFolder, text: str | None) -> None:
    folder.add_bot(messaging=None)
    stored = Stored({"demo-bot": text} if text else {})
    assert folder.bots(stored=stored).find("demo-bot").channel is None


def test_a_bot_shows_no_secret_when_printed(folder: DataFolder) -> None:
    folder.add_channel(BASIC)
    assert "basic-secret" not in repr(folder.bots().find("demo-bot"))


def test_bots_are_opened_by_their_folder_alone(folder: DataFolder) -> None:
    folder.add_bot()
    assert open_bots(folder.path, None, {}).find("demo-bot").name == "Demo"


def _core_sqlite(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("""
            CREATE TABLE srv_ghost_files (file_path text, content blob, deleted boolean);
            CREATE TABLE srv_channels (botId text, config text);
            INSERT INTO srv_ghost_files VALUES
                ('data/global/workspaces.json', '[{"id": "w", "bots": ["demo-bot"]}]', 0),
                ('data/bots/demo-bot/bot.config.json', '{"name": "Stored"}', 0);
        """)
        connection.execute("INSERT INTO srv_channels VALUES ('demo-bot', ?)", (STORED,))
        connection.commit()
    return f"sqlite:///{file}"


@pytest.mark.parametrize(("storage", "name"), [({}, "Stored"), ({"BPFS_STORAGE": "disk"}, "Demo")])
def test_bots_are_opened_by_folder_and_database(
    folder: DataFolder, tmp_path: Path, storage: dict[str, str], name: str
) -> None:
    folder.add_bot()
    bot = open_bots(folder.path, _core_sqlite(tmp_path / "core.sqlite"), storage).find("demo-bot")
    assert bot.name == name
    assert bot.channel == {"apiKey": "stored"}
