"""docs/api.md and the README against the demo: their commands work as they stand, no route is missing."""

import dataclasses
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from bot_config import refusal
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.domain.refusals import configuration, media, request, state
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.web.access import refusals as access_refusals
from outbound_campaigns.web.api.blueprint import BASE, ID
from outbound_campaigns.web.app import create_app
from tests.support.demo import Demo, demo
from tests.support.documented import DOCS, Example, examples

__all__ = ["demo"]

REFUSALS = {
    value.code
    for module in (configuration, media, request, state, access_refusals)
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, refusal.Refusal) and hasattr(value, "code")
}

CURL_FAILED = 22
"""curl's exit code for a status from 400 on, with --fail-with-body"""

CURL = r"""#!/bin/bash
# Asks for an import until it has ended, as docs/api.md says: on a busy machine one outlives its request.
[[ "$*" == */upload-csv* ]] || exec /usr/bin/curl "$@"
answer=$(/usr/bin/curl "$@")
code=$?
headers=()
for argument in "$@"; do
    case $argument in
        */upload-csv) imports=${argument%/upload-csv}/imports ;;
        Authorization:* | Accept-Language:*) headers+=(-H "$argument") ;;
    esac
done
while [[ $answer =~ \"id\":\"([^\"]+)\" && $answer == *'"status":"running"'* ]]; do
    sleep 0.2
    answer=$(/usr/bin/curl "$imports/${BASH_REMATCH[1]}" "${headers[@]}")
    code=$?
done
echo "$answer"
exit $code
"""


@pytest.mark.parametrize("document", ["docs/api.md", "README.md"])
def test_every_example_works_and_prints_what_is_shown(demo: Demo, tmp_path: Path, document: str) -> None:
    (tmp_path / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")
    (tmp_path / "instance").symlink_to(demo.folder.parent)
    (tmp_path / "temporary").mkdir()
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "curl").write_text(CURL)
    (tmp_path / "programs" / "curl").chmod(0o755)
    documented = list(examples(document))
    outputs = [tmp_path / f"printed-{number:03}" for number in range(len(documented))]
    done = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", "\n".join(map(_run, documented, outputs))],
        cwd=tmp_path,
        env={
            "PATH": f"{tmp_path}/programs:/usr/bin:/bin",
            "CURL_HOME": str(tmp_path),
            "TMPDIR": str(tmp_path / "temporary"),
        },
        capture_output=True,
        text=True,
        timeout=100,
    )
    printed = [path.read_text(encoding="utf-8") for path in outputs if path.exists()]
    assert done.returncode == 0, (documented[len(printed) - 1], printed[-1], done.stderr)
    for example, text in zip(documented, printed, strict=True):
        example.assert_printed(text)


def _run(example: Example, output: Path) -> str:
    """One block; what is shown as a refusal has to be one."""
    if not example.is_refusal:
        return f"{{\n{example.commands}}} > {output}"
    tried = f"set +e; (set -e\n{example.commands}) > {output}"
    return f"{tried}; code=$?; set -e; test $code = {CURL_FAILED}"


def test_every_route_is_documented(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/db.sqlite"), {})
    text = (DOCS / "api.md").read_text(encoding="utf-8").splitlines()
    routes = set(_routes(app))
    assert {line for line in text if line.startswith("### ") and "/" in line} == routes


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_is_documented(code: str) -> None:
    assert f"`{code}`" in (DOCS / "api.md").read_text(encoding="utf-8")


def _routes(app: Flask) -> list[str]:
    return [
        f"### {method} {_place(rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(BASE) and not rule.endpoint.startswith("panel.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]


def _place(rule: str) -> str:
    """`/campaigns/:id/imports/:import_id`, for a rule of Flask's."""
    place = rule.removeprefix(BASE)
    for name in ("campaign_id", "import_id", "recipient_id", "opt_out_id", "reconciliation_id", "media_id"):
        place = place.replace(f"<{ID}:{name}>", f":{'id' if name == 'campaign_id' else name}")
    return re.sub(r"<string:(\w+)>", r":\1", place)


def test_the_defaults_of_a_campaigns_options_are_those_of_the_code() -> None:
    text = (DOCS.parent / "docs/api.md").read_text(encoding="utf-8")
    table = text.partition("### POST /campaigns\n")[2].partition("\n```")[0]
    rows = re.findall(r"^\| (`[^|]+) \|.*\| ([^|]*) \|$", table, re.MULTILINE)
    documented: dict[str, str] = {}
    for names, defaults in rows:
        fields_ = re.findall(r"`(\w+)`", names)
        values = [value.partition(":")[0].strip("` ") for value in re.split(r", ", defaults)]
        documented |= dict(zip(fields_, values, strict=False))
    expected = {
        option.name: "null" if option.default is None else str(option.default)
        for option in dataclasses.fields(NewCampaign)
        if option.default is not dataclasses.MISSING and option.name != "created_by"
    }
    assert {name: documented[name].replace(",", "") for name in expected} == expected
