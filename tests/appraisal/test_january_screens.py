"""The screens of January: copying by a press, the matrix with its gaps, the form on paper, and two sources side by side."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from appraisal.models import ImportedResult, PerformancePlan, PlanTemplate, ProgressEntry
from appraisal.queries.matrix import cascade_of_unit
from appraisal.rules.matrix import Support, matrix
from bukittinggi_kinerja.common.period import JAKARTA
from tests.appraisal.month import Month
from tests.appraisal.planning import make_indicator, make_plan, make_policy, make_result, pdf
from tests.people import City

NEW_YEAR = dt.datetime(2027, 1, 5, 9, 0, tzinfo=JAKARTA)
OCTOBER = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)


def at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_matrix_finds_gaps_and_overlaps_and_who_stands_aside() -> None:
    found = matrix(
        {1: "UTAMA", 2: "UTAMA", 3: "UTAMA", 4: "TAMBAHAN"},
        people=[10, 11, 12, 13],
        planned=[10, 11, 12],
        supports=[
            Support(10, 1, "Loket pagi", "UTAMA", Decimal(60)),
            Support(11, 1, "Loket sore", "UTAMA", Decimal(30)),
            Support(10, 2, "Data", "UTAMA", Decimal(70)),
            Support(11, 2, "Data lain", "UTAMA", Decimal(70)),
            Support(11, 2, "Arsip", "UTAMA", None),
            Support(12, None, "Rapat", "TAMBAHAN", None),
        ],
    )
    assert [(row.total, row.short, row.over, row.unsupported) for row in found.rows] == [
        (90, True, False, False),
        (140, False, True, False),
        (None, False, False, True),
        (None, False, False, False),
    ]
    assert (found.idle, found.unplanned) == ([12], [13])
    assert [row.result for row in found.uneven] == [1, 2]


@pytest.fixture
def team(city: City) -> City:
    """A leader with two results; one of the twelve supports the first with 60 percent, one supports nothing."""
    make_policy()
    above = make_plan(city.people["penilai"])
    first = make_result(above, "Pelayanan prima")
    make_result(above, "Data rapi", order=2)
    for number, (share, parent) in enumerate([(Decimal(60), first), (None, None)]):
        plan = make_plan(city.staff[number])
        make_result(plan, f"Hasil {number}", parent=parent, share=share)
        make_indicator(plan)
    return city


def test_the_matrix_page_lists_what_each_number_stands_for(team: City, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, OCTOBER)
    unit = team.units["DPMPTSP.IZIN.YAN"]
    page = team.client("penilai").get(f"/skp/matriks/{unit.pk}/").content.decode()
    for words in (
        "Pelayanan prima",
        "Belum didukung",
        "60%",
        'href="#tanpa-skp">10',
        'href="#tidak-mendukung">1',
        'href="#tanpa-dukungan">1',
    ):
        assert words in page, words
    lines = b"".join(team.client("penilai").get(f"/skp/matriks/{unit.pk}/?berkas=csv").streaming_content).decode()
    assert lines.count("BELUM_ADA_SKP") == 10
    assert "BAGIAN_KURANG" in lines


def test_forty_people_cost_no_more_questions_than_two(team: City, django_assert_max_num_queries: Any) -> None:
    viewer = team.viewer("penilai", on=OCTOBER.date())
    for person in team.add_staff(40):
        make_indicator(make_plan(person))
    with django_assert_max_num_queries(8):
        found = cascade_of_unit(viewer, team.units["DPMPTSP.IZIN.YAN"].pk, year=2026)
    assert (len(found.people), len(found.found.idle), len(found.found.unplanned)) == (52, 41, 10)


def test_a_person_copies_last_years_plan_and_looks_at_each_line(team: City, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NEW_YEAR)
    browser = team.client("pegawai")
    old = PerformancePlan.objects.get(employee=team.staff[0])
    assert "Salin dari SKP 2026" in browser.get("/kinerja/skp/").content.decode()
    answer = browser.post("/kinerja/skp/", {"salin": old.pk}, follow=True)
    new = PerformancePlan.objects.get(employee=team.staff[0], year=2027)
    page = answer.content.decode()
    assert "Disalin dari SKP 2026, belum diperiksa" in page
    assert "Belum ditautkan ke RHK pimpinan: Pelayanan prima." in page
    line = new.indicators.get()
    browser.post(f"/kinerja/skp/{new.pk}/", {"aksi": "periksa", "iki": line.pk, "version": new.version})
    assert new.indicators.get().unchecked_from is None


def test_an_empty_draft_offers_the_templates_of_its_post(team: City, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NEW_YEAR)
    old = PerformancePlan.objects.get(employee=team.staff[0])
    leader, owner = team.client("penilai"), team.client("staf5")
    assert leader.post("/skp/templat/", {"skp": old.pk, "reason": ""}).status_code == 400
    leader.post("/skp/templat/", {"skp": old.pk, "reason": "SKP loket yang baik"})
    template = PlanTemplate.objects.get()
    assert "SKP loket yang baik" in leader.get("/skp/templat/").content.decode()
    post = team.staff[5].postings.get()
    page = owner.post("/kinerja/skp/", {"penempatan": post.pk}, follow=True).content.decode()
    assert "Pakai templat ini" in page
    draft = PerformancePlan.objects.get(employee=team.staff[5], year=2027)
    owner.post(f"/kinerja/skp/{draft.pk}/", {"aksi": "templat", "templat": template.pk, "version": draft.version})
    assert draft.indicators.count() == 1


def test_the_head_of_a_unit_prepares_the_year_with_one_press(team: City, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NEW_YEAR)
    browser = team.client("penilai")
    page = browser.get("/skp/siapkan/").content.decode()
    assert "Salin SKP 2026 untuk 3 pegawai" in page
    browser.post("/skp/siapkan/", {"unit": team.units["DPMPTSP.IZIN.YAN"].pk, "tahun": 2027})
    assert PerformancePlan.objects.filter(year=2027, state="DRAF").count() == 3


def test_a_figure_on_paper_is_printed_typed_marked_and_disputed(month: Month, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, OCTOBER)
    person = city.staff[3]
    plan = PerformancePlan.objects.get(employee=person)
    office, owner, rater = city.client("pengelola"), city.client("staf3"), city.client("penilai")
    assert person.name in office.get("/kinerja/formulir/").content.decode()
    printed = office.get(f"/kinerja/formulir/{plan.pk}/2026-10/cetak/").content.decode()
    assert "Tanda tangan pegawai" in printed
    assert "Tunggakan" in printed
    indicator = plan.indicators.get(name="Berkas selesai")
    form = {"kunci": "7b0c7c52-4c0e-4b7e-9a53-0d6f1f0a7c11", "value": "70", "note": "Dari formulir"}
    assert office.post(f"/kinerja/realisasi/{indicator.pk}/2026-10/", form).status_code == 400, "the scan is missing"
    office.post(f"/kinerja/realisasi/{indicator.pk}/2026-10/", {**form, "paper": pdf("formulir.pdf")})
    entry = ProgressEntry.objects.get(employee=person)
    page = owner.get(f"/kinerja/realisasi/{indicator.pk}/2026-10/").content.decode()
    assert f"Diisi oleh pengelola {city.people['pengelola'].name} dari formulir kertas" in page
    assert "Persoalkan isian ini" in page
    assert owner.post(f"/kinerja/realisasi/catatan/{entry.pk}/persoalkan/", {"reason": ""}).status_code == 400
    owner.post(f"/kinerja/realisasi/catatan/{entry.pk}/persoalkan/", {"reason": "Seharusnya 75"})
    told = rater.get(f"/tim/nilai/{month.case(person).pk}/").content.decode()
    assert "Dipersoalkan pegawai" in told
    assert "Seharusnya 75" in told


def test_a_shared_computer_keeps_no_draft_of_a_form(month: Month, city: City) -> None:
    browser = city.client("pegawai")
    assert " data-bersama" not in browser.get("/kinerja/").content.decode()
    browser.cookies["bersama"] = "1"
    answer = browser.get("/kinerja/")
    assert " data-bersama" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_differences_show_both_values_and_what_is_owed(month: Month, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    month.rate(city.people["pegawai"])
    month.publish()
    ImportedResult.objects.create(
        employee=city.people["pegawai"], period="2026-10", start=dt.date(2026, 10, 1), end=dt.date(2026, 11, 1), predicate=5, source="BKN",
        number="SK/7", imported_at=OCTOBER,
    )  # fmt: skip
    at(monkeypatch, NEW_YEAR)
    page = city.client("bkpsdm").get("/kendali/selisih/").content.decode()
    for words in ("Ahmad Fauzi", "Sangat Baik", "SK/7", "Perbaiki di BKN, lalu impor lagi", "Aplikasi ini"):
        assert words in page, words
    assert (
        "Tetapkan sumber resmi" not in city.client("pengelola").get("/kendali/selisih/").content.decode().split("Sumber resmi menurut")[1]
    )
