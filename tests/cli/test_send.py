"""A whole campaign from the terminal, and what it says when something is wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Campaign
from tests.support.csv_reading import TWO_PEOPLE
from tests.support.installation import CHANNEL, stop
from tests.support.simulator_process import running_simulator
from tests.support.template_kinds import BY_NAME
from tests.support.template_list import WABA
from tests.support.terminal import Terminal
from vonage_simulator import ReceiptSettings, SimulatorConfig, Waba


def test_the_sample_file_reaches_both_numbers_once(terminal: Terminal) -> None:
    done = terminal.send(terminal.csv(), "--watch")
    assert done.returncode == 0, done.stderr
    assert dict(terminal.installed.accepted()) == {"5214422591631": 1, "5214421234567": 1}
    assert "Importados 2; duplicados 0; rechazados 0." in done.stdout
    assert "Campaña completada" in done.stdout


def test_english_is_spoken_where_the_locale_says_so(terminal: Terminal) -> None:
    done = terminal.send(terminal.csv(), "--watch", LANG="en_US.UTF-8")
    assert "Imported 2; duplicates 0; rejected 0." in done.stdout


def test_a_running_engine_is_used_and_left_running(terminal: Terminal) -> None:
    engine = terminal.installed.start_engine()
    terminal.installed.wait_for_log("engine leads")
    first = terminal.send(terminal.csv(), "--watch")
    second = terminal.send(terminal.csv())
    assert (first.returncode, second.returncode) == (0, 0)
    assert "la envía el motor del servicio" in second.stdout
    terminal.installed.wait_for_end(2)
    assert engine.poll() is None
    stop(engine)


def test_refused_rows_are_listed_and_the_others_sent(terminal: Terminal) -> None:
    rows = TWO_PEOPLE + "5.21442E+12,Ana,Oferta\n4422591631,Otra vez,Juan\n4429998888,,Oferta\n"
    done = terminal.send(terminal.csv(rows), "--watch")
    assert done.returncode == 1
    assert "Importados 3; duplicados 1; rechazados 1." in done.stdout
    assert "A 1 de los importados no se les envía" in done.stdout
    assert "Está vacía una celda que el mensaje usa" in done.stdout
    assert "Fila 4" in done.stdout
    assert "5.21442E+12" in done.stdout
    assert len(terminal.installed.accepted()) == 2


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%\xe2\xe3", b"PK\x03\x04xlsx", b"nombre,edad\nAna,3\n"])
def test_what_is_no_file_of_recipients_is_refused_in_words(terminal: Terminal, content: bytes) -> None:
    done = terminal.send(terminal.csv(content), "--watch")
    assert done.returncode == 1
    assert "El archivo no se importó y nada se envió." in done.stderr
    assert "Traceback" not in done.stderr
    assert terminal.installed.ledger()["requests"] == 0


def test_a_file_name_that_is_no_utf_8_is_shown_as_far_as_it_can_be(terminal: Terminal) -> None:
    name = os.fsdecode(b"clientes_\xf1.csv")
    done = terminal.run_process(
        *("send", "--bot", "demo-bot", "--template", "promo", "--watch", "--csv", terminal.csv(name=name))
    )
    assert done.returncode == 0, done.stderr
    assert terminal.installed.read(1).name == "clientes_\ufffd"


def test_a_file_that_can_not_be_queued_leaves_no_copy(terminal: Terminal) -> None:
    with terminal.installed.database.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE outbound_imports"))
    assert terminal.send(terminal.csv()).returncode == 1
    assert list((terminal.installed.folder / "instance/uploads").iterdir()) == []


def test_a_bot_without_credentials_makes_no_campaign(terminal: Terminal) -> None:
    terminal.installed.data.add_channel({"enabled": True, "apiKey": "abcd1234"})
    done = terminal.send(terminal.csv(), "--watch")
    assert done.returncode == 1
    assert "apiSecret" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_canary_without_receipts_makes_no_campaign(terminal: Terminal) -> None:
    done = terminal.send(terminal.csv(), "--canary", "1", "--watch")
    assert done.returncode == 1
    assert "EXTERNAL_URL" in done.stderr
    with terminal.installed.database.read() as session:
        assert session.execute(sa.select(Campaign)).first() is None


def test_a_canary_is_sent_where_there_are_receipts(terminal: Terminal) -> None:
    terminal.installed.data.add_channel({**CHANNEL, "signatureSecret": "s1gnature"})
    reached = {"EXTERNAL_URL": "https://example.com"}
    done = terminal.send(terminal.csv(), "--canary", "5", "--watch", **reached)
    assert done.returncode == 0, done.stderr
    assert terminal.installed.read(1).canary_size == 5


def test_no_log_line_stands_between_those_for_people(terminal: Terminal) -> None:
    done = terminal.send(terminal.csv(), "--watch")
    assert done.returncode == 0, done.stderr
    assert "{" not in done.stdout + done.stderr


def test_an_unknown_bot_is_named(terminal: Terminal) -> None:
    done = terminal.run("send", "--bot", "otro-bot", "--template", "promo", "--csv", terminal.csv())
    assert done.returncode == 1
    assert "otro-bot" in done.stderr


def test_refused_recipients_are_explained_in_the_report(terminal: Terminal) -> None:
    terminal.installed.set_faults(refuse_to_share=1.0)
    done = terminal.send(terminal.csv(), "--watch")
    assert done.returncode == 1
    assert "fallidos" in done.stdout
    assert terminal.installed.read(1).status == "failed"


def test_a_limit_is_held_and_what_was_spent_is_told(terminal: Terminal) -> None:
    terminal.installed.set_prices({"MX": 0.5})
    done = terminal.send(terminal.csv(), "--watch", "--spend-limit", "0.9", "--on-spend-limit", "skip")
    assert done.returncode == 1
    assert "Gastado 0.50 USD" in done.stdout
    assert "omitidos" in done.stdout
    assert len(terminal.installed.accepted()) == 1


def test_a_limit_without_a_price_table_makes_no_campaign(terminal: Terminal) -> None:
    done = terminal.send(terminal.csv(), "--spend-limit", "10")
    assert done.returncode == 1
    assert "prices" in done.stderr
    with terminal.installed.database.read() as session:
        assert session.execute(sa.select(Campaign)).first() is None


def test_header_media_comes_from_the_components_file(terminal: Terminal) -> None:
    header = {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://x.mx/a.jpg"}}]}
    path = terminal.installed.folder / "components.json"
    path.write_text(json.dumps([header]))
    done = terminal.send(terminal.csv(), "--watch", "--components", str(path), "--variables", "var2")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_components_file_that_is_no_list_is_refused(terminal: Terminal) -> None:
    path = terminal.installed.folder / "components.json"
    path.write_text("{")
    done = terminal.send(terminal.csv(), "--components", str(path))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_tables_that_are_missing_are_said_with_the_remedy(terminal: Terminal) -> None:
    other = f"sqlite:///{terminal.installed.folder}/other.sqlite"
    done = terminal.send(terminal.csv(), OUTBOUND_DATABASE_URL=other)
    assert done.returncode == 1
    assert "outbound-campaigns db upgrade" in done.stderr


def test_an_interrupted_command_ends_its_engine_and_the_campaign_goes_on_later(terminal: Terminal) -> None:
    rows = "phone_number,var1,var2\n" + "".join(f"442{n:07d},Ana,x\n" for n in range(60))
    command = [sys.executable, "-m", "outbound_campaigns", "send", "--bot", "demo-bot", "--template", "promo"]
    order = ["--csv", terminal.csv(rows), "--batch-size", "20", "--batch-interval-ms", "2000", "--watch"]
    with subprocess.Popen(
        [*command, *order], env=terminal.installed.environ, stdout=subprocess.PIPE, text=True
    ) as sending:
        while not terminal.installed.accepted():
            time.sleep(0.1)
        engines = psutil.Process(sending.pid).children(recursive=True)
        sending.send_signal(signal.SIGTERM)
        told, _ = sending.communicate(timeout=25)
    assert sending.returncode == 128 + signal.SIGTERM
    assert "outbound-campaigns serve" in told
    assert engines
    assert not any(engine.is_running() for engine in engines)
    terminal.installed.start_engine()
    assert terminal.installed.wait_for_end(1).sent_count == 60
    terminal.installed.assert_promise(1)


@pytest.fixture
def vonage(terminal: Terminal) -> Iterator[str]:
    """The URL of a Vonage where the bot's WhatsApp account has a template with a link of its own."""
    settings = {"senderNumber": "5215550001111", "wabaId": WABA}
    terminal.installed.data.write("bots/demo-bot/config/outbound-campaigns.json", settings)
    waba = Waba(WABA, (BY_NAME["url_button"].listed,))
    with running_simulator(SimulatorConfig(wabas=(waba,), receipts=ReceiptSettings(on=False))) as running:
        yield running.url


def test_slots_are_filled_from_the_terminal(terminal: Terminal, vonage: str) -> None:
    named = ("--template", "rastreo", "--value", "body.1={{ var1 }}", "--value", "button.0.url={{var2}}?d=wa")
    file = terminal.csv("phone_number,var1,var2\n4422591631,Ana,P1\n4422591632,Eva,P2\n")
    given = ("--csv", file, "--watch", *named)
    done = terminal.run_process("send", "--bot", "demo-bot", *given, OUTBOUND_VONAGE_URL=vonage)
    assert done.returncode == 0, done.stderr
    campaign = terminal.installed.read(1)
    assert campaign.values == {"body.1": {"column": "var1"}, "button.0.url": "{{var2}}?d=wa"}
    assert campaign.counts["failed"] == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["body.1=x"], "Falta llenar {{1}} (button.0.url)"),
        (["body.1=x", "button.0.url=https://otra.example.com"], "dirección entera"),
        (["body.1=x", "button.0.url=y", "body.2=z"], "La plantilla no tiene body.2"),
        (["body.1"], "RANURA=TEXTO"),
    ],
)
def test_what_does_not_fit_makes_no_campaign(
    terminal: Terminal, vonage: str, values: list[str], words: str
) -> None:
    given = ["--template", "rastreo", *(part for value in values for part in ("--value", value))]
    done = terminal.run(
        "send", "--bot", "demo-bot", "--csv", terminal.csv(), *given, OUTBOUND_VONAGE_URL=vonage
    )
    assert done.returncode != 0
    assert words in done.stderr
    with terminal.installed.database.read() as session:
        assert session.execute(sa.select(Campaign)).first() is None
