"""The life of units: made, renamed, moved, merged, split. A unit keeps name and parent for life, so that old reports
keep the old tree; every change makes a successor and carries over what is below it, its people and its pengelola.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import squeezed
from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import OrgUnit, Posting, RoleAssignment, UnitSuccession
from employees.models.units import SuccessionKind
from employees.rules.units import full_name_of, is_code, next_code, path_of
from employees.services.postings import NewPosting, lay_postings, one_writer


@dataclass(frozen=True)
class Decree:
    """From which day, on what basis, why, by whom (user id), and when it was recorded."""

    on: dt.date
    number: str
    reason: str
    actor: int | None
    now: dt.datetime


@dataclass(frozen=True)
class UnitPart:
    """One of the units that a split makes; ``people`` are the employee ids that go there."""

    code: str
    name: str
    people: frozenset[int] = frozenset()


@transaction.atomic
def create_unit(*, code: str, name: str, kind: str, parent_id: int | None, decree: Decree) -> OrgUnit:
    """Raises Unacceptable for a code that is taken or cannot stand in a path."""
    parent = _living(parent_id, on=decree.on) if parent_id is not None else None
    unit = _make(code, name, kind, parent, on=decree.on)
    _record("employees.unit.created", unit, decree, new={"code": unit.code, "name": unit.name, "parent": parent_id})
    return unit


@transaction.atomic
def rename_unit(*, unit_id: int, name: str, code: str | None, decree: Decree) -> OrgUnit:
    """The unit of the new name, under the same parent. Raises NotVisible, NotNow, Unacceptable."""
    old = _living(unit_id, on=decree.on)
    new = _make(code or _free_code(old.code), name, old.kind, old.parent, on=decree.on)
    _succeed({old.pk: new}, SuccessionKind.RENAME, decree)
    _record("employees.unit.renamed", old, decree, old={"name": old.name}, new={"name": new.name, "unit": new.pk})
    return new


@transaction.atomic
def move_unit(*, unit_id: int, parent_id: int, code: str | None, decree: Decree) -> OrgUnit:
    """The unit under another parent. Raises NotVisible, NotNow, Unacceptable for a parent below the unit itself."""
    old, parent = _living(unit_id, on=decree.on), _living(parent_id, on=decree.on)
    if parent.path.startswith(old.path):
        raise Unacceptable(_("Unit tidak dapat dipindahkan ke bawah dirinya sendiri."), errors={"parent": [_("Pilih induk lain.")]})
    new = _make(code or _free_code(old.code), old.name, old.kind, parent, on=decree.on)
    _succeed({old.pk: new}, SuccessionKind.MOVE, decree)
    _record("employees.unit.moved", old, decree, old={"parent": old.parent_id}, new={"parent": parent_id, "unit": new.pk})
    return new


@transaction.atomic
def merge_units(*, unit_ids: Sequence[int], code: str, name: str, kind: str, parent_id: int, decree: Decree) -> OrgUnit:
    """One new unit for several. Where two heads meet, neither leads until HR posts one."""
    olds = [_living(unit_id, on=decree.on) for unit_id in unit_ids]
    if len({old.pk for old in olds}) < 2:
        raise Unacceptable(_("Pilih paling sedikit dua unit."))
    parent = _living(parent_id, on=decree.on)
    if any(parent.path.startswith(old.path) for old in olds):
        raise Unacceptable(_("Induk tidak boleh salah satu unit yang digabung."), errors={"parent": [_("Pilih induk lain.")]})
    new = _make(code, name, kind, parent, on=decree.on)
    _succeed({old.pk: new for old in olds}, SuccessionKind.MERGE, decree)
    _record("employees.unit.merged", new, decree, old={"units": [old.pk for old in olds]}, new={"name": new.name})
    return new


@transaction.atomic
def split_unit(*, unit_id: int, parts: Sequence[UnitPart], decree: Decree) -> list[OrgUnit]:
    """Several units for one. People named by no part and units below go to the first part; the pengelola keeps every part."""
    old = _living(unit_id, on=decree.on)
    if len(parts) < 2:
        raise Unacceptable(_("Sebutkan paling sedikit dua unit baru."))
    made = [_make(part.code, part.name, old.kind, old.parent, on=decree.on) for part in parts]
    placed = {person: unit for part, unit in zip(parts, made, strict=True) for person in part.people}
    _succeed({old.pk: made[0]}, SuccessionKind.SPLIT, decree, placed=placed, others=made[1:])
    _record("employees.unit.split", old, decree, new={"units": [unit.pk for unit in made]})
    return made


def _living(unit_id: int, *, on: dt.date) -> OrgUnit:
    one_writer()
    unit = OrgUnit.objects.select_for_update(of=("self",), no_key=True).select_related("parent").filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible(_("Unit tidak ditemukan."))
    if not (unit.valid.lower is None or unit.valid.lower < on) or (unit.valid.upper is not None and unit.valid.upper <= on):
        raise NotNow(_("Unit %(unit)s tidak berlaku pada tanggal itu.") % {"unit": unit.name})
    return unit


def _make(code: str, name: str, kind: str, parent: OrgUnit | None, *, on: dt.date) -> OrgUnit:
    code, name = code.strip(), squeezed(name)
    if not is_code(code):
        raise Unacceptable(_("Kode unit berisi huruf, angka, titik atau garis."), errors={"code": [_("Tanpa spasi dan garis miring.")]})
    if not name:
        raise Unacceptable(_("Isi nama unit."), errors={"name": [_("Isi nama unit.")]})
    if OrgUnit.objects.filter(code__iexact=code).exists():
        raise Unacceptable(_("Kode unit ini sudah dipakai."), errors={"code": [_("Pilih kode lain.")]})
    full_name = full_name_of(name, parent_full_name=parent.full_name, parent_is_root=parent.parent_id is None) if parent else name
    return OrgUnit.objects.create(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        path=path_of(code, parent.path if parent else ""),
        full_name=full_name,
        valid=DateRange(on, None),
    )


def _free_code(code: str) -> str:
    while OrgUnit.objects.filter(code__iexact=code).exists():
        code = next_code(code)
    return code


def _succeed(
    roots: Mapping[int, OrgUnit],
    kind: SuccessionKind,
    decree: Decree,
    *,
    placed: Mapping[int, OrgUnit] | None = None,
    others: Sequence[OrgUnit] = (),
) -> None:
    """Copy what is below the old units under the new ones, carry people and roles over, and end the old units.

    ``others`` take over from every root as well, but nothing below it.
    """
    heir: dict[int, OrgUnit] = dict(roots)
    for old in OrgUnit.objects.filter(pk__in=roots).order_by("path"):
        for below in OrgUnit.objects.in_force(on=decree.on).below(old.path).exclude(pk=old.pk).order_by("path"):
            if below.pk not in heir and below.parent_id in heir:
                heir[below.pk] = _make(_free_code(below.code), below.name, below.kind, heir[below.parent_id], on=decree.on)
    heirs = {old: [new, *(others if old in roots else ())] for old, new in heir.items()}
    UnitSuccession.objects.bulk_create(
        UnitSuccession(predecessor_id=old, successor=new, kind=kind, on=decree.on, decree=decree.number)
        for old, successors in heirs.items()
        for new in successors
    )
    _carry_people(heir, placed or {}, decree)
    _carry_roles(heirs, decree)
    for unit in OrgUnit.objects.filter(pk__in=heir):
        unit.valid = DateRange(unit.valid.lower, decree.on)
        unit.save(update_fields=["valid", "updated_at"])


def _carry_people(heir: Mapping[int, OrgUnit], placed: Mapping[int, OrgUnit], decree: Decree) -> None:
    rows = [row for row in Posting.objects.known().filter(unit__in=heir) if row.valid.upper is None or row.valid.upper > decree.on]
    target = {row.pk: placed.get(row.employee_id, heir[row.unit_id]).pk for row in rows}
    heads = Counter(target[row.pk] for row in rows if row.heads_unit)
    # One posting for each person and statement: whoever has several in these units comes again in the next round.
    rounds: dict[int, list[Posting]] = defaultdict(list)
    turn: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: row.valid.lower or dt.date.min):
        rounds[turn[row.employee_id]].append(row)
        turn[row.employee_id] += 1
    for batch in rounds.values():
        lay_postings(
            [
                NewPosting(
                    employee_id=row.employee_id,
                    unit_id=target[row.pk],
                    position_id=row.position_id,
                    supervisor_id=row.supervisor_id,
                    heads_unit=row.heads_unit and heads[target[row.pk]] == 1,
                    valid_from=max(row.valid.lower or decree.on, decree.on),
                    valid_to=row.valid.upper,
                    decree=decree.number,
                    reason=decree.reason,
                )
                for row in batch
            ],
            now=decree.now,
        )


def _carry_roles(heirs: Mapping[int, Sequence[OrgUnit]], decree: Decree) -> None:
    for role in RoleAssignment.objects.filter(unit__in=heirs, valid__overlap=DateRange(decree.on, None)):
        begins, ends = role.valid.lower, role.valid.upper
        RoleAssignment.objects.bulk_create(
            RoleAssignment(
                user_id=role.user_id,
                role=role.role,
                unit=unit,
                valid=DateRange(max(begins or decree.on, decree.on), ends),
                reason=role.reason,
            )
            for unit in heirs[role.unit_id]  # type: ignore[index]
        )
        if begins is not None and begins >= decree.on:
            role.delete()
        else:
            role.valid = DateRange(begins, decree.on)
            role.save(update_fields=["valid"])


def _record(action: str, unit: OrgUnit, decree: Decree, *, new: Mapping[str, object], old: Mapping[str, object] | None = None) -> None:
    record_event(
        action=action,
        subject=unit,
        actor=decree.actor,
        now=decree.now,
        old=old,
        new={**new, "on": decree.on, "decree": decree.number},
        reason=decree.reason,
    )
