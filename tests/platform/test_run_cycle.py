"""``run_cycle`` at the door: which periods have a cycle, and how a call that cannot be ends."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import Cycle
from appraisal.services.reference import load_reference as load_policy
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from employees.models import AppraisalRegime
from tests.people import City


@pytest.fixture
def ruled(city: City) -> City:
    load_policy()
    load_calendar([2025, 2026, 2027])
    return city


@pytest.mark.parametrize("key", ["2026", "2026-S2", "2026-13", "Oktober"])
def test_only_a_month_or_a_quarter_is_a_right_call(ruled: City, key: str) -> None:
    with pytest.raises(CommandError, match="per bulan atau triwulan") as wrong:
        call_command("run_cycle", period=key, as_of="2026-10-20", stdout=StringIO())
    assert wrong.value.returncode == 2
    assert not Cycle.objects.exists()


def test_a_period_for_which_no_group_has_a_cycle_is_refused(ruled: City) -> None:
    AppraisalRegime.objects.update(cycle_kind="BULAN")
    for key in ("2026-Q4", "1900-01"):
        with pytest.raises(CommandError, match=f"siklus {key}") as refused:
            call_command("run_cycle", period=key, as_of="2026-10-20", stdout=StringIO())
        assert refused.value.returncode == 1
    assert not Cycle.objects.exists()


def test_a_month_with_a_rule_is_opened_and_told(ruled: City) -> None:
    out = StringIO()
    call_command("run_cycle", period="2026-10", as_of="2026-10-20", stdout=out)
    assert "2026-10 UMUM: BERJALAN" in out.getvalue()


def test_a_period_that_has_not_begun_is_told_when_it_opens(ruled: City) -> None:
    told = StringIO()
    call_command("run_cycle", period="2027-01", as_of="2026-10-20", stdout=told)
    assert told.getvalue() == "2027-01 belum mulai; siklusnya dibuka pada 01-01-2027.\n"
    assert not Cycle.objects.exists()
