"""Installed from its source into an empty place, the package has everything that it needs."""

import os
import re
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot_config", "outbound_campaigns", "vonage_simulator")
SHIPPED = ("static", "botpress_module")
"""folders of the checkout that lie inside the package once it is installed"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of what git knows, so that no stale build gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "src" / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*command, str(folder / "src")], check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_module_and_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    modules = [path for name in PACKAGES for path in ROOT.glob(f"{name}/**/*")]
    expected = {str(path.relative_to(ROOT)) for path in modules if path.is_file()}
    for folder in SHIPPED:
        expected |= {f"outbound_campaigns/{path.relative_to(ROOT)}" for path in ROOT.glob(f"{folder}/**/*.*")}
    assert packed == {name for name in expected if "__pycache__" not in name}


def test_the_installed_command_makes_its_tables_and_serves_its_files(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place)]
    subprocess.run([*command, str(wheel)], check=True)
    script = """
from importlib.resources import files
import outbound_campaigns
from outbound_campaigns.web.app import create_app
from outbound_campaigns.cli.main import main
from outbound_campaigns.cli.module_package import packed_module
assert outbound_campaigns.__file__.startswith(PLACE), outbound_campaigns.__file__
main(["db", "upgrade"], standalone_mode=False)
client = create_app().test_client()
answer = client.get("/api/v1/bots/any/mod/outbound-campaigns/ui/icon.svg")
assert answer.status_code == 200 and b"<svg" in answer.data
assert len(packed_module()) > 1000
assert client.get("/api/v1/bots/any/mod/outbound-campaigns/ui/../app.py").status_code == 404
"""
    # -S keeps the checkout's own editable install out; the libraries come by path.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(place), *libraries])}
    program = f"PLACE = {str(place)!r}\n{script}"
    subprocess.run([sys.executable, "-S", "-c", program], env=environ, cwd=tmp_path, check=True)


def test_setup_cfg_lists_every_package() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    folders = {path.parent for name in PACKAGES for path in (ROOT / name).rglob("*.py")}
    found = {".".join(folder.relative_to(ROOT).parts) for folder in folders} | {
        f"outbound_campaigns.{folder}" for folder in SHIPPED
    }
    assert listed == {name for name in found if not name.endswith(".versions")}


def requirements() -> dict[str, SpecifierSet]:
    """What setup.cfg asks for, by name, everything optional included."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = [config["options"]["install_requires"], *config["options.extras_require"].values()]
    lines = [line for text in wanted for line in text.splitlines() if line and not line.startswith("#")]
    return {canonicalize_name((one := Requirement(line)).name): one.specifier for line in lines}


def test_no_dependency_is_without_an_upper_bound() -> None:
    assert [name for name, bounds in requirements().items() if "<" not in str(bounds)] == []


def test_the_lock_holds_a_fitting_version_of_each_with_the_hashes_of_its_files() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(
        re.findall(r"^([a-z0-9.-]+)(?:\[[a-z]+\])?==([^ ;]+)(?: ;[^\n]*)? \\\n    --hash=sha256:", text, re.M)
    )
    for name, bounds in requirements().items():
        assert locked[name] in bounds, f"make lock: {name}"
    assert len(locked) == len(re.findall(r"^[a-z]", text, re.M))
