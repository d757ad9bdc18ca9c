"""What became known late of a closed period: the cases as they were frozen beside what today's knowledge says. Pure.

A judgement covers the days its rater judged: nothing here cuts or joins them, and whoever lawfully rated stays the rater.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from employees.rules.spans import Span

from .lifecycle import AssessmentState
from .stretches import Held, Promise, SameUnit, Wanted, wanted_cases

#: So long a proposal waits for the second person; then it lapses, and who still wants it proposes again.
PROPOSAL_HOLDS = dt.timedelta(days=14)


class Cause(StrEnum):
    POSTING = "PENEMPATAN"
    POLICY = "ATURAN"
    UNDO = "PEMULIHAN"


class ProposalState(StrEnum):
    PROPOSED = "DIAJUKAN"
    APPROVED = "DISETUJUI"
    APPLIED = "DITERAPKAN"
    REVOKED = "DITARIK"
    LAPSED = "GUGUR"


class Act(StrEnum):
    """What a new version would do; NONE where there is something to know and nothing to change."""

    NONE = ""
    CORRECT = "PERBAIKI"
    EXEMPT = "TIDAK_DINILAI"
    ADD = "BUKA"
    RESCORE = "HITUNG"
    RESTORE = "PULIHKAN"


class Kind(StrEnum):
    """Kinds of difference, in the order in which they are told."""

    MISSING = "SEHARUSNYA_DINILAI"
    UNNEEDED = "SEHARUSNYA_TIDAK"
    LEAVE = "CUTI"
    UNIT = "UNIT"
    POST = "JABATAN"
    PLAN = "SKP"
    RATER = "PENILAI"
    REVIEWER = "ATASAN_PENILAI"
    SPLIT = "TERPISAH"
    MERGED = "TERGABUNG"


@dataclass(frozen=True)
class Facts:
    """Where somebody worked in some days, and who led him there on their last day."""

    days: Span
    unit: int | None
    position: int | None
    rater: int | None
    reviewer: int | None
    plan: int | None


@dataclass(frozen=True)
class FrozenCase:
    """A current case of a closed period, its facts as they were known when it was frozen."""

    pk: int
    state: str
    facts: Facts
    #: Leave that became known after it was frozen leaves nothing of its days to be judged.
    on_leave: bool = False


@dataclass(frozen=True)
class Change:
    """One case and what today's knowledge says of its days; ``case`` is None where one should be, ``told`` where none should."""

    case: FrozenCase | None
    told: Facts | None
    kinds: tuple[Kind, ...]
    act: Act

    @property
    def unit(self) -> int | None:
        """The unit of the result; where there is none, the one that today's knowledge names."""
        facts = self.case.facts if self.case is not None else self.told
        return facts.unit if facts is not None else None


@dataclass(frozen=True)
class Present:
    """What is known of a person today."""

    period: Span
    held: Sequence[Held]
    plans: Sequence[Promise]
    same_unit: SameUnit
    #: The leader's own leader on the last day of a case.
    over: Callable[[Wanted], int | None]
    #: A plain status that asks for no new case: retired, left.
    gone: bool = False


def present_cases(present: Present, cases: Iterable[FrozenCase]) -> list[Wanted]:
    """Every case that today's knowledge speaks of: for the days of each frozen one, and for days that have none."""
    found = [want for case in cases for want in _within(case.facts.days, present, present.plans)]
    return found + _missing(present, list(cases))


def changes_of(present: Present, cases: Sequence[FrozenCase]) -> list[Change]:
    """The differences of one person in one closed period, in the order of days."""
    ordered = sorted(cases, key=lambda case: (case.facts.days.start, case.pk))
    whole = _within(present.period, present, present.plans)
    taken = {case.facts.plan for case in ordered if not _changeable(case)} - {None}
    found = []
    for case in ordered:
        change = _change(present, case, ordered, whole, taken)
        if change.told is not None and change.told.plan is not None:
            taken.add(change.told.plan)
        found += [change] if change.kinds else []
    if not present.gone:
        found += [Change(None, _facts(want, present), (Kind.MISSING,), Act.ADD) for want in _missing(present, ordered)]
    return found


def _change(present: Present, case: FrozenCase, cases: Sequence[FrozenCase], whole: Sequence[Wanted], taken: set[int | None]) -> Change:
    if case.on_leave and case.state == AssessmentState.NOT_RATED:
        return Change(case, None, (Kind.LEAVE,), Act.EXEMPT)
    days = case.facts.days
    pieces = _within(days, present, present.plans)
    if not pieces:
        wrong = _changeable(case)
        return Change(case, None, (Kind.UNNEEDED,) if wrong else (), Act.EXEMPT if wrong else Act.NONE)
    told = replace(_facts(pieces[-1], present), days=days)
    own = case.facts.plan
    # A judgement rests on the plan it was made on, as long as the right post has none of its own.
    plan = own if told.plan is None or own in {piece.plan for piece in pieces} else told.plan
    told = replace(told, plan=None if plan in taken else plan)
    kinds = [kind for kind, name in _COLUMNS if getattr(told, name) != getattr(case.facts, name)]
    if len(_within(days, present, ())) > 1:
        kinds.append(Kind.SPLIT)
    if any(want.days.overlaps(days) and any(want.days.overlaps(o.facts.days) for o in cases if o is not case) for want in whole):
        kinds.append(Kind.MERGED)
    if case.on_leave and _changeable(case):
        # Told and nothing more: whoever lawfully rated stays, and so does his judgement.
        kinds.append(Kind.LEAVE)
    return Change(case, told, tuple(kinds), _act(case, kinds))


#: A column and the kind of difference that it makes.
_COLUMNS = (
    (Kind.UNIT, "unit"),
    (Kind.POST, "position"),
    (Kind.PLAN, "plan"),
    (Kind.RATER, "rater"),
    (Kind.REVIEWER, "reviewer"),
)
#: What a new version puts right. Who rated stays; where nobody did, whoever leads by today's knowledge may rate late.
_PUT_RIGHT = {Kind.UNIT, Kind.PLAN}
_PUT_RIGHT_UNRATED = _PUT_RIGHT | {Kind.RATER, Kind.REVIEWER}


def _act(case: FrozenCase, kinds: Iterable[Kind]) -> Act:
    if not _changeable(case):
        return Act.NONE
    right = _PUT_RIGHT_UNRATED if case.state == AssessmentState.NOT_RATED else _PUT_RIGHT
    return Act.CORRECT if right & set(kinds) else Act.NONE


def _changeable(case: FrozenCase) -> bool:
    return case.state in {AssessmentState.PUBLISHED, AssessmentState.NOT_RATED}


def _within(days: Span, present: Present, plans: Iterable[Promise]) -> list[Wanted]:
    return wanted_cases(days, present.held, plans, (), present.same_unit)


def _missing(present: Present, cases: Sequence[FrozenCase]) -> list[Wanted]:
    served = {case.facts.plan for case in cases}
    free = [plan for plan in present.plans if plan.pk not in served]
    return wanted_cases(present.period, present.held, free, [case.facts.days for case in cases], present.same_unit)


def _facts(want: Wanted, present: Present) -> Facts:
    last = _position_on_last_day(want, present.held)
    return Facts(want.days, want.unit, last, want.leader, present.over(want), want.plan)


def _position_on_last_day(want: Wanted, held: Iterable[Held]) -> int | None:
    return next((one.position for one in sorted(held, key=_start, reverse=True) if one.span.overlaps(want.days)), None)


def _start(one: Held) -> int:
    return one.span.start.toordinal() if one.span.start else 0
