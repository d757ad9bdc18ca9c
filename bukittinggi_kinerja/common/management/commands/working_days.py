"""``working_days START END``: working days after START up to and including END."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.commands import CityCommand
from bukittinggi_kinerja.common.workdays import OutsideCalendar


def day(text: str) -> dt.date:
    """A date as ISO or as ``31-12-2026``."""
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise ArgumentTypeError(_("%(text)s bukan tanggal. Contoh: 2026-12-31.") % {"text": text})


class Command(CityCommand):
    help = "Hari kerja sesudah START sampai dengan END menurut kalender kota."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", type=day, metavar="START")
        parser.add_argument("end", type=day, metavar="END")

    def handle(self, *args: Any, **options: Any) -> None:
        start, end = options["start"], options["end"]
        try:
            # An empty span asks the calendar for no day.
            count = working_calendar().between(start, end) if start < end else 0
        except OutsideCalendar as outside:
            self.stderr.write(_("Kalender tahun %(year)s belum dimuat.") % {"year": outside.day.year})
            raise SystemExit(1) from None
        self.stdout.write(str(count))
