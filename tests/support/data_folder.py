"""A small Botpress data folder, and clocks that stand still."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot_config.bots import Bots
from bot_config.sources import FolderSource, StoredChannels

BASIC = {"enabled": True, "apiKey": "abcd1234", "apiSecret": "basic-secret"}


@dataclass
class Clock:
    """Gives the time it was last set to."""

    time: float = 1_000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Stored:
    """What Admin > Channels stored, as JSON text by bot; counts how often it was asked."""

    texts: Mapping[str, str] = field(default_factory=dict)
    asked: int = 0

    def channels(self, bot_id: str) -> str | None:
        self.asked += 1
        return self.texts.get(bot_id)


class DataFolder:
    """Writes what Botpress would; a text is written as it is, anything else as JSON."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: object) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return file

    def add_bot(self, bot_id: str = "demo-bot", **config: object) -> None:
        self.write("global/workspaces.json", [{"id": "default", "bots": [bot_id]}])
        self.write(f"bots/{bot_id}/bot.config.json", {"id": bot_id, "name": "Demo", **config})

    def add_channel(self, channel: object, bot_id: str = "demo-bot") -> None:
        self.add_bot(bot_id, messaging={"channels": {"vonage": channel}})

    def bots(self, environ: Mapping[str, str] | None = None, stored: StoredChannels | None = None) -> Bots:
        environ = environ or {}
        return Bots(FolderSource(self.path), environ, self.path, stored, names=[*environ])
