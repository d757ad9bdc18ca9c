"""A simple dated table upon django-import-export: known rows by their natural key, refusals in the words of the constraint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from import_export.fields import Field

from bukittinggi_kinerja.common.importing import ImportColumn, ImportContext, ImportResult, RowOutcome, RowState, SourceRow
from bukittinggi_kinerja.common.importing.fields import AmountCell, ChoiceCell, FirstDay, LastDay, LookupCell, TextCell, whole_digits
from bukittinggi_kinerja.common.importing.resource import BulkResource, ResourceKind
from employees.models import ActingAppointment, Employee
from employees.models.posts import ActingKind
from tests.people import City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]
UNKNOWN = "NIP %(text)s tidak dikenal. Periksa 18 angkanya."
NAMES = ("nip", "pengganti", "jenis", "mulai", "selesai", "nomor", "alasan")


class MandateResource(BulkResource):
    nip = Field("principal", "nip", LookupCell(Employee, "nip", key=whole_digits, missing=UNKNOWN))
    pengganti = Field("substitute", "pengganti", LookupCell(Employee, "nip", key=whole_digits, missing=UNKNOWN))
    jenis = Field("kind", "jenis", ChoiceCell(ActingKind.choices))
    mulai = FirstDay(attribute="valid", column_name="mulai")
    selesai = LastDay(attribute="valid", column_name="selesai")
    nomor = Field("letter_number", "nomor", TextCell(120))
    alasan = Field("reason", "alasan", TextCell(200))

    class Meta(BulkResource.Meta):
        model = ActingAppointment
        import_id_fields = ("nip", "mulai")
        fields = import_order = export_order = NAMES


class MandateKind(ResourceKind):
    code, title, resource = "mandat", "Mandat", MandateResource
    columns = tuple(ImportColumn(name, name, required=name != "nomor") for name in NAMES)

    def may(self, viewer: Any) -> bool:
        return bool(viewer.is_city_hr)

    def visible(self, context: ImportContext) -> Any:
        return ActingAppointment.objects.select_related("principal", "substitute").order_by("pk")


@dataclass
class Table:
    lines: list[dict[str, Any]]
    columns: tuple[str, ...] = NAMES

    def rows(self) -> Iterator[SourceRow]:
        return (SourceRow(line, cells) for line, cells in enumerate(self.lines, 2))


def mandate(city: City, who: str = "penilai", by: str = "pengelola", **more: Any) -> dict[str, Any]:
    first = {"nip": city.people[who].nip, "pengganti": city.people[by].nip, "jenis": "Pelaksana harian (Plh.)", "mulai": "01-06-2026"}
    return first | {"selesai": "2026-06-05", "nomor": "090/5", "alasan": "Cuti"} | more


def run(city: City, lines: list[dict[str, Any]], *, apply: bool = True, good_only: bool = True) -> tuple[ImportResult, list[RowOutcome]]:
    viewer = city.viewer("bkpsdm")
    context = ImportContext(viewer, viewer.user_id, viewer.on, timezone.now())
    result = MandateKind().run(Table(lines), context, apply=apply, good_only=good_only)
    return result, list(result.rows)


def states(rows: list[RowOutcome]) -> list[RowState]:
    return [row.state for row in rows]


def test_rows_are_made_then_known_and_only_what_differs_is_changed(city: City) -> None:
    result, rows = run(city, [mandate(city)])
    assert (result.applied, states(rows)) == (True, [RowState.NEW])
    kept = ActingAppointment.objects.get()
    assert (kept.kind, str(kept.valid.lower), str(kept.valid.upper)) == ("PLH", "2026-06-01", "2026-06-06")
    assert states(run(city, [mandate(city)])[1]) == [RowState.SAME]
    result, [row] = run(city, [mandate(city, nomor="", alasan="Sakit")])
    assert [(change.column, change.old, change.new) for change in row.changes] == [("alasan", "Cuti", "Sakit")]
    assert ActingAppointment.objects.get().letter_number == "090/5", "an empty cell leaves a field as it is"
    [written] = list(result.writes)
    assert (written.pk, written.before and written.before["reason"], written.after["reason"]) == (kept.pk, "Cuti", "Sakit")


def test_a_bad_row_says_what_to_mend_and_refuses_the_file_unless_asked_otherwise(city: City) -> None:
    lines = [
        mandate(city),
        mandate(city, nip="199001012012011999", jenis="PJ", selesai="31-02-2026"),
        mandate(city, "atasan", selesai="2026-05-01"),
        mandate(city, "dpmptsp", alasan="", nip=city.people["dpmptsp"].nip),
        mandate(city),
    ]
    result, rows = run(city, lines, good_only=False)
    assert not result.applied
    assert ActingAppointment.objects.count() == 0
    assert states(rows) == [RowState.NEW, *[RowState.BAD] * 4]
    told = [{fault.column: fault.text for fault in row.faults} for row in rows]
    assert set(told[1]) == {"nip", "jenis", "selesai"}
    assert "tidak ada" in told[1]["selesai"]
    assert "mendahului" in told[2]["selesai"]
    assert told[3]["alasan"] == "Kolom alasan kosong. Isi kolom itu."
    assert "baris 2" in told[4]["nip, mulai"]


def test_what_the_database_refuses_is_said_at_its_row_also_in_a_rehearsal(city: City) -> None:
    run(city, [mandate(city)])
    lines = [mandate(city, "atasan"), mandate(city, mulai="2026-06-03", selesai="2026-06-09"), mandate(city, "dpmptsp", by="dpmptsp")]
    for apply in (False, True):
        _result, rows = run(city, lines, apply=apply)
        assert states(rows) == [RowState.NEW, RowState.BAD, RowState.BAD]
        assert rows[1].faults[0].text == "Pejabat ini sudah mempunyai pengganti pada tanggal itu."
        assert rows[2].faults[0].text == "Pengganti harus orang lain."
    assert ActingAppointment.objects.count() == 2


def test_the_database_is_asked_in_sets(city: City) -> None:
    def asked(count: int) -> int:
        lines = [mandate(city, mulai=f"20{year:02}-01-01", selesai=f"20{year:02}-01-02") for year in range(10, 10 + count)]
        with CaptureQueriesContext(connection) as queries:
            run(city, lines, apply=False)
        return len(queries)

    assert asked(60) == asked(3)


def test_an_export_comes_back_unchanged(city: City) -> None:
    run(city, [mandate(city), mandate(city, "atasan")])
    viewer = city.viewer("bkpsdm")
    lines = MandateKind().export(ImportContext(viewer, None, viewer.on, timezone.now()))
    assert states(run(city, [dict(line) for line in lines or ()])[1]) == [RowState.SAME] * 2


@pytest.mark.parametrize(
    ("cell", "places", "read"),
    [
        ("1.464.000", 0, 1464000),
        ("Rp1.464.000", 0, 1464000),
        (12.0, 0, 12),
        ("12,5", 1, "12.5"),
        ("1.464", 0, 1464),
        ("1,5", 0, None),
        ("x", 0, None),
    ],
)
def test_an_amount_is_read_as_people_here_write_it(cell: Any, places: int, read: Any) -> None:
    if read is None:
        with pytest.raises(ValueError, match="bukan angka"):
            AmountCell(places=places).clean(cell)
    else:
        assert str(AmountCell(places=places).clean(cell)) == str(read)
