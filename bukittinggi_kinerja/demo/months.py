"""One month of the city: what was reported with which evidence, what was said, and how it was judged."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.period import Period

from .clock import HOUR, Hours, at
from .draws import draws
from .figures import BEST, Figure, finishing_day, realise
from .goals import Goal, Plan
from .judging import CODES, MEETS, Judgement, Nature, Rater, Word, judge, nature, rater
from .mandates import Mandate
from .papers import CONTENT_TYPE, Paper
from .people import Person
from .phrases import (
    ASSESSOR_NOTES,
    CRITIQUE,
    EVIDENCE_TITLES,
    MONTHS,
    NOTES,
    PEER_PRAISE,
    PRAISE,
    REPLIES,
    STATEMENT_NOTES,
)
from .timeline import Timeline

ENTRY = (
    "id",
    "target",
    "employee",
    "value",
    "realised_on",
    "note",
    "source",
    "sources",
    "entered_by",
    "entered_at",
    "withdrawal_reason",
    "updated_at",
)
EVIDENCE = ("entry", "kind", "title", "url", "file", "sha256", "content_type", "size", "sensitive", "uploaded_by", "uploaded_at")
EXAMPLE = ("assessment", "aspect", "text", "feedback", "written_at")
FEEDBACK = ("id", "employee", "author", "source", "behaviour", "tone", "happened_on", "text", "link", "created_at", "seen_at", "reply")
CASE = (
    *("id", "cycle", "plan", "employee", "stretch_start", "stretch_end", "unit", "assessor", "reviewer", "rated_by"),
    *("version", "is_current", "state", "state_reason"),
    *("result_rating", "behaviour_rating", *(f"mark_{code.lower()}" for code in CODES)),
    *("result_reason", "behaviour_reason", "note", "rated_at", "received_at", "receipt", "revision", "updated_at"),
)
Row = tuple[Any, ...]


@dataclass
class MonthRows:
    entries: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)
    #: Rater -> the cases he finished, with the moments.
    finished: dict[int, list[tuple[int, dt.datetime]]] = field(default_factory=dict)


@dataclass
class _Counters:
    entry: int = 0
    case: int = 0
    feedback: int = 0


@dataclass(slots=True)
class _Done:
    """What one person reported in the month."""

    level: float | None
    last: dt.datetime | None
    entries: list[tuple[int, dt.datetime]]
    measured: bool


class Life:
    """Lets the months pass, one after the other."""

    def __init__(
        self, line: Timeline, people: Sequence[Person], plans: Sequence[Plan], acting: Sequence[Mandate], papers: list[Paper], seed: int
    ) -> None:
        self.line, self.plans, self.papers, self.seed = line, plans, papers, seed
        self.chairs = {p.id: p.stints[0].post for p in people}
        self.natures: dict[int, Nature] = {p.id: nature(p, seed) for p in people}
        self.raters: dict[int, Rater] = {p.id: rater(p, seed) for p in people}
        self.acting = acting
        self.ids = _Counters()
        dice = draws(seed, "dates")
        for plan in plans:
            for goal in plan.goals:
                goal.done = finishing_day(goal, self.natures[plan.person.id].able, dice)

    def month(self, period: Period, cycles: dict[str, int]) -> MonthRows:
        """``cycles`` maps the code of a group to its cycle of the period."""
        rows, hours = MonthRows(), Hours(self.line, period)
        dice = draws(self.seed, "month", period.key)
        silent = {boss for boss, traits in sorted(self.raters.items()) if dice.random() < traits.forgets}
        held = [p for p in self.plans if p.start < period.end and p.end > period.start and p.agreed < self.line.moment]
        held.sort(key=lambda plan: (plan.person.id, plan.start))
        forgotten = _forgotten(held, dice)
        for plan in held:
            case = _Case(self, rows, hours, period, plan, dice)
            case.pass_by(cycles[plan.post.group], forgets=plan is forgotten or (plan.post.boss is not None and plan.post.boss.id in silent))
        return rows

    def rates_for(self, principal: int, on: dt.date) -> int:
        return next((m.substitute for m in self.acting if m.principal == principal and m.start <= on < m.end), principal)


def _forgotten(held: list[Plan], dice: random.Random) -> Plan | None:
    """At least one rating is missed every month."""
    free = [
        plan for plan in held if plan.post.level == "staf" and not plan.post.login and plan.post.boss and plan.post.boss.login != "penilai"
    ]
    return dice.choice(free) if free else None


class _Case:
    """One plan in one month."""

    def __init__(self, life: Life, rows: MonthRows, hours: Hours, period: Period, plan: Plan, dice: random.Random) -> None:
        self.life, self.rows, self.hours, self.period, self.plan, self.dice = life, rows, hours, period, plan, dice
        self.line = life.line
        self.person, self.nature = plan.person, life.natures[plan.person.id]
        self.running = period == self.line.running
        self.key = hours.key
        self.word = f"{MONTHS[period.start.month - 1]} {period.start.year}"

    def pass_by(self, cycle: int, *, forgets: bool) -> None:
        away = self.person.away.get(self.period.start, "")
        done, words = _Done(None, None, [], False), list[Word]()
        if not away:
            done = self._report()
            words = self._talk()
        judgement, rated = None, None
        if not away and not self.running and self.plan.post.boss:
            sealed = done.measured or bool(done.entries)
            judgement = judge(self.nature, self._rater, done.level, sealed, words, self.dice)
            rated = self.hours.rated(self.dice, after=done.last)
            if forgets or rated >= self.line.moment:
                judgement, rated = (judgement if self.dice.random() < 0.4 else None), None
        self._give_evidence(done, above=judgement is not None and judgement.result > MEETS)
        self._judged(cycle, away, judgement, rated, words)

    @property
    def _rater(self) -> Rater:
        boss = self.plan.post.boss
        assert boss is not None
        return self.life.raters[boss.id]

    # --- progress

    def _report(self) -> _Done:
        dice, levels, done = self.dice, list[tuple[float, int]](), _Done(None, None, [], False)
        able = self.nature.able + dice.gauss(0, 2.2)
        silent = dice.random() < (0.35 if self.nature.careless > 0.1 else 0.004)
        for goal in self.plan.goals:
            place = goal.periods.get(self.key)
            if place is None:
                continue
            if goal.aim.measure:
                done.measured = True
            elif not silent and dice.random() >= self.nature.careless:
                self._enter(goal, place[0], realise(goal, place[1], self.period, able, dice), levels, done)
        if levels:
            done.level = sum(level * weight for level, weight in levels) / sum(weight for _level, weight in levels)
        return done

    def _enter(self, goal: Goal, target: int, figure: Figure | None, levels: list[tuple[float, int]], done: _Done) -> None:
        moment = self._moment(figure) if figure else None
        if figure is None or moment is None or moment >= self.line.moment:
            return
        self.life.ids.entry += 1
        entry, person = self.life.ids.entry, self.person.id
        note = self.dice.choice(NOTES if figure.value else STATEMENT_NOTES).format(month=self.word)
        self.rows.entries.append((entry, target, person, figure.value, figure.on, note, "MANUAL", "[]", person, moment, "", moment))
        done.entries.append((entry, moment))
        done.last = max(done.last or moment, moment)
        if figure.level is not None:
            levels.append((min(figure.level, BEST), goal.aim.weight))

    def _moment(self, figure: Figure) -> dt.datetime | None:
        if not self.running:
            return self.hours.entered(self.dice, not_before=figure.on)
        if figure.on is not None and figure.on < self.line.today:
            return at(figure.on, self.dice, first=15, last=22)
        return self.hours.while_running(self.dice, self.line.today) if self.dice.random() < 0.55 else None

    def _give_evidence(self, done: _Done, *, above: bool) -> None:
        """Links mostly; a file where the result is above expectation, for links alone do not carry that."""
        for number, (entry, moment) in enumerate(done.entries):
            chance = self.dice.random()
            if chance < 0.06 or (above and number == 0):
                paper = self.dice.choice(self.life.papers)
                size = len(paper.content)
                title = f"{paper.title} {self.word}.pdf"
                self.rows.evidence.append(
                    (entry, "BERKAS", title, "", paper.file, paper.sha256, CONTENT_TYPE, size, False, self.person.id, moment)
                )
            elif chance < 0.62:
                title = self.dice.choice(EVIDENCE_TITLES).format(month=self.word)
                url = f"https://arsip.bukittinggi.example/{self.key}/{entry}"
                self.rows.evidence.append((entry, "TAUTAN", title, url, "", "", "", 0, False, self.person.id, moment))

    # --- feedback

    def _talk(self) -> list[Word]:
        boss, dice = self.plan.post.boss, self.dice
        words: list[Word] = []
        if boss and dice.random() < self._rater.talks:
            words.append(self._say(boss.id, "PIMPINAN", dice.random() < 0.72 + 0.08 * self.nature.manner))
        if boss and boss.level != "walikota" and dice.random() < 0.015:
            words.append(self._say(self._colleague(), "REKAN", True))
        kept = [word for word in words if word.author != self.person.id and word.day < self.line.today]
        for word in kept:
            self._keep(word)
        return kept

    def _say(self, author: int, source: str, praise: bool) -> Word:
        self.life.ids.feedback += 1
        texts = PEER_PRAISE if source == "REKAN" else PRAISE if praise else CRITIQUE
        day = self.hours.happened(self.dice)
        return Word(self.life.ids.feedback, author, source, self.dice.choice(CODES), praise, day, self.dice.choice(texts))

    def _colleague(self) -> int:
        """Somebody of the same superior: neighbours in the tree have neighbouring numbers."""
        number = self.person.id + self.dice.choice((-1, 1))
        chair = self.life.chairs.get(number)
        return number if chair and chair.boss is self.plan.post.boss else self.person.id

    def _keep(self, word: Word) -> None:
        written = at(word.day, self.dice, first=9, last=17)
        seen = written + self.dice.randint(2, 90) * HOUR if self.dice.random() < 0.8 else None
        seen = seen if seen and seen < self.line.moment else None
        reply = self.dice.choice(REPLIES) if seen and self.dice.random() < 0.4 else ""
        tone = "APRESIASI" if word.praise else "PERBAIKAN"
        self.rows.feedback.append(
            (word.id, self.person.id, word.author, word.source, word.value, tone, word.day, word.text, "", written, seen, reply)
        )

    # --- judgement

    def _judged(self, cycle: int, away: str, judgement: Judgement | None, rated: dt.datetime | None, words: list[Word]) -> None:
        life, plan, boss = self.life, self.plan, self.plan.post.boss
        life.ids.case += 1
        state = AssessmentState.EXEMPT if away else AssessmentState.RATED if rated else AssessmentState.DRAFT
        rated_by = life.rates_for(boss.id, rated.date()) if rated and boss else None
        if rated_by == self.person.id and boss:
            rated_by = boss.id
        if rated_by and rated:
            self.rows.finished.setdefault(rated_by, []).append((life.ids.case, rated))
        shown = judgement if rated or not self.running else None
        received, receipt = self._receipt(rated)
        note = self.dice.choice(ASSESSOR_NOTES) if rated and self.dice.random() < 0.12 else ""
        self.rows.cases.append(
            (
                *(life.ids.case, cycle, plan.id, self.person.id),
                *(max(plan.start, self.period.start), min(plan.end, self.period.end)),
                *(plan.post.unit.id, boss.id if boss else None),
                *(boss.boss.id if boss and boss.boss else None, rated_by, 1, True, state.value, away),
                *self._marks(shown, complete=rated is not None),
                *("", "", note, rated, received, receipt, 2 if rated else 1, rated or self._begun()),
            )
        )
        for aspect, (text, feedback) in shown.examples.items() if shown and rated else ():
            self.rows.examples.append((life.ids.case, aspect, text, feedback, rated))

    def _marks(self, judgement: Judgement | None, *, complete: bool) -> Iterator[int | None]:
        """An unfinished rating has some marks of the grid, and no overall ones."""
        if judgement is None:
            yield from (None,) * (2 + len(CODES))
            return
        yield judgement.result if complete else None
        yield judgement.behaviour if complete else None
        begun = len(CODES) if complete else self.dice.randrange(len(CODES))
        for number, mark in enumerate(judgement.values):
            yield mark if number < begun and (complete or mark == MEETS) else None

    def _begun(self) -> dt.datetime:
        return min(at(self.period.start, self.dice, first=0, last=5), self.line.moment - HOUR)

    def _receipt(self, rated: dt.datetime | None) -> tuple[dt.datetime | None, str]:
        """Opened some days after publication, or handed over on paper; the last month of a login waits for him."""
        if rated is None or self.period not in self.line.closed:
            return None, ""
        login = self.plan.post.login
        if (login and self.period == self.line.closed[-1]) or (not login and self.dice.random() < 0.22):
            return None, ""
        opened = self.hours.rating_due + self.dice.randint(8, 300) * HOUR + dt.timedelta(minutes=self.dice.randrange(60))
        if opened >= self.line.moment:
            return None, ""
        return opened, "KERTAS" if self.dice.random() < 0.01 else "DIBUKA"
