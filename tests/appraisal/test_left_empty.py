"""Who still owes a figure: one reading for the control room, the lateness report and the reminder."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists

from appraisal.models import Assessment, Indicator
from appraisal.queries.control import in_reach
from appraisal.queries.reports import rating_lateness
from appraisal.queries.targets import left_empty
from appraisal.services.daily_reminders import FILL, lines_by_person
from employees.rules.aggregates import aggregate_scope
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, IN_WINDOW, OCTOBER, Month, enter


def owing(month: Month) -> set[int]:
    return set(Assessment.objects.filter(Exists(left_empty()), cycle=month.cycle).values_list("employee_id", flat=True))


def test_who_filled_every_target_owes_nothing(month: Month) -> None:
    assert owing(month) == {person.pk for person in month.city.staff[3:]}


def test_a_withdrawn_figure_is_owed_again(month: Month) -> None:
    person = month.city.staff[0]
    month.case(person).plan.indicators.get(name="Tunggakan").period_targets.get().entries.update(withdrawn_at=IN_OCTOBER)
    assert person.pk in owing(month)


def test_a_measured_indicator_waits_for_nobody(month: Month) -> None:
    person = month.city.staff[3]
    Indicator.objects.filter(plan__employee=person).update(measure="LAYANAN_TEPAT_WAKTU")
    assert person.pk not in owing(month)


def test_an_indicator_retired_within_the_period_still_counts_in_it(month: Month) -> None:
    person = month.city.staff[3]
    indicators = Indicator.objects.filter(plan__employee=person)
    indicators.update(retired_on=dt.date(2026, 10, 15))
    assert person.pk in owing(month)
    indicators.update(retired_on=OCTOBER.start)
    assert person.pk not in owing(month)


def test_control_room_report_and_reminder_name_the_same_people(month: Month) -> None:
    enter(month.case(month.city.staff[3]).plan, "Berkas selesai", 1)
    viewer = month.city.viewer("bkpsdm", on=IN_OCTOBER.date())
    room = set(in_reach(viewer, "2026-10").filter(silent=True).values_list("employee_id", flat=True))
    scope = aggregate_scope(viewer, path=None, refusal="")
    report = rating_lateness(period=OCTOBER, scope=scope, now=AFTER_DEADLINE)
    told = sum(line[0] == FILL for lines in lines_by_person(now=IN_WINDOW).values() for line in lines)
    assert room == owing(month)
    assert (len(room), report.total.without_progress, told) == (9, 9, 9)
