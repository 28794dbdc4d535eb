"""Runs a whole installation to try out: a demo bot, a simulator in Vonage's place, the service."""

from __future__ import annotations

import json
import secrets
import shlex
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot_config.server import FILE as SERVER
from outbound_campaigns.cli.language import say
from outbound_campaigns.cli.processes import Family, Program, engine_program, web_program
from outbound_campaigns.cli.starting import must_be_free
from outbound_campaigns.cli.texts import READY
from outbound_campaigns.database.migrations.upgrade import upgrade
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.domain.addresses import module_path
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.web.demo_site import PAGE, PANEL, TOKEN

BOT = "demo-bot"
SENDER = "5215550001111"
WABA = "100000000000001"
MESSAGES_PER_SECOND = 2000
PRICES = {"currency": "USD", "countries": {"MX": {"marketing": 0.0305, "utility": 0.0085}, "*": 0.06}}
"""made up, to show what costs look like"""
TOKEN_LASTS = 30 * 86_400
"""seconds"""

CSV = "phone_number,var1,var2\n4422591631,Juan,Promoción Navidad\n4421234567,María,Descuento Especial\n"

_BAJA = {"type": "FOOTER", "text": "Responda BAJA para no recibir más mensajes"}


def _template(number: int, name: str, body: str, category: str = "MARKETING") -> dict[str, object]:
    components = [{"type": "BODY", "text": body}, *([_BAJA] if category == "MARKETING" else [])]
    known = {"id": f"20000000000000{number}", "language": "es_MX", "status": "APPROVED", "category": category}
    return {"name": name, "components": components, **known}


TEMPLATES = [
    _template(1, "promo_navidad", "Hola {{1}}: {{2}}. ¡Te esperamos!"),
    _template(2, "recordatorio_cita", "Hola {{1}}, tu cita es el {{2}}.", "UTILITY"),
]


def run_demo(environ: Mapping[str, str], folder: Path, simulator_port: int) -> None:
    """Create what is missing in `folder`, migrate, start everything, and stop it on Ctrl-C."""
    variables = demo_environment(environ, folder, simulator_port)
    settings = Settings.from_environ(variables)
    must_be_free(settings.host, settings.port)
    must_be_free("127.0.0.1", simulator_port)
    make_installation(folder)
    with open_database(settings.database_url) as database:
        upgrade(database)
    environment = folder / "environment"
    known = _for_curl(folder, settings)
    exported = _changed(environ, variables) | known
    environment.write_text("".join(f"export {k}={shlex.quote(v)}\n" for k, v in exported.items()))
    say(
        READY,
        folder=folder,
        host=settings.host,
        port=settings.port,
        page=PAGE,
        simulator=simulator_port,
        environment=environment,
        command=Path(sys.argv[0]),
        bot=BOT,
        csv=folder / "campaign.csv",
    )
    simulator = simulator_program(folder, simulator_port)
    web = web_program("outbound_campaigns.web.demo_site:create_demo_app()")
    shown = {TOKEN: known["TOKEN"], PANEL: f"{urlsplit(known['API']).path}/ui/"}
    Family([simulator, engine_program(), web], variables | shown).run()


def demo_environment(environ: Mapping[str, str], folder: Path, simulator_port: int) -> dict[str, str]:
    """Return the caller's environment with the demo's own addresses and folders in it."""
    port = environ.get("OUTBOUND_PORT") or Settings().port
    return dict(environ) | {
        # The simulator posts its receipts here.
        "EXTERNAL_URL": f"http://127.0.0.1:{port}",
        "BOTPRESS_DATA_DIR": str(folder / "data"),
        "OUTBOUND_DATABASE_URL": f"sqlite:///{folder}/outbound_campaigns.sqlite",
        "OUTBOUND_VONAGE_URL": f"http://127.0.0.1:{simulator_port}",
        "OUTBOUND_UPLOAD_DIR": str(folder / "uploads"),
        "OUTBOUND_LOG": "text",
    }


def _for_curl(folder: Path, settings: Settings) -> dict[str, str]:
    """Return the address of the demo bot's API, and a token as Botpress would make it for a super admin."""
    secret = json.loads((folder / "data" / SERVER).read_text(encoding="utf-8"))["appSecret"]
    now = int(time.time())
    claims = {
        "email": "demo@example.com",
        "strategy": "default",
        "tokenVersion": 1,
        "isSuperAdmin": True,
        "iat": now,
        "exp": now + TOKEN_LASTS,
        "aud": "collaborators",
    }
    return {
        "API": f"http://{settings.host}:{settings.port}{settings.root_path}{module_path(BOT)}",
        "TOKEN": jwt.encode(claims, secret, algorithm="HS256"),
    }


def simulator_program(folder: Path, port: int) -> Program:
    options = ["--config", str(folder / "simulator.json"), "--port", str(port)]
    return Program("simulator", [sys.executable, "-m", "outbound_campaigns", "simulator", *options])


def make_installation(folder: Path) -> None:
    """Create Botpress's data folder with one bot, the simulator's accounts, and a CSV, unless they exist."""
    server = folder / "data" / SERVER
    if not server.exists():
        server.parent.mkdir(parents=True, exist_ok=True)
        _write(server, {"appSecret": secrets.token_urlsafe(30)})
    if (folder / "simulator.json").exists():
        return
    bot, shared = folder / "data/bots" / BOT, folder / "data/global"
    (bot / "config").mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(65537, 2048)
    account = {
        "apiKey": "demo0001",
        "apiSecret": secrets.token_urlsafe(12),
        "signatureSecret": secrets.token_urlsafe(32),
    }
    application = {"applicationId": "00000000-0000-4000-8000-000000000001"}
    (bot / "private.key").write_bytes(_private_pem(key))
    # In this version Botpress takes no other keys in the channel.
    channel = {"version": "1.0.0", "enabled": True, **account}
    _write(
        bot / "bot.config.json", {"id": BOT, "name": "Demo", "messaging": {"channels": {"vonage": channel}}}
    )
    settings = {
        "senderNumber": SENDER,
        "messagesPerSecond": MESSAGES_PER_SECOND,
        "wabaId": WABA,
        "prices": PRICES,
        **application,
        "privateKey": "private.key",
    }
    _write(bot / "config/outbound-campaigns.json", settings)
    _write(shared / "workspaces.json", [{"id": "default", "name": "Default", "bots": [BOT]}])
    (folder / "campaign.csv").write_text(CSV, encoding="utf-8")
    _write(folder / "simulator.json", _simulator_config({**account, **application}, key))


def _simulator_config(account: Mapping[str, str], key: rsa.RSAPrivateKey) -> dict[str, object]:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    known = {
        "api_key": account["apiKey"],
        "api_secret": account["apiSecret"],
        "application_id": account["applicationId"],
        "signature_secret": account["signatureSecret"],
        "public_key_pem": public.decode(),
        "senders": [SENDER],
    }
    # Everybody reads, so that what the documentation shows comes out the same each time.
    wabas = [{"id": WABA, "templates": TEMPLATES}]
    return {"accounts": [known], "wabas": wabas, "receipts": {"read_share": 1.0}}


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in after.items() if before.get(name) != value}
