"""Who supports which result of a leader, with what is missing and what is too much. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .cascade import FULL_SHARE, MAIN


@dataclass(frozen=True)
class Support:
    """One result of a person below that hangs on ``parent``; ``share`` None where it supports without a direct part."""

    person: int
    parent: int | None
    title: str
    kind: str
    share: Decimal | None


@dataclass
class Row:
    """One result of the leader: what each person does for it, and the sum of direct shares (None without any)."""

    result: int
    kind: str
    by_person: dict[int, list[Support]] = field(default_factory=dict)

    @property
    def total(self) -> Decimal | None:
        shares = [s.share for found in self.by_person.values() for s in found if s.share is not None]
        return sum(shares, Decimal(0)) if shares else None

    @property
    def unsupported(self) -> bool:
        return self.kind == MAIN and not self.by_person

    @property
    def short(self) -> bool:
        return self.total is not None and self.total < FULL_SHARE

    @property
    def over(self) -> bool:
        return self.total is not None and self.total > FULL_SHARE


@dataclass(frozen=True)
class Findings:
    """``idle`` people have a plan of which nothing supports the leader; ``unplanned`` have none."""

    rows: list[Row]
    idle: list[int]
    unplanned: list[int]

    @property
    def unsupported(self) -> list[Row]:
        return [row for row in self.rows if row.unsupported]

    @property
    def uneven(self) -> list[Row]:
        return [row for row in self.rows if row.short or row.over]


def matrix(results: Mapping[int, str], people: Iterable[int], planned: Iterable[int], supports: Iterable[Support]) -> Findings:
    """``results`` are the leader's by kind, in his order; ``people`` all below him, ``planned`` those with a plan."""
    rows = {result: Row(result, kind) for result, kind in results.items()}
    helping: set[int] = set()
    for support in supports:
        if support.parent in rows:
            rows[support.parent].by_person.setdefault(support.person, []).append(support)
            helping.add(support.person)
    with_plan, everybody = set(planned), list(people)
    return Findings(
        rows=list(rows.values()),
        idle=[person for person in everybody if person in with_plan and person not in helping],
        unplanned=[person for person in everybody if person not in with_plan],
    )
