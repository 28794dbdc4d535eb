"""package-module: the archive that Botpress takes."""

from __future__ import annotations

import json
import tarfile
from importlib.metadata import version

from outbound_campaigns.cli.module_package import packed_module
from outbound_campaigns.runtime.package_files import shipped_folder
from tests.support.terminal import Terminal


def test_the_archive_has_every_file_at_its_root(terminal: Terminal) -> None:
    done = terminal.run("package-module")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Se escribió outbound-campaigns.tgz" in done.stdout
    folder = shipped_folder("botpress_module")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    with tarfile.open(terminal.installed.folder / "outbound-campaigns.tgz", "r:gz") as archive:
        assert archive.getnames() == sorted(files)
        assert {"package.json", "dist/backend/index.js", "assets/web/full.bundle.js"} <= files
        for name in files:
            packed = archive.extractfile(name)
            assert packed is not None
            assert packed.read() == (folder / name).read_bytes()


def test_it_goes_where_it_is_told_to_and_says_so(terminal: Terminal) -> None:
    place = terminal.installed.folder / "other.tgz"
    done = terminal.run("package-module", "--output", str(place), LANG="en_US.UTF-8")
    assert f"Wrote {place}." in done.stdout
    assert place.read_bytes() == packed_module()


def test_a_place_that_can_not_be_written_is_named(terminal: Terminal) -> None:
    done = terminal.run("package-module", "--output", "no/such/folder.tgz")
    assert (done.returncode, "no/such/folder.tgz" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_the_same_files_make_the_same_bytes() -> None:
    assert packed_module() == packed_module()


def test_the_module_has_the_package_s_version() -> None:
    about = json.loads((shipped_folder("botpress_module") / "package.json").read_text(encoding="utf-8"))
    assert about["version"] == version("outbound-campaigns")
