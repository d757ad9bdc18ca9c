"""Whether a realised figure fits the form of its target. Pure; sentences are msgids."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from .targets import NUMERIC_FORMS
from .vocabulary import TargetForm

PLACES = 4
_TOO_LARGE = Decimal(10) ** 14


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogues; the services translate it."""
    return text


@dataclass(frozen=True)
class Figure:
    value: Decimal | None
    realised_on: dt.date | None
    note: str


def problems_of(figure: Figure, form: TargetForm, today: dt.date) -> dict[str, list[str]]:
    """Sentences per field; empty when the figure can be taken. Zero is a figure, missing is not."""
    found: dict[str, list[str]] = {}
    if form in NUMERIC_FORMS and figure.value is None:
        found["value"] = [gettext_noop("Isi angka realisasi.")]
    if form == TargetForm.DATE and figure.realised_on is None:
        found["realised_on"] = [gettext_noop("Isi tanggal selesai.")]
    if form == TargetForm.STATEMENT and not figure.note:
        found["note"] = [gettext_noop("Uraikan apa yang sudah dicapai.")]
    if figure.value is not None:
        sentence = _wrong_number(figure.value)
        if sentence:
            found["value"] = [sentence]
    if figure.realised_on is not None and figure.realised_on > today:
        found["realised_on"] = [gettext_noop("Tanggal selesai tidak boleh sesudah hari ini.")]
    return found


def _wrong_number(value: Decimal) -> str:
    if not value.is_finite():
        return gettext_noop("Tulis realisasi sebagai angka.")
    if value < 0:
        return gettext_noop("Realisasi tidak boleh kurang dari nol.")
    if value >= _TOO_LARGE:
        return gettext_noop("Angka realisasi terlalu besar.")
    if value != value.quantize(Decimal(1).scaleb(-PLACES)):
        return gettext_noop("Paling banyak empat angka di belakang koma.")
    return ""
