"""Filters and parts of the house: numbers, dates, NIP, periods, icons, form fields. Built in: nothing to load."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.dateformat import format as date_text
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import number_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.period import Period, PeriodKind
from bukittinggi_kinerja.common.web import draft_taken

from .icons import PATHS

register = template.Library()

ABSENT = "–"
ROMAN = ("", "I", "II", "III", "IV")


@register.filter
def angka(value: Any, places: int | None = None) -> str:
    """A number as people here write it: 1.464,5. Without ``places`` no idle zeros stand behind the comma."""
    if value is None or value == "":
        return ABSENT
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if places is None:
        number = number.normalize() if number != number.to_integral_value() else number.to_integral_value()
        places = max(0, -int(number.as_tuple().exponent))
    return str(number_format(number, decimal_pos=places, use_l10n=True, force_grouping=True))


@register.filter
def persen(value: Any, places: int | None = None) -> str:
    """86,5% - the sign touches the number."""
    return ABSENT if value is None or value == "" else f"{angka(value, places)}%"


@register.filter
def rupiah(value: Any) -> str:
    """Rp1.464.000, without a blank."""
    return ABSENT if value is None or value == "" else f"Rp{angka(value)}"


@register.filter
def tanggal(value: Any) -> str:
    """5 Agustus 2026; a moment is read in Asia/Jakarta."""
    if not value:
        return ABSENT
    day = localtime(value).date() if isinstance(value, dt.datetime) else value
    return date_text(day, "j F Y")


@register.filter
def hari_masa(days: Any) -> str:
    """First and last day of a span: 3 November 2026 – 9 November 2026; one day alone once."""
    if not days or days.lower is None or days.upper is None:
        return ABSENT
    last = days.upper - dt.timedelta(days=1)
    return tanggal(last) if last == days.lower else f"{tanggal(days.lower)} – {tanggal(last)}"


@register.filter
def jam(value: dt.datetime | None) -> str:
    """pukul 14.30 WIB."""
    if not value:
        return ABSENT
    here = localtime(value)
    return _("pukul %(jam)s WIB") % {"jam": here.strftime("%H.%M" if get_language() == "id" else "%H:%M")}


@register.filter
def tanggal_jam(value: dt.datetime | None) -> str:
    """5 Agustus 2026 pukul 14.30 WIB."""
    return f"{tanggal(value)} {jam(value)}" if value else ABSENT


@register.filter
def nip(value: str | None) -> str:
    """19850312 201001 2 003: birth, start, sex, number."""
    if not value or len(value) != 18:
        return value or ABSENT
    return f"{value[:8]} {value[8:14]} {value[14]} {value[15:]}"


@register.filter
def penggal(case: Any) -> str:
    """1–15 Oktober 2026: the days of a case that covers a part of its period; empty for a whole one."""
    first, end, cycle = case.stretch_start, case.stretch_end, case.cycle
    if (first, end) == (cycle.start, cycle.end):
        return ""
    last = end - dt.timedelta(days=1)
    if first == last:
        return tanggal(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{tanggal(last)}"
    return f"{tanggal(first)} – {tanggal(last)}"


@register.filter
def masa(case: Any) -> str:
    """The name of the case's period, or the days of its part."""
    return penggal(case) or periode_nama(case.cycle.period)


@register.filter
def periode_nama(value: str | Period | None) -> str:
    """Oktober 2026, Triwulan IV 2026, Semester II 2026, Tahun 2026."""
    if not value:
        return ABSENT
    try:
        period = value if isinstance(value, Period) else Period.parse(value)
    except ValueError:
        return str(value)
    year, month = period.start.year, period.start.month
    if period.kind == PeriodKind.MONTH:
        return date_text(period.start, "F Y")
    if period.kind == PeriodKind.QUARTER:
        return _("Triwulan %(nomor)s %(tahun)s") % {"nomor": ROMAN[(month + 2) // 3], "tahun": year}
    if period.kind == PeriodKind.SEMESTER:
        return _("Semester %(nomor)s %(tahun)s") % {"nomor": ROMAN[(month + 5) // 6], "tahun": year}
    return _("Tahun %(tahun)s") % {"tahun": year}


@register.filter
def ukuran(value: int | None) -> str:
    """A file's size: 240 KB, 3,1 MB."""
    if not value:
        return ABSENT
    if value < 1024 * 1024:
        return f"{max(1, round(value / 1024))} KB"
    return f"{angka(Decimal(value) / (1024 * 1024), 1)} MB"


@register.filter
def ambil(mapping: Any, key: Any) -> Any:
    """A value by a key known only at run time; None where it is not."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def di_tengah(title: Any) -> str:
    """A title within a sentence: small letters, but for words that are abbreviations (SK, SKP, OPD)."""
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in str(title).split(" "))


@register.filter
def draf_diterima(message: Message) -> str:
    """The draft which a message says was taken; the page's script forgets it."""
    return draft_taken(message.extra_tags or "")


@register.simple_tag
def ikon(name: str, size: int = 24) -> SafeString:
    """An icon beside a text that says the same; never alone."""
    return format_html(
        '<svg class="ikon" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        size,
        size,
        SafeString(PATHS[name]),
    )


@register.inclusion_tag("bagian/isian.html")
def isian(field: BoundField, unit: str = "") -> dict[str, Any]:
    """Label, hint, error and control of one field, tied together for screen readers."""
    return {"field": field, "unit": unit}


@register.inclusion_tag("bagian/pilihan.html")
def pilihan(field: BoundField) -> dict[str, Any]:
    """A group of radios or checks of one field."""
    return {"field": field}


@register.inclusion_tag("bagian/ringkasan_galat.html")
def ringkasan_galat(*forms: BaseForm | None) -> dict[str, Any]:
    """What is to be corrected, at the top, each with a link to its field. Nothing when all is well."""
    broken = [form for form in forms if form is not None and form.is_bound and form.errors]
    fields = [field for form in broken for field in form if field.errors]
    general = [sentence for form in broken for sentence in form.non_field_errors()]
    return {"fields": fields, "general": general, "count": len(fields) + len(general)}


@register.simple_tag
def peluru(achievement: Any, label: str = "") -> SafeString:
    """A bullet graph of an achievement in percent: a bar from 0 to 120 with the target's mark at 100.

    Lengths are percentages of the drawing, so that one drawing serves every width and no text is ever shrunk.
    """
    if achievement is None:
        return SafeString("")
    share = max(Decimal(0), min(Decimal(achievement), Decimal(120))) / Decimal("1.2")
    text = label or _("Capaian %(angka)s dari target; garis tegak menandai target") % {"angka": persen(achievement)}
    return format_html(
        '<svg class="peluru" width="100%" height="20" role="img" aria-label="{}">'
        '<rect class="lajur" x="0" y="0" width="100%" height="20" rx="3"/>'
        '<rect class="isi" x="0" y="5" width="{}%" height="10" rx="2"/>'
        '<rect class="batas" x="83.33%" y="-2" width="3" height="24"/></svg>',
        text,
        f"{share:.2f}",
    )


@register.simple_tag
def kata_skrip() -> SafeString:
    """The sentences that scripts say, in the page's language."""
    return json_script(
        {
            "proses": _("Menyimpan…"),
            "ok": _("Tersimpan pukul {jam} WIB"),
            "luring": _("Anda sedang luring. Isian aman di perangkat ini dan dikirim saat tersambung lagi."),
            "gagal": _("Belum tersimpan. Periksa sambungan, lalu pilih Coba lagi."),
            "bentrok": _("{nama} mengubah data ini pukul {jam}. Bandingkan sebelum menyimpan."),
            "terbaca": _("Terbaca: {angka}"),
            "bukan_angka": _("Belum terbaca sebagai angka. Contoh: 86,5"),
            "sesi": _("Sesi berakhir dalam {menit} menit. Pilih Lanjutkan agar tetap masuk."),
            "lanjut": _("Lanjutkan"),
            "dipulihkan": _("Isian yang belum terkirim dipulihkan dari perangkat ini."),
            "masuk_gagal": _("Kata sandi tidak cocok. Coba lagi."),
            "orang_lain": _("Akun lain masuk di peramban ini. Halaman dimuat ulang."),
            "coba_lagi": _("Coba lagi"),
        },
        "kata",
    )


@register.simple_tag
def bersatuan(value: Any, unit: str = "") -> str:
    """A number with its unit: 86,5% or 12 berkas."""
    if value is None or value == "":
        return ABSENT
    return persen(value) if unit == "%" else f"{angka(value)} {unit}".strip()


@register.simple_tag
def notis(notice: Notice) -> SafeString:
    """The sentence of a notice: a template of its kind, so that each app words its own; dates arrive as dates."""
    words = {name: _moment(value) for name, value in notice.data.items()}
    return SafeString(render_to_string([f"notis/{notice.kind}.html", "notis/umum.html"], words).strip())


@register.filter(name="momen")
def _moment(value: Any) -> Any:
    """A date or moment out of JSON, anything else as it is."""
    if not isinstance(value, str) or len(value) < 10 or value[4:5] != "-":
        return value
    try:
        # A day alone would be read as its midnight nowhere in particular.
        return (parse_date(value) if len(value) == 10 else parse_datetime(value)) or value
    except ValueError:
        return value


@register.simple_tag
def batang(share: Any, kind: int | str = "") -> SafeString:
    """A bar of a share in percent beside its number, so it says nothing a reader would miss; ``kind`` picks a fill."""
    length = max(Decimal(0), min(Decimal(share or 0), Decimal(100)))
    return format_html(
        '<svg class="batang" width="100%" height="14" aria-hidden="true" focusable="false"><rect class="isi" data-p="{}" width="{}%" height="14" rx="2"/></svg>',
        kind,
        f"{length:.2f}",
    )
