"""The calendar and the standards change: unfinished cases follow, finished ones stay."""

import datetime as dt

import pytest

from appraisal.incentives.models import ServiceCase, ServiceStandard
from appraisal.incentives.services.refolding import recompute_open_cases
from appraisal.incentives.tasks import follow_calendar
from bukittinggi_kinerja.common.models import ClosedDay, Event
from bukittinggi_kinerja.common.period import JAKARTA, end_of_day

from .logs import NOW, issued, step, take

pytestmark = pytest.mark.usefixtures("services")
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def cases(services: None) -> None:
    """One open, one standing, one finished, one open with a deadline of its own; all accepted on 8 June 2026."""
    take(
        [
            step("open", "DITERIMA", "2026-06-08 09:00"),
            step("paused", "DITERIMA", "2026-06-08 09:00"),
            step("paused", "PERBAIKAN", "2026-06-09 09:00"),
            *issued("done", "2026-06-08 09:00", "2026-06-12 10:00"),
            step("dated", "DITERIMA", "2026-06-08 09:00", deadline="2026-06-30"),
        ]
    )


def case(number: str) -> ServiceCase:
    return ServiceCase.objects.get(case_id=number)


def close(day: str) -> None:
    ClosedDay.objects.create(date=dt.date.fromisoformat(day), kind="LIBUR_LOKAL", name="Hari jadi kota")


def test_a_new_day_off_moves_the_due_date_of_unfinished_cases_only(cases: None) -> None:
    before = case("open").due_at
    close("2026-06-10")
    assert recompute_open_cases(now=LATER) == 1
    assert (before, case("open").due_at) == (end_of_day(dt.date(2026, 6, 18)), end_of_day(dt.date(2026, 6, 19)))
    assert case("done").net_working_days == 4
    assert case("dated").due_at == dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=JAKARTA)
    assert case("open").version == 2


def test_twice_is_the_same_as_once(cases: None) -> None:
    close("2026-06-10")
    recompute_open_cases(now=LATER)
    assert recompute_open_cases(now=LATER + dt.timedelta(days=1)) == 0
    assert Event.objects.filter(action="incentives.cases.recomputed").count() == 1


def test_a_case_is_read_by_the_standard_of_the_day_it_was_accepted(cases: None) -> None:
    old = ServiceStandard.objects.get(service_type__code="DEFAULT")
    old.valid = (None, dt.date(2026, 6, 9))
    old.save()
    ServiceStandard.objects.create(
        code="baru", service_type=old.service_type, workdays=3, valid=(dt.date(2026, 6, 9), None), reason="Perwali"
    )
    take([step("later", "DITERIMA", "2026-06-09 09:00")])
    assert recompute_open_cases(now=LATER) == 0
    assert (case("open").standard_days, case("later").standard_days) == (7, 3)


def test_a_draft_of_a_standard_rules_nothing(cases: None) -> None:
    old = ServiceStandard.objects.get(service_type__code="DEFAULT")
    ServiceStandard.objects.create(
        code="rancangan", service_type=old.service_type, workdays=1, valid=(None, None), reason="Coba", draft=True
    )
    assert recompute_open_cases(now=LATER) == 0


def test_the_hourly_task_does_it(cases: None) -> None:
    close("2026-06-10")
    follow_calendar()
    assert case("open").due_at == end_of_day(dt.date(2026, 6, 19))


def test_a_thousand_open_cases_are_recomputed_in_few_statements(cases: None, django_assert_max_num_queries: object) -> None:
    take([step(str(n), "DITERIMA", "2026-06-08 09:00") for n in range(1000)])
    close("2026-06-10")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert recompute_open_cases(now=LATER) == 1001
