"""What holds of the service whatever stands between it and its clients."""

from __future__ import annotations

import requests

from tests.support.media_files import png
from tests.support.running import MODULE, Running, people
from tests.support.site import BOT

ROWS = 35_000
BOTPRESS_TAKES = 10 * 2**20
"""bytes of a body, by its own settings and those that its guide gives nginx"""


def assert_a_large_file_comes_in_and_goes_out(service: Running) -> None:
    campaign_id = service.draft()
    file = people(ROWS).replace(b"Nombre", b"Nombre " + b"x" * 300)
    assert len(file) > BOTPRESS_TAKES
    service.upload(campaign_id, file)
    with service.ask("GET", f"/campaigns/{campaign_id}/export", stream=True) as export:
        assert export.status_code == 200
        assert sum(chunk.count(b"\n") for chunk in export.iter_content(1 << 16)) == 1 + ROWS


def assert_media_is_fetched_as_meta_does(service: Running) -> None:
    """Without a token, by HEAD and in parts; uploading needs one."""
    files = {"file": ("botas.png", png(40, 30))}
    assert requests.post(f"{service.url}/media-files", files=files, timeout=5).status_code == 401
    made = service.ask("POST", "/media-files", files=files)
    assert made.status_code == 201, made.text
    url = f"{service.url}/media/{made.json()['url'].rpartition('/')[2]}"
    assert made.json()["url"].endswith(url.removeprefix(f"http://127.0.0.1:{service.port}"))
    whole, head = requests.get(url, timeout=5), requests.head(url, timeout=5)
    assert (whole.status_code, whole.content, whole.headers["Content-Type"]) == (
        200,
        png(40, 30),
        "image/png",
    )
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (
        200,
        b"",
        str(len(whole.content)),
    )
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    part = requests.get(url, headers={"Range": "bytes=1-3"}, timeout=5)
    assert (part.status_code, part.content) == (206, b"PNG")
    for climbing in ("..%2f..%2fcampaigns.sqlite", "%2e%2e/status", "x.png"):
        with requests.Session() as session:
            prepared = requests.Request("GET", service.url).prepare()
            prepared.url = f"{service.url}/media/{climbing}"
            assert session.send(prepared, timeout=5).status_code in (400, 401, 404)


def assert_a_created_campaign_is_where_its_location_says(service: Running) -> None:
    made = service.ask("POST", "/campaigns", json={"name": "x", "template_id": "y"})
    place = made.headers["Location"]
    assert place.startswith(f"{service.root}/api/v1/bots/{BOT}{MODULE}/campaigns/")
    shown = requests.get(f"http://127.0.0.1:{service.port}{place}", headers=service.headers, timeout=5)
    assert shown.json() == made.json()
    again = {"If-None-Match": shown.headers["ETag"]}
    assert service.ask("GET", f"/campaigns/{made.json()['id']}", headers=again).status_code == 304
