"""Rows of registers as people read them, each as far as its viewer may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.templatetags.kinerja import tanggal
from employees.models import BankAccount, Discipline, Education, Kept, Leave, OfficialTravel, Spanned, TaxCategory
from employees.policies import Access
from employees.rules.registers import Register, Relation, Sight

Words = str | Promise
ONE_DAY = dt.timedelta(days=1)

NAMES: Mapping[Register, Words] = {
    Register.LEAVE: gettext_lazy("Cuti dan izin"),
    Register.TRAVEL: gettext_lazy("Dinas luar"),
    Register.DISCIPLINE: gettext_lazy("Hukuman disiplin"),
    Register.EDUCATION: gettext_lazy("Pendidikan"),
    Register.BANK: gettext_lazy("Rekening"),
    Register.TAX: gettext_lazy("Kategori pajak"),
}
ADD: Mapping[Register, Words] = {
    Register.LEAVE: gettext_lazy("Tambah cuti"),
    Register.TRAVEL: gettext_lazy("Tambah dinas luar"),
    Register.DISCIPLINE: gettext_lazy("Tambah hukuman"),
    Register.EDUCATION: gettext_lazy("Tambah pendidikan"),
    Register.BANK: gettext_lazy("Tambah rekening"),
    Register.TAX: gettext_lazy("Tambah kategori pajak"),
}
NONE_YET: Mapping[Register, Words] = {
    Register.LEAVE: gettext_lazy("Belum ada cuti yang tercatat."),
    Register.TRAVEL: gettext_lazy("Belum ada dinas luar yang tercatat."),
    Register.DISCIPLINE: gettext_lazy("Tidak ada hukuman disiplin yang tercatat."),
    Register.EDUCATION: gettext_lazy("Belum ada pendidikan yang tercatat."),
    Register.BANK: gettext_lazy("Belum ada rekening yang tercatat."),
    Register.TAX: gettext_lazy("Belum ada kategori pajak yang tercatat."),
}
ROLES: Mapping[str, Words] = {
    Relation.OWNER: gettext_lazy("Anda sendiri"),
    Relation.CITY_HR: gettext_lazy("BKPSDM"),
    Relation.AUDITOR: gettext_lazy("Inspektorat"),
    Relation.UNIT_HR: gettext_lazy("Pengelola kepegawaian"),
}


@dataclass(frozen=True)
class Shown:
    """One row: ``closed`` has a detail this viewer does not see yet, ``opens`` that he may open it."""

    pk: int
    title: str
    days: str
    lines: list[tuple[str, str]]
    closed: bool
    opens: bool
    ends: bool
    voided: bool


@dataclass(frozen=True)
class Section:
    register: Register
    name: Words
    rows: list[Shown]
    history: list[Shown]
    adds: bool
    add_words: Words
    none_yet: Words


def sections(access: Access, rows: Mapping[Register, list[Kept]]) -> list[Section]:
    """One for each register whose rows this viewer sees."""
    return [
        Section(
            register=register,
            name=NAMES[register],
            rows=[shown(access, row) for row in found if row.voided_at is None],
            history=[shown(access, row) for row in found if row.voided_at is not None],
            adds=access.writes(register),
            add_words=ADD[register],
            none_yet=NONE_YET[register],
        )
        for register, found in rows.items()
    ]


def shown(access: Access, row: Kept, *, opened: bool = False) -> Shown:
    whole = opened or access.open_to(row)
    lines = [*_lines(row), (_("Nomor surat"), row.letter_number), (_("Catatan"), row.note)] if whole else []
    return Shown(
        pk=row.pk,
        title=_title(row) if whole else closed_title(row),
        days=days_of(row),
        lines=[(label, value) for label, value in lines if value],
        closed=not whole,
        opens=not whole and access.sight(row.register) >= Sight.ON_REASON,
        ends=isinstance(row, Spanned) and row.voided_at is None,
        voided=row.voided_at is not None,
    )


def days_of(row: Kept) -> str:
    """First and last day, or since when; the year of a graduation."""
    if isinstance(row, Education):
        return str(row.graduated)
    assert isinstance(row, Spanned)
    return span_words(row.valid)


def span_words(days: Any) -> str:
    """A half-open span as people say it."""
    first, last = days.lower, days.upper - ONE_DAY if days.upper else None
    if last is None:
        return _("sejak %(hari)s") % {"hari": tanggal(first)}
    return tanggal(first) if first == last else f"{tanggal(first)} – {tanggal(last)}"


def closed_title(row: Kept) -> str:
    """What may be said of a row whose detail is closed."""
    if isinstance(row, Leave):
        return _("Cuti alasan kesehatan")
    return f"{row.bank} {row.masked}" if isinstance(row, BankAccount) else str(NAMES[row.register])


def _title(row: Kept) -> str:
    named: dict[type[Kept], Callable[[Any], str]] = {
        Leave: lambda leave: leave.get_kind_display(),
        OfficialTravel: lambda travel: travel.destination,
        Discipline: lambda punishment: punishment.get_kind_display(),
        Education: lambda education: " ".join(filter(None, (education.get_level_display(), education.major))),
        BankAccount: lambda account: account.bank,
        TaxCategory: lambda category: category.get_status_display(),
    }
    return named[type(row)](row)


def _lines(row: Kept) -> list[tuple[str, str]]:
    if isinstance(row, OfficialTravel):
        return [(_("Keperluan"), row.purpose)]
    if isinstance(row, Discipline):
        return [(_("Tingkat"), row.level)]
    if isinstance(row, Education):
        return [(_("Sekolah"), row.school), (_("Nomor ijazah"), row.certificate_number)]
    if isinstance(row, BankAccount):
        return [(_("Nomor rekening"), row.number), (_("Atas nama"), row.holder)]
    return []


def looks(events: Iterable[Event], rows: Mapping[Register, list[Kept]]) -> list[dict[str, Any]]:
    """Who opened what of one's own, when and why."""
    days = {(register.value, row.pk): days_of(row) for register, found in rows.items() for row in found}
    return [
        {
            "at": event.at,
            "what": NAMES[Register(event.new["register"])],
            "days": days.get((event.new["register"], event.new["record"]), ""),
            "who": next((ROLES[role] for role in event.new["roles"] if role in ROLES), ""),
            "reason": event.reason,
        }
        for event in events
    ]
