"""A transfer of many people by one decree: who stands where afterwards, and who follows because his leader moved. Pure.

A superior that a row does not name follows by rule: the head of the unit; for the head himself the superior of the head
before him, or the head of the nearest unit above. Whoever stays and was led by that rule, or by somebody who leaves, is led
by who takes the leader's unit over, or else by the leader of his own unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from employees.rules.chains import circle_above


class Superior(StrEnum):
    """How a row gives the superior."""

    NAMED = "NAMED"
    HEAD = "HEAD"
    HEAD_ABOVE = "HEAD_ABOVE"


@dataclass(frozen=True, slots=True)
class Place:
    """One person's post: ids of unit, position and superior, and whether he leads the unit."""

    unit: int
    position: int
    supervisor: int | None
    heads: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row of the decree; ``supervisor`` counts only where it is named."""

    line: int
    employee: int
    unit: int
    position: int
    heads: bool
    on: dt.date
    superior: Superior = Superior.HEAD
    supervisor: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """``line`` is None for somebody who only follows."""

    employee: int
    before: Place | None
    after: Place
    on: dt.date
    line: int | None = None

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a row cannot be: ``code`` is ``two_heads``, ``head_stays`` or ``circle``; ``other`` is the person it meets."""

    line: int
    code: str
    other: int


@dataclass
class Transfer:
    moves: list[Move] = field(default_factory=list)
    followers: list[Move] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def plan_transfer(wanted: Sequence[Wanted], places: Mapping[int, Place], parents: Mapping[int, int | None]) -> Transfer:
    """``places`` are the posts of everybody on the day, ``parents`` the units above units."""
    found = Transfer()
    city = _City({row.employee: row for row in wanted}, places, parents, found)
    found.moves = [
        Move(row.employee, places.get(row.employee), Place(row.unit, row.position, city.superior_of(row), row.heads), row.on, row.line)
        for row in wanted
    ]
    found.followers = city.followers()
    _refuse_circles(found, places)
    return found


def leader_of(unit: int | None, person: int, heads: Mapping[int, int], parents: Mapping[int, int | None]) -> int | None:
    """Who leads this person in a unit: its head, or that of the nearest unit above; never himself."""
    while unit is not None:
        head = heads.get(unit)
        if head is not None and head != person:
            return head
        unit = parents.get(unit)
    return None


class _City:
    """Who heads which unit before and after the decree."""

    def __init__(self, rows: Mapping[int, Wanted], places: Mapping[int, Place], parents: Mapping[int, int | None], found: Transfer) -> None:
        self.rows, self.places, self.parents = rows, places, parents
        self.before = {place.unit: person for person, place in places.items() if place.heads}
        self.left = {person for person, row in rows.items() if person in places and _leaves(places[person], row)}
        self.after = self._heads_after(found)

    def _heads_after(self, found: Transfer) -> dict[int, int]:
        after = {unit: person for unit, person in self.before.items() if person not in self.rows}
        arrived: dict[int, int] = {}
        for row in self.rows.values():
            if not row.heads:
                continue
            leaves = self.rows.get(self.before.get(row.unit, 0))
            if row.unit in arrived:
                found.clashes.append(Clash(row.line, "two_heads", arrived[row.unit]))
            elif row.unit in after:
                found.clashes.append(Clash(row.line, "head_stays", after[row.unit]))
            elif leaves is not None and leaves.on > row.on:
                found.clashes.append(Clash(row.line, "head_stays", leaves.employee))
            arrived.setdefault(row.unit, row.employee)
        return {**after, **arrived}

    def superior_of(self, row: Wanted) -> int | None:
        if row.superior == Superior.NAMED:
            return row.supervisor
        if row.superior == Superior.HEAD_ABOVE:
            return leader_of(self.parents.get(row.unit), row.employee, self.after, self.parents)
        former = self.places.get(self.before.get(row.unit, 0))
        if row.heads and former is not None and former.supervisor is not None:
            above = self._taken_over(former.supervisor)
            if above not in {None, row.employee}:
                return above
        return leader_of(row.unit, row.employee, self.after, self.parents)

    def _taken_over(self, leader: int) -> int | None:
        """The leader himself while he stays, or who heads his unit after him."""
        if leader not in self.left:
            return leader
        place = self.places[leader]
        return self.after.get(place.unit) if place.heads else None

    def followers(self) -> list[Move]:
        """People of no row whose leader left, or whose unit has another leader now; on the day on which that happens."""
        found = []
        for person, place in self.places.items():
            if person in self.rows or place.supervisor is None:
                continue
            leader = self._leader_after(person, place)
            if leader != place.supervisor:
                days = [self.rows[one].on for one in (place.supervisor, leader) if one is not None and one in self.rows]
                found.append(Move(person, place, Place(place.unit, place.position, leader, place.heads), max(days)))
        return found

    def _leader_after(self, person: int, place: Place) -> int | None:
        leader = leader_of(place.unit, person, self.after, self.parents)
        if place.supervisor in self.left:
            successor = self._taken_over(place.supervisor)
            return successor if successor not in {None, person} else leader
        by_rule = leader_of(place.unit, person, self.before, self.parents) == place.supervisor
        return leader if by_rule and leader in self.rows else place.supervisor


def _leaves(place: Place, row: Wanted) -> bool:
    return place.unit != row.unit or (place.heads and not row.heads)


def _refuse_circles(found: Transfer, places: Mapping[int, Place]) -> None:
    above = {person: place.supervisor for person, place in places.items()}
    above.update((move.employee, move.after.supervisor) for move in (*found.moves, *found.followers))
    for move in found.moves:
        circle = circle_above(move.employee, above.get)
        if move.employee in circle and move.line is not None:
            found.clashes.append(Clash(move.line, "circle", above[move.employee] or move.employee))
