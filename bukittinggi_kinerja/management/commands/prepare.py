"""Everything a start needs before web, worker and beat: catalogues, tables, static files and, where asked, the demo city."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from bukittinggi_kinerja.heartbeat import forget
from bukittinggi_kinerja.messages import compile_catalogues

DEMO_COMMAND = "load_demo"


class Command(BaseCommand):
    help = "Menyiapkan katalog bahasa, tabel dan berkas statis; dengan --demo juga kota contoh bila basis data kosong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            compile_catalogues(Path(folder))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        forget()
        if options["demo"] and DEMO_COMMAND in get_commands() and not get_user_model().objects.exists():
            call_command(DEMO_COMMAND, stdout=self.stdout)
