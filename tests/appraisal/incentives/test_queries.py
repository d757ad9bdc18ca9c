"""The board, the timeline and the report of service times."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.incentives.models import AccountAlias, EventSource, ServiceCase
from appraisal.incentives.policies import get_case, may_keep_services, may_open_board
from appraisal.incentives.queries.board import Card, board, card_of
from appraisal.incentives.queries.cases import timeline
from appraisal.incentives.queries.times import service_times
from appraisal.incentives.services.corrections import EventChange, correct_event
from bukittinggi_kinerja.common.errors import NotVisible
from bukittinggi_kinerja.common.period import JAKARTA, Period
from tests.people import City

from .logs import issued, mapping, step, take

pytestmark = pytest.mark.usefixtures("services")
NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)  # a Tuesday
MONTH_START = dt.datetime(2026, 10, 1, tzinfo=JAKARTA)
OCTOBER = Period.parse("2026-10")


@pytest.fixture
def cases(city: City) -> City:
    source = EventSource.objects.create(code="simpel")
    for name, who in (("a", city.staff[0]), ("luar", city.people["luar"])):
        AccountAlias.objects.create(source=source, account=name, employee=who, valid=(None, None))
    take(
        [
            step("baru", "DITERIMA", "2026-10-19 09:00", responsible="a", service_type="SIP-DR"),
            step("lama", "DITERIMA", "2026-10-01 09:00", responsible="a"),
            step("lama", "PENETAPAN", "2026-10-02 09:00", "a"),
            step("proses", "DITERIMA", "2026-10-15 09:00", responsible="a"),
            step("proses", "PENETAPAN", "2026-10-16 09:00", "a"),
            step("jeda", "DITERIMA", "2026-10-12 09:00", responsible="a"),
            step("jeda", "PERBAIKAN", "2026-10-14 09:00", "a"),
            *issued("cepat", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a"),
            *issued("lambat", "2026-10-01 09:00", "2026-10-16 10:00", responsible="a"),
            *issued("kesehatan", "2026-10-01 09:00", "2026-10-06 10:00", responsible="luar", service_type="SIP-NAKES"),
            *issued("yatim", "2026-10-01 09:00", "2026-10-08 10:00", responsible="user17"),
            step("tolak", "DITERIMA", "2026-10-01 09:00", responsible="a"),
            step("tolak", "DITOLAK", "2026-10-07 09:00", "a"),
            *issued("bulan lalu", "2026-09-01 09:00", "2026-09-07 10:00", responsible="a"),
        ]
    )
    return city


def shown(city: City, who: str, **options: object) -> dict[str, list[str]]:
    columns = board(city.viewer(who, on=NOW.date()), now=NOW, finished_since=MONTH_START, **options)  # type: ignore[arg-type]
    return {column.state: [card.case_id for card in column.cards] for column in columns if column.cards}


def card(city: City, number: str, who: str = "bkpsdm") -> Card:
    return card_of(
        city.viewer(who, on=NOW.date()), ServiceCase.objects.select_related("source", "service_type").get(case_id=number), now=NOW
    )


def test_the_board_puts_the_nearest_due_date_first_and_old_finishes_away(cases: City) -> None:
    assert shown(cases, "bkpsdm") == {
        "DITERIMA": ["baru"],
        "DIPROSES": ["lama", "proses"],
        "JEDA": ["jeda"],
        "TERBIT": ["lambat", "yatim", "kesehatan", "cepat"],
        "DITOLAK": ["tolak"],
    }


def test_days_left_are_working_days_and_negative_when_overdue(cases: City) -> None:
    assert (card(cases, "baru").days_left, card(cases, "baru").late) == (4, False)
    assert (card(cases, "lama").days_left, card(cases, "lama").late) == (-6, True)
    assert card(cases, "proses").days_left == 4


def test_a_standing_clock_shows_since_when_and_no_due_date(cases: City) -> None:
    found = card(cases, "jeda")
    assert (found.due_at, found.days_left, found.paused_days, found.late) == (None, None, 4, False)


def test_columns_count_all_and_the_late_ones(cases: City) -> None:
    columns = {c.state: c for c in board(cases.viewer("bkpsdm"), now=NOW, finished_since=MONTH_START, limit=1)}
    assert (columns["TERBIT"].total, columns["TERBIT"].late, len(columns["TERBIT"].cards)) == (4, 1, 1)
    assert (columns["DIPROSES"].total, columns["DIPROSES"].late) == (2, 1)
    assert columns["DITARIK"].total == 0


def test_a_column_is_turned_page_by_page(cases: City) -> None:
    assert shown(cases, "bkpsdm", states=["TERBIT"], first=2, limit=2) == {"TERBIT": ["kesehatan", "cepat"]}


def test_everyone_sees_the_cases_of_the_people_he_may_see(cases: City) -> None:
    assert shown(cases, "luar") == {"TERBIT": ["kesehatan"]}
    assert shown(cases, "penilai")["TERBIT"] == shown(cases, "dpmptsp")["TERBIT"] == ["lambat", "cepat"]
    assert shown(cases, "pegawai")["JEDA"] == ["jeda"]
    assert shown(cases, "inspektorat") == shown(cases, "bkpsdm") == shown(cases, "pimpinan")


def test_whoever_sees_only_aggregates_reads_no_names(cases: City) -> None:
    assert card(cases, "baru").responsible == cases.staff[0].name
    assert card(cases, "baru", "pimpinan").responsible == ""
    assert {step.officer for step in timeline(cases.viewer("pimpinan"), ServiceCase.objects.get(case_id="lama"))} == {None}


def test_who_handles_no_case_has_no_board(cases: City) -> None:
    opened = {
        who
        for who in ("bkpsdm", "inspektorat", "pimpinan", "dpmptsp", "atasan", "penilai", "pegawai", "luar", "pengelola")
        if may_open_board(cases.viewer(who))
    }
    assert opened == {"bkpsdm", "inspektorat", "pimpinan", "dpmptsp", "atasan", "penilai", "pegawai", "luar", "pengelola"}
    assert not may_open_board(cases.viewer("staf3"))
    assert {who for who in opened if may_keep_services(cases.viewer(who))} == {"bkpsdm", "pengelola", "dpmptsp"}


def test_a_case_of_others_is_not_there(cases: City) -> None:
    number = ServiceCase.objects.get(case_id="kesehatan").pk
    assert get_case(cases.viewer("luar"), number).case_id == "kesehatan"
    with pytest.raises(NotVisible):
        get_case(cases.viewer("pegawai"), number)


def test_the_timeline_tells_what_each_step_did_to_the_clock_and_keeps_old_versions(cases: City) -> None:
    event = ServiceCase.objects.get(case_id="jeda").events.get(activity="PERBAIKAN")
    correct_event(
        viewer=cases.viewer("bkpsdm"),
        event_id=event.pk,
        change=EventChange(at=event.at + dt.timedelta(hours=1)),
        reason="Salah jam",
        now=NOW,
    )
    steps = timeline(cases.viewer("bkpsdm"), ServiceCase.objects.get(case_id="jeda"))
    assert [(s.moves, s.version, s.is_current, s.officer) for s in steps] == [
        ("accept", 1, True, None),
        ("stop", 1, False, cases.staff[0].name),
        ("stop", 2, True, cases.staff[0].name),
    ]


def test_the_board_takes_as_many_queries_for_many_cases_as_for_few(cases: City) -> None:
    viewer = cases.viewer("dpmptsp")
    counts = []
    for many in (1, 300):
        take([step(f"{many}-{n}", "DITERIMA", "2026-10-19 09:00", responsible="a") for n in range(many)])
        with CaptureQueriesContext(connection) as queries:
            board(viewer, now=NOW, finished_since=MONTH_START)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


# --- the report


def test_service_times_by_type_and_in_total(cases: City) -> None:
    report = service_times(period=OCTOBER)
    rows = {row.code: row for row in report.rows}
    general, doctors, nurses = rows["DEFAULT"], rows["SIP-DR"], rows["SIP-NAKES"]
    assert (general.finished, general.on_time, general.late, general.refused, general.open) == (3, 2, 1, 1, 3)
    assert (general.share, general.median, general.p90) == (Decimal("66.67"), Decimal("5.00"), Decimal("9.80"))
    assert (doctors.finished, doctors.share, doctors.median, doctors.open) == (0, None, None, 1)
    assert (nurses.on_time, nurses.median) == (1, Decimal("3.00"))
    assert (report.total.finished, report.total.share, report.total.open) == (4, Decimal("75.00"), 4)


def test_service_times_of_a_unit_are_those_of_its_people_on_the_day(cases: City) -> None:
    health = service_times(period=OCTOBER, unit=cases.units["DINKES"])
    permits = service_times(period=OCTOBER, unit=cases.units["DPMPTSP.IZIN"])
    assert (health.total.finished, health.total.open) == (1, 0)
    assert (permits.total.finished, permits.total.open) == (2, 4)


def test_a_case_finished_after_the_period_was_open_at_its_end(cases: City) -> None:
    september = service_times(period=Period.parse("2026-09"))
    assert (september.total.finished, september.total.open) == (1, 0)
    take(issued("panjang", "2026-09-28 09:00", "2026-10-12 10:00"))
    assert service_times(period=Period.parse("2026-09")).total.open == 1


def test_where_each_step_counts_a_case_belongs_to_every_unit_that_had_a_step(city: City) -> None:
    source = EventSource.objects.create(code="langkah")
    for name, who in (("a", city.staff[0]), ("luar", city.people["luar"])):
        AccountAlias.objects.create(source=source, account=name, employee=who, valid=(None, None))
    rows = [
        step("1", "DITERIMA", "2026-10-01 09:00", "a"),
        step("1", "PENETAPAN", "2026-10-02 09:00", "luar"),
        step("1", "TERBIT", "2026-10-05 09:00", "a"),
    ]
    take(rows, mapping("langkah", credit="step"))
    found = {code: service_times(period=OCTOBER, unit=city.units[code]).total.finished for code in ("DPMPTSP", "DINKES", "BKPSDM")}
    assert found == {"DPMPTSP": 1, "DINKES": 1, "BKPSDM": 0}


def test_a_quarter_adds_its_months(cases: City) -> None:
    assert service_times(period=Period.parse("2026-Q3")).total.finished == 1
    assert service_times(period=Period.parse("2026")).total.finished == 5


def test_the_report_takes_two_statements_whatever_the_number_of_cases(cases: City) -> None:
    with CaptureQueriesContext(connection) as queries:
        service_times(period=OCTOBER, unit=cases.units["DPMPTSP"])
    assert len(queries) == 2
