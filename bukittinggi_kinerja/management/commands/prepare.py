"""Everything a start needs before web, worker and beat: catalogues, tables, static files, reference data or the demo city."""

import hashlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import CityCommand
from bukittinggi_kinerja.demo.loading import is_empty
from bukittinggi_kinerja.heartbeat import forget
from bukittinggi_kinerja.messages import compile_catalogues
from bukittinggi_kinerja.reference import load_reference

DEMO_LOGINS = {
    "bkpsdm": _("pengelola kepegawaian kota"),
    "pengelola": _("pengelola kepegawaian satu OPD"),
    "penilai": _("pengawas di DPMPTSP dengan 12 bawahan"),
    "pegawai": _("salah seorang dari 12 bawahan itu"),
    "atasan": _("kepala bidang, atasan penilai"),
    "dpmptsp": _("kepala DPMPTSP"),
    "pimpinan": _("sekretaris daerah"),
    "inspektorat": _("auditor"),
    "luar": _("pegawai OPD lain"),
}


class Command(CityCommand):
    help = "Menyiapkan katalog bahasa, tabel, berkas statis dan data awal; dengan --demo juga kota contoh bila basis data kosong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="muat kota contoh bila basis data kosong; tidak bila DEMO_EMPLOYEES=0")
        parser.add_argument("--logins", type=Path, help="berkas yang menerima daftar akun contoh")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            compile_catalogues(Path(folder))
        call_command("migrate", interactive=False, verbosity=0)
        collect_static(Path(settings.STATIC_ROOT))
        forget()
        if options["demo"] and os.environ.get("DEMO_EMPLOYEES") != "0" and is_empty():
            call_command("load_demo", stdout=self.stdout)  # brings the reference data too
        else:
            load_reference()
        if options["logins"]:
            options["logins"].write_text(logins())


def collect_static(target: Path) -> None:
    """Collect and compress, unless the sources are those of the last time: compressing takes seconds."""
    sources = [storage.path(path) for finder in get_finders() for path, storage in finder.list([])]
    seen = hashlib.sha256("\n".join(f"{path} {os.stat(path).st_mtime_ns}" for path in sorted(sources)).encode()).hexdigest()
    stamp = target / ".sources.sha256"
    if stamp.exists() and stamp.read_text() == seen:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    target.mkdir(parents=True, exist_ok=True)
    stamp.write_text(seen)


def logins() -> str:
    """The demo logins that exist, one a line with the role; empty outside the demo city."""
    there = set(get_user_model().objects.filter(username__in=DEMO_LOGINS).values_list("username", flat=True))
    if not there:
        return ""
    password = os.environ.get("DEMO_PASSWORD", "bukittinggi-demo")
    rows = [f"  {name:12} {who}" for name, who in DEMO_LOGINS.items() if name in there]
    return "\n".join([_("Akun contoh, semuanya dengan kata sandi %(password)s:") % {"password": password}, *rows, ""])
