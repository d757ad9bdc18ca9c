"""The working calendar: first filled from the library, then HR's; and the command that counts on it."""

import csv
import datetime as dt
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.calendar_loading import LOADABLE_YEARS, load_calendar
from bukittinggi_kinerja.common.models import CalendarYear, ClosedDay

pytestmark = pytest.mark.django_db


def count(start: str, end: str) -> str:
    out = StringIO()
    call_command("working_days", start, end, stdout=out)
    return out.getvalue().strip()


def test_the_library_is_loaded_once_and_named_in_indonesian() -> None:
    assert load_calendar([2026]) == [2026]
    assert load_calendar([2026]) == []
    kinds = dict(ClosedDay.objects.values_list("date", "kind"))
    assert (len(kinds), list(kinds.values()).count("CUTI_BERSAMA")) == (25, 8)
    assert ClosedDay.objects.get(date="2026-08-17").name == "Hari Kemerdekaan Republik Indonesia"


def test_what_hr_changed_in_a_loaded_year_stays() -> None:
    load_calendar([2026])
    ClosedDay.objects.filter(date="2026-12-24").delete()
    ClosedDay.objects.create(date="2026-12-22", kind="LIBUR_LOKAL", name="Hari jadi kota")
    ClosedDay.objects.filter(date="2026-08-17").update(name="Kemerdekaan", decree="SKB 9")
    load_calendar([2025, 2026])
    days = dict(ClosedDay.objects.filter(date__year=2026).values_list("date", "name"))
    assert dt.date(2026, 12, 24) not in days
    assert (days[dt.date(2026, 12, 22)], days[dt.date(2026, 8, 17)]) == ("Hari jadi kota", "Kemerdekaan")


def test_a_day_entered_before_its_year_was_loaded_stays_as_entered() -> None:
    ClosedDay.objects.create(date="2026-08-17", kind="LIBUR_NASIONAL", name="Tulisan HR")
    load_calendar([2026])
    assert ClosedDay.objects.get(date="2026-08-17").name == "Tulisan HR"


def test_every_year_that_the_library_knows_makes_one_unbroken_calendar() -> None:
    load_calendar()
    calendar = working_calendar()
    assert (calendar.first, calendar.last) == (dt.date(LOADABLE_YEARS[0], 1, 1), dt.date(LOADABLE_YEARS[-1], 12, 31))
    assert CalendarYear.objects.count() == len(LOADABLE_YEARS)


@pytest.mark.realdata
def test_the_loaded_days_are_those_of_the_published_table(real_data: Path) -> None:
    load_calendar(range(2023, 2028))
    with (real_data / "holidays_id/libur_nasional_cuti_bersama_2023_2027.csv").open(encoding="utf-8") as table:
        published = {(row["tanggal"], row["jenis"].upper()) for row in csv.DictReader(table)}
    assert {(f"{day:%Y-%m-%d}", kind) for day, kind in ClosedDay.objects.values_list("date", "kind")} == published


def test_the_months_of_2026_have_the_working_days_of_the_decree() -> None:
    load_calendar([2025, 2026])
    ends = ["2025-12-31", *(f"{dt.date(2026, m + 1, 1) - dt.timedelta(days=1)}" for m in range(1, 12)), "2026-12-31"]
    months = [count(start, end) for start, end in pairwise(ends)]
    assert months == ["20", "18", "17", "21", "16", "20", "23", "19", "22", "22", "21", "21"]
    assert count("2025-12-31", "2026-12-31") == "240"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-06-08", "2026-06-12", "4"),
        ("2026-06-12", "2026-06-15", "1"),
        ("2026-06-12", "2026-06-14", "0"),
        ("2026-06-12", "2026-06-12", "0"),
        ("2026-06-12", "2026-06-08", "0"),
        ("12-06-2026", "17-06-2026", "2"),
    ],
)
def test_working_days_leaves_the_first_day_out_and_takes_the_last_in(start: str, end: str, days: str) -> None:
    load_calendar([2026])
    assert count(start, end) == days


def test_outside_the_loaded_calendar_nothing_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    load_calendar([2026])
    with pytest.raises(SystemExit) as ended:
        call_command("working_days", "2026-12-30", "2027-01-04", stderr=(said := StringIO()))
    assert ended.value.code == 1
    assert said.getvalue().strip() == "Kalender tahun 2027 belum dimuat."


def test_a_day_that_does_not_exist_is_a_wrong_call() -> None:
    with pytest.raises(CommandError, match="2026-02-30"):
        call_command("working_days", "2026-02-30", "2026-03-01")


@pytest.mark.parametrize(("start", "end"), [("1990-05-02", "1990-05-01"), ("2026-05-04", "2026-05-04"), ("2190-01-01", "1890-01-01")])
def test_an_empty_span_has_no_working_day_wherever_it_lies(start: str, end: str) -> None:
    load_calendar([2026])
    assert count(start, end) == "0"
