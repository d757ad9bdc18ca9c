"""One row of a sheet of plans as a clerk wrote it: what it wants, and every fault of it in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.rules.drafts import IndicatorDraft, problems_of
from appraisal.rules.targets import NUMERIC_FORMS, Target
from appraisal.rules.vocabulary import Accumulation, Aspect, Direction, TargetForm
from appraisal.services.plan_items import IndicatorFields, normal_fields
from bukittinggi_kinerja.common.fields import read_number
from bukittinggi_kinerja.common.importing import ImportColumn, SourceRow
from bukittinggi_kinerja.common.texts import clean_line
from employees.rules.cells import BadDate, Cell, LostDigits, as_choice, as_date, as_number_text, as_text
from employees.rules.nip import clean_nip

MONTHS = 12
MOST_WEIGHT = 100
HIGHEST = Decimal(10) ** 14
FULL = Decimal(100)
SHORTEST_NIP = 18


COLUMNS = (
    ImportColumn("nip", lazy("NIP pegawai"), True, aliases=("nip_pegawai",), example="199001012015031001"),
    ImportColumn(
        "rhk", lazy("Rencana hasil kerja (RHK)"), True, aliases=("rencana_hasil_kerja",), example="Izin terbit sesuai standar waktu"
    ),
    ImportColumn(
        "rhk_pimpinan", lazy("RHK pimpinan"), help=lazy("Judul atau nomor urut RHK pada SKP atasan."), aliases=("rhk_atasan", "induk")
    ),
    ImportColumn("jenis", lazy("Jenis RHK"), help=lazy("UTAMA atau TAMBAHAN. Kosong berarti UTAMA."), example="UTAMA"),
    ImportColumn("indikator", lazy("Indikator"), True, aliases=("iki", "indikator_kinerja_individu"), example="Izin terbit tepat waktu"),
    ImportColumn("aspek", lazy("Aspek"), help=lazy("KUANTITAS, KUALITAS, WAKTU, atau BIAYA."), example="KUALITAS"),
    ImportColumn("satuan", lazy("Satuan"), example="%"),
    ImportColumn("bentuk", lazy("Bentuk target"), help=lazy("TUNGGAL, RENTANG, TANGGAL, atau PERNYATAAN."), example="TUNGGAL"),
    ImportColumn("arah", lazy("Arah"), help=lazy("NAIK, TURUN, atau TEPAT."), example="NAIK"),
    ImportColumn("cara_jumlah", lazy("Cara menghitung setahun"), help=lazy("SUM, LAST, atau MEAN."), example="LAST"),
    ImportColumn("target", lazy("Target setahun"), help=lazy("Untuk bentuk PERNYATAAN: ukuran keberhasilannya."), example="90"),
    ImportColumn("target_maks", lazy("Batas atas rentang"), aliases=("target_max",)),
    ImportColumn("target_tanggal", lazy("Tanggal selesai"), aliases=("tanggal",)),
    ImportColumn("bobot", lazy("Bobot"), example="1"),
    ImportColumn("bagian", lazy("Bagian target pimpinan (%)"), aliases=("bagian_%", "share")),
    *(ImportColumn(f"t{n:02}", format_lazy(lazy("Target bulan {n}"), n=n)) for n in range(1, MONTHS + 1)),
)

_KINDS = {"UTAMA": "UTAMA", "TAMBAHAN": "TAMBAHAN"}
_ASPECTS = {one.value: one.value for one in Aspect}
_FORMS = {one.value: one.value for one in TargetForm}
_DIRECTIONS = {one.value: one.value for one in Direction}
_ACCUMULATIONS = {
    **{one.value: one.value for one in Accumulation},
    "JUMLAH": "SUM", "DIJUMLAHKAN": "SUM", "TERAKHIR": "LAST", "RATA_RATA": "MEAN", "RATARATA": "MEAN",
}  # fmt: skip


@dataclass
class PlanLine:
    """One line: whose, of which result, with which indicator. ``faults`` are (column, sentence)."""

    line: int
    nip: str
    title: str
    kind: str
    leader: str
    share: Decimal | None
    indicator: IndicatorDraft | None
    faults: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def read_line(row: SourceRow, *, year: int) -> PlanLine:
    reader = _Reader(row.cells, year)
    if row.surplus:
        reader.faults.append(("", _("Isian baris ini lebih banyak daripada judul kolom. Beri tanda kutip pada isian yang memuat pemisah.")))
    return reader.read(row.line)


class _Reader:
    def __init__(self, cells: Mapping[str, Cell], year: int) -> None:
        self.cells = cells
        self.year = year
        self.faults: list[tuple[str, str]] = []

    def read(self, line: int) -> PlanLine:
        nip = self.nip()
        title, name = self.text("rhk", 400, required=True), self.text("indikator", 300, required=True)
        kind = self.choice("jenis", _KINDS, "UTAMA")
        leader, share = self.text("rhk_pimpinan", 400), self.share()
        indicator = self.indicator(name)
        return PlanLine(line, nip, title, kind, leader, share, None if self.faults else indicator, self.faults)

    def indicator(self, name: str) -> IndicatorDraft:
        form = self.choice("bentuk", _FORMS, TargetForm.SINGLE.value)
        numeric = TargetForm(form) in NUMERIC_FORMS
        statement = self.text("target", 400) if form == TargetForm.STATEMENT else ""
        given = normal_fields(
            IndicatorFields(
                name=name,
                aspect=self.choice("aspek", _ASPECTS, Aspect.QUANTITY.value),
                unit_name=self.text("satuan", 40),
                form=form,
                direction=self.choice("arah", _DIRECTIONS, Direction.UP.value),
                accumulation=self.choice("cara_jumlah", _ACCUMULATIONS, Accumulation.SUM.value),
                target=self.number("target") if numeric else None,
                target_max=self.number("target_maks") if numeric else None,
                target_date=self.date("target_tanggal") if form == TargetForm.DATE else None,
                statement=statement,
                weight=self.weight(),
            )
        )
        del given["order"]
        draft = IndicatorDraft(**given, targets=self.months(form))
        self.judge(draft)
        return draft

    def judge(self, draft: IndicatorDraft) -> None:
        words = {
            "no_target": ("target", _("Isi target setahun, misalnya 120 atau 86,5.")),
            "no_range": ("target_maks", _("Isi batas atas rentang, tidak lebih kecil daripada target.")),
            "no_date": ("target_tanggal", _("Isi tanggal selesai, misalnya 31-12-2026.")),
            "no_statement": ("target", _("Tulis ukuran keberhasilan pada kolom target.")),
        }
        at_fault = {column for column, _sentence in self.faults}
        for code in problems_of(draft).values():
            column, sentence = words[code]
            if column not in at_fault:
                self.faults.append((column, sentence))
        day = draft.target_date
        if day is not None and day.year != self.year:
            self.faults.append(("target_tanggal", _("Tanggal selesai harus pada tahun %(tahun)s.") % {"tahun": self.year}))
        total = sum((t.value for t in draft.targets.values() if t.value is not None), Decimal(0))
        if draft.targets and draft.accumulation == Accumulation.SUM and draft.target is not None and total != draft.target:
            sentence = _("Jumlah target bulan %(jumlah)s tidak sama dengan target setahun %(target)s.")
            self.faults.append(("t01", sentence % {"jumlah": total, "target": draft.target}))

    def months(self, form: str) -> dict[str, Target]:
        """Targets by month where any is given; a range, a date and a statement are the same in every month."""
        given = {n: self.number(f"t{n:02}") for n in range(1, MONTHS + 1) if as_text(self.cells.get(f"t{n:02}"))}
        if not given:
            return {}
        if form != TargetForm.SINGLE:
            self.faults.append(("t01", _("Target bulan diisi hanya untuk bentuk TUNGGAL. Kosongkan kolom t01 sampai t12.")))
            return {}
        return {f"{self.year:04}-{n:02}": Target(value) for n, value in given.items() if value is not None}

    def nip(self) -> str:
        try:
            nip = clean_nip(as_number_text(self.cells.get("nip")))
        except LostDigits:
            self.faults.append(("nip", _("Angka NIP terpotong oleh lembar kerja. Ubah kolom menjadi teks, lalu isi ulang.")))
            return ""
        if len(nip) != SHORTEST_NIP or not (nip.isascii() and nip.isdigit()):
            self.faults.append(("nip", _("NIP harus 18 angka. Periksa angka yang kurang atau lebih.")))
        return nip

    def text(self, column: str, limit: int, *, required: bool = False) -> str:
        text = clean_line(as_text(self.cells.get(column)), limit=limit + 1)
        if required and not text:
            self.faults.append((column, _("Kolom %(kolom)s kosong. Isi kolom itu.") % {"kolom": column}))
        if len(text) > limit:
            sentence = _("Isian %(kolom)s terlalu panjang. Tulis paling banyak %(batas)s huruf.")
            self.faults.append((column, sentence % {"kolom": column, "batas": limit}))
        return text[:limit]

    def choice(self, column: str, choices: Mapping[str, str], otherwise: str) -> str:
        if not as_text(self.cells.get(column)):
            return otherwise
        code = as_choice(self.cells.get(column), choices)
        if code is None:
            sentence = _("Isian %(kolom)s “%(isi)s” tidak dikenal. Pilih salah satu: %(pilihan)s.")
            values = {"kolom": column, "isi": as_text(self.cells.get(column))[:40], "pilihan": ", ".join(dict.fromkeys(choices.values()))}
            self.faults.append((column, sentence % values))
        return code or otherwise

    def number(self, column: str) -> Decimal | None:
        cell = self.cells.get(column)
        text = as_text(cell)
        if not text:
            return None
        try:
            value = (
                Decimal(str(cell)) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else read_number(text, language="id")
            )
        except (ValueError, ArithmeticError):
            self.faults.append((column, _("“%(isi)s” bukan angka. Tulis seperti 120 atau 86,5.") % {"isi": text[:40]}))
            return None
        if not value.is_finite() or value < 0 or value >= HIGHEST or value != round(value, 4):
            self.faults.append((column, _("Tulis angka nol atau lebih, dengan paling banyak empat angka di belakang koma.")))
            return None
        return value

    def share(self) -> Decimal | None:
        value = self.number("bagian")
        if value is not None and (not 0 < value <= FULL or value != round(value, 2)):
            self.faults.append(("bagian", _("Bagian target lebih dari 0 dan paling banyak 100 persen.")))
            return None
        return value

    def weight(self) -> int:
        value = self.number("bobot")
        if value is None:
            return 1
        if value != int(value) or not 1 <= value <= MOST_WEIGHT:
            self.faults.append(("bobot", _("Bobot adalah bilangan bulat dari 1 sampai 100.")))
            return 1
        return int(value)

    def date(self, column: str) -> dt.date | None:
        try:
            return as_date(self.cells.get(column))
        except BadDate as wrong:
            self.faults.append((column, _("“%(isi)s” bukan tanggal yang benar. Tulis seperti 31-12-2026.") % {"isi": wrong.text[:40]}))
            return None
