"""doctor, recount, db upgrade, simulator."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
import requests
import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.transactions import open_database
from tests.support.installation import CHANNEL
from tests.support.messaging import Messaging
from tests.support.terminal import Terminal


def test_the_doctor_finds_a_healthy_bot_ready(terminal: Terminal) -> None:
    done = terminal.run("doctor", "--bot", "demo-bot")
    assert done.returncode == 0, done.stdout
    assert "✓ Vonage responde y acepta las credenciales." in done.stdout
    assert "! No hay ningún motor en marcha" in done.stdout
    assert terminal.installed.ledger()["accepted"] == 0


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "latin-1"])
def test_a_terminal_that_lacks_characters_shows_the_others(terminal: Terminal, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "outbound_campaigns", "doctor", "--bot", "demo-bot"],
        env=terminal.installed.environ | {"PYTHONIOENCODING": encoding, "LANG": "es_MX"},
        cwd=terminal.installed.folder,
        capture_output=True,
        timeout=100,
    )
    assert done.stderr == b""
    assert "? Vonage responde y acepta las credenciales." in done.stdout.decode(encoding)


def test_the_doctor_says_which_address_vonage_needs_for_what_people_answer(terminal: Terminal) -> None:
    said = terminal.run("doctor", "--bot", "demo-bot", EXTERNAL_URL="https://bp.example.com").stdout
    assert "! Todavía no llega ninguna respuesta de las personas." in said
    assert "https://bp.example.com/api/v1/bots/demo-bot/mod/outbound-campaigns/webhooks/inbound" in said


def test_the_doctor_sees_a_running_engine(terminal: Terminal) -> None:
    terminal.installed.start_engine()
    campaign_id = terminal.installed.campaign(1)
    terminal.installed.wait_for_end(campaign_id)
    assert "✓ Hay un motor en marcha." in terminal.run("doctor", "--bot", "demo-bot").stdout


def test_the_doctor_says_whether_a_spend_limit_can_work(terminal: Terminal) -> None:
    assert "! Falta «prices»" in terminal.run("doctor", "--bot", "demo-bot").stdout
    terminal.installed.set_prices({"MX": 0.03})
    said = terminal.run("doctor", "--bot", "demo-bot", LANG="en_US.UTF-8").stdout
    assert "✓ Prices in USD for: MX." in said
    assert "! prices has no price of marketing, utility, authentication for all other countries (*)" in said
    terminal.installed.set_prices({"MX": 0.03, "*": 0.1})
    assert "(*)" not in terminal.run("doctor", "--bot", "demo-bot", LANG="en_US.UTF-8").stdout


def test_the_doctor_says_that_a_private_bot_needs_the_reverse_proxy(terminal: Terminal) -> None:
    assert "privado" not in terminal.run("doctor", "--bot", "demo-bot").stdout
    channels = {"channels": {"vonage": CHANNEL}}
    terminal.installed.data.add_bot("demo-bot", private=True, messaging=channels)
    done = terminal.run("doctor", "--bot", "demo-bot")
    assert "! El bot demo-bot es privado" in done.stdout
    assert done.returncode == 0
    said = terminal.run("doctor", "--bot", "demo-bot", LANG="en_US.UTF-8").stdout
    assert "must come through the reverse proxy" in said


def test_the_doctor_names_what_is_missing_and_how_to_fix_it(terminal: Terminal) -> None:
    terminal.installed.data.add_channel({**CHANNEL, "apiSecret": ""})
    done = terminal.run("doctor", "--bot", "demo-bot", LANG="en_US.UTF-8")
    assert done.returncode == 1
    assert "✗" in done.stdout
    assert "apiSecret" in done.stdout


def test_the_doctor_tells_refused_credentials_from_no_connection(terminal: Terminal) -> None:
    terminal.installed.set_faults(unauthorized=True)
    assert "(401)" in terminal.run("doctor", "--bot", "demo-bot").stdout
    nowhere = terminal.run("doctor", "--bot", "demo-bot", OUTBOUND_VONAGE_URL="http://127.0.0.1:9")
    assert "No se pudo conectar con Vonage" in nowhere.stdout


def test_the_doctor_says_when_database_or_bot_are_not_there(terminal: Terminal) -> None:
    empty = f"sqlite:///{terminal.installed.folder}/empty.sqlite"
    done = terminal.run("doctor", "--bot", "otro-bot", OUTBOUND_DATABASE_URL=empty)
    assert done.returncode == 1
    assert "db upgrade" in done.stdout
    assert "otro-bot" in done.stdout
    away = "postgresql://nobody@127.0.0.1:9/none"
    done = terminal.run("doctor", "--bot", "demo-bot", OUTBOUND_DATABASE_URL=away)
    assert "La base de datos no responde" in done.stdout


def test_the_doctor_looks_at_every_bot_and_passes_over_those_without_the_channel(terminal: Terminal) -> None:
    data = terminal.installed.data
    data.add_bot("otro-bot")
    data.add_bot("roto", messaging={"channels": {"vonage": {**CHANNEL, "apiKey": ""}}})
    data.write("global/workspaces.json", [{"id": "default", "bots": ["demo-bot", "otro-bot", "roto"]}])
    done = terminal.run("doctor", LANG="es_MX.UTF-8")
    demo, other, broken = done.stdout.split("\nBot ")[1:]
    assert demo.startswith("demo-bot:")
    assert "✗" not in demo
    assert "✓ No usa el canal de Vonage." in other
    assert "✗ Falta apiKey" in broken
    assert done.returncode == 1
    assert done.stdout.count("motor en marcha") == 1


def test_the_doctor_and_health_agree_that_a_number_is_needed(terminal: Terminal) -> None:
    terminal.installed.data.write("bots/demo-bot/config/outbound-campaigns.json", {})
    done = terminal.run("doctor", "--bot", "demo-bot")
    assert done.returncode == 1
    assert "✗ Falta el número remitente" in done.stdout
    assert '"senderNumber": "5215550001111"' in done.stdout
    assert "Todo listo" not in done.stdout


def test_the_doctor_asks_botpress_whether_it_takes_what_people_write(terminal: Terminal) -> None:
    messaging = Messaging()
    with messaging.running():
        said = terminal.run("doctor", "--bot", "demo-bot", BOTPRESS_URL=messaging.url).stdout
        assert "✓ Botpress recibe lo que escriben las personas." in said
        messaging.status = 404
        said = terminal.run("doctor", "--bot", "demo-bot", BOTPRESS_URL=messaging.url).stdout
    assert "! Botpress no tiene cargado el canal de Vonage de este bot" in said
    said = terminal.run("doctor", "--bot", "demo-bot", BOTPRESS_URL=messaging.url).stdout
    assert f"! Botpress no contesta en {messaging.url}" in said


def test_an_unknown_bot_is_no_missing_configuration(terminal: Terminal) -> None:
    done = terminal.run("send", "--bot", "otro-bot", "--template", "promo", "--csv", terminal.csv())
    assert "No existe el bot 'otro-bot'" in done.stderr
    assert "Falta configuración" not in done.stderr


def test_no_command_shows_a_secret(terminal: Terminal) -> None:
    done = terminal.run("doctor", "--bot", "demo-bot")
    assert CHANNEL["apiSecret"] not in done.stdout + done.stderr  # type: ignore[operator]


def test_recount_reports_and_mends_a_difference(terminal: Terminal) -> None:
    campaign_id = terminal.installed.campaign(3)
    assert terminal.run("recount").returncode == 0
    with terminal.installed.database.write() as session:
        campaign_rows.update(session, campaign_id, pending_count=9)
    wrong = terminal.run("recount", "--mend")
    assert (wrong.returncode, "contador 9, filas 3" in wrong.stdout) == (1, True)
    assert terminal.run("recount").returncode == 0


def test_db_upgrade_makes_the_tables_and_may_be_repeated(terminal: Terminal) -> None:
    url = f"sqlite:///{terminal.installed.folder}/new/db.sqlite"
    for _ in range(2):
        assert terminal.run("db", "upgrade", OUTBOUND_DATABASE_URL=url).returncode == 0


def test_a_wrong_setting_is_named_in_one_line(terminal: Terminal) -> None:
    done = terminal.run("recount", OUTBOUND_PORT="none")
    assert done.returncode == 1
    assert "OUTBOUND_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_simulator_answers_where_it_says(terminal: Terminal) -> None:
    config = terminal.installed.folder / "simulator.json"
    config.write_text(json.dumps({"seed": 5}))
    command = [sys.executable, "-m", "outbound_campaigns", "simulator"]
    with subprocess.Popen(
        [*command, "--config", str(config), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert requests.get(f"{url}/_simulator/ledger", timeout=5).json()["requests"] == 0
        process.terminate()
        assert process.wait(10) == 0


def test_a_broken_simulator_config_is_refused(terminal: Terminal) -> None:
    config = terminal.installed.folder / "simulator.json"
    config.write_text('{"unknown": 1}')
    done = terminal.run("simulator", "--config", str(config))
    assert (done.returncode, "unknown" in done.stderr) == (2, True)


def test_the_doctor_names_the_settings_of_postgresql_that_lose_what_was_stored(
    terminal: Terminal, copied_postgres_database: Callable[[], str]
) -> None:
    url = copied_postgres_database()
    with open_database(url) as database, database.write() as session:
        session.execute(
            sa.text(f"ALTER DATABASE {database.engine.url.database} SET synchronous_commit = off")
        )
    done = terminal.run("doctor", "--bot", "demo-bot", LANG="en_US.UTF-8", OUTBOUND_DATABASE_URL=url)
    assert "! PostgreSQL has fsync = off" in done.stdout  # as the tests' server has
    assert "! PostgreSQL has synchronous_commit = off" in done.stdout
    assert done.returncode == 0
