"""An examined list row by row, as people read it: what is new, what changes from what to what, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.importing import Change, Remark, RowOutcome, RowState
from employees.models import Employee, Grade, Position
from employees.rules.importing import Row, completed

from .catalogue import Unit
from .checks import chunks
from .examining import Examined
from .planning import Post
from .sentences import in_order, sentence

#: Field of the person to column of the file.
PERSON = {
    "name": "nama", "kind": "jenis_pegawai", "sex": "jenis_kelamin", "birth_date": "tanggal_lahir", "grade": "golongan",
    "email": "email", "status": "status",
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What ids mean to people; three queries for a list."""

    units: dict[int, Unit]
    positions: dict[int, Position]
    people: dict[int, Employee]
    grades: dict[int, str]
    known: dict[str, str]

    def person(self, pk: int | None) -> str:
        found = self.people.get(pk) if pk is not None else None
        return f"{found.name} ({found.nip or '–'})" if found else ""

    def unit(self, pk: int) -> str:
        return f"{self.units[pk].full_name} ({self.units[pk].code})"


def outcomes(found: Examined) -> Iterator[RowOutcome]:
    """What is recorded is read now, the rows are told one by one: nothing waits in memory, and a write in between changes nothing."""
    names = _names(found)
    warnings: dict[int, list[Remark]] = {}
    for line, fault in found.batch.warnings:
        warnings.setdefault(line, []).append(Remark(fault.column, sentence(fault)))
    lines = sorted({*found.batch.rows, *found.batch.faults})
    return (_outcome(found, line, names, tuple(warnings.get(line, ()))) for line in lines)


def _outcome(found: Examined, line: int, names: Names, warnings: tuple[Remark, ...]) -> RowOutcome:
    batch, plan = found.batch, found.plan
    row = batch.rows.get(line) or batch.drafts.get(line)
    label = f"{row.name} ({row.nip})" if row is not None else ""
    if line in batch.faults:
        faults = tuple(Remark(fault.column, sentence(fault)) for fault in in_order(batch.faults[line]))
        return RowOutcome(line, RowState.BAD, label, faults=faults)
    assert row is not None
    if row.nip in plan.people:
        return RowOutcome(line, RowState.NEW, label, tuple(_all_of(found, row, names)), warnings=warnings)
    changes = [*_person_changes(found, row, names), *_post_changes(found, row, names)]
    if not changes and row.nip not in plan.posts:
        return RowOutcome(line, RowState.SAME, label, warnings=warnings)
    rater = next((one for one in changes if one.column == "nip_atasan"), None)
    if rater is not None and rater.old:
        told = _("Pejabat penilai berganti: %(old)s menjadi %(new)s.") % {"old": rater.old, "new": rater.new or _("tidak ada")}
        warnings = (*warnings, Remark("nip_atasan", told))
    return RowOutcome(line, RowState.CHANGED, label, tuple(changes), warnings=warnings)


def _all_of(found: Examined, row: Row, names: Names) -> Iterator[Change]:
    person = found.plan.people[row.nip]
    sex, birth = completed(row)
    texts = {"nip": row.nip, "nama": row.name, "jenis_pegawai": row.kind, "jenis_kelamin": sex, "tanggal_lahir": birth.isoformat()}
    texts |= {"golongan": row.grade or "", "email": person.email, "status": person.status}
    texts |= _post_texts(found, found.plan.posts[row.nip], names)
    return (Change(column, "", text) for column, text in texts.items() if text)


def _person_changes(found: Examined, row: Row, names: Names) -> Iterator[Change]:
    person = found.plan.changed.get(row.nip)
    for field, old in found.plan.before.get(row.nip, {}).items():
        new = getattr(person, field) if field != "grade" else getattr(person, "grade_id", None)
        shown = (names.grades.get(value, "") if field == "grade" else str(value or "") for value in (old, new))  # type: ignore[arg-type]
        yield Change(PERSON[field], *shown)


def _post_changes(found: Examined, row: Row, names: Names) -> Iterator[Change]:
    post = found.plan.posts.get(row.nip)
    if post is None:
        return
    old = found.plan.replaced.get(row.nip)
    texts = dict.fromkeys(("jabatan", "jenis_jabatan", "unit", "nip_atasan", "tmt_jabatan"), "")
    if old is not None:
        position = names.positions[old.position_id]
        texts |= {"jabatan": position.title, "jenis_jabatan": position.kind, "unit": names.unit(old.unit_id)}
        texts |= {"nip_atasan": names.person(old.supervisor_id), "tmt_jabatan": old.valid.lower.isoformat() if old.valid.lower else ""}
    for column, new in _post_texts(found, post, names).items():
        if new != texts[column]:
            yield Change(column, texts[column], new)


def _post_texts(found: Examined, post: Post, names: Names) -> dict[str, str]:
    row = post.row
    key = found.catalogue.position(row)
    known = names.positions.get(key) if key is not None else None
    return {
        "jabatan": known.title if known else row.title,
        "jenis_jabatan": row.post_kind,
        "unit": names.unit(post.unit_id),
        "nip_atasan": _above(found, post.supervisor, names),
        "tmt_jabatan": row.since.isoformat(),
    }


def _above(found: Examined, key: str | None, names: Names) -> str:
    """The superior by name: recorded, or of this very list."""
    if key is None:
        return ""
    recorded = names.person(found.chain.id_of(key))
    return recorded or f"{names.known.get(key, '–')} ({key})"


def _names(found: Examined) -> Names:
    plan, chain = found.plan, found.chain
    old = list(plan.replaced.values())
    titles = {posting.position_id for posting in old} | {
        pk for post in plan.posts.values() if (pk := found.catalogue.position(post.row)) is not None
    }
    above = {posting.supervisor_id for posting in old if posting.supervisor_id is not None}
    above |= {pk for post in plan.posts.values() if (pk := chain.id_of(post.supervisor)) is not None}
    people: dict[int, Employee] = {}
    for chunk in chunks(sorted(above)):
        people.update((one.pk, one) for one in Employee.objects.filter(pk__in=chunk).only("nip", "name"))
    return Names(
        units={unit.pk: unit for units in found.catalogue.find[0].values() for unit in units},
        positions=_positions(sorted(titles)),
        people=people,
        grades=dict(Grade.objects.values_list("pk", "code")),
        known={row.nip: row.name for row in found.batch.rows.values()},
    )


def _positions(ids: Sequence[int]) -> dict[int, Position]:
    found: dict[int, Position] = {}
    for chunk in chunks(ids):
        found.update((one.pk, one) for one in Position.objects.filter(pk__in=chunk).only("title", "kind"))
    return found
