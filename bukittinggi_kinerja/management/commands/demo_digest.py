"""Prints the fingerprint of the demo city."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import CityCommand
from bukittinggi_kinerja.demo.digest import digest, extent


class Command(CityCommand):
    help = "Mencetak sidik kota contoh: sama untuk jumlah, angka awal, bulan, dan tanggal yang sama."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = extent()
        if found is None:
            raise CommandError(_("Basis data ini tidak berisi kota contoh. Muat dengan: manage.py load_demo"))
        self.stdout.write(digest(found))
