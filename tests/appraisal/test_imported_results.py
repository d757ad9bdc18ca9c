"""Results from elsewhere: taken as they are, beside the ones made here, and never over them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from appraisal.models import Assessment, Cycle, ImportedResult, ProgressEntry, ResultSource, Score
from appraisal.queries.imported import counts_of_period, differences, own_imported
from appraisal.services.lists import ProgressKind, ResultKind
from appraisal.services.result_sources import adopt_source
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.importing import ImportContext, ImportResult, SourceRow
from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import StaffGroup
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, Month
from tests.people import City

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=JAKARTA)


class Sheet:
    columns = ()

    def __init__(self, rows: list[Mapping[str, Any]]) -> None:
        self._rows = rows

    def rows(self) -> Any:
        return (SourceRow(n, row) for n, row in enumerate(self._rows, 2))


def brought(
    kind: Any, city: City, rows: list[Mapping[str, Any]], key: str = "bkpsdm", *, now: dt.datetime = NOW, **words: Any
) -> ImportResult:
    viewer = city.viewer(key, on=now.date())
    context = ImportContext(viewer=viewer, actor=viewer.user_id, as_of=now.date(), now=now)
    found = kind.run(Sheet(rows), context, **{"apply": True, "good_only": False, **words})
    return ImportResult(list(found.rows), list(found.writes), found.applied)


def result(city: City, person: str = "pegawai", predicate: str = "Baik", period: str = "2026-10", **cells: Any) -> dict[str, Any]:
    return {"nip": city.people[person].nip, "periode": period, "predikat": predicate, "sumber": "BKN", "nomor": "SK/1", **cells}


def test_results_come_in_once_and_a_new_value_leaves_the_old_one_readable(city: City) -> None:
    rows = [result(city), result(city, "luar", "SANGAT_BAIK", tanggal="31-10-2026")]
    dry = brought(ResultKind(), city, rows, apply=False)
    assert [row.state.value for row in dry.rows] == ["BARU", "BARU"]
    assert not ImportedResult.objects.exists()
    assert brought(ResultKind(), city, rows).applied
    again = brought(ResultKind(), city, rows)
    assert ([row.state.value for row in again.rows], list(again.writes)) == (["TETAP", "TETAP"], [])
    changed = brought(ResultKind(), city, [result(city, predicate="butuh perbaikan")])
    assert [(c.column, c.old, c.new) for c in next(iter(changed.rows)).changes] == [("predikat", "BAIK", "BUTUH_PERBAIKAN")]
    now, before = ImportedResult.objects.filter(employee=city.people["pegawai"]).order_by("-pk")
    assert (now.is_current, now.replaces, before.is_current, before.predicate) == (True, before, False, 4)
    assert [w.before for w in changed.writes] == [{"is_current": True}, None]


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"nip": "1"}, "nip"), ({"periode": "Oktober"}, "periode"), ({"periode": "2027-05"}, "periode"), ({"predikat": "Cukup"}, "predikat"),
     ({"tanggal": "32-01-2026"}, "tanggal")],
)  # fmt: skip
def test_a_bad_cell_refuses_the_file_and_is_named(city: City, cells: dict[str, Any], column: str) -> None:
    found = brought(ResultKind(), city, [result(city, "luar"), result(city, **cells)])
    assert (found.applied, ImportedResult.objects.count()) == (False, 0)
    assert [fault.column for fault in list(found.rows)[1].faults] == [column]
    assert brought(ResultKind(), city, [result(city, "luar"), result(city, **cells)], good_only=True).applied


def test_a_pengelola_brings_results_of_his_people_alone(city: City) -> None:
    found = brought(ResultKind(), city, [result(city), result(city, "luar"), result(city)], "pengelola")
    assert [row.state.value for row in found.rows] == ["BARU", "SALAH", "SALAH"], "not his OPD, and the same person twice"
    kind = ResultKind()
    assert [key for key in city.users if kind.may(city.viewer(key, on=NOW.date()))] == ["pengelola", "bkpsdm"]


def test_many_results_are_brought_in_sets(city: City) -> None:
    rows = [{"nip": person.nip, "periode": "2026-10", "predikat": "BAIK"} for person in city.add_staff(60)]
    with CaptureQueriesContext(connection) as few:
        brought(ResultKind(), city, rows[:2])
    with CaptureQueriesContext(connection) as many:
        brought(ResultKind(), city, rows)
    assert len(many) <= len(few) + 1


def test_a_stored_result_names_its_source_and_stays_as_it_was_written(city: City) -> None:
    good = ImportedResult(
        employee=city.people["pegawai"], period="2026", start=dt.date(2026, 1, 1), end=dt.date(2027, 1, 1), predicate=4, source="BKN", imported_at=NOW
    )  # fmt: skip
    good.full_clean()
    good.save()
    for wrong in ({"source": ""}, {"predicate": 6}, {"end": dt.date(2026, 1, 1)}):
        twin = ImportedResult(
            **{
                **{f.attname: getattr(good, f.attname) for f in good._meta.concrete_fields if not f.primary_key},
                "is_current": False,
                **wrong,
            }
        )
        with pytest.raises(ValidationError):
            twin.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        ImportedResult.objects.update(predicate=5)


def test_differences_are_listed_with_both_values_and_leave_the_list_when_they_agree(month: Month, city: City) -> None:
    month.rate(city.people["pegawai"])
    month.rate(city.staff[1])
    month.publish()
    scores = list(Score.objects.order_by("pk").values())
    rows = [result(city, predicate="SANGAT_BAIK"), result(city, "staf1"), result(city, "staf2"), result(city, "luar", period="2026-09")]
    brought(ResultKind(), city, rows)
    viewer = city.viewer("bkpsdm", on=NOW.date())
    found = list(differences(viewer, "2026-10"))
    assert [(row.employee, row.predicate, row.local, row.official) for row in found] == [
        (city.people["pegawai"], 5, 4, "LOKAL"),
        (city.people["staf2"], 4, None, "LOKAL"),
    ]
    counts = counts_of_period(viewer, "2026-10")
    assert (counts.total, counts.agreeing, counts.at_bkn, counts.here) == (3, 1, 2, 0)
    adopt_source(
        group_id=city.group.pk, source="BKN", valid_from=dt.date(2026, 10, 1), decree_number="800/1", decided_on=None, reason="Satu sumber",
        actor=None, now=NOW,
    )  # fmt: skip
    assert counts_of_period(viewer, "2026-10").here == 1, "what is BKN's alone is no longer owed here"
    brought(ResultKind(), city, [result(city)])
    assert not differences(viewer, "2026-10").exists()
    assert list(Score.objects.order_by("pk").values()) == scores, "nothing made here was touched"
    assert not differences(city.viewer("pengelola", on=NOW.date()), "2026-09").exists()


def test_the_official_source_is_one_a_day_and_dated(city: City) -> None:
    words = {"group_id": city.group.pk, "decree_number": "", "decided_on": None, "reason": "Uji", "actor": None, "now": NOW}
    adopt_source(source="BKN", valid_from=dt.date(2026, 1, 1), **words)
    adopt_source(source="LOKAL", valid_from=dt.date(2026, 7, 1), **words)
    assert [(r.source, r.valid) for r in ResultSource.objects.order_by("valid")] == [
        ("BKN", DateRange(dt.date(2026, 1, 1), dt.date(2026, 7, 1))),
        ("LOKAL", DateRange(dt.date(2026, 7, 1), None)),
    ]
    with pytest.raises(Unacceptable, match="sudah mempunyai sumber resmi"):
        adopt_source(source="BKN", valid_from=dt.date(2026, 7, 1), **words)


def test_a_group_whose_results_come_from_elsewhere_is_in_no_cycle_and_sees_them(city: City) -> None:
    teachers = StaffGroup.objects.get(code="GURU")
    city.people["luar"].postings.update(position=city.position("Guru Ahli Pertama", "FUNGSIONAL", teachers))
    brought(ResultKind(), city, [result(city, "luar")])
    assert not Cycle.objects.filter(group=teachers).exists()
    assert not Assessment.objects.filter(employee=city.people["luar"]).exists()
    assert [r.source for r in own_imported(city.viewer("luar", on=NOW.date()))] == ["BKN"]
    assert not differences(city.viewer("bkpsdm", on=NOW.date()), "2026-10").exists()
    page = city.client("luar").get("/kinerja/").content.decode()
    assert "Hasil dari sumber lain" in page
    assert "BKN" in page


def figure(city: City, person: str = "staf3", **cells: Any) -> dict[str, Any]:
    return {
        "nip": city.people[person].nip,
        "indikator": "berkas  SELESAI",
        "periode": "2026-10",
        "nilai": "86,5",
        "catatan": "Rekap",
        **cells,
    }


def test_figures_come_by_file_for_typed_indicators_that_nobody_filled(month: Month, city: City) -> None:
    rows = [figure(city), figure(city, "staf4", nilai=7)]
    found = brought(ProgressKind(), city, rows, "pengelola", now=IN_OCTOBER)
    assert found.applied
    assert sorted(ProgressEntry.objects.filter(source="IMPOR").values_list("value", flat=True)) == [7, 86.5]
    assert Notice.objects.filter(kind="progress_imported").count() == 2
    again = brought(ProgressKind(), city, rows, "pengelola", now=IN_OCTOBER)
    assert [row.state.value for row in again.rows] == ["TETAP", "TETAP"]
    changed = brought(ProgressKind(), city, [figure(city, nilai="90")], "pengelola", now=IN_OCTOBER)
    assert [row.state.value for row in changed.rows] == ["UBAH"]
    assert [e.value for e in ProgressEntry.objects.current().filter(employee=city.people["staf3"])] == [90]
    assert [key for key in city.users if ProgressKind().may(city.viewer(key, on=NOW.date()))] == ["pengelola"]


def test_a_figure_by_file_is_refused_where_one_by_hand_would_be(month: Month, city: City) -> None:
    rows = [
        figure(city, "pegawai"), figure(city, "luar"), figure(city, indikator="Lain"), figure(city, periode="2026-12"), figure(city, nilai="-1"),
        figure(city), figure(city), figure(city, "staf5", nilai=""),
    ]  # fmt: skip
    found = brought(ProgressKind(), city, rows, "pengelola", now=IN_OCTOBER)
    assert [row.state.value for row in found.rows] == ["SALAH"] * 5 + ["BARU", "SALAH", "SALAH"]
    assert not ProgressEntry.objects.filter(source="IMPOR").exists()
    late = brought(ProgressKind(), city, [figure(city)], "pengelola", now=AFTER_DEADLINE)
    assert [fault.column for fault in next(iter(late.rows)).faults] == ["periode"]


def test_an_import_of_figures_is_taken_back_only_while_progress_is_open(month: Month, city: City) -> None:
    found = brought(ProgressKind(), city, [figure(city)], "pengelola", now=IN_OCTOBER)
    viewer = city.viewer("pengelola", on=IN_OCTOBER.date())
    context = ImportContext(viewer=viewer, actor=viewer.user_id, as_of=IN_OCTOBER.date(), now=IN_OCTOBER)
    assert ProgressKind().take_back("appraisal.progressentry", found.writes, {}, context) is False, "the machinery deletes what was made"
    late = ImportContext(viewer=viewer, actor=viewer.user_id, as_of=AFTER_DEADLINE.date(), now=AFTER_DEADLINE)
    with pytest.raises(NotNow):
        ProgressKind().take_back("appraisal.progressentry", found.writes, {}, late)
