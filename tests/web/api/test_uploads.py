"""Files come in as forms or raw, go to the disk and nowhere else, and leave nothing when they are refused."""

import shutil
from io import BytesIO

import pytest

from tests.support.outcomes import REFUSED, end_with
from tests.support.site import Site, body, site_in
from tests.support.tables import sqlite_with_tables

CSV = "phone_number,var1\n4422591631,Juan\n4421234567,María\n4422591631,otra vez\n12,corto\n"


def left_behind(site: Site) -> list[str]:
    return [file.name for file in site.uploads.glob("*")] if site.uploads.exists() else []


def test_an_upload_waits_for_an_engine_and_tells_what_came_of_it(site: Site) -> None:
    campaign_id = site.create()
    answer = site.upload(campaign_id, CSV)
    assert answer.status_code == 202
    waiting = body(answer)
    assert (waiting["status"], waiting["file_name"], waiting["size"]) == (
        "running",
        "clientes.csv",
        len(CSV) + 1,
    )
    site.import_now()
    done = body(site.get(f"/campaigns/{campaign_id}/imports/{waiting['id']}"))
    numbers = {name: done[name] for name in ("status", "rows", "imported", "duplicates", "invalid")}
    assert numbers == {"status": "completed", "rows": 4, "imported": 2, "duplicates": 1, "invalid": 1}
    assert (done["encoding"], done["delimiter"], done["columns"]) == ("utf-8", ",", ["phone_number", "var1"])
    assert [(error["row"], error["column"]) for error in done["errors"]] == [
        (4, "phone_number"),
        (5, "phone_number"),
    ]
    assert "Fila 4" in done["errors"][0]["message"]
    errors = site.client.get(
        done["errors_url"], headers={"Authorization": site.botpress.bearer("admin@example.com")}
    )
    assert errors.mimetype == "text/csv"
    assert "Row 5" in errors.text
    assert "Fila 5" in errors.text
    assert body(site.get(f"/campaigns/{campaign_id}"))["counts"]["pending"] == 2
    assert left_behind(site) == []


@pytest.mark.parametrize("kind", ["text/csv", "text/csv; charset=utf-8", "application/vnd.ms-excel"])
def test_a_raw_body_is_taken_too(sqlite_site: Site, kind: str) -> None:
    campaign_id = sqlite_site.create()
    headers = {"Content-Disposition": 'attachment; filename="lista.csv"'}
    place = f"/campaigns/{campaign_id}/upload-csv"
    answer = sqlite_site.ask("POST", place, data=CSV.encode(), content_type=kind, headers=headers)
    assert answer.status_code == 202, answer.text
    assert body(answer)["file_name"] == "lista.csv"


def test_fields_beside_the_file_are_passed_over(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    form = {
        "note": "x" * 1000,
        "other": (BytesIO(b"no"), "no.csv"),
        "file": (BytesIO(CSV.encode()), "si.csv"),
    }
    answer = sqlite_site.ask("POST", f"/campaigns/{campaign_id}/upload-csv", data=form)
    assert (answer.status_code, body(answer)["file_name"]) == (202, "si.csv")


def test_a_field_without_a_file_name_is_taken_for_the_file(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    form = {"file": CSV}
    answer = sqlite_site.ask(
        "POST", f"/campaigns/{campaign_id}/upload-csv", data=form, content_type="multipart/form-data"
    )
    assert answer.status_code == 202, answer.text


PART = b"--b\r\nContent-Disposition: form-data; name="
FORM = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (
            b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
            422,
        ),
        (
            b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\ncut",
            "multipart/form-data; boundary=b",
            400,
        ),
        (b"nonsense", "multipart/form-data; boundary=b", 400),
        (b"", "multipart/form-data; boundary=b", 422),
        (b"x", "multipart/form-data", 422),
        (b"{}", "application/json", 415),
        (b"x", "image/png", 415),
        (b"x", "", 415),
    ],
)
def test_a_body_without_a_file_is_refused_and_leaves_nothing(
    sqlite_site: Site, data: bytes, kind: str, status: int
) -> None:
    campaign_id = sqlite_site.create()
    answer = sqlite_site.ask("POST", f"/campaigns/{campaign_id}/upload-csv", data=data, content_type=kind)
    assert answer.status_code == status, answer.text
    assert left_behind(sqlite_site) == []
    assert body(sqlite_site.get(f"/campaigns/{campaign_id}/imports"))["imports"] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.csv", "/abs.csv", "a\x01b.csv", "x" * 400])
def test_a_file_name_is_only_shown_and_leads_nowhere(sqlite_site: Site, name: str) -> None:
    campaign_id = sqlite_site.create()
    answer = sqlite_site.upload(campaign_id, CSV, file_name=name)
    shown = body(answer)["file_name"]
    assert not set(shown) & set("/\\\x00")
    assert len(shown) <= 255
    (spooled,) = left_behind(sqlite_site)
    assert spooled.removesuffix(".csv").isalnum()


def test_a_file_over_the_limit_is_413_and_leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("small")
    with site_in(folder, sqlite_with_tables(folder), max_upload_mb=1) as small:
        campaign_id = small.create()
        big = b"phone_number\n" + b"4422591631\n" * 100_000
        for data in (big, BytesIO(big)):
            place = f"/campaigns/{campaign_id}/upload-csv"
            answer = small.ask("POST", place, data=data, content_type="text/csv")
            assert answer.status_code == 413, answer.text
            assert "1 MB" in body(answer)["message"]
            assert left_behind(small) == []


def test_a_running_campaign_takes_no_file(site: Site) -> None:
    answer = site.upload(site.started(), CSV)
    assert (answer.status_code, body(answer)["code"]) == (409, "illegal_move")
    assert left_behind(site) == []


def test_a_wrong_file_is_taken_out_again(site: Site) -> None:
    campaign_id = site.filled()
    wrong = body(site.upload(campaign_id, "phone_number\n5512345678\n"))["id"]
    site.import_now()
    assert body(site.get(f"/campaigns/{campaign_id}"))["counts"]["pending"] == 3
    assert site.delete(f"/campaigns/{campaign_id}/imports/{wrong}").status_code == 204
    site.import_now()
    assert body(site.get(f"/campaigns/{campaign_id}"))["counts"]["pending"] == 2
    assert len(body(site.get(f"/campaigns/{campaign_id}/imports"))["imports"]) == 1


def test_a_file_of_a_campaign_that_started_stays(site: Site) -> None:
    campaign_id = site.started()
    (item,) = body(site.get(f"/campaigns/{campaign_id}/imports"))["imports"]
    assert site.delete(f"/campaigns/{campaign_id}/imports/{item['id']}").status_code == 409


def test_an_import_of_another_campaign_is_404(site: Site) -> None:
    first, second = site.filled(), site.create()
    (item,) = body(site.get(f"/campaigns/{first}/imports"))["imports"]
    for path in ("", "/errors.csv"):
        assert site.get(f"/campaigns/{second}/imports/{item['id']}{path}").status_code == 404
    assert site.delete(f"/campaigns/{second}/imports/{item['id']}").status_code == 404


def test_a_refused_file_says_why(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    import_id = body(sqlite_site.upload(campaign_id, b"%PDF-1.7 ..."))["id"]
    sqlite_site.import_now()
    place = f"/campaigns/{campaign_id}/imports/{import_id}"
    for language, word in (("es", "Suba un libro de Excel"), ("en", "Upload an Excel workbook")):
        failed = body(sqlite_site.get(place, headers={"Accept-Language": language}))
        assert failed["status"] == "failed"
        assert word in failed["error"]["message"]


def test_a_disk_that_takes_no_file_is_503_in_words(sqlite_site: Site) -> None:
    failed = sqlite_site.started()
    end_with(sqlite_site.database, failed, REFUSED)
    campaign_id = sqlite_site.create()
    shutil.rmtree(sqlite_site.uploads)
    sqlite_site.uploads.write_text("no folder")
    uploaded = sqlite_site.upload(campaign_id)
    copied = sqlite_site.post(f"/campaigns/{failed}/duplicate?recipients=failed")
    for answer in (uploaded, copied):
        assert (answer.status_code, body(answer)["code"]) == (503, "file_not_stored")
    assert len(body(sqlite_site.get("/campaigns"))["campaigns"]) == 2


def test_the_encoding_can_be_said(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    place = f"/campaigns/{campaign_id}/upload-csv"
    content = "phone_number,a\n4422591631,Õ\n".encode("cp850")
    said = sqlite_site.ask("POST", f"{place}?encoding=cp850", data=content, content_type="text/csv")
    sqlite_site.import_now()
    done = body(sqlite_site.get(f"/campaigns/{campaign_id}/imports/{body(said)['id']}"))
    assert (done["encoding"], done["text_sample"]) == ("cp850", ["Õ"])


def test_an_encoding_that_is_not_known_is_refused_with_those_that_are(sqlite_site: Site) -> None:
    place = f"/campaigns/{sqlite_site.create()}/upload-csv?encoding=ebcdic"
    refused = sqlite_site.ask("POST", place, data=CSV.encode(), content_type="text/csv")
    assert refused.status_code == 422
    assert "mac_roman" in body(refused)["details"]["encoding"][0]
    assert left_behind(sqlite_site) == []
