"""Finds a bot as its bot.config.json and Botpress's workspaces describe it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot_config.json_files import JsonFiles, Parsed, parse
from bot_config.problems import BotConfigBroken, BotNotFound, SourceUnavailable
from bot_config.sources import (
    WORKSPACES,
    DatabaseOrFolder,
    DatabaseSource,
    FolderSource,
    Source,
    StoredChannels,
)
from bot_config.texts import LIST, OBJECT, problem
from bot_config.variables import DEFAULT_NAMES, allowed

ADMIN_CHANNELS = "Admin > Channels"
_BOT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]+[A-Za-z0-9]")
_LONGEST_BOT_ID = 50


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that Botpress mounts, or would mount if it were not disabled.

    `channel` is the vonage channel in force (it holds secrets) and `channel_file` where it is defined;
    `unset_variables` are those that bot.config.json names but the environment lacks.
    """

    id: str
    name: str
    workspace: str
    disabled: bool
    private: bool
    channel: Mapping[str, object] | None = field(repr=False)
    channel_file: str
    unset_variables: frozenset[str] = frozenset()
    has_variables: bool = False


class Bots:
    """The bots of one Botpress server; files are read again when they change.

    `environ` must hold the variables that Botpress's own environment has for `%NAME%` (BP_PRODUCTION=1 for a
    server run with --production), of which bots' files get those that `names` allow; relative paths of key
    files start at `data_dir`.
    """

    def __init__(
        self,
        source: Source,
        environ: Mapping[str, str],
        data_dir: Path,
        stored_channels: StoredChannels | None = None,
        names: Sequence[str] = DEFAULT_NAMES,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.environ = {**environ, "BOTPRESS_DIR": self.data_dir.parent.as_posix()}
        self.files = JsonFiles(source, self.environ, allowed(self.environ, names))
        self._stored_channels = stored_channels

    def find(self, bot_id: str) -> Bot:
        """Return the bot with that id.

        Raises BotNotFound for an id that Botpress would refuse, one without a bot.config.json, and a bot that
        is in no workspace: Botpress never mounts such a folder. Raises BotConfigBroken and SourceUnavailable
        when its files can't be read.
        """
        if not is_bot_id(bot_id):
            raise BotNotFound(problem("bot_not_found", bot=ascii(bot_id[:60])))
        workspace = self._workspace(bot_id)
        path = f"bots/{bot_id}/bot.config.json"
        parsed = self.files.read_filled(path) if workspace else None
        if workspace is None or parsed is None:
            raise BotNotFound(problem("bot_not_found", bot=ascii(bot_id[:60])))
        return self._bot(bot_id, workspace, parsed, f"data/{path}")

    def ids(self) -> list[str]:
        """Return the ids of all bots in workspaces, each once. Raises BotConfigBroken, SourceUnavailable."""
        listed = (bot_id for _, bots in self._workspaces() for bot_id in bots)
        return [bot_id for bot_id in dict.fromkeys(map(str, listed)) if is_bot_id(bot_id)]

    def _bot(self, bot_id: str, workspace: str, parsed: Parsed, file: str) -> Bot:
        config = parsed.value
        if not isinstance(config, dict):
            raise BotConfigBroken(problem("file.wrong_shape", file=file, expected=OBJECT))
        channels = _object(_object(config.get("messaging")).get("channels"))
        own = "vonage" in channels
        channel = channels["vonage"] if own else self._stored_channel(bot_id)
        return Bot(
            id=bot_id,
            name=str(config.get("name") or bot_id),
            workspace=workspace,
            disabled=bool(config.get("disabled")),
            private=bool(config.get("private")),
            channel=channel if isinstance(channel, dict) else None,
            channel_file=ADMIN_CHANNELS if channel is not None and not own else file,
            unset_variables=parsed.unset,
            has_variables=parsed.has_variables,
        )

    def _workspace(self, bot_id: str) -> str | None:
        """Return the id of the first workspace that lists the bot, or None."""
        return next((workspace for workspace, bots in self._workspaces() if bot_id in bots), None)

    def _workspaces(self) -> Iterator[tuple[str, list[object]]]:
        """Yield each workspace's id and the ids of its bots."""
        workspaces = self.files.read(WORKSPACES)
        if workspaces is None:
            raise SourceUnavailable(problem("source.no_workspaces"))
        if not isinstance(workspaces, list):
            raise BotConfigBroken(problem("file.wrong_shape", file=f"data/{WORKSPACES}", expected=LIST))
        for workspace in map(_object, workspaces):
            bots = workspace.get("bots")
            if isinstance(bots, list):
                yield str(workspace.get("id") or "default"), bots

    def _stored_channel(self, bot_id: str) -> object:
        """Return the channel in Admin > Channels, used when bot.config.json has no vonage channel."""
        text = self._stored_channels.channels(bot_id) if self._stored_channels else None
        return _object(parse(ADMIN_CHANNELS, text)).get("vonage") if text else None


def open_bots(
    data_dir: Path,
    database_url: str | None,
    environ: Mapping[str, str],
    names: Sequence[str] = DEFAULT_NAMES,
) -> Bots:
    """Return the bots of a data folder and, when there is a URL, of Botpress's database.

    With a URL, stored channels come from the database, and so do files where Botpress stores them there
    (BPFS_STORAGE=database). With BPFS_STORAGE=disk in `environ`, rows left there are not read. Raises
    ValueError for an invalid URL.
    """
    folder = FolderSource(data_dir)
    if not database_url:
        return Bots(folder, environ, data_dir, names=names)
    database = DatabaseSource(database_url)
    on_disk = environ.get("BPFS_STORAGE") == "disk"
    source = folder if on_disk else DatabaseOrFolder(database, folder)
    return Bots(source, environ, data_dir, database, names)


def is_bot_id(text: str) -> bool:
    """Return whether Botpress takes this bot id: 3 to 50 letters, digits, _ and -, no _ or - at the ends."""
    return len(text) <= _LONGEST_BOT_ID and _BOT_ID.fullmatch(text) is not None


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
