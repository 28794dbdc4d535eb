"""Files are imported in their order, but nobody waits for somebody else's large one."""

from __future__ import annotations

from functools import partial

import pytest

from outbound_campaigns.audience.importing import claim_import, queue, run_import
from outbound_campaigns.database.models import Import
from outbound_campaigns.domain.phone_numbers import NumberRules
from tests.support.files import HEADER, NO_TIME, Files, rows

MANY = HEADER + rows(0, 15_000)
FEW = HEADER + rows(0, 2)


def rules(_: object) -> NumberRules:
    return NumberRules()


def import_all(files: Files) -> None:
    """What an engine does: one after the other, and small ones beside a large one."""

    def beside(large: int) -> None:
        while (small := claim_import(files.database, "worker-1", large)) is not None:
            run_import(files.database, small, "worker-1", rules, NO_TIME)

    while (import_id := claim_import(files.database, "worker-1")) is not None:
        between = partial(beside, import_id)
        run_import(files.database, import_id, "worker-1", rules, NO_TIME, between=between)


def ended(files: Files, *ids: int) -> list[Import]:
    """The imports in the order in which they ended."""
    found = [files.import_row(id_) for id_ in ids]
    assert {one.status for one in found} == {"completed"}
    return sorted(found, key=lambda one: (one.finished_at, one.id))


@pytest.fixture
def other(files: Files) -> Files:
    return Files(files.database, files.folder)


def test_a_small_file_is_imported_beside_a_large_one(
    files: Files, other: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SMALL", len(FEW))
    large, small = files.upload(MANY), other.upload(FEW)
    import_all(files)
    first, last = ended(files, large, small)
    assert (first.id, last.id) == (small, large)
    assert (first.imported, last.imported) == (2, 15_000)


def test_another_large_file_and_one_of_the_same_campaign_wait_for_their_turn(
    files: Files, other: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SMALL", len(FEW))
    first, mine, second = files.upload(MANY), files.upload(FEW), other.upload(MANY)
    import_all(files)
    imports = [files.import_row(id_) for id_ in (first, mine, second)]
    assert [one.imported for one in imports] == [15_000, 0, 15_000]
    assert min(one.finished_at for one in imports if one.finished_at) == imports[0].finished_at
