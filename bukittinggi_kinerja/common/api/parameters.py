"""Query parameters: each is declared with its grammar and its description; anything else is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.period import Period

_SPACE_FOR_PLUS = re.compile(r"(.*\d) (\d{2}:?\d{2})")


class UnreadableError(ValueError):
    """A value outside the grammar, with the sentence that says what is wanted."""


@dataclass(frozen=True)
class Parameter:
    """``parse`` raises UnreadableError; ``condition`` turns the value into a filter where the parameter is one.

    An empty value counts as absent where ``blank`` allows it. ``stamp`` names the column of changes that a list which
    asks for them stops at: at the moment until which it is complete.
    """

    name: str
    description: Any
    schema: Mapping[str, Any]
    parse: Callable[[str], Any]
    condition: Callable[[Any], Q] | None = None
    required: bool = False
    blank: bool = False
    stamp: str = ""
    example: Any = field(default=None, hash=False)


def read(declared: Iterable[Parameter], asked: QueryDict, *, also: Sequence[str] = ()) -> dict[str, Any]:
    """Values of the declared parameters that were given.

    Raises Unacceptable for an unknown name, a repeated one, a missing required one and a value outside its grammar.
    ``also`` are names somebody else reads.
    """
    known = {parameter.name: parameter for parameter in declared}
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name in asked:
        if name not in known and name not in also:
            errors[_printable(name)] = [_("Saringan ini tidak dikenal.")]
        elif len(asked.getlist(name)) > 1:
            errors[name] = [_("Isi sekali saja.")]
    for name, parameter in known.items():
        text = asked.get(name)
        if text is None or (text == "" and parameter.blank):
            if parameter.required:
                errors[name] = [_("Isian ini wajib.")]
            continue
        try:
            values[name] = parameter.parse(_clean(text))
        except UnreadableError as problem:
            errors.setdefault(name, [str(problem)])
    if errors:
        raise Unacceptable(_("Alamat permintaan memuat isian yang perlu diperbaiki."), errors=errors)
    return values


def narrowed(rows: QuerySet[Any], declared: Iterable[Parameter], values: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows that meet every given filter."""
    for parameter in declared:
        if parameter.condition is not None and parameter.name in values:
            rows = rows.filter(parameter.condition(values[parameter.name]))
    return rows


def _clean(text: str) -> str:
    if "\x00" in text or len(text) > 200:
        raise UnreadableError(_("Nilai ini tidak dapat dibaca."))
    return text


def _printable(name: str) -> str:
    return "".join(c for c in name[:60] if c.isprintable())


def period_parameter(condition: Callable[[Period], Q] | None = None, *, required: bool = False, description: Any = None) -> Parameter:
    """``2026-10``, ``2026-Q4``, ``2026-S2`` or ``2026``."""

    def parse(text: str) -> Period:
        try:
            return Period.parse(text)
        except ValueError:
            raise UnreadableError(_("Isi periode sebagai 2026-10, 2026-Q4, 2026-S2, atau 2026.")) from None

    return Parameter(
        "period",
        description or gettext_lazy("Periode: 2026-10 (bulan), 2026-Q4 (triwulan), 2026-S2 (semester), 2026 (tahun)."),
        {"type": "string", "pattern": r"^[12]\d{3}(-((0[1-9]|1[0-2])|Q[1-4]|S[12]))?$"},
        parse,
        condition,
        required=required,
        example="2026-10",
    )


def unit_parameter(units: QuerySet[Any], path: str | None = None) -> Parameter:
    """A unit code; the value is the unit. As a filter: the rows whose ``path`` is that unit's or below."""

    def parse(code: str) -> Model:
        found: Model | None = units.filter(code=code).first()
        if found is None:
            raise UnreadableError(_("Kode unit ini tidak dikenal."))
        return found

    def below(unit: Any) -> Q:
        return Q(**{f"{path}__startswith": unit.path})

    return Parameter(
        "unit",
        gettext_lazy("Kode unit kerja, beserta semua unit di bawahnya."),
        {"type": "string", "maxLength": 40},
        parse,
        below if path is not None else None,
        blank=True,
        example="DPMPTSP",
    )


def updated_since_parameter(field_name: str = "updated_at", *, stamped: bool = False) -> Parameter:
    """Inclusive; a view that keeps superseded rows shows them only when this is asked.

    ``stamped`` says that the database's clock writes the column: then a walk misses nothing that is committed late.
    Where other moments count too, clients let their windows overlap.
    """
    text = gettext_lazy("Baris yang berubah sejak waktu ini (termasuk), beserta yang sudah diganti atau ditarik.")
    loose = gettext_lazy(
        "Yang disimpan bersamaan dapat baru terlihat kemudian: mulai permintaan berikutnya sehari sebelum updated_at terbesar."
    )
    exact = gettext_lazy("Untuk permintaan berikutnya pakai updated_at terbesar yang Anda terima.")

    def parse(text: str) -> dt.datetime:
        # A plus sign that was not encoded arrives as a blank.
        found = _SPACE_FOR_PLUS.fullmatch(text)
        try:
            moment = dt.datetime.fromisoformat(f"{found[1]}+{found[2]}" if found else text)
            moment.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or moment.tzinfo is None:
            raise UnreadableError(_("Isi waktu sebagai ISO 8601 dengan selisih zona, misalnya 2026-10-01T00:00:00+07:00."))
        return moment

    return Parameter(
        "updated_since",
        format_lazy("{} {}", text, exact if stamped else loose),
        {"type": "string", "format": "date-time"},
        parse,
        lambda moment: Q(**{f"{field_name}__gte": moment}),
        stamp=field_name if stamped else "",
        example="2026-10-01T00:00:00+07:00",
    )


def choice_parameter(name: str, values: Iterable[str], description: Any, condition: Callable[[str], Q] | None = None) -> Parameter:
    allowed = list(values)

    def parse(text: str) -> str:
        if text not in allowed:
            raise UnreadableError(_("Pilih salah satu: {values}.").format(values=", ".join(allowed)))
        return text

    return Parameter(name, description, {"type": "string", "enum": allowed}, parse, condition or (lambda value: Q(**{name: value})))


def id_parameter(name: str, description: Any, field_name: str | None = None) -> Parameter:
    def parse(text: str) -> int:
        number = whole_number(text)
        if number is None:
            raise UnreadableError(_("Isi dengan nomor."))
        return number

    path = field_name or f"{name}_id"
    return Parameter(name, description, {"type": "integer", "minimum": 1}, parse, lambda value: Q(**{path: value}))


def flag_parameter(name: str, description: Any) -> Parameter:
    def parse(text: str) -> bool:
        if text not in {"true", "false"}:
            raise UnreadableError(_("Isi true atau false."))
        return text == "true"

    return Parameter(name, description, {"type": "boolean"}, parse, lambda value: Q(**{name: value}))


def text_parameter(name: str, description: Any, field_name: str) -> Parameter:
    """An exact code."""
    return Parameter(name, description, {"type": "string", "maxLength": 120}, lambda text: text, lambda text: Q(**{field_name: text}))
