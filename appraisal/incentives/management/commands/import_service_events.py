"""``import_service_events FILE --mapping MAP.toml [--dry-run] [--errors OUT]``."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.incentives.rules.mapping import BadMap
from appraisal.incentives.services.intake import Figures, IntakeReport, Outcome, take_events
from appraisal.incentives.services.log_files import read_log, read_map, require_writable, write_listed
from appraisal.incentives.services.phrases import map_sentence
from bukittinggi_kinerja.common.commands import REFUSED, WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.errors import Refusal

MOST_NAMED = 5


class Command(CityCommand):
    help = "Mengambil log layanan menurut peta; berkas yang tidak dapat diambil didaftar dengan alasannya."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=existing, metavar="FILE", help="csv, csv.gz, atau xlsx")
        parser.add_argument("--mapping", type=existing, required=True, metavar="MAP.toml")
        parser.add_argument("--dry-run", action="store_true", help="periksa saja, tidak menulis apa pun")
        parser.add_argument("--errors", type=Path, metavar="OUT", help="daftar baris yang ditolak atau bertentangan")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = read_map(options["mapping"])
            header, rows = read_log(options["file"], mapping)
            self._require_place(options["errors"])
            report = take_events(mapping=mapping, rows=rows, actor=None, now=timezone.now(), dry_run=options["dry_run"])
            if options["errors"]:
                write_listed(options["errors"], header, report)
        except BadMap as problem:
            self._stop(map_sentence(problem), WRONG_CALL)
        except Refusal as refusal:
            self._stop(str(refusal), REFUSED)
        for line in summary(report, dry_run=options["dry_run"]):
            self.stdout.write(line)

    def _require_place(self, out: Path | None) -> None:
        try:
            if out is not None:
                require_writable(out)
        except Refusal as refusal:
            self._stop(str(refusal), WRONG_CALL)

    def _stop(self, sentence: str, status: int) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(status)


def existing(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(_("berkas %(name)s tidak ada") % {"name": text})
    return path


def summary(report: IntakeReport, *, dry_run: bool) -> Iterator[str]:
    """What was read and taken, in plain numbers, and what a person has to look at."""
    taken = _("Dapat diambil") if dry_run else _("Diambil")
    yield _("Sumber %(source)s") % {"source": report.source}
    yield ": ".join([_("Dibaca"), counted(report.read)])
    yield f"{taken}: {counted(report.taken)}"
    yield _("Baru: %(events)s peristiwa, %(cases)s berkas; %(changed)s berkas berubah; %(duplicates)s peristiwa sudah ada.") % {
        "events": report.rows(Outcome.ACCEPTED),
        "cases": report.new_cases,
        "changed": report.changed_cases,
        "duplicates": report.rows(Outcome.DUPLICATE),
    }
    yield _("Ditolak: %(rows)s baris pada %(cases)s berkas. Bertentangan: %(conflicts)s baris.") % {
        "rows": report.rows(Outcome.REFUSED),
        "cases": report.refused_cases,
        "conflicts": report.rows(Outcome.CONFLICT),
    }
    yield from _reasons(report)
    yield from _remarks(report)
    if dry_run:
        yield _("Uji saja: tidak ada yang ditulis.")


def counted(figures: Figures) -> str:
    on_time = "" if figures.share is None else f" ({str(figures.share).replace('.', ',')}%)"
    return _(
        "%(events)s peristiwa, %(cases)s berkas, %(activities)s kegiatan, %(officers)s petugas; "
        "%(closed)s selesai, %(on_time)s tepat waktu dari %(judged)s yang dapat dinilai%(share)s, %(unjudged)s tidak dapat dinilai"
    ) % {
        "events": figures.events,
        "cases": figures.cases,
        "activities": figures.activities,
        "officers": figures.officers,
        "closed": figures.closed,
        "on_time": figures.on_time,
        "judged": figures.judged,
        "unjudged": figures.unjudged,
        "share": on_time,
    }


def _reasons(report: IntakeReport) -> Iterator[str]:
    named = report.listed[:MOST_NAMED]
    for row in named:
        yield _("- baris %(line)s, berkas %(case)s: %(reason)s") % {"line": row.line, "case": row.case_id or "-", "reason": row.reason}
    if len(report.listed) > len(named):
        yield _("- dan %(more)s baris lain; pakai --errors untuk daftar lengkap.") % {"more": len(report.listed) - len(named)}


def _remarks(report: IntakeReport) -> Iterator[str]:
    if report.unknown_accounts:
        yield _("%(count)s akun belum dihubungkan dengan pegawai dan belum menghitung siapa pun.") % {"count": report.unknown_accounts}
    if report.taken.unjudged:
        yield _("Waktu %(count)s berkas selesai belum dapat dinilai: kalender atau standarnya belum dimuat.") % {
            "count": report.taken.unjudged
        }
    for name, count in sorted(report.unknown_types.items()):
        yield _("Jenis layanan %(name)s tidak dikenal: %(count)s berkas memakai standar umum.") % {"name": name, "count": count}
    if report.differences:
        yield _("%(count)s angka pada periode yang sudah ditutup kini berbeda; angka itu tidak diubah.") % {
            "count": len(report.differences)
        }
    for source, count in sorted(report.elsewhere.items()):
        yield _("%(count)s baris log ini juga tercatat pada sumber %(source)s. Bila sistemnya sama, berkasnya kini dihitung dua kali.") % {
            "count": count,
            "source": source,
        }
    if report.mapping_changed:
        yield _("Peta sumber ini berbeda dari yang tersimpan dan menggantikannya.")
