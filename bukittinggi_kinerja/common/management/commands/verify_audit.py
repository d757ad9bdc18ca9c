"""Recompute the chain of seals and name the first row that was touched."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import REFUSED, CityCommand
from bukittinggi_kinerja.common.seal import AuditReport, in_chain, last_seal, verify


class Command(CityCommand):
    help = "Periksa rantai segel; keluar 0 bila utuh, 1 dan baris rusak pertama bila tidak."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seal", default="", help="Segel tercetak yang harus ada di dalam rantai.")

    def handle(self, *_args: Any, seal: str = "", **_options: Any) -> None:
        report = verify()
        if report.broken:
            raise CommandError(_first_broken(report), returncode=REFUSED)
        if seal and not in_chain(seal):
            raise CommandError(
                _("Segel tercetak itu tidak ada di dalam rantai: rantai telah dipotong atau ditulis ulang."), returncode=REFUSED
            )
        end = last_seal()
        figures = {"segel": report.seals, "baris": report.rows, "baru": report.unsealed}
        self.stdout.write(_("Catatan utuh: %(segel)s segel, %(baris)s baris; %(baru)s baris menunggu segel.") % figures)
        if end:
            self.stdout.write(_("Segel terakhir: %(segel)s") % {"segel": end.digest})


def _first_broken(report: AuditReport) -> str:
    broken = report.broken
    assert broken is not None
    told = {"tabel": broken.stream, "baris": broken.row, "cacat": broken.fault.value, "segel": broken.seal}
    if broken.row is None:
        return _("Segel %(segel)s (%(tabel)s) rusak: %(cacat)s.") % told
    return _("Baris rusak pertama: %(tabel)s nomor %(baris)s %(cacat)s (segel %(segel)s).") % told
