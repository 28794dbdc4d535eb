"""The service behind a real nginx, by the rule of docs/nginx.conf beside the one that Botpress documents."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.support.documented import DOCS
from tests.support.ports import free_port, wait_for
from tests.support.proxied import (
    assert_a_created_campaign_is_where_its_location_says,
    assert_a_large_file_comes_in_and_goes_out,
    assert_media_is_fetched_as_meta_does,
)
from tests.support.running import Running, running
from tests.support.site import BOT
from tests.support.tables import sqlite_in

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(
    NGINX is None and os.environ.get("CI") != "true", reason="nginx is not installed"
)

SITE = """
{user}
error_log stderr;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=my_cache:1m;
    add_header X-Frame-Options SAMEORIGIN;
    client_max_body_size 10M;
    server {{
        listen 127.0.0.1:{port};
        {rule}
        location ~ .*/assets/.* {{
            proxy_cache my_cache;
            proxy_ignore_headers Cache-Control;
            proxy_cache_valid any 30m;
            proxy_pass {botpress};
        }}
        location / {{
            proxy_pass {botpress};
        }}
    }}
}}
"""
"""as Botpress's guide to going to production has it, in short"""


@contextmanager
def behind_nginx(service: Running) -> Iterator[Running]:
    """The same service, asked through nginx."""
    assert NGINX is not None, "CI needs nginx: apt-get install nginx-light"
    folder, port = service.installed.folder / "nginx", free_port()
    folder.mkdir()
    rule = (DOCS / "nginx.conf").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8787;" in rule
    site = SITE.format(
        # As root nginx would serve as a user who may not enter the test's folder.
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        port=port,
        rule=rule.replace(":8787;", f":{service.port};"),
        botpress=service.botpress.url,
    )
    (folder / "nginx.conf").write_text(site, encoding="utf-8")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with subprocess.Popen(command) as nginx:
        through = Running(service.installed, service.botpress, port, service.environ, service.root)
        try:
            wait_for(f"{through.url}/ui/icon.svg")
            yield through
        finally:
            nginx.terminate()


@pytest.fixture(scope="module", params=["", "/bp"], ids=["at the root", "below a root path"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("nginx")
    settings = {"EXTERNAL_URL": f"https://bots.example.com{request.param}"}
    with (
        running(folder, sqlite_in(folder), settings, request.param) as made,
        behind_nginx(made) as through,
    ):
        yield through


def test_the_api_and_the_panel_answer(service: Running) -> None:
    assert_ok_soon(service)
    assert requests.get(f"{service.url}/status", timeout=5).status_code == 401
    icon = requests.get(f"{service.url}/ui/icon.svg", timeout=5)
    assert (icon.status_code, icon.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert icon.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_large_file_comes_in_and_goes_out_again(service: Running) -> None:
    assert_a_large_file_comes_in_and_goes_out(service)


def test_a_created_campaign_is_where_its_location_says(service: Running) -> None:
    assert_a_created_campaign_is_where_its_location_says(service)


def test_a_hosted_picture_is_fetched_as_meta_does(service: Running) -> None:
    assert_media_is_fetched_as_meta_does(service)


def test_nothing_of_ours_goes_to_the_cache_of_assets(service: Running) -> None:
    asked = service.botpress.asked.copy()
    nothing = service.ask("GET", "/ui/assets/nothing.js")
    assert (nothing.status_code, nothing.json()["errorCode"]) == (404, "BP_0044")
    assert service.botpress.asked == asked


def test_everything_else_goes_to_botpress(service: Running) -> None:
    ours = ("/metrics", "/livez", "/readyz")
    module = f"/api/v1/bots/{BOT}/mod/outbound-campaigns-2/status"
    others = ("/api/v1/ping", module, "/assets/modules/x.js", *ours)
    for path in others:
        before = service.botpress.asked[path]
        requests.get(f"http://127.0.0.1:{service.port}{path}", timeout=5)
        assert service.botpress.asked[path] == before + 1


def test_a_client_that_says_it_is_behind_https_is_believed_by_nobody(service: Running) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil"}
    answer = service.ask("POST", "/campaigns", json={"name": "x", "template_id": "y"}, headers=forged)
    assert answer.status_code == 201
    assert answer.headers["Location"].startswith(f"{service.root}/api/v1/bots/")


def test_a_user_of_botpress_is_asked_about_at_botpress(service: Running) -> None:
    before = service.botpress.profiles_asked
    service.botpress.add_user("new@example.com", {"default": "editor"})
    reader = {"Authorization": service.botpress.bearer("new@example.com")}
    assert service.ask("GET", "/status", headers=reader).json()["can_write"] is False
    assert service.ask("POST", "/campaigns", json={}, headers=reader).status_code == 403
    assert service.botpress.profiles_asked == before + 1


def assert_ok_soon(service: Running) -> None:
    """The engine may still be taking its lease."""
    end = time.monotonic() + 30
    while (status := service.ask("GET", "/status")).json()["status"] != "ok":
        assert (status.status_code, time.monotonic() < end) == (200, True), status.text
        time.sleep(0.2)
