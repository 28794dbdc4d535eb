"""The encodings before UTF-8 are told apart by the letters of Spanish and Portuguese."""

import random

import pytest

from outbound_campaigns.audience.reading.legacy_encodings import LEGACY
from tests.audience.reading.conftest import ReadBytes

TEXTS = (
    "José",
    "Peña",
    "Ñandú",
    "Güemes",
    "ÁLVARO",
    "ÉRIKA",
    "PEÑA",
    "MARÍA MUÑOZ",
    "ÁNGEL ÍÑIGUEZ",
    "João, São Paulo",
    "¿Cómo está? ¡Última oferta!",
    "N.º 5 y 3.ª",
    "N° 5",
    "niño",
)
NAMES = "José María,Sofía Núñez,Ramón Peña,ÁNGEL ÍÑIGUEZ,ÓSCAR GARCÍA,Begoña,Lucía León,Iñaki,Martín".split(
    ","
)
OFFERS = "Promoción,Envío gratis,¡Última!,Año Nuevo,Crédito,Sólo hoy,¿Listo?,Descuento,Póliza".split(",")


@pytest.mark.parametrize("codec", LEGACY)
@pytest.mark.parametrize("text", TEXTS)
def test_one_word_is_enough(read: ReadBytes, text: str, codec: str) -> None:
    try:
        content = f'phone_number,a\n4422591631,"{text}"\n'.encode(codec)
    except UnicodeEncodeError:
        pytest.skip(f"{codec} has not all of these letters")
    assert read(content).cells == [{"a": text}]


@pytest.mark.parametrize("codec", LEGACY)
@pytest.mark.parametrize("seed", range(10))
def test_lists_of_people_are_told_apart(read: ReadBytes, codec: str, seed: int) -> None:
    chance = random.Random(seed)
    rows = [(chance.choice(NAMES), chance.choice(OFFERS)) for _ in range(1 + seed)]
    lines = "".join(f"442000{n:04d},{name},{offer}\n" for n, (name, offer) in enumerate(rows))
    content = f"phone_number,nombre,oferta\n{lines}"
    file = read(content.encode(codec))
    assert [tuple(cells.values()) for cells in file.cells] == rows


def test_a_mac_file_with_its_line_ends_is_read(read: ReadBytes) -> None:
    file = read("phone_number,nombre,promo\r4425550101,María Muñoz,Promoción\r".encode("mac_roman"))
    assert (file.encoding, file.cells) == ("mac_roman", [{"nombre": "María Muñoz", "promo": "Promoción"}])
    assert file.accented == ["María Muñoz", "Promoción"]


def test_whoever_knows_better_may_say_so(read: ReadBytes) -> None:
    content = "phone_number,a\n4422591631,ÕÆ\n".encode("cp1252")
    assert read(content, encoding="cp850").cells == [{"a": content.decode("cp850")[-3:-1]}]
    assert read(content, encoding="cp850").encoding == "cp850"


def test_one_accent_at_the_end_of_a_large_file_is_weighed(read: ReadBytes) -> None:
    content = b"phone_number,a\n" + b"4422591631,x\n" * 50_000 + "4422591632,Muñoz\n".encode("mac_roman")
    assert read(content).encoding == "mac_roman"
