"""What a rater sees of his team in one period: who, the facts of the period, and his own marks.

Facts first: no earlier rating, no self-rating and no predicate leaves this module before the rater's own mark.
The number of queries does not depend on the number of people.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from appraisal.models import AppraisalPolicy, Assessment, Cycle, Feedback, ProgressEntry, RatingExample
from appraisal.rules.anchors import RatedAspect, asked
from appraisal.rules.judging import asks_values, judging_order
from appraisal.rules.lifecycle import OPEN_RATINGS, AssessmentState, CycleState
from appraisal.rules.requirements import missing_for_finish
from appraisal.rules.vocabulary import QUADRANT, Depth, Predicate, Rating
from bukittinggi_kinerja.common.period import Period
from employees.rules.viewing import Viewer

from .deadlines import STILL_OPEN
from .dialogues import lacking_dialogue
from .inputs import SNAPSHOT_FIELDS, live_inputs, with_sealed_evidence
from .scores import Advice, advice_for

FEEDBACK_SHOWN = 6
ENTRY_FIELDS = ("value", "realised_on", "note", "source", "entered_at", "disputed_at", "dispute_reason")
PROOF_FIELDS = ("id", "kind", "title", "url", "size")


@dataclass(frozen=True)
class Proof:
    """One file or link behind a realisation."""

    id: int
    kind: str
    title: str
    url: str
    size: int


@dataclass(frozen=True)
class Entry:
    value: Decimal | None
    realised_on: dt.date | None
    note: str
    #: KERTAS: typed by the pengelola from a paper form; ``disputed_at`` when the owner says that it is wrong.
    source: str
    entered_at: dt.datetime
    disputed_at: dt.datetime | None
    dispute_reason: str
    proofs: tuple[Proof, ...]
    measured_rows: int


@dataclass(frozen=True)
class Figure:
    """One indicator in the period: target and realisation as they stand, in the indicator's own unit."""

    indicator: int
    name: str
    unit_name: str
    form: str
    direction: str
    statement: str
    weight: int
    measure: str
    target: Decimal | None
    target_max: Decimal | None
    target_date: dt.date | None
    realisation: Decimal | None
    realised_on: dt.date | None
    achievement: Decimal | None
    entries: tuple[Entry, ...]

    @property
    def is_filled(self) -> bool:
        return bool(self.entries)

    @property
    def is_measured(self) -> bool:
        """Fed from source rows; nobody types it."""
        return bool(self.measure)


@dataclass
class Ratee:
    """One row: the case, its facts, and what the rater has said so far."""

    case: Assessment
    values_asked: bool
    #: A file or measured rows stand behind the period, or the policy takes links for above expectation.
    sealed_evidence: bool
    figures: list[Figure] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    advice: Advice = field(default_factory=Advice)
    #: Below Baik in a period that requires a note of the dialogue, and there is none.
    dialogue_lacking: bool = False

    @property
    def examples(self) -> dict[str, str]:
        """Texts of the examples by aspect code."""
        return {row["aspect"]: row["text"] for row in self.case.example_rows}  # type: ignore[attr-defined]

    @property
    def aspects(self) -> tuple[RatedAspect, ...]:
        return asked(values=self.values_asked)

    def mark(self, aspect: RatedAspect) -> int | None:
        value: int | None = getattr(self.case, aspect.field)
        return value

    @property
    def is_editable(self) -> bool:
        return self.case.state in OPEN_RATINGS

    def is_open_at(self, now: dt.datetime) -> bool:
        return self.case.in_window(now)

    @property
    def missing(self) -> list[tuple[str, str]]:
        """What is still asked for before this rating is finished: (``rating | example | reason | evidence``, aspect code)."""
        case = self.case
        return missing_for_finish(
            ratings={"HASIL": case.result_rating, "PERILAKU": case.behaviour_rating},
            marks={value.value: mark for value, mark in case.marks.items()},
            examples=self.examples,
            advised={"HASIL": self.advice.result, "PERILAKU": self.advice.behaviour},
            reasons={"HASIL": case.result_reason, "PERILAKU": case.behaviour_reason},
            examples_required=case.cycle.policy.example_required,
            sealed_evidence=self.sealed_evidence,
            dialogue_lacking=self.dialogue_lacking,
        )

    @property
    def predicate(self) -> Predicate | None:
        """The quadrant of the rater's two own ratings; nothing before both are set, nor where nobody finished them."""
        result, behaviour = self.case.result_rating, self.case.behaviour_rating
        return QUADRANT[Rating(result), Rating(behaviour)] if result and behaviour and not self.case.lapsed else None

    @property
    def filled(self) -> int:
        return sum(figure.is_filled for figure in self.figures)

    @property
    def proofs(self) -> int:
        return sum(len(entry.proofs) + bool(entry.measured_rows) for figure in self.figures for entry in figure.entries)


@dataclass
class Team:
    """One period of one rater; ``cycles`` are all periods he can still rate, the earliest deadline first."""

    period: Period | None
    cycle: Cycle | None
    cycles: list[Cycle]
    ratees: list[Ratee]
    is_open: bool
    #: Of those still to be rated the earliest deadline.
    due: dt.datetime | None = None
    #: By open period its last deadline.
    dues: dict[str, dt.datetime] = field(default_factory=dict)

    @property
    def aspects(self) -> tuple[RatedAspect, ...]:
        return asked(values=any(row.values_asked for row in self.ratees))

    @property
    def people(self) -> int:
        """Persons: one who moved within the period has a case for each post."""
        return len({row.case.employee_id for row in self.ratees})

    @property
    def editable(self) -> list[Ratee]:
        return [row for row in self.ratees if row.is_editable]


def team_of(viewer: Viewer, *, period: str | None, now: dt.datetime, by_name: bool = False) -> Team:
    """The rater's people in a period; without one, in the period whose deadline comes first.

    Raises ValueError for a period outside the grammar.
    """
    open_cases = list(_cases(viewer).filter(STILL_OPEN))
    cycles, dues = _periods(open_cases)
    chosen = Period.parse(period).key if period else _most_urgent(cycles, dues, now)
    cases = [case for case in open_cases if case.cycle.period == chosen]
    if not cases and chosen:
        cases = list(_cases(viewer).filter(cycle__period=chosen))
    if not cases:
        return Team(period=Period.parse(chosen) if chosen else None, cycle=None, cycles=cycles, ratees=[], is_open=False, dues=dues)
    team = _team(cases, cycles=cycles, viewer=viewer, now=now, by_name=by_name)
    team.dues = dues
    return team


def _team(cases: list[Assessment], *, cycles: list[Cycle], viewer: Viewer, now: dt.datetime, by_name: bool) -> Team:
    first = min(cases, key=lambda c: (c.state == AssessmentState.RATED, c.rating_due))
    cycle, is_open = first.cycle, any(case.in_window(now) for case in cases)
    order = {who: n for n, who in enumerate(judging_order((c.employee_id for c in cases), rater=viewer.employee_id, period=cycle.period))}
    cases.sort(key=lambda c: (c.employee.name, c.id) if by_name else (order[c.employee_id], c.id))
    rows = _rows_of(cases)
    if is_open:
        _add_facts(rows)
    return Team(period=cycle.as_period, cycle=cycle, cycles=cycles, ratees=rows, is_open=is_open, due=first.rating_due)


def _rows_of(cases: Sequence[Assessment]) -> list[Ratee]:
    """Rows without their facts; what supports a mark above expectation is asked once for all of them."""
    strict = {case.pk for case in cases if not case.cycle.policy.links_support_above}
    sealed = with_sealed_evidence(strict) if strict else set()
    lacking = lacking_dialogue(cases)
    return [
        Ratee(
            case=case,
            values_asked=_values_asked(case.cycle),
            sealed_evidence=case.pk not in strict or case.pk in sealed,
            dialogue_lacking=case.pk in lacking,
        )
        for case in cases
    ]


def _values_asked(cycle: Cycle) -> bool:
    return asks_values(Depth(cycle.policy.behaviour_depth), cycle.as_period)


def _cases(viewer: Viewer) -> QuerySet[Assessment]:
    return with_examples(Assessment.objects.rated_through(viewer)).select_related(
        "cycle__policy", "employee", "unit", "plan__position", "rated_by"
    )


def with_examples(cases: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """``example_rows``: aspect and text of every example, without a query of their own."""
    rows = RatingExample.objects.filter(assessment=OuterRef("pk")).order_by("id")
    return cases.annotate(example_rows=ArraySubquery(rows.values(row=JSONObject(aspect="aspect", text="text"))))


def _periods(cases: Iterable[Assessment]) -> tuple[list[Cycle], dict[str, dt.datetime]]:
    """Open periods, the earliest deadline first, and the last deadline of each."""
    by_key: dict[str, Cycle] = {}
    dues: dict[str, dt.datetime] = {}
    for case in sorted(cases, key=lambda c: (c.rating_due, c.cycle_id)):
        by_key.setdefault(case.cycle.period, case.cycle)
        dues[case.cycle.period] = case.rating_due
    return list(by_key.values()), dues


def _most_urgent(cycles: list[Cycle], dues: dict[str, dt.datetime], now: dt.datetime) -> str | None:
    """The period in rating whose deadline has not passed; else the running one; else whatever is open."""
    ahead = [c for c in cycles if dues[c.period] >= now]
    rating = [c for c in ahead if c.state != CycleState.RUNNING]
    for cycle in rating or ahead or cycles[::-1]:
        return cycle.period
    return None


def _add_facts(rows: list[Ratee]) -> None:
    for group in _by_policy(rows):
        facts = figures_of([row.case.id for row in group], policy=group[0].case.cycle.policy)
        for row in group:
            row.figures = facts[row.case.id]
    _add_advice(rows)
    _add_feedback(rows)


def _by_policy(rows: list[Ratee]) -> list[list[Ratee]]:
    groups: dict[int, list[Ratee]] = defaultdict(list)
    for row in rows:
        groups[row.case.cycle.policy_id].append(row)
    return list(groups.values())


def _add_advice(rows: list[Ratee]) -> None:
    for group in _by_policy([row for row in rows if row.case.result_rating or row.case.behaviour_rating]):
        advices = advice_for([row.case.id for row in group], policy=group[0].case.cycle.policy)
        for row in group:
            row.advice = own_first(row.case, advices.get(row.case.id, Advice()))


def standing_of(viewer: Viewer, cases: Iterable[int]) -> dict[int, Ratee]:
    """The rater's marks of these cases as stored now, with what is missing and the advice he may see: three queries."""
    rows = _rows_of(list(_cases(viewer).filter(id__in=list(cases))))
    _add_advice(rows)
    return {row.case.id: row for row in rows}


def ratee_of(case: Assessment) -> Ratee:
    """One case with its facts, its feedback and the advice behind the own marks."""
    examples = RatingExample.objects.filter(assessment=case).order_by("id").values("aspect", "text")
    case.example_rows = list(examples)  # type: ignore[attr-defined]
    rows = _rows_of([case])
    _add_facts(rows)
    return rows[0]


def own_first(case: Assessment, advice: Advice) -> Advice:
    """Each half of an advice only after the rater's own mark of that half."""
    result, behaviour = case.result_rating is not None, case.behaviour_rating is not None
    return Advice(
        result_score=advice.result_score if result else None,
        result=advice.result if result else None,
        behaviour_score=advice.behaviour_score if behaviour else None,
        behaviour=advice.behaviour if behaviour else None,
    )


def figures_of(cases: list[int], *, policy: AppraisalPolicy) -> dict[int, list[Figure]]:
    """Indicators with realisation and evidence by case, in two queries; evidence of a rated person is the rater's to see."""
    named = {
        "name": F("indicator__name"),
        "unit_name": F("indicator__unit_name"),
        "statement": F("indicator__statement"),
        "measure": F("indicator__measure"),
        "place": F("indicator__order"),
    }
    rows = list(live_inputs(Assessment.objects.filter(id__in=cases), policy=policy).values(*SNAPSHOT_FIELDS, **named))
    entries = _entries([entry for row in rows for entry in row["entry_ids"]])
    found: dict[int, list[Figure]] = {case: [] for case in cases}
    for row in sorted(rows, key=lambda r: (r["assessment"], r["place"], r["indicator"])):
        kept = {name: row[name] for name in Figure.__dataclass_fields__ if name != "entries"}
        found[row["assessment"]].append(Figure(**kept, entries=tuple(entries[e] for e in row["entry_ids"])))
    return found


def _entries(ids: list[int]) -> dict[int, Entry]:
    rows = (
        ProgressEntry.objects.filter(id__in=ids)
        .order_by("id", "evidence__id")
        .values("id", "sources", *ENTRY_FIELDS, *(f"evidence__{name}" for name in PROOF_FIELDS))
    )
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["id"]].append(row)
    return {entry: _entry(joined) for entry, joined in grouped.items()}


def _entry(joined: list[dict[str, Any]]) -> Entry:
    first = joined[0]
    proofs = tuple(Proof(**{name: row[f"evidence__{name}"] for name in PROOF_FIELDS}) for row in joined if row["evidence__id"])
    return Entry(**{name: first[name] for name in ENTRY_FIELDS}, proofs=proofs, measured_rows=len(first["sources"]))


def _add_feedback(rows: list[Ratee]) -> None:
    """Feedback on events of the period, the latest first; the cycles of one period share their dates."""
    by_person: dict[int, list[Ratee]] = defaultdict(list)
    for row in rows:
        by_person[row.case.employee_id].append(row)
    for note in feedback_in(rows[0].case.cycle, by_person):
        for row in by_person[note.employee_id]:
            if len(row.feedback) < FEEDBACK_SHOWN:
                row.feedback.append(note)


def feedback_in(cycle: Cycle, people: Iterable[int]) -> QuerySet[Feedback]:
    """Standing feedback on events within the cycle about these people, with its author."""
    within = Feedback.objects.standing().filter(happened_on__gte=cycle.start, happened_on__lt=cycle.end)
    return within.filter(employee_id__in=list(people)).select_related("author")
