"""The private key: as text or as a file, in every form that people have it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot_config.keys import LARGEST_KEY_FILE, private_key
from bot_config.problems import KeyRefused
from tests.bot_config.conftest import Keys

FORMS: dict[str, Callable[[Keys], str]] = {
    "PKCS#8": lambda keys: keys.pkcs8,
    "PKCS#1": lambda keys: keys.pkcs1,
    "escaped line breaks": lambda keys: keys.pkcs8.replace("\n", "\\n"),
    "escaped Windows line breaks": lambda keys: keys.pkcs1.replace("\n", "\\r\\n"),
    "Windows line breaks": lambda keys: keys.pkcs8.replace("\n", "\r\n"),
    "blanks around": lambda keys: f"\n  {keys.pkcs1}\n\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_key_in_any_form_becomes_pkcs8(keys: Keys, tmp_path: Path, form: str) -> None:
    assert private_key(FORMS[form](keys), tmp_path, "demo-bot") == keys.pkcs8


@pytest.mark.parametrize("form", FORMS)
def test_a_key_file_in_any_form_becomes_pkcs8(keys: Keys, tmp_path: Path, form: str) -> None:
    (tmp_path / "private.key").write_text(FORMS[form](keys))
    assert private_key(str(tmp_path / "private.key"), Path("/nowhere"), "demo-bot") == keys.pkcs8


@pytest.mark.parametrize("place", ["keys/private.key", "bots/demo-bot/keys/private.key"])
def test_a_relative_path_begins_at_the_data_folder_or_the_bots_own(
    keys: Keys, tmp_path: Path, place: str
) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(keys.pkcs1)
    assert private_key("keys/private.key", tmp_path, "demo-bot") == keys.pkcs8


def test_the_data_folder_goes_before_the_bots_own(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "bots/demo-bot").mkdir(parents=True)
    (tmp_path / "bots/demo-bot/private.key").write_text(keys.other)
    (tmp_path / "private.key").write_text(keys.pkcs8)
    assert private_key("private.key", tmp_path, "demo-bot") == keys.pkcs8


def test_a_replaced_key_file_counts_at_once(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "private.key").write_text(keys.pkcs8)
    assert private_key("private.key", tmp_path, "demo-bot") == keys.pkcs8
    (tmp_path / "private.key").write_text(keys.other)
    assert private_key("private.key", tmp_path, "demo-bot") == keys.other


def _refused(value: str, data_dir: Path) -> str:
    with pytest.raises(KeyRefused) as refused:
        private_key(value, data_dir, "demo-bot")
    return str(refused.value)


@pytest.mark.parametrize(
    ("form", "code"), [("encrypted", "encrypted"), ("public", "no_key"), ("elliptic", "not_rsa")]
)
def test_a_key_of_no_use_is_refused_with_the_reason(keys: Keys, tmp_path: Path, form: str, code: str) -> None:
    (tmp_path / "private.key").write_text(getattr(keys, form))
    assert _refused("private.key", tmp_path).startswith(f"key.{code}: ")
    assert _refused(getattr(keys, form), tmp_path).startswith(f"key.{code}: ")


MISHAPS: dict[str, Callable[[Path], object]] = {
    "not_found": lambda file: None,
    "no_key": lambda file: file.write_text("something else"),
    "not_text": lambda file: file.write_bytes(b"\x30\x82\xff\xff"),
    "not_regular": os.mkfifo,
    "too_large": lambda file: file.write_bytes(b" " * (LARGEST_KEY_FILE + 1)),
    "unreadable": lambda file: file.symlink_to(file.name),
}


@pytest.mark.parametrize("code", MISHAPS)
def test_a_file_without_a_key_is_refused_and_named(tmp_path: Path, code: str) -> None:
    MISHAPS[code](tmp_path / "private.key")
    said = _refused("./private.key", tmp_path)
    assert said.startswith(f"key.{code}: ")
    assert "(./private.key)" in said


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/stdin", "/", "/proc/self/mem", "a\0b", "x" * 5_000])
def test_a_hostile_path_is_refused_at_once(tmp_path: Path, path: str) -> None:
    assert _refused(path, tmp_path).startswith("key.")


def test_a_key_pasted_without_its_begin_line_is_never_repeated(keys: Keys, tmp_path: Path) -> None:
    body = keys.pkcs8.splitlines()[1]
    said = _refused(body, tmp_path)
    assert said.startswith("key.not_found: ")
    assert body not in said
