"""The guides in docs/ and the files that they have copied into place."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from outbound_campaigns.runtime.settings import SETTINGS
from tests.support.documented import DOCS

GUIDES = ("deployment.md", "operations.md", "scale.md", "botpress-module.md")
GUIDE = "\n".join((DOCS / name).read_text(encoding="utf-8") for name in GUIDES)
UNIT = "outbound-campaigns.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = (DOCS / UNIT).read_text(encoding="utf-8")
    # The program itself is not installed here, which would be the only complaint.
    (tmp_path / UNIT).write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit))
    command = ["systemd-analyze", "verify", str(tmp_path / UNIT)]
    verified = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_guide_names_no_setting_that_is_not() -> None:
    known = {setting.variable for setting in SETTINGS}
    assert set(re.findall(r"\bOUTBOUND_[A-Z_]+", GUIDE)) <= known


@pytest.mark.parametrize("name", GUIDES)
def test_what_a_guide_leads_to_is_there(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    places = re.findall(r"\]\(([^)#:]+)\)", text)
    assert places
    assert [place for place in places if not (DOCS / place).is_file()] == []


def test_the_pictures_are_small_and_shown() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    pictures = list((DOCS / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 100_000
        assert f"pictures/{picture.name})" in GUIDE + readme


@pytest.mark.parametrize("block", re.findall(r"(?ms)^ *```sh\n(.*?)^ *```$", GUIDE))
def test_the_shell_takes_each_block(block: str) -> None:
    checked = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, timeout=10)
    assert (checked.returncode, checked.stderr) == (0, "")
