"""Employees files as clerks bring them."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter

from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee, Position, Posting, User
from employees.rules.importing import COLUMNS
from employees.services.importing import ImportReport, import_employees
from tests.people import City

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAKARTA)
SUPERVISOR = "199001012012011005"  # penilai of the standing people


def row(number: int, **values: Any) -> dict[str, Any]:
    """A good row for a new person; ``number`` makes his NIP."""
    return {
        "nip": f"199205172018041{number:03}",
        "nama": f"Orang Baru {number}",
        "jenis_pegawai": "PNS",
        "jenis_kelamin": "L",
        "tanggal_lahir": "1992-05-17",
        "golongan": "III/a",
        "jabatan": "Pengelola Perizinan",
        "jenis_jabatan": "PELAKSANA",
        "unit": "DPMPTSP.IZIN.YAN",
        "nip_atasan": SUPERVISOR,
        "tmt_jabatan": "2025-03-01",
        "email": "",
        "status": "AKTIF",
        **values,
    }


def write_csv(path: Path, rows: list[dict[str, Any]], *, separator: str = ",", encoding: str = "utf-8", header: Any = COLUMNS) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow(header)
        writer.writerows([one.get(column, "") for column in header] for one in rows)
    return path


def write_xlsx(path: Path, rows: list[dict[str, Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, column.upper())
        for line, one in enumerate(rows, 1):
            for place, column in enumerate(COLUMNS):
                value = one.get(column, "")
                if isinstance(value, dt.date):
                    sheet.write_datetime(line, place, dt.datetime(value.year, value.month, value.day), day)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(line, place, value, value=one.get("formula_value", ""))
                elif isinstance(value, str):
                    sheet.write_string(line, place, value)
                else:
                    sheet.write(line, place, value)
    return path


def bring_in(path: Path, **options: Any) -> ImportReport:
    given = {"dry_run": False, "apply_good": False, "errors_out": None, "actor": None, "reason": "uji", "as_of": TODAY, "now": NOW}
    return import_employees(path=path, **{**given, **options})


def counts(report: Any) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.same, report.bad


def posting_of(nip: str, on: dt.date = TODAY) -> Posting:
    return Posting.objects.in_force(on=on).select_related("unit", "position", "supervisor").get(employee__nip=nip)


def everything() -> list[Any]:
    tables = (Employee, Posting, Position, User, Event)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def known(city: City, key: str, **values: Any) -> dict[str, Any]:
    """The row that says of a standing person exactly what is known."""
    person = city.people[key]
    posting = Posting.objects.known().select_related("position", "unit", "supervisor").get(employee=person)
    return row(
        0,
        nip=person.nip,
        nama=person.name,
        tanggal_lahir="1990-01-01",
        golongan=person.grade.code if person.grade else "",
        jabatan=posting.position.title,
        jenis_jabatan=posting.position.kind,
        unit=posting.unit.code,
        nip_atasan=posting.supervisor.nip if posting.supervisor else "",
        tmt_jabatan="2025-01-01",
        **values,
    )
