"""What holds of the service whatever stands between it and its clients."""

from __future__ import annotations

import requests

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


def assert_a_created_campaign_is_where_its_location_says(service: Running) -> None:
    made = service.ask("POST", "/campaigns", json={"name": "x", "template_id": "y"})
    place = made.headers["Location"]
    assert place.startswith(f"{service.root}/api/v1/bots/{BOT}{MODULE}/campaigns/")
    shown = requests.get(f"http://127.0.0.1:{service.port}{place}", headers=service.headers, timeout=5)
    assert shown.json() == made.json()
    again = {"If-None-Match": shown.headers["ETag"]}
    assert service.ask("GET", f"/campaigns/{made.json()['id']}", headers=again).status_code == 304
