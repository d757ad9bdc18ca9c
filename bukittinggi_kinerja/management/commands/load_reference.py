"""Fills what every city needs before its first day: calendar, grades, groups, rules and service standards."""

from typing import Any

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import CityCommand
from bukittinggi_kinerja.reference import load_reference


class Command(CityCommand):
    help = "Mengisi data awal: kalender, golongan, kelompok pegawai, aturan, dan standar layanan. Aman diulang."

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference()
        self.stdout.write(_("Data awal lengkap."))
