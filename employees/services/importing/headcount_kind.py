"""The printed table of how many staff: only checked, since every total follows from the people themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bukittinggi_kinerja.common.cells import Cell, as_text
from bukittinggi_kinerja.common.importing import (
    ImportColumn,
    ImportContext,
    ImportKind,
    ImportResult,
    ImportTable,
    Remark,
    RowOutcome,
    RowState,
)
from employees.policies import may_administer

#: How a printed table says nobody.
NOBODY = frozenset({"", "-", "–", "—"})
_NUMBERS = {"l": ("l tercetak", "laki laki", "pria"), "p": ("p tercetak", "perempuan", "wanita"), "jumlah": ("jumlah tercetak", "total")}


class HeadcountKind(ImportKind):
    code = "rekap-asn"
    title = gettext_lazy("Rekap jumlah ASN")
    help = gettext_lazy("Memeriksa tabel cetak: laki-laki ditambah perempuan harus sama dengan jumlah. Tidak ada yang disimpan.")
    columns = (
        ImportColumn("tabel", gettext_lazy("Nama tabel"), example="B1 SKPD"),
        ImportColumn("kelompok", gettext_lazy("Kelompok"), required=True, aliases=("uraian",), example="Kecamatan Contoh"),
        ImportColumn("l", gettext_lazy("Laki-laki"), required=True, aliases=_NUMBERS["l"], example="17"),
        ImportColumn("p", gettext_lazy("Perempuan"), required=True, aliases=_NUMBERS["p"], example="19"),
        ImportColumn("jumlah", gettext_lazy("Jumlah"), required=True, aliases=_NUMBERS["jumlah"], example="36"),
    )
    writes_rows = False

    def may(self, viewer: Any) -> bool:
        return may_administer(viewer)

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        return ImportResult([_outcome(row.line, row.cells) for row in table.rows()])


def _outcome(line: int, cells: Mapping[str, Cell]) -> RowOutcome:
    label = " · ".join(filter(None, (as_text(cells.get("tabel")), as_text(cells.get("kelompok")))))
    numbers = {column: _number(cells.get(column)) for column in _NUMBERS}
    unread = tuple(
        Remark(column, _("“%(text)s” bukan angka yang dapat dibaca. Tulis angka saja.") % {"text": as_text(cells.get(column))})
        for column, number in numbers.items()
        if number is None
    )
    if unread:
        return RowOutcome(line, RowState.BAD, label, faults=unread)
    men, women, printed = (numbers[column] or 0 for column in ("l", "p", "jumlah"))
    if as_text(cells.get("jumlah")) in NOBODY and men + women:
        missing = _("Jumlah tidak tercetak; %(men)s + %(women)s = %(right)s.") % {"men": men, "women": women, "right": men + women}
        return RowOutcome(line, RowState.SAME, label, warnings=(Remark("jumlah", missing),))
    if men + women == printed:
        return RowOutcome(line, RowState.SAME, label)
    told = _("Jumlah tercetak %(printed)s, padahal %(men)s + %(women)s = %(right)s. Ganti menjadi %(right)s.")
    values = {"printed": printed, "men": men, "women": women, "right": men + women}
    return RowOutcome(line, RowState.BAD, label, faults=(Remark("jumlah", told % values),))


def _number(cell: Cell) -> int | None:
    text = as_text(cell).replace(".", "")
    if text in NOBODY:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
