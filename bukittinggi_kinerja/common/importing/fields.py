"""Fields and widgets of django-import-export that read cells as clerks type them, and say in a sentence what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export import fields, widgets

from bukittinggi_kinerja.common.cells import BadDate, Cell, LostDigits, as_choice, as_date, as_number_text, as_text

ONE_DAY = dt.timedelta(days=1)


class TextCell(widgets.Widget):
    """One line of text of at most ``limit`` letters."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def clean(self, value: Cell, row: Any = None, **_words: Any) -> str:
        text = as_text(value)
        if len(text) > self.limit:
            raise ValueError(_("Isian terlalu panjang. Tulis paling banyak %(most)s huruf.") % {"most": self.limit})
        return text

    def render(self, value: Any, obj: Any = None, **_words: Any) -> str:
        return "" if value is None else str(value)


class NumberCell(widgets.Widget):
    """A number as text of digits, such as an account number; nothing that a sheet has cut."""

    def clean(self, value: Cell, row: Any = None, **_words: Any) -> str:
        return whole_digits(value)

    def render(self, value: Any, obj: Any = None, **_words: Any) -> str:
        return "" if value is None else str(value)


class AmountCell(widgets.Widget):
    """A whole or decimal number; ``1.464.000`` and ``12,5`` as they are written here."""

    def __init__(self, *, places: int = 0) -> None:
        super().__init__()
        self.places = places

    def clean(self, value: Cell, row: Any = None, **_words: Any) -> Any:
        text = as_text(value).removeprefix("Rp").replace(" ", "")
        if not isinstance(value, (int, float)) and ("," in text or text.count(".") > 1 or _grouped(text)):
            text = text.replace(".", "").replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number != round(number, self.places):
            raise ValueError(_("“%(text)s” bukan angka yang dapat dibaca. Tulis angka saja.") % {"text": as_text(value)})
        return number if self.places else int(number)

    def render(self, value: Any, obj: Any = None, **_words: Any) -> str:
        return "" if value is None else str(value)


class DateCell(widgets.Widget):
    def clean(self, value: Cell, row: Any = None, **_words: Any) -> dt.date | None:
        return day_of(value)

    def render(self, value: Any, obj: Any = None, **_words: Any) -> str:
        return value.isoformat() if value else ""


class ChoiceCell(widgets.Widget):
    """A code of ``choices``, by code or by label, however the clerk wrote it."""

    def __init__(self, choices: Iterable[tuple[str, str | Promise]]) -> None:
        super().__init__()
        self.choices = list(choices)

    def clean(self, value: Cell, row: Any = None, **_words: Any) -> str:
        known = {_key(name): code for code, label in self.choices for name in (str(label), code)}
        found = as_choice(value, known)
        if found is None:
            codes = ", ".join(code for code, _label in self.choices)
            raise ValueError(
                _("Isian “%(text)s” tidak dikenal. Pilih salah satu: %(choices)s.") % {"text": as_text(value), "choices": codes}
            )
        return found

    def render(self, value: Any, obj: Any = None, **_words: Any) -> str:
        return "" if value is None else str(value)


class LookupCell(widgets.Widget):
    """A row of another table by one of its columns; ``load`` asks once for a chunk. Only what the viewer sees is found."""

    def __init__(
        self,
        model: type[models.Model],
        column: str,
        *,
        missing: str | Promise,
        key: Callable[[Cell], str] = as_text,
        related: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self.model, self.column, self.missing, self.key, self.related = model, column, missing, key, tuple(related)
        self.found: dict[str, models.Model] = {}

    def load(self, cells: Iterable[Cell], viewer: Any) -> None:
        wanted = {key for cell in cells if (key := self._key_of(cell))} - self.found.keys()
        rows: Any = self.model._default_manager.all()  # noqa: SLF001
        rows = rows.visible_to(viewer) if hasattr(rows, "visible_to") else rows
        if self.related:
            rows = rows.select_related(*self.related)
        found = rows.filter(**{f"{self.column}__in": sorted(wanted)}) if wanted else ()
        self.found.update((str(getattr(row, self.column)), row) for row in found)

    def clean(self, value: Cell, row: Any = None, **_words: Any) -> models.Model:
        key = self.key(value)
        if key not in self.found:
            raise ValueError(str(self.missing) % {"text": key})
        return self.found[key]

    def render(self, value: Any, obj: Any = None, **_words: Any) -> str:
        return str(getattr(value, self.column) or "") if isinstance(value, models.Model) else ""

    def _key_of(self, cell: Cell) -> str:
        try:
            return self.key(cell)
        except ValueError:
            return ""


class FirstDay(fields.Field):
    """The first day of a range of days."""

    def __init__(self, *, attribute: str, column_name: str) -> None:
        super().__init__(attribute=attribute, column_name=column_name, widget=DateCell())

    def get_value(self, instance: Any) -> dt.date | None:
        days = getattr(instance, self.attribute)
        return days.lower if days else None

    def save(self, instance: Any, row: Mapping[str, Any], is_m2m: bool = False, **words: Any) -> None:
        days = getattr(instance, self.attribute)
        setattr(instance, self.attribute, DateRange(self.clean(row, **words), days.upper if days else None))


class LastDay(FirstDay):
    """The last day, itself included; open where nothing was ever said."""

    def get_value(self, instance: Any) -> dt.date | None:
        days = getattr(instance, self.attribute)
        return days.upper - ONE_DAY if days and days.upper else None

    def save(self, instance: Any, row: Mapping[str, Any], is_m2m: bool = False, **words: Any) -> None:
        days = getattr(instance, self.attribute)
        last = self.clean(row, **words)
        first = days.lower if days else None
        if first is not None and last < first:
            raise ValueError(_("Tanggal akhir mendahului tanggal awal. Periksa kedua tanggal itu."))
        setattr(instance, self.attribute, DateRange(first, last + ONE_DAY))


def whole_digits(cell: Cell) -> str:
    """Digits as they were typed, without blanks, dots, dashes and the apostrophe of sheets; raises ValueError with the sentence."""
    try:
        text = as_number_text(cell)
    except LostDigits:
        raise ValueError(_("Angka terpotong oleh lembar kerja. Ubah kolom menjadi teks, lalu isi ulang.")) from None
    return "".join(sign for sign in text if sign not in " '.-")


def day_of(cell: Cell) -> dt.date | None:
    """Raises ValueError with the sentence."""
    try:
        return as_date(cell)
    except BadDate as bad:
        sentences = {
            "no_such_day": _("Tanggal %(text)s tidak ada. Tulis tanggal yang benar, misalnya 31-12-2026."),
            "too_long_ago": _("Tanggal %(text)s terlalu lama berlalu. Periksa tahunnya; paling awal 01-01-1900."),
            "too_far_ahead": _("Tanggal %(text)s terlalu jauh di depan. Periksa tahunnya; paling akhir 31-12-2099."),
        }
        sentence = sentences.get(bad.fault) or _("“%(text)s” bukan tanggal. Tulis seperti 2026-12-31 atau 31-12-2026.")
        raise ValueError(sentence % {"text": bad.text}) from None


def _grouped(text: str) -> bool:
    """``1.464``: a point before three digits divides thousands."""
    head, point, tail = text.rpartition(".")
    return bool(point) and len(tail) == 3 and tail.isdigit() and head.lstrip("-").isdigit()


def _key(name: str) -> str:
    return name.upper().replace(" ", "_").replace("-", "_")
