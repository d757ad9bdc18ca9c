"""``reread_service_events --source CODE --mapping MAP.toml --reason TEXT``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.incentives.rules.mapping import BadMap
from appraisal.incentives.services.log_files import read_map
from appraisal.incentives.services.phrases import map_sentence
from appraisal.incentives.services.rereading import reread_source
from bukittinggi_kinerja.common.commands import REFUSED, WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.errors import Refusal

from .import_service_events import existing


class Command(CityCommand):
    help = "Membaca ulang semua baris satu sumber layanan dengan peta lain, karena peta semula salah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", required=True, metavar="CODE", help="kode sumber, seperti dicetak waktu impor")
        parser.add_argument("--mapping", type=existing, required=True, metavar="MAP.toml")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="alasan, disimpan dalam jejak")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = read_map(options["mapping"])
            done = reread_source(code=options["source"], mapping=mapping, reason=options["reason"], actor=None, now=timezone.now())
        except BadMap as problem:
            raise CommandError(map_sentence(problem), returncode=WRONG_CALL) from problem
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        self.stdout.write(
            _("Dibaca ulang: %(events)s peristiwa, %(cases)s berkas; %(changed)s berkas berubah.")
            % {"events": done.events, "cases": done.cases, "changed": done.changed_cases}
        )
        if done.differences:
            self.stdout.write(
                _("%(count)s angka pada periode yang sudah ditutup kini berbeda; angka itu tidak diubah.")
                % {"count": len(done.differences)}
            )
