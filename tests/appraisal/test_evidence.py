"""Evidence: known by its content, sealed, kept apart from the site."""

import datetime as dt
import hashlib
import io
import os
import zipfile
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from appraisal.models import AppraisalPolicy, Cycle, Evidence, Indicator, ProgressEntry
from appraisal.rules.evidence import FileKind, download_name, is_link, kind_of
from appraisal.services.evidence import sweep_unreferenced
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.models import Event
from tests.people import City

from .planning import NOW, make_cycle, make_indicator, make_plan, pdf, photo
from .test_progress import correct, enter

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def indicator(city: City) -> Indicator:
    make_cycle(city)
    return make_indicator(make_plan(city.people["pegawai"]))


def office(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


def png(mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (8, 8), 3 if mode == "P" else None).save(out, "PNG", pnginfo=None)
    return out.getvalue()


def bomb() -> bytes:
    """Two hundred megabytes of blanks in a workbook of some kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/sheet1.xml", "w") as sheet:
            for _megabyte in range(200):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf().read(), FileKind.PDF),
        (photo().read(), FileKind.JPEG),
        (png(), FileKind.PNG),
        (office("xl/workbook.xml"), FileKind.XLSX),
        (office("word/document.xml"), FileKind.DOCX),
        (HTML, None),
        (SVG, None),
        (b"GIF89a" + HTML, None),
        (b"%PDF-1.7 but it never ends", None),
        (b" %PDF-1.7\n%%EOF", None),
        (b"MZ\x90\x00", None),
        (b"", None),
        (office(), None),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), None),
        (HTML + office("xl/workbook.xml"), None),
        (b"PK\x03\x04 broken", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: FileKind | None) -> None:
    assert kind_of(content) == kind


def test_a_workbook_that_unpacks_beyond_reason_is_not_taken() -> None:
    small = bomb()
    assert len(small) < 1_000_000
    assert kind_of(small) is None


@pytest.mark.parametrize(
    ("link", "taken"),
    [
        ("https://drive.contoh.go.id/rekap?id=1", True),
        ("http://192.168.1.5:8080/x", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("ftp://contoh.go.id/a", False),
        ("//contoh.go.id/a", False),
        ("https://", False),
        ("https://nama:sandi@contoh.go.id/", False),
        ("https://contoh.go.id/a b", False),
        ("https://contoh.go.id/\nSet-Cookie: a", False),
        ('https://contoh.go.id/"><script>', False),
        ("https://contoh.go.id:99999/", False),
        ("https://contoh.go.id/" + "a" * 500, False),
    ],
)
def test_a_link_is_an_address_of_the_web(link: str, taken: bool) -> None:
    assert is_link(link) is taken


def test_the_name_on_download_ends_as_the_content_does() -> None:
    assert download_name("rekap.html", FileKind.PDF) == "rekap.pdf"
    assert download_name("laporan", FileKind.XLSX) == "laporan.xlsx"
    assert download_name(".htaccess", FileKind.PNG) == "htaccess.png"
    assert download_name("..", FileKind.JPEG) == "bukti.jpg"


def test_a_photo_loses_its_place_and_camera_and_stands_upright(city: City, indicator: Indicator) -> None:
    evidence = enter(city, indicator, files=[photo()]).evidence.get()
    kept = evidence.file.read()
    for secret in (b"Telepon Rahasia", b"lokasi rumah", b"Exif"):
        assert secret not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (30, 40)
        assert not image.getexif()
    assert evidence.sha256 == hashlib.sha256(kept).hexdigest()
    assert evidence.size == len(kept)
    assert evidence.content_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_drawings_of_every_mode_are_taken_without_what_hides_behind_them(city: City, indicator: Indicator, mode: str) -> None:
    hidden = png(mode) + HTML
    evidence = enter(city, indicator, files=[SimpleUploadedFile("x.png", hidden)]).evidence.get()
    assert HTML not in evidence.file.read()


@pytest.mark.parametrize("content", [HTML, SVG, b"\xff\xd8\xff but no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_document_or_picture_is_refused_whatever_it_calls_itself(city: City, indicator: Indicator, content: bytes) -> None:
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, files=[SimpleUploadedFile("rekap.pdf", content, content_type="application/pdf")])
    assert "rekap.pdf" in refusal.value.errors["files"][0]


def test_a_picture_of_too_many_points_is_refused_before_it_is_drawn(city: City, indicator: Indicator) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Unacceptable):
        enter(city, indicator, files=[SimpleUploadedFile("besar.png", out.getvalue())])


def test_a_file_above_the_size_of_the_policy_is_refused(city: City, indicator: Indicator) -> None:
    AppraisalPolicy.objects.update(evidence_max_bytes=100)
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, files=[pdf(body=b"%PDF-1.7\n" + b" " * 200 + b"%%EOF")])
    assert "terlalu besar" in refusal.value.errors["files"][0]


def test_the_yearly_quota_counts_every_file_once_and_then_refuses(city: City, indicator: Indicator) -> None:
    AppraisalPolicy.objects.update(evidence_quota_bytes=3 * len(pdf().read()))
    entry = enter(city, indicator, files=[pdf()])
    entry = correct(city, entry)
    entry = correct(city, entry, files=[pdf("lain.pdf")])
    enter(city, indicator, files=[pdf("ketiga.pdf")])
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, files=[pdf("keempat.pdf")])
    assert "Kuota" in refusal.value.errors["files"][0]
    assert len(default_storage.listdir("bukti")[1]) == 3


def age(name: str, *, hours: int) -> None:
    moment = (NOW - dt.timedelta(hours=hours)).timestamp()
    os.utime(default_storage.path(name), (moment, moment))


def test_an_upload_whose_transaction_was_taken_back_is_swept_after_a_day(city: City, indicator: Indicator) -> None:
    kept = enter(city, indicator, files=[pdf("kerja.pdf")]).evidence.get().file.name
    corrected = correct(city, enter(city, indicator, files=[pdf("lama.pdf")])).evidence.get().file.name
    with transaction.atomic():
        lost = enter(city, indicator, files=[pdf("hilang.pdf")]).evidence.get().file.name
        transaction.set_rollback(True)
    stranger = default_storage.save("bukti/catatan.txt", ContentFile(b"bukan unggahan"))
    for name in (kept, corrected, lost, stranger):
        age(name, hours=23)
    assert sweep_unreferenced(now=NOW) == 0
    for name in (kept, corrected, lost, stranger):
        age(name, hours=25)
    assert sweep_unreferenced(now=NOW) == 1
    assert [default_storage.exists(name) for name in (kept, corrected, lost, stranger)] == [True, True, False, True]
    assert Event.objects.get(action="appraisal.evidence.swept").new == {"files": 1}
    assert sweep_unreferenced(now=NOW) == 0


def test_without_any_upload_there_is_nothing_to_sweep(db: None) -> None:
    assert sweep_unreferenced(now=NOW) == 0


def test_more_than_ten_pieces_at_once_are_refused(city: City, indicator: Indicator) -> None:
    with pytest.raises(Unacceptable):
        enter(city, indicator, links=[f"https://contoh.go.id/{n}" for n in range(11)])


def test_a_file_is_kept_under_a_name_nobody_chose(city: City, indicator: Indicator) -> None:
    evidence = enter(city, indicator, files=[SimpleUploadedFile("..\\..\\etc/passwd\u202egpj.pdf", pdf().read())]).evidence.get()
    folder, name = evidence.file.name.split("/")
    assert folder == "bukti"
    assert len(name) == 32
    assert evidence.title == "passwdgpj.pdf"


def get(city: City, who: str, evidence: Evidence, **headers: str):  # type: ignore[no-untyped-def]
    return city.client(who).get(f"/kinerja/bukti/{evidence.pk}/", **headers)


def test_a_download_is_an_attachment_that_no_browser_opens_as_a_page(city: City, indicator: Indicator) -> None:
    evidence = enter(city, indicator, files=[pdf('rekap "ä".pdf')]).evidence.get()
    answer = get(city, "pegawai", evidence)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert 'rekap "ä".pdf' in unquote(answer["Content-Disposition"]).replace("\\", "")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == pdf().read()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("pegawai", 200), ("penilai", 200), ("atasan", 200), ("dpmptsp", 200), ("pengelola", 200), ("bkpsdm", 200), ("inspektorat", 200),
        ("pimpinan", 404), ("luar", 404), ("staf1", 404),
    ],
)  # fmt: skip
def test_evidence_is_for_those_who_see_the_person(city: City, indicator: Indicator, who: str, status: int) -> None:
    assert get(city, who, enter(city, indicator, files=[pdf()]).evidence.get()).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("pegawai", 200), ("penilai", 200), ("atasan", 200), ("dpmptsp", 404), ("pengelola", 404), ("bkpsdm", 404)]
)
def test_sensitive_evidence_is_for_the_rating_chain_alone(city: City, indicator: Indicator, who: str, status: int) -> None:
    assert get(city, who, enter(city, indicator, files=[pdf()], sensitive=True).evidence.get()).status_code == status


def test_signed_out_there_is_no_file_and_a_link_is_no_file(city: City, indicator: Indicator, client) -> None:
    entry = enter(city, indicator, files=[pdf()], links=["https://contoh.go.id/"])
    path = f"/kinerja/bukti/{entry.evidence.get(kind='BERKAS').pk}/"
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/masuk/?next={path.replace('/', '%2F')}"
    assert get(city, "pegawai", entry.evidence.get(kind="TAUTAN")).status_code == 404
    assert city.client("pegawai").get("/kinerja/bukti/987654321/").status_code == 404
    assert city.client("pegawai").post(path).status_code == 405


def test_a_part_of_a_file_cannot_be_asked_for_by_those_who_may_not_see_it(city: City, indicator: Indicator) -> None:
    evidence = enter(city, indicator, files=[pdf()]).evidence.get()
    assert get(city, "luar", evidence, HTTP_RANGE="bytes=0-10").status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(city: City, indicator: Indicator) -> None:
    evidence = enter(city, indicator, files=[pdf()]).evidence.get()
    default_storage.delete(evidence.file.name)
    assert get(city, "pegawai", evidence).status_code == 404


def test_the_database_wants_a_file_or_a_link_and_not_both(city: City, indicator: Indicator) -> None:
    entry: ProgressEntry = enter(city, indicator, value=Decimal(1))
    both = Evidence(
        entry=entry, kind="BERKAS", title="x", url="https://contoh.go.id/", file="bukti/x", sha256="0" * 64,
        content_type="application/pdf", uploaded_by=1, uploaded_at=NOW,
    )  # fmt: skip
    with pytest.raises(Exception, match="satu berkas atau satu tautan"):
        both.full_clean()
    both.url = ""
    both.full_clean()
    assert Cycle.objects.count() == 1
