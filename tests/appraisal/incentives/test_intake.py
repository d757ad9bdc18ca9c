"""Taking events: nothing twice, nothing silently, nothing half."""

import datetime as dt
import threading
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent, ServiceType
from appraisal.incentives.queries.cases import unknown_accounts
from appraisal.incentives.services.intake import IntakeReport, Outcome
from appraisal.incentives.services.reference import load_reference
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.models import ClosedDay, Event
from bukittinggi_kinerja.common.period import JAKARTA
from tests.people import City

from .logs import NOW, issued, mapping, step, take

pytestmark = pytest.mark.usefixtures("services")


def outcomes(report: IntakeReport) -> dict[str, int]:
    return dict(Counter(verdict.outcome.value for verdict in report.verdicts))


def everything() -> list[object]:
    tables = (EventSource, ServiceCase, ServiceEvent, EventConflict, Event)
    return [list(model.objects.order_by("pk").values()) for model in tables]


def test_a_case_is_taken_with_its_clock() -> None:
    report = take(issued("44", "2026-06-08 09:00", "2026-06-12 10:00", service_type="REKLAME"))
    case = ServiceCase.objects.get()
    assert (report.new_cases, report.rows(Outcome.ACCEPTED)) == (1, 2)
    assert (case.state, case.net_working_days, case.standard_days, case.on_time) == ("TERBIT", 4, 5, True)
    assert case.due_at == dt.datetime(2026, 6, 15, 23, 59, 59, tzinfo=JAKARTA)
    assert case.service_type.code == "REKLAME"


def test_example_44_comes_out_of_an_event_log() -> None:
    take(
        [
            step("44", "DITERIMA", "2026-06-08 09:00", service_type="SIP-DR"),
            step("44", "PERBAIKAN", "2026-06-10 11:00"),
            step("44", "VERIFIKASI", "2026-06-19 10:00"),
            step("44", "TERBIT", "2026-06-23 14:00"),
        ]
    )
    case = ServiceCase.objects.get()
    assert (case.net_working_days, case.on_time) == (4, True)
    assert case.due_at == dt.datetime(2026, 6, 24, 23, 59, 59, tzinfo=JAKARTA)


def test_the_same_delivery_twice_changes_nothing() -> None:
    rows = [*issued("1", "2026-06-08 09:00", "2026-06-12 10:00"), step("2", "DITERIMA", "2026-06-09 09:00")]
    take(rows)
    before = everything()
    again = take(rows, now=NOW + dt.timedelta(days=1))
    assert outcomes(again) == {"duplicate": 3}
    assert (again.new_cases, again.changed_cases, again.taken.events, again.taken.cases) == (0, 0, 3, 2)
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing_at_all() -> None:
    rows = [*issued("1", "2026-06-08 09:00", "2026-06-12 10:00"), step("2", "DITERIMA", "kemarin")]
    dry = take(rows, dry_run=True)
    assert everything() == [[], [], [], [], []]
    real = take(rows)
    assert (dry.read, dry.taken, outcomes(dry)) == (real.read, real.taken, outcomes(real))


def test_a_dry_run_on_a_known_source_tells_duplicates_without_a_lock() -> None:
    rows = issued("1", "2026-06-08 09:00", "2026-06-12 10:00")
    take(rows)
    with CaptureQueriesContext(connection) as queries:
        assert outcomes(take(rows, dry_run=True)) == {"duplicate": 2}
    assert len(queries) > 0
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE")) or "FOR UPDATE" in q["sql"]]


def test_the_same_number_with_other_content_is_listed_and_the_first_stays() -> None:
    row = step("1", "DITERIMA", "2026-06-08 09:00", event_id="7")
    take([row])
    report = take([row | {"catatan": "diubah"}])
    conflict = EventConflict.objects.get()
    assert outcomes(report) == {"conflict": 1}
    assert report.listed[0].reason.startswith("Peristiwa ini sudah ada dengan isi lain")
    assert (conflict.key, conflict.content["catatan"]) == ("7", "diubah")
    assert "catatan" not in ServiceEvent.objects.get().content


def test_a_column_nobody_mapped_counts_for_the_content() -> None:
    row = step("1", "DITERIMA", "2026-06-08 09:00") | {"loket": "3"}
    take([row])
    assert outcomes(take([row | {"loket": "4"}])) == {"conflict": 1}


def test_a_conflict_is_listed_once_however_often_it_comes() -> None:
    row = step("1", "DITERIMA", "2026-06-08 09:00")
    take([row])
    for _n in range(2):
        take([row | {"catatan": "x"}])
    assert EventConflict.objects.count() == 1


def test_within_one_file_the_first_of_two_contents_is_taken() -> None:
    row = step("1", "DITERIMA", "2026-06-08 09:00")
    report = take([row, row, row | {"catatan": "x"}])
    assert outcomes(report) == {"accepted": 1, "duplicate": 1, "conflict": 1}
    assert (report.read.events, report.taken.events) == (3, 1)


def test_an_event_number_belongs_to_one_case_of_its_source() -> None:
    take([step("1", "DITERIMA", "2026-06-08 09:00", event_id="7")])
    report = take([step("2", "DITERIMA", "2026-06-08 09:00", event_id="7")])
    assert outcomes(report) == {"conflict": 1}
    assert not ServiceCase.objects.filter(case_id="2").exists()
    assert outcomes(take([step("2", "DITERIMA", "2026-06-08 09:00", event_id="7")], mapping("lain"))) == {"accepted": 1}


def test_one_unreadable_row_refuses_its_case_and_no_other() -> None:
    rows = [*issued("1", "2026-06-08 09:00", "31-02-2026"), *issued("2", "2026-06-08 09:00", "2026-06-12 10:00")]
    report = take(rows)
    assert [case.case_id for case in ServiceCase.objects.all()] == ["2"]
    assert [(row.line, row.column) for row in report.listed] == [(2, ""), (3, "timestamp")]
    assert "Baris 3" in report.listed[0].reason
    assert "31-02-2026" in report.listed[1].reason
    assert (report.refused_cases, report.read.cases, report.taken.cases) == (1, 2, 1)


def test_a_row_without_a_case_number_is_refused_alone() -> None:
    report = take([step("", "DITERIMA", "2026-06-08 09:00"), step("2", "DITERIMA", "2026-06-08 09:00")])
    assert outcomes(report) == {"refused": 1, "accepted": 1}
    assert (report.read.events, report.read.cases, report.taken.cases, report.refused_cases) == (2, 2, 1, 0)


def test_a_case_that_ends_before_it_starts_is_refused_as_a_whole() -> None:
    said = {"started": "2026-06-12 01:06", "ended": "2026-06-12 00:00", "deadline": "2026-08-06 00:00"}
    report = take([step("1", "TERIMA", "2026-06-15 09:00", **said), step("1", "CETAK", "2026-06-15 10:00", **said)])
    assert not ServiceCase.objects.exists()
    assert outcomes(report) == {"refused": 2}
    assert "12-06-2026 00:00:00" in report.listed[0].reason
    assert (report.read.closed, report.read.on_time, report.taken.closed) == (1, 1, 0)


def test_a_case_that_becomes_impossible_keeps_what_it_had() -> None:
    take([step("1", "DITERIMA", "2026-06-08 09:00")])
    report = take([step("1", "TERBIT", "2026-06-05 09:00")])
    assert outcomes(report) == {"refused": 1}
    assert ServiceCase.objects.get().finished_at is None
    assert ServiceEvent.objects.count() == 1


def test_later_steps_move_a_case_on_and_count_a_new_version() -> None:
    rows = issued("1", "2026-06-08 09:00", "2026-06-12 10:00")
    take(rows[:1])
    assert ServiceCase.objects.get().state == "DITERIMA"
    report = take(rows, now=NOW + dt.timedelta(hours=1))
    case = ServiceCase.objects.get()
    assert (report.new_cases, report.changed_cases, outcomes(report)) == (0, 1, {"duplicate": 1, "accepted": 1})
    assert (case.state, case.version) == ("TERBIT", 2)


def test_a_late_event_of_the_middle_is_put_where_it_belongs() -> None:
    take([step("1", "DITERIMA", "2026-06-08 09:00"), step("1", "VERIFIKASI", "2026-06-19 10:00"), step("1", "TERBIT", "2026-06-23 10:00")])
    assert ServiceCase.objects.get().net_working_days == 10
    take([step("1", "PERBAIKAN", "2026-06-10 11:00")])
    assert ServiceCase.objects.get().net_working_days == 4


def test_a_step_that_says_nothing_new_leaves_a_finished_case_as_it_was_read() -> None:
    take(issued("1", "2026-06-08 09:00", "2026-06-12 10:00"))
    ClosedDay.objects.create(date=dt.date(2026, 6, 10), kind="LIBUR_LOKAL", name="Hari jadi")
    take([step("1", "ARSIP", "2026-06-20 10:00")])
    assert ServiceCase.objects.get().net_working_days == 4


def test_an_account_credits_the_person_it_had_on_the_day(city: City) -> None:
    source = EventSource.objects.create(code="simpel")
    first, second = city.staff[:2]
    for person, days in ((first, ("2026-01-01", "2026-06-10")), (second, ("2026-06-10", None))):
        AccountAlias.objects.create(source=source, account="loket1", employee=person, valid=days)
    take(issued("1", "2026-06-08 09:00", "2026-06-12 10:00", officer="loket1", responsible="loket1"))
    steps = dict(ServiceEvent.objects.values_list("activity", "officer_id"))
    assert steps == {"DITERIMA": first.pk, "TERBIT": second.pk}
    assert ServiceCase.objects.get().responsible_id == second.pk


def test_unknown_and_blank_accounts_credit_nobody() -> None:
    report = take([step("1", "DITERIMA", "2026-06-08 09:00", "user17"), step("1", "VERIFIKASI", "2026-06-09 09:00")])
    assert report.unknown_accounts == 1
    assert list(ServiceEvent.objects.values_list("officer", flat=True)) == [None, None]


def test_the_account_that_answers_for_a_case_is_announced_as_well() -> None:
    rows = issued("1", "2026-06-08 09:00", "2026-06-12 10:00", officer="user17", responsible="kasi3")
    assert take(rows).unknown_accounts == 2
    assert [row.account for row in unknown_accounts()] == ["kasi3", "user17"]


def test_the_share_on_time_leaves_out_what_cannot_be_judged() -> None:
    rows = [
        *issued("1", "2026-06-08 09:00", "2026-06-12 10:00"),
        *issued("2", "2026-06-08 09:00", "2026-09-12 10:00"),
        *issued("3", "2026-06-08 09:00", "2026-06-12 10:00", service_type="IMB"),
    ]
    taken = take(rows).taken
    assert (taken.closed, taken.on_time, taken.judged, taken.unjudged, taken.share) == (3, 1, 2, 1, Decimal("50.00"))


def test_a_service_is_known_by_code_or_name_and_any_other_takes_the_general_standard() -> None:
    rows = [
        step(str(n), "DITERIMA", "2026-06-08 09:00", service_type=name)
        for n, name in enumerate(["pbg", "Izin penyelenggaraan REKLAME", "Izin ajaib", ""])
    ]
    report = take(rows)
    kinds = dict(ServiceCase.objects.values_list("case_id", "service_type__code"))
    assert kinds == {"0": "PBG", "1": "REKLAME", "2": "DEFAULT", "3": "DEFAULT"}
    assert dict(report.unknown_types) == {"Izin ajaib": 1}


def test_a_map_may_translate_the_names_of_services() -> None:
    take([step("1", "DITERIMA", "2026-06-08 09:00", service_type="Bouw")], mapping(service_types={"Bouw": "PBG"}))
    assert ServiceCase.objects.get().service_type.code == "PBG"


def test_a_service_without_a_standard_has_no_due_date_and_no_outcome() -> None:
    report = take(issued("1", "2026-06-08 09:00", "2026-06-12 10:00", service_type="IMB"))
    case = ServiceCase.objects.get()
    assert (case.due_at, case.on_time, case.net_working_days) == (None, None, 4)
    assert (report.taken.closed, report.taken.on_time, report.taken.unjudged) == (1, 0, 1)
    assert report.taken.share is None


def test_outside_the_calendar_a_case_is_taken_and_its_days_stay_unknown() -> None:
    take(issued("1", "2001-06-08 09:00", "2001-06-12 10:00", deadline="2001-06-30"))
    case = ServiceCase.objects.get()
    assert (case.net_working_days, case.on_time) == (None, True)


def test_without_reference_data_the_intake_says_what_to_do() -> None:
    ServiceType.objects.filter(code="DEFAULT").update(code="LAIN")
    with pytest.raises(NotNow, match="load_reference"):
        take([step("1", "DITERIMA", "2026-06-08 09:00")])


def test_an_intake_leaves_one_event_row_with_its_counts() -> None:
    take([*issued("1", "2026-06-08 09:00", "2026-06-12 10:00"), step("2", "DITERIMA", "kemarin")])
    event = Event.objects.get()
    assert event.action == "incentives.events.taken"
    assert (event.new["events"], event.new["cases"], event.new["refused_cases"]) == (2, 1, 1)


def test_a_thousand_cases_take_as_many_statements_as_ten() -> None:
    counts = []
    for source, many in (("a", 10), ("b", 1000)):
        rows = [row for n in range(many) for row in issued(str(n), "2026-06-08 09:00", "2026-06-12 10:00")]
        with CaptureQueriesContext(connection) as queries:
            take(rows, mapping(source))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_of_the_same_file_at_once_take_every_event_once() -> None:
    load_reference()
    rows = [row for n in range(200) for row in issued(str(n), "2026-06-08 09:00", "2026-06-12 10:00")]
    reports: list[IntakeReport] = []
    start = threading.Barrier(2)

    def deliver() -> None:
        try:
            start.wait()
            reports.append(take(rows))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(report.rows(Outcome.ACCEPTED) for report in reports) == [0, 400]
    assert (ServiceEvent.objects.count(), ServiceCase.objects.count()) == (400, 200)
