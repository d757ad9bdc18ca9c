"""What offices type on the screens of accounts, substitutes, ends of service, deadlines and outages: nothing of it breaks a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from bukittinggi_kinerja.common.period import local_date
from employees.models import ActingAppointment, ResetRequest, RoleAssignment, ServiceEnd
from employees.rules.access import ResetKind
from tests.appraisal.month import Month, build_month
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = local_date(NOW)
DAY = dt.timedelta(days=1)

VALUES = ("\x00", "a\x00b", "A" * 5000, "\ud800", "-1", "9" * 30, "\u0661", "9999-12-31", "0001-01-01", "24:00")


def doors(city: City) -> list[tuple[str, str, dict[str, str]]]:
    """Who, where, and an honest sending."""
    mandate = ActingAppointment.objects.create(
        principal=city.people["penilai"], substitute=city.people["pengelola"], kind="PLH", valid=DateRange(TODAY, TODAY + 9 * DAY),
        letter_due=TODAY, reason="Cuti",
    )  # fmt: skip
    asked = ResetRequest.objects.create(
        user=city.users["inspektorat"], kind=ResetKind.CREDENTIAL, reason="Lupa", requested_by=city.users["bkpsdm"], requested_at=NOW
    )
    nothing = {"made": [], "closed": [], "mandates": [], "roles": [], "status": "AKTIF", "active": True}
    ServiceEnd.objects.create(
        employee=city.people["dpmptsp"], kind="PERMINTAAN", last_day=TODAY + 30 * DAY, reason="Surat", laid=nothing, recorded_at=NOW
    )
    RoleAssignment.objects.create(user=city.users["luar"], role="BKPSDM", valid=DateRange(dt.date(2025, 1, 1), None))
    account, person = city.users["pimpinan"].pk, city.people["atasan"].pk
    days = {"valid_from": str(TODAY), "valid_until": str(TODAY + 6 * DAY), "letter_due": str(TODAY)}
    paper = {"reason": "Pusat data padam", "letter": "800/1"}
    substitute = str(city.people["pengelola"].pk)
    return [
        ("bkpsdm", "/profil/kode/", {"aksi": "pasang", "code": "123456"}),
        ("bkpsdm", "/akun/daftar/", {"cari": "Ahmad"}),
        ("bkpsdm", "/akun/slip/", {"unit": str(city.units["DINKES"].pk)}),
        ("bkpsdm", f"/akun/{account}/", {"aksi": "minta", "kind": ResetKind.CREDENTIAL.value, "reason": "Lupa"}),
        ("bkpsdm", f"/akun/{city.users['pegawai'].pk}/", {"aksi": "kode", "diperiksa": "1"}),
        ("luar", f"/akun/permintaan/{asked.pk}/", {"aksi": "setujui"}),
        ("bkpsdm", "/kendali/batas/", {"period": "2026-10", "what": "PENILAIAN", "scope": "UNIT", "unit": "1", "day": "2026-12-10", **paper}),
        ("bkpsdm", "/kendali/batas/", {"period": "2026-10", "what": "REALISASI", "scope": "PEGAWAI", "nip": "1", "day": "2026-12-10", **paper}),
        ("bkpsdm", "/kendali/gangguan/", {"start_day": str(TODAY), "start_time": "18:00", "end": str(TODAY), "end_time": "20:00", **paper}),
        ("bkpsdm", "/pengganti/", {"cari": "Darwis"}),
        ("bkpsdm", f"/pengganti/untuk/{person}/", {"substitute": substitute, "kind": "PLH", "letter_number": "1", "reason": "Cuti", **days}),
        ("bkpsdm", f"/pengganti/untuk/{person}/", {"cari": "1", "nama": "Ros", "substitute": substitute, **days}),
        ("bkpsdm", f"/pengganti/{mandate.pk}/cabut/", {"reason": "Kembali"}),
        ("bkpsdm", f"/pengganti/{mandate.pk}/surat/", {"letter_number": "090/1"}),
        (
            "bkpsdm",
            f"/pegawai/{person}/akhir/",
            {"kind": "MENINGGAL", "last_day": str(TODAY), "decided_on": str(TODAY), "decree": "1", "successor": "", "payee_name": "Rina",
             "payee_relation": "Istri", "reason": "Surat"},
        ),
        ("bkpsdm", f"/pegawai/{city.people['dpmptsp'].pk}/akhir/batal/", {"reason": "Keliru"}),
        ("bkpsdm", "/pensiun/", {"cari": "Darwis"}),
    ]  # fmt: skip


def spoiled(sent: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The sending without each of its fields, and with each of them spoilt."""
    for name in sent:
        yield f"without {name}", {field: value for field, value in sent.items() if field != name}
        for value in VALUES:
            yield f"{name}={value[:20]!r}", {**sent, name: value}


def answered(browser: Client, path: str, sent: dict[str, str]) -> int:
    """The status, and everything as it was before."""
    with transaction.atomic():
        body = "&".join(f"{name}={_quoted(value)}" for name, value in sent.items())
        status = browser.post(path, body, content_type="application/x-www-form-urlencoded").status_code
        transaction.set_rollback(True)
    return status


def _quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))


@pytest.fixture
def settled(city: City) -> Month:
    return build_month(city)


def test_nothing_that_is_typed_or_left_out_breaks_a_screen_of_an_office(settled: Month) -> None:
    city = settled.city
    broken = []
    for who, path, sent in doors(city):
        browser = city.client_anew(who)
        browser.raise_request_exception = False
        for label, form in [("as it should be", sent), *spoiled(sent)]:
            status = answered(browser, path, form)
            if status >= 500:
                broken.append((path, label, status))
    assert broken == []
