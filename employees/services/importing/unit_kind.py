"""Units as a list: made where nobody has them yet. Renaming and moving are decisions of their own and are not done here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bukittinggi_kinerja.common.cells import Cell, as_choice, as_text, squeezed
from bukittinggi_kinerja.common.importing import (
    Change,
    ImportColumn,
    ImportContext,
    ImportKind,
    ImportResult,
    ImportTable,
    Remark,
    RowOutcome,
    RowState,
    Written,
    facts_of,
)
from bukittinggi_kinerja.common.importing.fields import day_of
from employees.models import OrgUnit
from employees.models.units import UnitKind as Level
from employees.policies import may_administer
from employees.rules.units import full_name_of, is_code, key_of, next_code, path_of
from employees.services.postings import one_writer

LONGEST_NAME, LONGEST_CODE, LONGEST_PATH, LONGEST_FULL = 160, 40, 400, 800
#: Letters of a code made from the first letters of a name.
MADE_CODE = 10
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset({"dan", "serta", "atau", "di", "ke", "dari", "untuk"})


@dataclass
class UnitDraft:
    line: int
    code: str
    name: str
    kind: str
    parent: str
    since: dt.date | None
    faults: list[Remark] = field(default_factory=list)
    known: OrgUnit | None = None
    before: dict[str, Any] = field(default_factory=dict)
    new: OrgUnit | None = None
    depth: int = 0


class UnitKind(ImportKind):
    code = "unit"
    title = gettext_lazy("Unit kerja")
    help = gettext_lazy("Menambah unit yang belum ada. Ganti nama, pindah, gabung, dan pecah dicatat di administrasi.")
    columns = (
        ImportColumn(
            "nama",
            gettext_lazy("Nama unit"),
            required=True,
            aliases=("nama unit", "nama unit kerja", "unit kerja", "nama opd", "opd", "nama apa adanya"),
            example="Dinas Contoh",
        ),
        ImportColumn(
            "kode",
            gettext_lazy("Kode unit"),
            help=gettext_lazy("Huruf, angka, titik, atau garis. Kosong berarti dibuatkan."),
            aliases=("kode unit", "kode opd"),
            example="DINCON",
        ),
        ImportColumn("jenis", gettext_lazy("Jenis unit"), help=", ".join(Level.values) + ".", aliases=("jenis unit",), example="OPD"),
        ImportColumn(
            "induk",
            gettext_lazy("Unit induk"),
            help=gettext_lazy("Kode atau nama. Kosong berarti langsung di bawah kota."),
            aliases=("unit induk", "kode induk", "atasan unit"),
        ),
        ImportColumn("berlaku_sejak", gettext_lazy("Berlaku sejak"), help=gettext_lazy("Kosong berarti hari ini."), aliases=("tmt",)),
    )
    event = "employees.units.imported"

    def may(self, viewer: Any) -> bool:
        return may_administer(viewer)

    def lock(self) -> None:
        one_writer()

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        self.lock()
        drafts = [_read(row.line, row.cells, surplus=row.surplus) for row in table.rows()]
        context.tick(len(drafts))
        _settle(drafts, Tree(context.as_of), context.as_of)
        applied = apply and (good_only or not any(draft.faults for draft in drafts))
        return ImportResult([_outcome(draft) for draft in drafts], _write(drafts) if applied else (), applied)

    def export(self, context: ImportContext) -> Iterable[Mapping[str, Any]]:
        units = OrgUnit.objects.visible_to(context.viewer).in_force(on=context.as_of).select_related("parent").order_by("path")
        return (
            {
                "nama": unit.name,
                "kode": unit.code,
                "jenis": unit.kind,
                "induk": unit.parent.code if unit.parent else "",
                "berlaku_sejak": unit.valid.lower.isoformat() if unit.valid.lower else "",
            }
            for unit in units.iterator(chunk_size=2000)
        )


class Tree:
    """All units, found by code or by name; what the list adds is found as well. One query."""

    def __init__(self, day: dt.date) -> None:
        self.codes: dict[str, OrgUnit] = {}
        self.names: dict[str, list[OrgUnit]] = {}
        self.taken: set[str] = set()
        #: Codes that rows of the list bring along: none is made up for another row.
        self.reserved: set[str] = set()
        self.root: OrgUnit | None = None
        for unit in OrgUnit.objects.select_related("parent").order_by("path"):
            self.taken.add(unit.code.casefold())
            if day in unit.valid:
                self.add(unit)
                self.root = self.root or (unit if unit.parent_id is None else None)

    def add(self, unit: OrgUnit) -> None:
        self.taken.add(unit.code.casefold())
        self.codes[unit.code.casefold()] = unit
        for key in {key_of(unit.name), key_of(unit.full_name)}:
            self.names.setdefault(key, []).append(unit)

    def named(self, text: str) -> list[OrgUnit]:
        by_code = self.codes.get(text.casefold())
        return [by_code] if by_code is not None else self.names.get(key_of(text), [])

    def free_code(self, name: str) -> str:
        """First letters of the words; a single word is its own code."""
        words = [word for word in _WORD.findall(name) if word.casefold() not in _SMALL]
        plain = [word.encode("ascii", "ignore").decode() for word in words]
        code = ("".join(word[:1] for word in plain) if len(plain) > 1 else "".join(plain)).upper()[:MADE_CODE] or "UNIT"
        while code.casefold() in self.taken | self.reserved:
            code = next_code(code)
        return code


def _read(line: int, cells: Mapping[str, Cell], *, surplus: bool) -> UnitDraft:
    code, name = as_text(cells.get("kode")), squeezed(as_text(cells.get("nama")))
    draft = UnitDraft(line, code, name, "", as_text(cells.get("induk")), None)
    if surplus:
        draft.faults.append(Remark("", _("Isian baris ini lebih banyak daripada judul kolom. Hapus isian di luar kolom.")))
        return draft
    if not name:
        draft.faults.append(Remark("nama", _("Kolom %(column)s kosong. Isi kolom itu.") % {"column": "nama"}))
    if len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
        column, most = ("nama", LONGEST_NAME) if len(name) > LONGEST_NAME else ("kode", LONGEST_CODE)
        draft.faults.append(Remark(column, _("Isian terlalu panjang. Tulis paling banyak %(most)s huruf.") % {"most": most}))
    if code and not is_code(code):
        draft.faults.append(Remark("kode", _("Kode unit berisi huruf, angka, titik atau garis.")))
    _read_kind(draft, as_text(cells.get("jenis")))
    try:
        draft.since = day_of(cells.get("berlaku_sejak"))
    except ValueError as bad:
        draft.faults.append(Remark("berlaku_sejak", str(bad)))
    return draft


def _read_kind(draft: UnitDraft, text: str) -> None:
    known = {key.upper().replace(" ", "_"): value for value, label in Level.choices for key in (value, str(label))}
    found = as_choice(text, known) if text else ""
    if found is None:
        told = _("Isian “%(text)s” tidak dikenal. Pilih salah satu: %(choices)s.") % {"text": text, "choices": ", ".join(Level.values)}
        draft.faults.append(Remark("jenis", told))
    draft.kind = found or ""


def _settle(drafts: Sequence[UnitDraft], tree: Tree, day: dt.date) -> None:
    """Match and place, again and again while parents of the same list become known."""
    waiting = [draft for draft in drafts if not draft.faults]
    tree.reserved = {draft.code.casefold() for draft in waiting if draft.code}
    seen: dict[tuple[str, str], int] = {}
    placed: dict[int, int] = {}
    for draft in waiting:
        key = (key_of(draft.name), key_of(draft.parent))
        if (first := seen.setdefault(key, draft.line)) != draft.line:
            draft.faults.append(Remark("nama", _("Isi ini sudah ada pada baris %(first)s. Hapus salah satu baris.") % {"first": first}))
    waiting = [draft for draft in waiting if not draft.faults]
    while True:
        left = [draft for draft in waiting if not _place(draft, tree, placed, day)]
        if len(left) == len(waiting):
            break
        waiting = left
    for draft in waiting:
        draft.faults.append(Remark("induk", _("Unit “%(text)s” tidak dikenal. Tulis kode atau jalur nama unit.") % {"text": draft.parent}))


def _place(draft: UnitDraft, tree: Tree, placed: dict[int, int], day: dt.date) -> bool:
    """Whether the row is settled: known, made, or at fault. False: its parent may still come."""
    above = tree.named(draft.parent) if draft.parent else []
    if draft.parent and not above:
        return False
    known = _known(draft, tree, above)
    if len(known) > 1 or len(above) > 1:
        named = "; ".join(f"{unit.full_name} ({unit.code})" for unit in (above if len(above) > 1 else known)[:4])
        told = _("Ada beberapa unit bernama “%(text)s”: %(candidates)s. Tulis kode atau jalur nama lengkap.")
        column, text = ("induk", draft.parent) if len(above) > 1 else ("nama", draft.name)
        draft.faults.append(Remark(column, told % {"text": text, "candidates": named}))
    elif known:
        _compare(draft, known[0], above)
    else:
        _make(draft, tree, above[0] if above else tree.root, placed, day)
    return True


def _known(draft: UnitDraft, tree: Tree, above: Sequence[OrgUnit]) -> list[OrgUnit]:
    if draft.code and draft.code.casefold() in tree.codes:
        return [tree.codes[draft.code.casefold()]]
    found = tree.names.get(key_of(draft.name), [])
    return [unit for unit in found if not above or unit.parent in above]


def _compare(draft: UnitDraft, unit: OrgUnit, above: Sequence[OrgUnit]) -> None:
    """Case and blanks are no other name; another name or parent is a decision, not a list."""
    draft.known = unit
    if key_of(draft.name) not in {key_of(unit.name), key_of(unit.full_name)}:
        told = _("Kode ini milik unit “%(name)s”. Ganti nama unit dicatat di administrasi.") % {"name": unit.name}
        draft.faults.append(Remark("nama", told))
    if above and unit.parent != above[0]:
        told = _("Unit ini tercatat di bawah “%(name)s”. Pindah induk dicatat di administrasi.")
        draft.faults.append(Remark("induk", told % {"name": unit.parent.name if unit.parent else "–"}))
    if draft.kind and draft.kind != unit.kind and not draft.faults:
        draft.before = facts_of(unit, ["kind"])
        unit.kind = draft.kind


def _make(draft: UnitDraft, tree: Tree, parent: OrgUnit | None, placed: dict[int, int], day: dt.date) -> None:
    if draft.code and draft.code.casefold() in tree.taken:
        draft.faults.append(Remark("kode", _("Kode unit ini sudah dipakai. Pilih kode lain.")))
        return
    code = draft.code or tree.free_code(draft.name)
    full = full_name_of(draft.name, parent_full_name=parent.full_name, parent_is_root=parent.parent is None) if parent else draft.name
    path = path_of(code, parent.path if parent else "")
    if len(path) > LONGEST_PATH or len(full) > LONGEST_FULL:
        draft.faults.append(Remark("induk", _("Unit ini terlalu dalam. Letakkan di bawah induk yang lebih tinggi.")))
        return
    kind = draft.kind or (Level.CITY if parent is None else Level.AGENCY if parent.parent is None else Level.DIVISION)
    valid = DateRange(draft.since or day, None)
    unit = OrgUnit(code=code, name=draft.name, kind=kind, parent=parent, path=path, full_name=full, valid=valid)
    draft.new, draft.depth = unit, placed.get(id(parent), 0) + 1
    placed[id(unit)] = draft.depth
    tree.add(unit)
    tree.root = tree.root or unit


def _write(drafts: Sequence[UnitDraft]) -> list[Written]:
    """One statement for each level of new units, one for the changed ones."""
    good = [draft for draft in drafts if not draft.faults]
    for depth in sorted({draft.depth for draft in good if draft.new is not None}):
        level = [draft.new for draft in good if draft.new is not None and draft.depth == depth]
        for unit in level:
            unit.parent = unit.parent
        OrgUnit.objects.bulk_create(level)
    changed = [draft for draft in good if draft.before and draft.known is not None]
    OrgUnit.objects.bulk_update([draft.known for draft in changed if draft.known is not None], ["kind"], batch_size=500)
    made = [Written.made(draft.new, line=draft.line, label=draft.name) for draft in sorted(good, key=lambda one: one.depth) if draft.new]
    return [*made, *(Written.changed(one.known, one.before, line=one.line, label=one.name) for one in changed if one.known is not None)]


def _outcome(draft: UnitDraft) -> RowOutcome:
    if draft.faults:
        return RowOutcome(draft.line, RowState.BAD, draft.name, faults=tuple(draft.faults))
    if draft.new is not None:
        return RowOutcome(draft.line, RowState.NEW, draft.name, tuple(_all_of(draft.new)))
    if draft.before and draft.known is not None:
        return RowOutcome(draft.line, RowState.CHANGED, draft.name, (Change("jenis", draft.before["kind"], draft.kind),))
    return RowOutcome(draft.line, RowState.SAME, draft.name)


def _all_of(unit: OrgUnit) -> Iterator[Change]:
    yield Change("nama", "", unit.name)
    yield Change("kode", "", unit.code)
    yield Change("jenis", "", str(unit.kind))
    if unit.parent is not None:
        yield Change("induk", "", f"{unit.parent.name} ({unit.parent.code})")
    yield Change("berlaku_sejak", "", unit.valid.lower.isoformat())
