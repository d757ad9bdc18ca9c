"""A sheet of plans: dry run, taking, taking again, and who is refused with whom."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.models import Indicator, PerformancePlan, PeriodTarget, WorkResult
from appraisal.services.plan_import import PlanKind, PlanReport, import_plans
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow
from bukittinggi_kinerja.common.importing import ImportContext, RowState, SourceRow
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee
from tests.appraisal.planning import make_indicator, make_plan, make_policy, make_result
from tests.people import City

NEW_YEAR = dt.date(2027, 1, 5)
NOW = dt.datetime(2027, 1, 5, 9, 0, tzinfo=JAKARTA)


def sheet(*rows: Mapping[str, Any]) -> list[SourceRow]:
    return [SourceRow(n, row) for n, row in enumerate(rows, 2)]


def line(person: Employee, indicator: str = "Berkas selesai", **cells: Any) -> dict[str, Any]:
    return {"nip": person.nip, "rhk": "Izin terbit tepat waktu", "indikator": indicator, "target": "120", "satuan": "berkas", **cells}


def brought(city: City, rows: list[SourceRow], key: str = "pengelola", **words: Any) -> PlanReport:
    return import_plans(rows, viewer=city.viewer(key, on=NEW_YEAR), year=2027, **{"apply": True, **words})


def states(report: PlanReport) -> list[str]:
    return [row.state.value for row in report.rows]


def test_a_dry_run_writes_nothing_and_a_second_taking_changes_nothing(city: City) -> None:
    make_policy()
    rows = sheet(
        line(city.staff[0], bobot=60, t01="20", **{f"t{n:02}": (10 if n > 3 else "5") for n in range(2, 13)}),
        line(city.staff[0], "Lengkap", bentuk="rentang", target="90", target_maks="95,5", cara_jumlah="rata-rata", bobot=40),
        line(city.staff[1], "Laporan", bentuk="TANGGAL", target="", target_tanggal="31-12-2027"),
    )
    dry = brought(city, rows, apply=False)
    assert states(dry) == ["BARU"] * 3
    assert {"target": "120", "bobot": "60"}.items() <= {c.column: c.new for c in dry.rows[0].changes}.items()
    assert not PerformancePlan.objects.exists()
    taken = brought(city, rows)
    assert taken.applied
    assert [(w.model, w.before, w.line) for w in taken.writes if w.model.endswith("plan")] == [
        ("appraisal.performanceplan", None, 2),
        ("appraisal.performanceplan", None, 4),
    ]
    assert set(PerformancePlan.objects.values_list("state", "year", "assessor__name")) == {("DRAF", 2027, "Darwis Sikumbang")}
    january = PeriodTarget.objects.get(indicator__name="Berkas selesai", period="2027-01")
    assert january.target == 20
    before = list(Indicator.objects.order_by("pk").values())
    again = brought(city, rows)
    assert states(again) == ["TETAP"] * 3
    assert (again.writes, list(Indicator.objects.order_by("pk").values())) == ([], before)


def test_a_change_is_told_field_by_field_and_keeps_the_rows_that_stay(city: City) -> None:
    make_policy()
    brought(city, sheet(line(city.staff[0]), line(city.staff[0], "Lengkap", target="95", cara_jumlah="MEAN")))
    kept = Indicator.objects.get(name="Berkas selesai").pk
    changed = brought(city, sheet(line(city.staff[0], target="144", bobot="3"), line(city.staff[0], "Cepat", target="2", arah="TURUN")))
    assert states(changed) == ["UBAH", "BARU"]
    assert [(c.column, c.old, c.new) for c in changed.rows[0].changes][:2] == [("target", "120.0000", "144"), ("bobot", "1", "3")]
    assert set(Indicator.objects.values_list("name", flat=True)) == {"Berkas selesai", "Cepat"}
    one = Indicator.objects.get(pk=kept)
    assert (one.target, one.weight, sum(t.target for t in one.period_targets.all())) == (144, 3, 144)
    assert PerformancePlan.objects.get().version == 2


def test_all_rows_of_one_person_are_taken_or_refused_together(city: City) -> None:
    make_policy()
    rows = sheet(
        line(city.staff[0]), line(city.staff[0], "Salah", target="banyak"), line(city.staff[1]), line(city.staff[2], bobot="0"),
    )  # fmt: skip
    refused = brought(city, rows)
    assert (refused.applied, PerformancePlan.objects.count()) == (False, 0)
    assert states(refused) == ["SALAH", "SALAH", "BARU", "SALAH"]
    assert "semua barisnya ditolak" in refused.rows[0].faults[0].text
    assert (refused.rows[1].faults[0].column, refused.rows[3].faults[0].column) == ("target", "bobot")
    good = brought(city, rows, good_only=True)
    assert good.applied
    assert list(PerformancePlan.objects.values_list("employee", flat=True)) == [city.staff[1].pk]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"nip": "123"}, "nip"),
        ({"nip": 1.99001012012011e17}, "nip"),
        ({"rhk": " "}, "rhk"),
        ({"indikator": ""}, "indikator"),
        ({"target": ""}, "target"),
        ({"target": "-3"}, "target"),
        ({"bentuk": "RENTANG", "target_maks": "10"}, "target_maks"),
        ({"bentuk": "TANGGAL", "target_tanggal": "31-02-2027"}, "target_tanggal"),
        ({"bentuk": "TANGGAL", "target_tanggal": "31-12-2026"}, "target_tanggal"),
        ({"bentuk": "PERNYATAAN", "target": ""}, "target"),
        ({"bentuk": "bulat"}, "bentuk"),
        ({"aspek": "RASA"}, "aspek"),
        ({"bobot": "2,5"}, "bobot"),
        ({"bagian": "40"}, "bagian"),
        ({"bagian": "140", "rhk_pimpinan": "Prima"}, "bagian"),
        ({"rhk_pimpinan": "7"}, "rhk_pimpinan"),
        ({"t01": "5"}, "t01"),
        ({"t02": "120"}, "t01"),
        ({"rhk": "x" * 401}, "rhk"),
    ],
)
def test_a_bad_cell_is_named_with_what_to_do(city: City, cells: dict[str, Any], column: str) -> None:
    make_policy()
    report = brought(city, sheet(line(city.staff[0], **cells)), apply=False)
    assert states(report) == ["SALAH"]
    assert column in {fault.column for fault in report.rows[0].faults}


def test_an_agreed_plan_is_refused_with_the_way_to_a_revision(city: City) -> None:
    make_policy()
    make_plan(city.staff[0], start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1))
    make_plan(city.staff[1], state="DIAJUKAN", start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1))
    report = brought(city, sheet(line(city.staff[0]), line(city.staff[1]), line(city.people["luar"])))
    assert "Mulai revisi" in report.rows[0].faults[0].text
    assert "sedang diajukan" in report.rows[1].faults[0].text
    assert "tidak ada di OPD Anda" in report.rows[2].faults[0].text
    assert city.people["luar"].name not in report.rows[2].label


def test_a_result_hangs_on_the_leaders_by_number_or_words_and_else_waits(city: City) -> None:
    make_policy()
    above = make_plan(city.people["penilai"], start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1))
    make_result(above, "Pelayanan prima")
    second = make_result(above, "Data rapi", order=2)
    report = brought(
        city,
        sheet(
            line(city.staff[0], rhk_pimpinan="2", bagian="50"),
            line(city.staff[1], rhk_pimpinan="data  RAPI"),
            line(city.staff[2], rhk_pimpinan="Belum ada"),
        ),
    )
    rows = list(WorkResult.objects.filter(plan__year=2027).exclude(plan=above).order_by("plan__employee__nip"))
    assert [(r.parent, r.share, r.leader_title) for r in rows] == [
        (second, Decimal(50), ""), (second, None, ""), (None, None, "Belum ada"),
    ]  # fmt: skip
    assert report.rows[2].warnings[0].column == "rhk_pimpinan"


def test_a_sheet_leaves_measured_figures_and_the_marks_of_a_copy_alone(city: City) -> None:
    make_policy()
    brought(city, sheet(line(city.staff[0])))
    Indicator.objects.update(measure="LAYANAN_TEPAT_WAKTU", accumulation="LAST", unchecked_from=2026)
    assert states(brought(city, sheet(line(city.staff[0])))) == ["TETAP"]
    brought(city, sheet(line(city.staff[0], bobot=5)))
    one = Indicator.objects.get()
    assert (one.weight, one.measure, one.accumulation, one.unchecked_from) == (5, "LAYANAN_TEPAT_WAKTU", "LAST", 2026)


def test_a_result_that_people_hang_on_is_not_dropped(city: City) -> None:
    make_policy()
    brought(city, sheet(line(city.people["penilai"], rhk="Pelayanan prima")))
    make_result(make_plan(city.staff[0], start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1)), parent=WorkResult.objects.get())
    report = brought(city, sheet(line(city.people["penilai"], rhk="Yang lain")))
    assert "didukung RHK bawahan" in report.rows[0].faults[0].text


def test_plans_are_brought_by_the_office_alone_and_for_a_near_year(city: City) -> None:
    for key in ("pegawai", "penilai", "dpmptsp", "pimpinan", "inspektorat", "luar"):
        with pytest.raises(NotAllowed):
            brought(city, [], key)
    with pytest.raises(NotNow):
        import_plans([], viewer=city.viewer("bkpsdm", on=NEW_YEAR), year=2030, apply=False)


def test_a_large_office_is_brought_with_as_many_questions_as_a_small_one(city: City) -> None:
    make_policy()

    def rows_of(people: list[Employee]) -> list[SourceRow]:
        return sheet(*(line(person, f"Indikator {n}", rhk=f"Hasil {n % 3}") for person in people for n in range(6)))

    with CaptureQueriesContext(connection) as few:
        brought(city, rows_of(city.staff[:2]))
    many = rows_of(city.add_staff(300))
    with CaptureQueriesContext(connection) as found:
        report = brought(city, many)
    assert report.count(RowState.NEW) == 1800
    assert len(found) <= len(few) + 30, "rows are written by the thousand"


def test_the_list_is_offered_and_a_fresh_import_can_be_taken_back(city: City) -> None:
    make_policy()
    kind = PlanKind()
    viewer = city.viewer("pengelola", on=NEW_YEAR)
    assert (kind.may(viewer), kind.may(city.viewer("penilai", on=NEW_YEAR))) == (True, False)
    context = ImportContext(viewer=viewer, actor=viewer.user_id, as_of=NEW_YEAR, now=NOW, options={"year": 2027})
    first = brought(city, sheet(line(city.staff[0])))
    exported = list(kind.export(context) or ())
    assert states(brought(city, sheet(*exported), apply=False)) == ["TETAP"], "what is exported is imported again unchanged"
    changed = brought(city, sheet(line(city.staff[0], bobot=7)))
    assert [(w.model, (w.before or {})["version"]) for w in changed.writes] == [("appraisal.performanceplan", 1)]
    assert kind.take_back("appraisal.performanceplan", changed.writes, {}, context), "the draft is given back by the list itself"
    assert not kind.take_back("appraisal.performanceplan", first.writes, {}, context), "the machinery deletes what was made"
    made = Counter(w.model for w in first.writes)
    assert made == {"appraisal.performanceplan": 1, "appraisal.workresult": 1, "appraisal.indicator": 1, "appraisal.periodtarget": 12}


def test_a_plan_of_another_post_is_not_written_over(city: City) -> None:
    make_policy()
    plan = make_plan(city.staff[0], state="DRAF", start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1))
    make_indicator(plan)
    PerformancePlan.objects.filter(pk=plan.pk).update(unit=city.units["DINKES"])
    assert "penempatan lain" in brought(city, sheet(line(city.staff[0]))).rows[0].faults[0].text
