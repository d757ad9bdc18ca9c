"""``import_employees FILE [--dry-run] [--apply-good] [--errors OUT]``"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.errors import Refusal
from bukittinggi_kinerja.common.period import local_date
from employees.services.importing import ImportReport, Problem, import_employees

MOST_SHOWN = 100


class Command(CityCommand):
    help = "Impor pegawai dari berkas csv atau xlsx. Satu baris salah menolak seluruh berkas, kecuali dengan --apply-good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="berkas csv atau xlsx")
        parser.add_argument("--dry-run", action="store_true", help="uji saja, tidak menyimpan apa pun")
        parser.add_argument("--apply-good", action="store_true", help="simpan baris yang baik, lewati yang salah")
        parser.add_argument("--errors", type=Path, metavar="OUT", help="tulis baris yang salah ke berkas csv ini")

    def handle(self, *args: Any, **options: Any) -> None:
        path, out = options["file"], options["errors"]
        if not path.is_file():
            raise CommandError(_("Berkas %(name)s tidak ada.") % {"name": path.name}, returncode=WRONG_CALL)
        if out is not None and (not out.resolve().parent.is_dir() or out.is_dir() or out.resolve() == path.resolve()):
            raise CommandError(_("Berkas %(name)s tidak dapat ditulis.") % {"name": out.name}, returncode=WRONG_CALL)
        now = timezone.now()
        try:
            report = import_employees(
                path=path,
                dry_run=options["dry_run"],
                apply_good=options["apply_good"],
                errors_out=out,
                actor=None,
                reason="import_employees",
                as_of=local_date(now),
                now=now,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(report, everything=out is None)
        if report.bad and not options["apply_good"]:
            raise CommandError(_("Tidak ada yang disimpan: perbaiki baris yang salah, atau pakai --apply-good untuk baris yang baik."))

    def _tell(self, report: ImportReport, *, everything: bool) -> None:
        for problem in report.problems if everything else report.problems[:MOST_SHOWN]:
            self.stderr.write(_("Baris %(line)s, kolom %(columns)s: %(text)s") % _values(problem))
        if not everything and report.bad > MOST_SHOWN:
            self.stderr.write(_("… dan %(count)s baris lain dalam berkas galat.") % {"count": report.bad - MOST_SHOWN})
        for warning in report.warnings[:MOST_SHOWN]:
            self.stderr.write(_("Peringatan baris %(line)s, kolom %(columns)s: %(text)s") % _values(warning))
        if len(report.warnings) > MOST_SHOWN:
            self.stderr.write(_("… dan %(count)s peringatan lain.") % {"count": len(report.warnings) - MOST_SHOWN})
        self.stdout.write(
            _("%(new)s baru, %(changed)s berubah, %(same)s tetap, %(bad)s salah")
            % {"new": report.new, "changed": report.changed, "same": report.same, "bad": report.bad}
        )


def _values(problem: Problem) -> dict[str, object]:
    return {"line": problem.line, "columns": problem.columns, "text": problem.text}
