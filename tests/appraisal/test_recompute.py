"""``recompute`` at the door: it says how much it looked at, and never that nothing differs among nothing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from .month import Month


def said(period: str) -> str:
    out = StringIO()
    call_command("recompute", period=period, check=True, stdout=out)
    return out.getvalue()


def test_an_honest_month_is_said_with_the_number_of_its_results(month: Month) -> None:
    month.rate(month.city.staff[0])
    month.rate(month.city.staff[1])
    month.publish()
    assert "2 hasil diperiksa" in said("2026-10")


@pytest.mark.parametrize("period", ["2026", "2026-09", "2026-Q4", "2030-01"])
def test_a_period_without_a_stored_result_is_refused(month: Month, period: str) -> None:
    month.rate(month.city.staff[0])
    month.publish()
    with pytest.raises(CommandError, match=f"Tidak ada hasil terhitung pada {period}") as refused:
        said(period)
    assert refused.value.returncode == 1
