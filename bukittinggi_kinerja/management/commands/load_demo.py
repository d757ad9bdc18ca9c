"""Fills an empty database with the demo city."""

from __future__ import annotations

import datetime as dt
import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.demo.loading import Wish, is_empty, load
from bukittinggi_kinerja.demo.tree import FULL_SIZE, SMALLEST


class Command(CityCommand):
    help = "Mengisi basis data kosong dengan kota contoh; pilihan yang sama menghasilkan kota yang sama."
    requires_system_checks: list[str] = []  # the start of the system has made them; here they cost a second

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--employees", type=int, default=os.environ.get("DEMO_EMPLOYEES") or FULL_SIZE, help="jumlah pegawai")
        parser.add_argument("--seed", type=int, default=os.environ.get("DEMO_SEED") or 1, help="angka awal acak")
        parser.add_argument("--months", type=int, default=os.environ.get("DEMO_MONTHS") or 12, help="jumlah bulan yang sudah ditutup")
        parser.add_argument("--as-of", type=_day, default=os.environ.get("DEMO_AS_OF") or None, help='"hari ini" kota contoh')

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("Kota contoh tidak dimuat di produksi."))
        if options["employees"] < SMALLEST or options["months"] < 0:
            raise CommandError(_("Kota contoh paling sedikit %(least)d pegawai dan 0 bulan.") % {"least": SMALLEST}, returncode=WRONG_CALL)
        if not is_empty():
            raise CommandError(_("Basis data sudah berisi data. Kota contoh hanya untuk basis data kosong."))
        wish = Wish(
            employees=options["employees"],
            seed=options["seed"],
            months=options["months"],
            today=options["as_of"] or local_date(timezone.now()),
            password=os.environ.get("DEMO_PASSWORD") or "bukittinggi-demo",
        )
        self.started = time.monotonic()
        self._say(_("Memuat kota contoh per %(day)s ...") % {"day": wish.today.isoformat()})
        load(wish, say=self._say)
        self._say(_("Kota contoh siap."))

    def _say(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.started:6.1f} s  {text}")
        self.stdout.flush()


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(_("tulis tanggal seperti 2026-10-31")) from wrong
