"""The web application over a Botpress folder, a stand-in for Botpress and a database.

It is asked as a WSGI application, within the process, and through the front, over the network.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import Client, TestResponse

from outbound_campaigns.campaigns import actions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.importing import Importing
from outbound_campaigns.engine.judging import Judging
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.web.app import create_app
from tests.support.botpress_server import Botpress
from tests.support.csv_reading import TWO_PEOPLE
from tests.support.data_folder import DataFolder
from tests.support.front import client_of
from tests.support.tables import sqlite_with_tables

BOT, OTHER_BOT, DISABLED_BOT = "demo-bot", "other-bot", "disabled-bot"
CHANNEL = {
    "version": "1.0.0",
    "enabled": True,
    "apiKey": "abcd1234",
    "apiSecret": "s3cret-of-the-account",
    "signatureSecret": "s1gnature-of-the-account",
}
ADMIN, DEV, EDITOR, STRANGER = "admin@example.com", "dev@example.com", "editor@example.com", "who@example.com"


@dataclass
class Site:
    """`path` below is what follows the module's base; answers are those of the real application."""

    app: Flask
    client: Client
    database: Database
    data: DataFolder
    botpress: Botpress
    settings: Settings
    uploads: Path
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, *, user: str | None = ADMIN, bot: str = BOT, **more: Any
    ) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        if "json" in more:
            # By json itself, which escapes what no encoding takes.
            more |= {"data": json.dumps(more.pop("json")), "content_type": "application/json"}
        if user is not None:
            headers["Authorization"] = self.botpress.bearer(user)
        url = f"/api/v1/bots/{bot}/mod/outbound-campaigns{path}"
        return self.client.open(url, method=method, headers=headers, buffered=True, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.ask("POST", path, **({"json": body} if body is not None else {}), **more)

    def put(self, path: str, body: Any, **more: Any) -> TestResponse:
        return self.ask("PUT", path, json=body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.ask("DELETE", path, **more)

    def create(self, **fields: Any) -> int:
        """A draft; its id."""
        bot = fields.pop("bot", BOT)
        body = {"name": "Navidad", "template_id": "promo_navidad", **fields}
        answer = self.post("/campaigns", body, bot=bot)
        assert answer.status_code == 201, answer.text
        number: int = answer.get_json()["id"]
        return number

    def upload(self, campaign_id: int, content: str | bytes = TWO_PEOPLE, **more: Any) -> TestResponse:
        data = content.encode() if isinstance(content, str) else content
        file = {"file": (BytesIO(data), more.pop("file_name", "clientes.csv"))}
        return self.ask("POST", f"/campaigns/{campaign_id}/upload-csv", data=file, **more)

    def import_now(self) -> None:
        """What an engine does each half second."""
        bots = bots_of(self.settings, {})
        importing(self, BotSenders(bots)).step("worker")

    def judge_now(self) -> None:
        """What an engine does when the template, or what fills it, has changed."""
        Judging(self.database).work()

    def filled(self, content: str | bytes = TWO_PEOPLE, **fields: Any) -> int:
        """A draft with the recipients of a file; its id."""
        campaign_id = self.create(**fields)
        answer = self.upload(campaign_id, content, bot=fields.get("bot", BOT))
        assert answer.status_code == 202, answer.text
        self.import_now()
        return campaign_id

    def started(self, content: str | bytes = TWO_PEOPLE, **fields: Any) -> int:
        campaign_id = self.filled(content, **fields)
        with self.database.write() as session:
            now = self.database.now(session)
            template = ResolvedTemplate("promo_navidad", "es_MX")
            actions.start(session, campaign_id, template, Act("ana", now))
        return campaign_id


def importing(site: Site, senders: BotSenders) -> Importing:
    return Importing(site.database, senders, site.uploads)


def write_botpress(data: DataFolder, secret: str, uses_cookies: bool = False) -> None:
    """Three bots in two workspaces, and the server's own configuration."""
    for bot in (BOT, OTHER_BOT, DISABLED_BOT):
        config = {"id": bot, "name": bot, "disabled": bot == DISABLED_BOT}
        data.write(f"bots/{bot}/bot.config.json", {**config, "messaging": {"channels": {"vonage": CHANNEL}}})
    data.write("global/config/outbound-campaigns.json", {"senderNumber": "5215550001111"})
    data.write(
        "global/workspaces.json",
        [{"id": "default", "bots": [BOT, DISABLED_BOT]}, {"id": "elsewhere", "bots": [OTHER_BOT]}],
    )
    data.write(
        "global/botpress.config.json",
        {"appSecret": secret, "jwtToken": {"useCookieStorage": uses_cookies}},
    )


def add_users(botpress: Botpress) -> None:
    botpress.add_user(ADMIN, super_admin=True)
    botpress.add_user(DEV, {"default": "dev"})
    botpress.add_user(EDITOR, {"default": "editor"})
    botpress.add_user(STRANGER, {"elsewhere": "admin"})


@contextmanager
def site_in(
    folder: Path, database_url: str, uses_cookies: bool = False, by_front: bool = False, **settings: Any
) -> Iterator[Site]:
    data = DataFolder(folder / "data")
    with Botpress(uses_cookies=uses_cookies) as botpress:
        add_users(botpress)
        write_botpress(data, botpress.secret, uses_cookies)
        made = Settings(
            **{
                "botpress_data_dir": data.path,
                "botpress_url": botpress.url,
                "database_url": database_url,
                "upload_dir": folder / "uploads",
                **settings,
            }
        )
        app = create_app(made, {})
        database: Database = app.extensions["outbound_campaigns"].database
        forbid_two_connections(database.engine)
        with client_of(app) if by_front else nullcontext(app.test_client()) as client:
            yield Site(app, client, database, data, botpress, made, folder / "uploads")
        database.dispose()


def forbid_two_connections(engine: sa.Engine) -> None:
    """A thread may hold one of them: if each wanted a second, none would get it once all threads are busy."""
    thread = threading.local()

    def check_out(*_: object) -> None:
        assert not getattr(thread, "holds", False), "a request needs two connections at once"
        thread.holds = True

    def check_in(*_: object) -> None:
        thread.holds = False

    sa.event.listen(engine, "checkout", check_out)
    sa.event.listen(engine, "checkin", check_in)


def body(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.text)
    return found


@pytest.fixture
def site(url_with_tables: str, tmp_path: Path) -> Iterator[Site]:
    """The application on each database: by itself on SQLite, through the front on PostgreSQL."""
    with site_in(tmp_path, url_with_tables, by_front=not url_with_tables.startswith("sqlite")) as made:
        yield made


@pytest.fixture(params=["wsgi", "front"])
def sqlite_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The application on SQLite alone, where the database makes no difference, in both ways."""
    with site_in(tmp_path, sqlite_with_tables(tmp_path), by_front=request.param == "front") as made:
        yield made
