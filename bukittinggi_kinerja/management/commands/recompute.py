"""Recompute stored results from their stored inputs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from appraisal.services.recompute import differences, recompute, results_of
from bukittinggi_kinerja.common.commands import WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.period import Period

SHOWN = 50


class Command(CityCommand):
    help = "Menghitung ulang hasil satu periode dari masukan tersimpan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True)
        parser.add_argument("--check", action="store_true", help="hanya memeriksa, tidak mengubah apa pun")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            period = Period.parse(options["period"])
        except ValueError as wrong:
            raise CommandError("Tulis periode seperti 2026-10 atau 2026-Q4.", returncode=WRONG_CALL) from wrong
        count = results_of(period.key)
        if not count:
            raise CommandError(f"Tidak ada hasil terhitung pada {period.key}. Tulis bulan atau triwulan yang sudah dihitung.")
        found = differences(period=period.key) if options["check"] else recompute(period=period.key, now=timezone.now())
        for line in found[:SHOWN]:
            where = f"penilaian {line.assessment}" + (f", indikator {line.indicator}" if line.indicator else "")
            self.stdout.write(f"{where}: {line.field} tersimpan {line.stored}, hitung ulang {line.again}")
        if found and options["check"]:
            raise CommandError(f"{len(found)} angka berbeda dari masukan tersimpan.")
        if found:
            self.stdout.write(f"{len(found)} angka berbeda; hasilnya menjadi versi baru.")
        else:
            self.stdout.write(f"Semua angka sama dengan hasil hitung ulang: {count} hasil diperiksa.")
