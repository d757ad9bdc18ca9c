"""What a file refers to by name: units, grades, positions. Loaded once for an import."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches

from bukittinggi_kinerja.common.cells import squeezed
from employees.models import Grade, OrgUnit, Position, UnitSuccession
from employees.rules.grades import CIVIL_GRADES, CONTRACT_GRADES, grade_code
from employees.rules.importing import Fault, Row
from employees.rules.nip import CONTRACT_KINDS
from employees.rules.spans import Span
from employees.rules.units import key_of

CIVIL_SPAN = f"{CIVIL_GRADES[0][0]}–{CIVIL_GRADES[-1][0]}"
CONTRACT_SPAN = f"{CONTRACT_GRADES[0]}–{CONTRACT_GRADES[-1]}"
MOST_NAMED = 4
MOST_GUESSES = 200


@dataclass(frozen=True, slots=True)
class Unit:
    pk: int
    code: str
    name: str
    full_name: str
    span: Span
    root: bool

    def holds(self, day: dt.date) -> bool:
        return self.span.overlaps(Span(day, day + dt.timedelta(days=1)))


@dataclass
class Catalogue:
    """``find`` holds the ways to name a unit, the most exact first."""

    find: list[dict[str, list[Unit]]]
    heirs: dict[int, list[str]]
    grades: dict[str, tuple[int, bool]]
    positions: dict[tuple[str, str], int]
    _met: dict[str, list[Unit]] = field(default_factory=dict)
    _guesses: dict[str, str | None] = field(default_factory=dict)

    def unit(self, text: str, *, on: dt.date) -> Unit | Fault:
        """The unit a clerk named by code, path, or a name that only one living unit has."""
        met = self._named(text)
        living = [unit for unit in met if unit.holds(on)]
        if len(living) == 1:
            return living[0]
        if living:
            named = "; ".join(f"{unit.full_name} ({unit.code})" for unit in living[:MOST_NAMED])
            return Fault("unit", "unit_ambiguous", {"text": text, "candidates": named})
        return self._unit_missing(text, met, on)

    def unit_at_any_time(self, text: str, *, from_day: dt.date) -> Fault | None:
        """What is wrong with a unit whatever day from ``from_day`` on the row speaks of."""
        met = self._named(text)
        if any(unit.span.overlaps(Span(from_day, None)) for unit in met):
            return None
        return self._unit_missing(text, met, from_day)

    def _named(self, text: str) -> list[Unit]:
        met = self._met.get(text)
        if met is None:
            key = key_of(text)
            met = self._met[text] = next((ways[key] for ways in self.find if key in ways), [])
        return met

    def _unit_missing(self, text: str, met: list[Unit], on: dt.date) -> Fault:
        if met:
            heirs = [name for unit in met for name in self.heirs.get(unit.pk, [])]
            values = {"text": text, "day": f"{on:%d-%m-%Y}", "heirs": "; ".join(heirs[:MOST_NAMED])}
            return Fault("unit", "unit_succeeded" if heirs else "unit_closed", values)
        near = self._guess(text)
        return Fault("unit", "unit_nearly", {"text": text, "near": near}) if near else Fault("unit", "unit_unknown", {"text": text})

    def _guess(self, text: str) -> str | None:
        """Comparing spellings is slow, so only for the first few hundred different ones."""
        if text not in self._guesses and len(self._guesses) < MOST_GUESSES:
            names = {key: units[0].full_name for ways in self.find for key, units in ways.items()}
            found = get_close_matches(key_of(text), names, n=1, cutoff=0.8)
            self._guesses[text] = names[found[0]] if found else None
        return self._guesses.get(text)

    def grade(self, row: Row) -> int | Fault | None:
        if row.grade is None:
            return None
        contract = row.kind in CONTRACT_KINDS
        found = self.grades.get(row.grade)
        if found is None or found[1] is not contract:
            choices = CONTRACT_SPAN if contract else CIVIL_SPAN
            return Fault("golongan", "grade_unknown", {"text": row.grade_as_typed, "kind": row.kind, "choices": choices})
        return found[0]

    def grade_of_any_kind(self, text: str) -> Fault | None:
        """What is wrong with a grade whatever kind of staff the row means."""
        if not text or grade_code(text) in self.grades or grade_code(text, contract=True) in self.grades:
            return None
        return Fault("golongan", "grade_nowhere", {"text": text, "civil": CIVIL_SPAN, "contract": CONTRACT_SPAN})

    def position(self, row: Row) -> int | None:
        return self.positions.get(position_key(row.title, row.post_kind))


def position_key(title: str, kind: str) -> tuple[str, str]:
    """Two spellings of one title differ in case and blanks at most."""
    return squeezed(title).casefold(), kind


def load_catalogue() -> Catalogue:
    """Four queries."""
    rows = list(OrgUnit.objects.values_list("pk", "code", "name", "full_name", "path", "valid", "parent_id"))
    roots = [name for _pk, _code, name, _full, _path, _valid, parent in rows if parent is None]
    codes, paths, full_names, names = (defaultdict[str, list[Unit]](list) for _ in range(4))
    for pk, code, name, full_name, path, valid, parent in rows:
        unit = Unit(pk, code, name, full_name, Span(valid.lower, valid.upper), root=parent is None)
        codes[key_of(code)].append(unit)
        paths[key_of(path)].append(unit)
        for way in {full_name, *(f"{root}/{full_name}" for root in roots)}:
            full_names[key_of(way)].append(unit)
        names[key_of(name)].append(unit)
    heirs: dict[int, list[str]] = defaultdict(list)
    for old, code, name in UnitSuccession.objects.values_list("predecessor_id", "successor__code", "successor__full_name"):
        heirs[old].append(f"{name} ({code})")
    return Catalogue(
        # A full name of one level is a mere name: whether it is the only one, the names decide.
        find=[codes, paths, {key: units for key, units in full_names.items() if "/" in key}, names],
        heirs=dict(heirs),
        grades={code: (pk, contract) for pk, code, contract in Grade.objects.values_list("pk", "code", "contract")},
        positions={position_key(title, kind): pk for pk, title, kind in Position.objects.values_list("pk", "title", "kind")},
    )
