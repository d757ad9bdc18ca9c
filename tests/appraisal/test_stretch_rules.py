"""The cases a person needs, by hypothesis against a day-by-day reading."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from appraisal.rules.stretches import Held, Promise, Standing, Wanted, match, wanted_cases
from employees.rules.spans import Span

FIRST = dt.date(2026, 10, 1)
PERIOD = Span(FIRST, FIRST + dt.timedelta(days=20))
#: Unit 11 is what became of unit 1.
HEIRS = {(1, 11)}


def same_unit(earlier: int, later: int) -> bool:
    return earlier == later or (earlier, later) in HEIRS


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def days_of(span: Span) -> set[dt.date]:
    return {day(n) for n in range(-15, 35) if span.overlaps(Span(day(n), day(n + 1)))}


borders = st.lists(st.integers(-10, 30), min_size=2, max_size=8, unique=True).map(sorted)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Spans of days that do not overlap, some of them touching; the last may be open."""
    edges = draw(borders)
    found = [Span(day(a), day(b)) for a, b in itertools.pairwise(edges) if draw(st.booleans())]
    return [*found[:-1], Span(found[-1].start, None)] if found and draw(st.booleans()) else found


held = spans().flatmap(
    lambda found: st.tuples(
        *(
            st.builds(
                Held, st.just(span), st.sampled_from([1, 2, 11]), st.sampled_from([7, 8]), st.sampled_from([None, 21, 22]), st.booleans()
            )
            for span in found
        )
    )
)
plans = spans().flatmap(
    lambda found: st.tuples(
        *(
            st.builds(Promise, st.just(number), st.just(span), st.sampled_from([1, 2]), st.sampled_from([7, 8]))
            for number, span in enumerate(found, 100)
        )
    )
)
finished = spans().map(lambda found: [span for span in found if span.end is not None])


@given(held=held, plans=plans, finished=finished)
def test_each_day_in_a_post_of_the_group_has_one_case_or_a_finished_rating(
    held: tuple[Held, ...], plans: tuple[Promise, ...], finished: list[Span]
) -> None:
    wanted = wanted_cases(PERIOD, held, plans, finished, same_unit)
    done = {one for span in finished for one in days_of(span)}
    counted = [one for want in wanted for one in days_of(want.days)]
    assert len(counted) == len(set(counted))
    for one in days_of(PERIOD):
        there = [posting for posting in held if one in days_of(posting.span)]
        if one in done or not there:
            assert one not in counted
        elif len({posting.in_group for posting in held}) == 1:
            assert (one in counted) is there[0].in_group


@given(held=held, plans=plans, finished=finished)
def test_unit_and_leader_are_those_of_the_last_day_and_a_plan_serves_one_case(
    held: tuple[Held, ...], plans: tuple[Promise, ...], finished: list[Span]
) -> None:
    wanted = wanted_cases(PERIOD, held, plans, finished, same_unit)
    used = [want.plan for want in wanted if want.plan is not None]
    assert len(used) == len(set(used))
    for want in wanted:
        last = max(days_of(want.days))
        [posting] = [posting for posting in held if last in days_of(posting.span)]
        assert (want.unit, want.leader) == (posting.unit, posting.leader)


cases = st.lists(
    st.builds(
        Standing,
        st.integers(1, 99),
        st.integers(0, 15).flatmap(lambda n: st.integers(n + 1, 20).map(lambda m: Span(day(n), day(m)))),
        st.sampled_from([1, 2, 11]),
        st.sampled_from([None, 100, 101]),
        st.booleans(),
    ),
    unique_by=lambda case: case.pk,
    max_size=4,
)


@given(standing=cases, held=held, plans=plans)
def test_every_case_and_every_wish_is_told_once(standing: list[Standing], held: tuple[Held, ...], plans: tuple[Promise, ...]) -> None:
    wanted = wanted_cases(PERIOD, held, plans, [], same_unit)
    found = match(standing, wanted, same_unit)
    assert sorted([case.pk for case, _want in found.pairs] + [case.pk for case in found.surplus]) == sorted(case.pk for case in standing)
    assert len(found.pairs) + len(found.missing) == len(wanted)
    assert not (found.surplus and found.missing)


@given(held=held, plans=plans)
def test_what_is_there_already_is_left_as_it_is(held: tuple[Held, ...], plans: tuple[Promise, ...]) -> None:
    wanted = wanted_cases(PERIOD, held, plans, [], same_unit)
    standing = [Standing(number, want.days, want.unit, want.plan, marked=False) for number, want in enumerate(wanted)]
    found = match(reversed(standing), wanted, same_unit)
    assert (found.surplus, found.missing) == ([], [])
    assert {(case.pk, case.days) for case, _want in found.pairs} == {(n, want.days) for n, want in enumerate(wanted)}
    assert all(case.days == want.days for case, want in found.pairs)


def test_a_plan_serves_the_whole_stretch_unless_another_serves_part() -> None:
    post = [Held(Span(day(-300), None), 1, 7, 21, in_group=True)]
    late = Promise(100, Span(day(12), day(300)), 1, 7)
    assert wanted_cases(PERIOD, post, [late], [], same_unit) == [Wanted(PERIOD, 1, 21, 100)]
    early = Promise(101, Span(day(-300), day(12)), 1, 7)
    told = wanted_cases(PERIOD, post, [late, early], [], same_unit)
    assert [(want.days, want.plan) for want in told] == [(Span(FIRST, day(12)), 101), (Span(day(12), day(20)), 100)]


def test_a_plan_follows_its_unit_through_another_name_and_an_absence() -> None:
    posts = [
        Held(Span(day(-300), day(-200)), 1, 7, 21, in_group=True),
        Held(Span(day(-200), day(-100)), 2, 7, 22, in_group=True),
        Held(Span(day(-100), None), 11, 7, 21, in_group=True),
    ]
    [want] = wanted_cases(PERIOD, posts, [Promise(100, Span(day(-300), day(60)), 1, 7)], [], same_unit)
    assert want.plan == 100
