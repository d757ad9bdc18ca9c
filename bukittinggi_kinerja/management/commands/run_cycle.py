"""Open, close, score and publish the cycles of a period, as beat does."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from appraisal.models import Cycle
from bukittinggi_kinerja.common.commands import WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.errors import Refusal
from bukittinggi_kinerja.common.period import JAKARTA, Period, local_date
from bukittinggi_kinerja.cycle import KINDS, has_rule, run_cycle, work_once

#: Another worker may hold the last chunk; it is waited for this long.
PATIENCE_SECONDS = 240
MONTH_OR_QUARTER = "Siklus berjalan per bulan atau triwulan. Tulis periode seperti 2026-10 atau 2026-Q4."


class Command(CityCommand):
    help = "Membuka, menutup, menghitung, dan menerbitkan siklus satu periode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True, help="2026-10 atau 2026-Q4")
        parser.add_argument("--as-of", help="YYYY-MM-DD; awal hari itu di Asia/Jakarta")

    def handle(self, *_args: Any, **options: Any) -> None:
        as_of = moment(options["as_of"])
        period = cycle_period(options["period"])
        if not has_rule(period):
            raise CommandError(f"Tidak ada kelompok pegawai yang dinilai dengan siklus {period.key}.")
        try:
            run_cycle(period=period, as_of=as_of)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.finish(as_of)
        if local_date(as_of) < period.start:
            self.stdout.write(f"{period.key} belum mulai; siklusnya dibuka pada {period.start:%d-%m-%Y}.")
        for cycle in Cycle.objects.filter(period=period.key).select_related("group"):
            self.stdout.write(f"{cycle.period} {cycle.group.code}: {cycle.state}")

    def finish(self, as_of: dt.datetime) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while work_once(now=as_of):
            if time.monotonic() > until:
                raise CommandError("Bagian terakhir masih dikerjakan proses lain. Jalankan lagi nanti.")
            time.sleep(0.2)


def cycle_period(key: str) -> Period:
    """A month or a quarter; a semester or a year gathers cycles and has none of its own."""
    try:
        period = Period.parse(key)
    except ValueError as wrong:
        raise CommandError(MONTH_OR_QUARTER, returncode=WRONG_CALL) from wrong
    if period.kind not in KINDS:
        raise CommandError(MONTH_OR_QUARTER, returncode=WRONG_CALL)
    return period


def moment(day: str | None) -> dt.datetime:
    """The start of a day in Asia/Jakarta; without one, now."""
    if not day:
        return timezone.now()
    try:
        return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=JAKARTA)
    except ValueError as wrong:
        raise CommandError("Tulis tanggal seperti 2026-11-24.", returncode=WRONG_CALL) from wrong
