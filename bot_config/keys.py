"""Reads the private key that signs Vonage's tokens: PEM text, or the path of a file with it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from bot_config.files import UnusableFile, read_text
from bot_config.problems import KeyRefused
from bot_config.texts import problem

LARGEST_KEY_FILE = 64 * 1024


def private_key(value: str, data_dir: Path, bot_id: str, *, may_show: bool = True) -> str:
    """Return the RSA key as PKCS#8 PEM text.

    `value` is PEM text (PKCS#1 or PKCS#8, its line breaks real or written as a backslash and an n), or a
    path: absolute, or relative to the data folder, then to the bot's own. A key file is read at each call.
    Raises KeyRefused, which names the path unless `may_show` forbids it.
    """
    if "-----BEGIN" in value:
        return _pkcs8(value, "")
    folders = (data_dir, data_dir / "bots" / bot_id)
    shown = _shown(value) if may_show else ""
    for text in _texts(value, folders, shown):
        return _pkcs8(text, shown)
    raise KeyRefused(problem("key.not_found", shown=shown))


def _texts(path: str, folders: tuple[Path, ...], shown: str) -> Iterator[str]:
    for folder in folders:
        try:
            found = read_text(folder / path, LARGEST_KEY_FILE)
        except UnusableFile as error:
            code = f"key.{error.reason}"
            raise KeyRefused(problem(code, shown=shown, why=error.why, limit=LARGEST_KEY_FILE)) from None
        if found:
            yield found[1]


def _pkcs8(text: str, shown: str) -> str:
    key, code = _loaded(text)
    if key is None:
        raise KeyRefused(problem(code, shown=shown))
    return key


@lru_cache(maxsize=64)
def _loaded(text: str) -> tuple[str | None, str]:
    """Return the key as PKCS#8 text, or None and the problem's code. Checking an RSA key takes some 50 ms."""
    pem = text.replace("\\r", "").replace("\\n", "\n").replace("\r\n", "\n").strip()
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        return None, "key.encrypted"
    except (ValueError, UnsupportedAlgorithm):
        return None, "key.no_key"
    if not isinstance(key, RSAPrivateKey):
        return None, "key.not_rsa"
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(), ""


def _shown(path: str) -> str:
    """Return the path for a sentence; empty where it might be a key, pasted without its BEGIN line."""
    plain = re.fullmatch(r"[\w./ -]{1,200}", path)
    is_path = path.startswith(("/", "./", "../")) or re.search(r"\.\w{1,8}$", path)
    return f" ({path})" if plain and is_path else ""
