"""The target of a period out of the yearly target."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.rules.cascade import ResultNode, coverage, makes_a_loop, orphans
from appraisal.rules.targets import Stretch, Target, TargetBelowClosed, YearlyTarget, periods_in_force, spread, sums_back
from appraisal.rules.vocabulary import Accumulation, TargetForm
from bukittinggi_kinerja.common.period import Period, PeriodKind

YEAR = Period.parse("2026").months()
amounts = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
counts = st.integers(min_value=1, max_value=12)


def single(value: str, accumulation: Accumulation = Accumulation.SUM) -> YearlyTarget:
    return YearlyTarget(TargetForm.SINGLE, accumulation, Target(Decimal(value)))


@pytest.mark.parametrize(
    ("yearly", "each", "last"),
    [
        ("12", "1.00", "1.00"),
        ("100", "8.33", "8.37"),
        ("1", "0.08", "0.12"),
        ("0", "0.00", "0.00"),
        ("0.18", "0.01", "0.07"),  # half-up would give 0.02 and leave -0.04 for December
        ("10.0001", "0.83", "0.8701"),
    ],
)
def test_a_yearly_sum_is_split_half_up_and_the_last_month_takes_the_remainder(yearly: str, each: str, last: str) -> None:
    found = [t.value for t in spread(single(yearly), YEAR).values()]
    assert found == [Decimal(each)] * 11 + [Decimal(last)]


@pytest.mark.parametrize("accumulation", [Accumulation.LAST, Accumulation.MEAN])
def test_a_level_or_a_rate_is_the_same_in_every_period(accumulation: Accumulation) -> None:
    assert set(spread(single("90", accumulation), YEAR).values()) == {Target(Decimal(90))}


def test_a_date_is_never_divided() -> None:
    yearly = YearlyTarget(TargetForm.DATE, Accumulation.SUM, Target(date=dt.date(2026, 6, 30)))
    assert set(spread(yearly, YEAR).values()) == {Target(date=dt.date(2026, 6, 30))}


@given(low=amounts, width=amounts, count=counts)
def test_what_is_split_sums_back_exactly_and_is_never_negative(low: Decimal, width: Decimal, count: int) -> None:
    for yearly in (
        YearlyTarget(TargetForm.SINGLE, Accumulation.SUM, Target(low)),
        YearlyTarget(TargetForm.RANGE, Accumulation.SUM, Target(low, low + width)),
    ):
        found = spread(yearly, YEAR[:count])
        assert sums_back(yearly, found)
        assert list(found) == YEAR[:count]
        assert all(t.value is not None and t.value >= 0 for t in found.values())
        assert all(t.maximum is None or (t.value is not None and t.maximum >= t.value) for t in found.values())


@given(total=amounts, closed=st.lists(amounts, max_size=11))
def test_after_a_revision_only_the_rest_is_spread_over_the_open_periods(total: Decimal, closed: list[Decimal]) -> None:
    yearly = YearlyTarget(TargetForm.SINGLE, Accumulation.SUM, Target(total))
    rest = YEAR[len(closed) :]
    done = [Target(value) for value in closed]
    if total < sum(closed):
        with pytest.raises(TargetBelowClosed):
            spread(yearly, rest, closed=done)
        return
    found = spread(yearly, rest, closed=done)
    assert sums_back(yearly, {**dict(zip(YEAR, done, strict=False)), **found})


def test_a_sum_that_was_edited_wrongly_does_not_sum_back() -> None:
    assert not sums_back(single("12"), dict.fromkeys(YEAR, Target(Decimal("1.01"))))


def test_a_month_cut_by_a_transfer_is_a_period_of_both_plans() -> None:
    local = [Stretch(dt.date(2025, 1, 1), dt.date.max, PeriodKind.MONTH)]
    before = periods_in_force(local, dt.date(2026, 1, 1), dt.date(2026, 3, 16))
    after = periods_in_force(local, dt.date(2026, 3, 16), dt.date(2027, 1, 1))
    assert [p.key for p in before] == ["2026-01", "2026-02", "2026-03"]
    assert [p.key for p in after][:2] == ["2026-03", "2026-04"]
    assert len(after) == 10


def test_a_group_that_changes_from_quarters_to_months_has_no_day_twice() -> None:
    kinds = [
        Stretch(dt.date(2026, 1, 1), dt.date(2026, 7, 1), PeriodKind.QUARTER),
        Stretch(dt.date(2026, 7, 1), dt.date.max, PeriodKind.MONTH),
    ]
    assert [p.key for p in periods_in_force(kinds, dt.date(2026, 1, 1), dt.date(2026, 10, 1))] == [
        "2026-Q1", "2026-Q2", "2026-07", "2026-08", "2026-09",
    ]  # fmt: skip


def test_days_appraised_elsewhere_have_no_period() -> None:
    kinds = [Stretch(dt.date(2026, 5, 1), dt.date(2026, 6, 1), PeriodKind.MONTH)]
    assert [p.key for p in periods_in_force(kinds, dt.date(2026, 1, 1), dt.date(2027, 1, 1))] == ["2026-05"]


def test_a_main_result_needs_a_result_of_the_leader_but_an_extra_one_does_not() -> None:
    results = [ResultNode(1, "UTAMA", parent=10), ResultNode(2, "UTAMA", parent=99), ResultNode(3, "UTAMA"), ResultNode(4, "TAMBAHAN")]
    assert orphans(results, leader_results=frozenset({10}), needs_parent=True) == (2, 3)
    assert orphans(results, leader_results=frozenset(), needs_parent=False) == ()


def test_a_chain_of_results_that_leads_back_is_a_loop() -> None:
    parents = {1: None, 2: 1, 3: 2}
    assert makes_a_loop(parents, child=1, parent=3)
    assert makes_a_loop(parents, child=1, parent=1)
    assert not makes_a_loop(parents, child=3, parent=1)


def test_results_without_support_are_gaps_and_shares_other_than_100_percent_are_named() -> None:
    own = [ResultNode(1, "UTAMA"), ResultNode(2, "UTAMA"), ResultNode(3, "UTAMA"), ResultNode(4, "TAMBAHAN")]
    children = [
        ResultNode(11, "UTAMA", parent=1, share=Decimal(60)),
        ResultNode(12, "UTAMA", parent=1, share=Decimal(30)),
        ResultNode(13, "UTAMA", parent=2),
    ]
    found = coverage(own, children)
    assert found.gaps == (3,)
    assert found.uneven == ((1, Decimal(90)),)
