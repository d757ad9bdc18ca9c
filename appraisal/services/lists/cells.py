"""Cells that the lists of appraisal share; what is wrong is a ValueError with its sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.fields import read_number
from bukittinggi_kinerja.common.importing import SourceRow
from bukittinggi_kinerja.common.period import Period
from employees.rules.cells import BadDate, Cell, LostDigits, as_date, as_number_text, as_text
from employees.rules.nip import clean_nip

CHUNK = 1_000
NIP_LENGTH = 18


def chunks(rows: Iterable[SourceRow]) -> Iterable[Sequence[SourceRow]]:
    waiting = iter(rows)
    while found := list(islice(waiting, CHUNK)):
        yield found


def nip_of(cell: Cell) -> str:
    try:
        nip = clean_nip(as_number_text(cell))
    except LostDigits:
        raise ValueError(_("Angka NIP terpotong oleh lembar kerja. Ubah kolom menjadi teks, lalu isi ulang.")) from None
    if len(nip) != NIP_LENGTH or not (nip.isascii() and nip.isdigit()):
        raise ValueError(_("NIP harus 18 angka. Periksa angka yang kurang atau lebih."))
    return nip


def nips_in(rows: Iterable[SourceRow]) -> set[str]:
    found = set()
    for row in rows:
        try:
            found.add(nip_of(row.cells.get("nip")))
        except ValueError:
            continue  # said at its line
    return found


def period_of(cell: Cell) -> Period:
    """A sheet turns 2026-10 into its first day."""
    text = cell.strftime("%Y-%m") if isinstance(cell, dt.date) else as_text(cell)
    try:
        return Period.parse(text)
    except ValueError:
        raise ValueError(_("Tulis periode seperti 2026-10, 2026-Q4, 2026-S2, atau 2026.")) from None


def periods_in(rows: Iterable[SourceRow]) -> set[str]:
    """Keys of the periods that can be read."""
    found = set()
    for row in rows:
        with suppress(ValueError):  # said at its line
            found.add(period_of(row.cells.get("periode")).key)
    return found


def number_of(cell: Cell) -> Decimal | None:
    text = as_text(cell)
    if not text:
        return None
    try:
        return Decimal(str(cell)) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else read_number(text, language="id")
    except (ValueError, ArithmeticError):
        raise ValueError(_("“%(isi)s” bukan angka. Tulis seperti 120 atau 86,5.") % {"isi": text[:40]}) from None


def day_of(cell: Cell) -> dt.date | None:
    try:
        return as_date(cell)
    except BadDate as wrong:
        raise ValueError(_("“%(isi)s” bukan tanggal yang benar. Tulis seperti 31-12-2026.") % {"isi": wrong.text[:40]}) from None
