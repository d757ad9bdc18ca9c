"""A case that is told in two ways, and times that cannot be: refused with the reason, decided by a person."""

import pytest

from appraisal.incentives.models import EventConflict, ServiceCase, ServiceEvent
from appraisal.incentives.rules.mapping import LogFormat
from appraisal.incentives.services.corrections import settle_conflict
from appraisal.incentives.services.intake import Outcome
from tests.people import City

from .logs import NOW, issued, mapping, step, take

pytestmark = pytest.mark.usefixtures("services")
FIRST = {"started": "2026-06-08 09:00", "ended": "2026-06-12 10:00", "responsible": "budi", "deadline": "2026-06-20", "service_type": "PBG"}
OTHER = {
    "started": "2026-06-09 09:00",
    "ended": "2026-06-11 10:00",
    "responsible": "citra",
    "deadline": "2026-06-21",
    "service_type": "SLF",
}


@pytest.mark.parametrize("name", FIRST)
def test_two_rows_that_tell_a_case_in_two_ways_refuse_it(name: str) -> None:
    rows = [step("1", "A", "2026-06-08 09:00", **FIRST), step("1", "B", "2026-06-09 09:00", **FIRST | {name: OTHER[name]})]
    report = take([*rows, *issued("2", "2026-06-08 09:00", "2026-06-12 10:00")])
    assert [(row.line, row.outcome, row.column) for row in report.listed] == [(2, Outcome.REFUSED, name), (3, Outcome.REFUSED, name)]
    assert report.listed[0].reason.endswith("Samakan di sumbernya.")
    assert list(ServiceCase.objects.values_list("case_id", flat=True)) == ["2"]
    assert (report.read.cases, report.taken.cases, report.refused_cases) == (2, 1, 1)


def test_the_same_said_in_another_zone_or_left_out_is_no_contradiction() -> None:
    told = {"ended": "2026-06-12T10:00:00+07:00", "service_type": "PBG"}
    rows = [
        step("1", "A", "2026-06-08 09:00", **told),
        step("1", "B", "2026-06-09 09:00", ended="2026-06-12T03:00:00Z", service_type="pbg"),
        step("1", "C", "2026-06-10 09:00"),
    ]
    assert take(rows).rows(Outcome.ACCEPTED) == 3


@pytest.mark.parametrize("name", FIRST)
def test_a_later_delivery_does_not_move_a_case_by_its_last_word(name: str) -> None:
    take([step("1", "A", "2026-06-08 09:00", **FIRST)])
    before = list(ServiceCase.objects.values())
    report = take([step("1", "B", "2026-06-09 09:00", **FIRST | {name: OTHER[name]})])
    assert [(row.outcome, row.column) for row in report.verdicts] == [(Outcome.REFUSED, name)]
    assert "tersimpan dengan" in report.listed[0].reason
    assert list(ServiceCase.objects.values()) == before


def test_what_the_log_says_only_later_is_taken() -> None:
    take([step("1", "A", "2026-06-08 09:00")])
    take([step("1", "B", "2026-06-09 09:00", ended="2026-06-12 10:00", responsible="budi")])
    case = ServiceCase.objects.get()
    assert (case.state, case.responsible_account) == ("TERBIT", "budi")


def test_another_officer_holds_once_somebody_has_decided(city: City) -> None:
    """The whole file comes again under its new officer: old steps are conflicts, decided by HR, and then the new step is taken."""
    old = step("1", "A", "2026-06-08 09:00", responsible="budi")
    take([old])
    export = [old | {"responsible": "citra"}, step("1", "B", "2026-06-09 09:00", responsible="citra")]
    assert [row.outcome for row in take(export).verdicts] == [Outcome.CONFLICT, Outcome.REFUSED]
    settle_conflict(
        viewer=city.viewer("bkpsdm"), conflict_id=EventConflict.objects.get().pk, outcome="DIPAKAI", reason="Dialihkan", now=NOW
    )
    assert [row.outcome for row in take(export).verdicts] == [Outcome.DUPLICATE, Outcome.ACCEPTED]
    assert (ServiceCase.objects.get().responsible_account, ServiceEvent.objects.current().count()) == ("citra", 2)


@pytest.mark.parametrize("name", ["timestamp", "started", "ended"])
def test_what_has_not_happened_yet_is_refused_by_its_row(name: str) -> None:
    row = step("1", "A", "2026-06-08 09:00") | {name: "2026-10-20 09:06"}
    report = take([row, step("2", "A", "2026-10-20 09:04")])
    assert [(r.case_id, r.column) for r in report.listed] == [("1", name)]
    assert "belum tiba" in report.listed[0].reason
    assert list(ServiceCase.objects.values_list("case_id", flat=True)) == ["2"]


def test_a_deadline_may_lie_ahead_and_a_day_that_ended_today_is_taken() -> None:
    report = take([step("1", "A", "2026-06-08 09:00", ended="2026-10-20", deadline="2027-01-31")])
    assert report.rows(Outcome.ACCEPTED) == 1
    assert take([step("2", "A", "2026-06-08 09:00", ended="2026-10-21")]).rows(Outcome.REFUSED) == 1


def test_a_time_without_offset_is_that_of_the_clock_on_the_wall_of_the_log() -> None:
    """11:04 in Tokyo is 09:04 in Bukittinggi, 11:06 has not come yet."""
    tokyo = mapping(format=LogFormat(timezone="Asia/Tokyo"))
    report = take([step("1", "A", "2026-10-20 11:04"), step("2", "A", "2026-10-20 11:06")], tokyo)
    assert [row.outcome for row in report.verdicts] == [Outcome.ACCEPTED, Outcome.REFUSED]
