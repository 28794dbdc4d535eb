"""A Botpress with a user for each role, and the service's view of it; time stands still."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot_config.bots import Bot
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.web.access.access import Access, Permission
from outbound_campaigns.web.access.tokens import Credentials
from tests.support.botpress_server import Botpress
from tests.support.data_folder import Clock, DataFolder

TODAY = 1_795_390_874.0

ROLES = ("admin", "dev", "editor", "agent")


@dataclass
class Office:
    """Botpress, the bot "demo-bot" in the workspace "default", and who decides about it."""

    botpress: Botpress
    folder: DataFolder
    elapsed: Clock

    def __post_init__(self) -> None:
        self.configure()
        self.folder.add_bot("demo-bot")
        self.access = self.new_access()

    def configure(self) -> None:
        """Writes Botpress's configuration as Botpress now is."""
        config = {
            "appSecret": self.botpress.secret,
            "jwtToken": {"useCookieStorage": self.botpress.uses_cookies},
        }
        self.folder.write("global/botpress.config.json", config)

    def new_access(self, url: str | None = "its own") -> Access:
        settings = Settings(botpress_url=self.botpress.url if url == "its own" else url)
        return Access(self.folder.bots(), settings, now=self.botpress.now, elapsed=self.elapsed)

    @property
    def bot(self) -> Bot:
        return self.folder.bots().find("demo-bot")

    def permission(self, email: str, **claims: object) -> Permission:
        """What a user with a fresh token may do."""
        return self.access.permission(self.bot, Credentials(self.botpress.bearer(email, **claims)))


@pytest.fixture
def elapsed() -> Clock:
    return Clock()


@pytest.fixture
def botpress() -> Iterator[Botpress]:
    """Users root (super admin), one named after each role, other (dev of another workspace) and nobody."""
    with Botpress(now=Clock(TODAY)) as botpress:
        people(botpress)
        yield botpress


@pytest.fixture
def office(botpress: Botpress, tmp_path: Path, elapsed: Clock) -> Office:
    return Office(botpress, DataFolder(tmp_path / "data"), elapsed)


@pytest.fixture
def cookie_office(tmp_path: Path, elapsed: Clock) -> Iterator[Office]:
    """The same where tokens travel as cookies."""
    with Botpress(uses_cookies=True, now=Clock(TODAY)) as botpress:
        people(botpress)
        yield Office(botpress, DataFolder(tmp_path / "data"), elapsed)


def people(botpress: Botpress) -> None:
    botpress.add_user("root@example.com", super_admin=True)
    for role in ROLES:
        botpress.add_user(f"{role}@example.com", {"default": role})
    botpress.add_user("other@example.com", {"other": "dev"})
    botpress.add_user("nobody@example.com")
