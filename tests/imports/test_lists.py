"""Units and headcounts: real lists, trimmed, never doubled, wrong sums reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from bukittinggi_kinerja.common.models import ImportLine
from bukittinggi_kinerja.common.models.imports import BatchState
from employees.models import OrgUnit
from tests.imports.carried import Carried, csv_of
from tests.people import City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]


@pytest.mark.realdata
def test_a_real_list_of_agencies_makes_each_unit_once(city: City, real_data: Path) -> None:
    content = (real_data / "opd_contoh_sumbar" / "opd_sijunjung.csv").read_bytes()
    before = OrgUnit.objects.count()
    carried = Carried(city).bring(content, kind="unit").check()
    new, changed, same, bad = carried.counts
    assert (new + same, changed, bad) == (35, 0, 0)
    carried.apply()
    assert OrgUnit.objects.count() == before + new
    assert not [name for name in OrgUnit.objects.values_list("name", flat=True) if name != " ".join(name.split())]
    assert OrgUnit.objects.filter(name__iexact="dinas penanaman modal dan pelayanan terpadu satu pintu").count() == 1
    assert Carried(city).bring(content, kind="unit").check().counts == (0, 0, 35, 0)


@pytest.mark.realdata
def test_the_two_wrong_sums_of_a_printed_table_are_reported_with_the_right_ones(city: City, real_data: Path) -> None:
    content = (real_data / "asn_payakumbuh_selatan" / "tabel_asn_2023.csv").read_bytes()
    carried = Carried(city).bring(content, kind="rekap-asn").check()
    assert carried.counts == (0, 0, 8, 2)
    told = [line.faults[0][1] for line in ImportLine.objects.filter(batch=carried.pk, state="SALAH").order_by("line")]
    assert told == [
        "Jumlah tercetak 39, padahal 17 + 19 = 36. Ganti menjadi 36.",
        "Jumlah tercetak 28, padahal 12 + 15 = 27. Ganti menjadi 27.",
    ]
    assert carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "x", "good_only": "on"}).status_code == 409


def test_units_find_their_parents_in_the_same_list_whatever_the_order(city: City) -> None:
    rows = [
        {"nama": "Seksi Arsip Statis", "kode": "", "induk": "bidang  ARSIP", "jenis": "SEKSI"},
        {"nama": "Bidang Arsip", "kode": "PUSIP.ARS", "induk": "Dinas Perpustakaan", "jenis": "Bidang"},
        {"nama": " Dinas  Perpustakaan ", "kode": "PUSIP", "induk": "", "jenis": ""},
        {"nama": "DINAS PERPUSTAKAAN", "kode": "", "induk": "", "jenis": ""},
        {"nama": "Seksi Hilang", "kode": "", "induk": "Tidak Ada", "jenis": ""},
        {"nama": "Nama Lain", "kode": "dinkes", "induk": "", "jenis": ""},
    ]
    carried = Carried(city).bring(csv_of(rows), kind="unit").check()
    assert carried.counts == (3, 0, 0, 3)
    carried.apply(good_only=True)
    assert carried.batch.state == BatchState.APPLIED, carried.batch.message
    section = OrgUnit.objects.get(name="Seksi Arsip Statis")
    assert section.full_name == "Dinas Perpustakaan / Bidang Arsip / Seksi Arsip Statis"
    assert section.path.endswith(f"PUSIP/PUSIP.ARS/{section.code}/")
    carried.undo()
    assert carried.batch.state == BatchState.UNDONE, carried.batch.message
    assert not OrgUnit.objects.filter(code__startswith="PUSIP").exists()


def test_an_exported_list_of_units_changes_nothing_when_it_comes_back(city: City) -> None:
    answer = city.client("bkpsdm").post("/impor/unit/unduh/", {"file_format": "xlsx", "reason": "cek"})
    content = b"".join(answer.streaming_content)
    carried = Carried(city).bring(content, "unit.xlsx", kind="unit").check()
    assert carried.counts == (0, 0, OrgUnit.objects.count(), 0)
