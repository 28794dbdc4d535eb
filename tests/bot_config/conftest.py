"""A data folder for each test, and private keys made once."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.support.data_folder import DataFolder


@dataclass(frozen=True)
class Keys:
    """PEM texts: the same RSA key in each of its forms, another one, and some that are of no use."""

    pkcs8: str
    pkcs1: str
    encrypted: str
    public: str
    other: str
    elliptic: str


def _pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    form: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption | None = None,
) -> str:
    return key.private_bytes(Encoding.PEM, form, encryption or NoEncryption()).decode()


@pytest.fixture(scope="session")
def keys() -> Keys:
    key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    return Keys(
        pkcs8=_pem(key),
        pkcs1=_pem(key, PrivateFormat.TraditionalOpenSSL),
        encrypted=_pem(key, encryption=BestAvailableEncryption(b"password")),
        public=key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        other=_pem(other),
        elliptic=_pem(ec.generate_private_key(ec.SECP256R1())),
    )


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")
