"""The other baseline of sending: Vonage's own SDK in a loop, as in anybody's first script.

`python -m benchmarks.sdk_loop URL MESSAGES` posts them to the stand-in and prints the seconds it took.
"""

from __future__ import annotations

import sys
import time
from typing import Any
from urllib.parse import urlsplit

import vonage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from vonage_http_client import HttpClientOptions
from vonage_messages import WhatsappTemplate, WhatsappTemplateResource, WhatsappTemplateSettings


class WithoutTls(HTTPAdapter):
    """Sends plain http, since the stand-in has no TLS; the SDK is spared that work."""

    def send(self, request: PreparedRequest, *args: Any, **more: Any) -> Response:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **more)


def post_all(url: str, messages: int) -> float:
    """Post all messages, one after the other. Returns the seconds it took."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    host = urlsplit(url).netloc
    client = vonage.Vonage(
        vonage.Auth(application_id="11111111-2222-4333-8444-555555555555", private_key=pem),
        HttpClientOptions(api_host=host),
    )
    client.http_client._session.mount("https://", WithoutTls())
    began = time.monotonic()
    for number in range(messages):
        client.messages.send(
            WhatsappTemplate(
                to=f"521442{number:07d}",
                from_="5215550001111",
                template=WhatsappTemplateResource(name="promo", parameters=[f"name {number}"]),
                whatsapp=WhatsappTemplateSettings(locale="es_MX"),
            )
        )
    return time.monotonic() - began


if __name__ == "__main__":
    print(post_all(sys.argv[1], int(sys.argv[2])))
