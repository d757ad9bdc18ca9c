"""Registers in the admin: closed details stand on no page, whatever is asked of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import AllowanceBase, BankAccount, Discipline, JobClass, Leave, TaxCategory
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 20, 9, tzinfo=JAKARTA)
MAY, SINCE = DateRange(dt.date(2026, 5, 4), dt.date(2026, 5, 9)), DateRange(dt.date(2026, 1, 1), None)
SECRETS = ("9081726354", "Si Pemilik", "POTONG_9", "selama 9 bulan", "862/9", "Cuti sakit", "Rawat inap", "K/2")


@pytest.fixture
def rows(city: City) -> list[Any]:
    person: dict[str, Any] = {"employee": city.people["pegawai"], "recorded_at": NOW}
    made: list[Any] = [
        Leave(kind="SAKIT", valid=MAY, note="Rawat inap", **person),
        Discipline(kind="POTONG_9", valid=MAY, letter_number="862/9", **person),
        BankAccount(bank="Bank Nagari", number="9081726354", holder="Si Pemilik", valid=SINCE, **person),
        TaxCategory(status="K/2", valid=SINCE, **person),
    ]
    for row in made:
        row.save()
    return made


def test_no_page_of_the_admin_tells_a_closed_detail(city: City, rows: list[Any]) -> None:
    hr, seen = city.client("bkpsdm"), 0
    for row in rows:
        base = f"/admin/employees/{row._meta.model_name}/"
        for page in (base, f"{base}{row.pk}/change/", f"{base}{row.pk}/history/"):
            text = hr.get(page).content.decode()
            seen += "Ahmad Fauzi" in text
            assert [secret for secret in SECRETS if secret in text] == [], page
        for secret in SECRETS:
            assert "Ahmad Fauzi" not in hr.get(base, {"q": secret}).content.decode(), secret
        for lookup in ("number__startswith", "kind", "status", "kind__exact", "holder__contains"):
            answer = hr.get(base, {lookup: "9"})
            assert answer.status_code in {302, 400, 403}, lookup
    assert seen >= 8, "the pages do show the rows"
    assert not Event.objects.filter(action="employees.register.opened").exists()


def test_the_history_of_a_closed_row_says_what_changed_and_not_from_what_to_what(city: City, rows: list[Any]) -> None:
    """Nobody writes so; whoever has SQL and stops the triggers can."""
    hr = city.client("bkpsdm")
    changed = {
        "leave": {"kind": "MELAHIRKAN", "note": "Rahasia"},
        "discipline": {"kind": "BERHENTI", "letter_number": "Rahasia"},
        "bankaccount": {"number": "1111222233", "note": "Rahasia"},
        "taxcategory": {"status": "K/3", "note": "Rahasia"},
    }
    for row in rows:
        name = row._meta.model_name
        with pgtrigger.ignore(f"employees.{row._meta.object_name}:{name}_written_once"):
            type(row).objects.filter(pk=row.pk).update(**changed[name], voided_at=NOW)
        text = hr.get(f"/admin/employees/{name}/{row.pk}/history/").content.decode()
        assert "dibatalkan" in text, "what is open is told"
        assert "•••" in text
        told = ("melahirkan", "Pemberhentian", "1111222233", "K/3", "Rahasia", *SECRETS)
        assert [secret for secret in told if secret in text] == [], name


def adopt(hr: Client, model: str, **sent: str) -> int:
    return hr.post(f"/admin/employees/{model}/tetapkan/", {"on": "2026-06-01", "decree": "188/1", "reason": "SK baru", **sent}).status_code


def test_hr_sets_the_class_of_a_post_and_the_rupiah_of_a_class(city: City) -> None:
    hr, post = city.client("bkpsdm"), city.positions["Pengelola Perizinan", "PELAKSANA"]
    assert adopt(hr, "jobclass", position=str(post.pk), job_class="6") == 302
    assert adopt(hr, "allowancebase", job_class="6", criterion="BEBAN_KERJA", unit="", amount="1.464.000") == 302
    assert (JobClass.objects.get().job_class, AllowanceBase.objects.get().amount) == (6, 1_464_000)
    assert adopt(hr, "allowancebase", job_class="6", criterion="BEBAN_KERJA", unit="", amount="12,5") == 200
    assert adopt(hr, "jobclass", position=str(post.pk), job_class="18") == 200
    page = hr.get(f"/pegawai/{city.people['pegawai'].pk}/").content.decode()
    assert "Kelas jabatan" in page
