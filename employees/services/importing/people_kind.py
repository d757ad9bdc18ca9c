"""People as a list of the import pipeline: the same examination and the same writing as the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.importing import ImportColumn, ImportContext, ImportKind, ImportResult, ImportTable, Written
from employees.models import Employee, Position, Posting, User
from employees.policies import may_administer
from employees.rules.importing import COLUMNS, REQUIRED_COLUMNS
from employees.services.postings import close_known, one_writer
from employees.services.resources import exported_people

from .applying import apply_plan
from .checks import chunks
from .examining import Examined, examine
from .outcomes import outcomes
from .reading import read_batch

_LABELS = {
    "nip": _("NIP/NI PPPK"), "nama": _("Nama"), "jenis_pegawai": _("Jenis pegawai"), "jenis_kelamin": _("Jenis kelamin"),
    "tanggal_lahir": _("Tanggal lahir"), "golongan": _("Golongan"), "jabatan": _("Jabatan"), "jenis_jabatan": _("Jenis jabatan"),
    "unit": _("Unit kerja"), "nip_atasan": _("NIP atasan langsung"), "tmt_jabatan": _("TMT jabatan"), "email": _("Surel"),
    "status": _("Status"),
}  # fmt: skip
_HELP: dict[str, Any] = {
    "nip": _("18 angka sebagai teks."), "jenis_pegawai": "PNS, CPNS, PPPK, PPPK_PARUH_WAKTU.", "jenis_kelamin": "L, P.",
    "tanggal_lahir": "1990-12-31, 31-12-1990.", "jenis_jabatan": "JPT_PRATAMA, ADMINISTRATOR, PENGAWAS, FUNGSIONAL, PELAKSANA.",
    "unit": _("Kode atau jalur nama unit."), "nip_atasan": _("18 angka sebagai teks. Kosong berarti atasan yang tercatat tetap."),
    "tmt_jabatan": "2026-12-31, 31-12-2026.", "status": "AKTIF, CUTI, TUGAS_BELAJAR, NONAKTIF, PENSIUN.",
}  # fmt: skip
_ALIASES = {
    "nip": ("nip pegawai", "nip baru", "nomor induk pegawai", "ni pppk", "nip nipppk"),
    "nama": ("nama lengkap", "nama pegawai"),
    "jenis_pegawai": ("status kepegawaian", "jenis asn"),
    "jenis_kelamin": ("jk", "l p", "kelamin"),
    "tanggal_lahir": ("tgl lahir",),
    "golongan": ("gol", "gol ruang", "golongan ruang", "pangkat golongan"),
    "jabatan": ("nama jabatan",),
    "jenis_jabatan": ("kelompok jabatan",),
    "unit": ("unit kerja", "unor", "unit organisasi", "opd", "kode unit"),
    "nip_atasan": ("atasan", "nip atasan langsung", "nip pejabat penilai"),
    "tmt_jabatan": ("tmt", "tanggal mulai jabatan"),
    "email": ("e mail", "surel", "alamat email"),
    "status": ("status pegawai", "keadaan"),
}
_EXAMPLES = {
    "nip": "199001012015031001", "nama": "Contoh Nama", "jenis_pegawai": "PNS", "jenis_kelamin": "L", "tanggal_lahir": "1990-01-01",
    "golongan": "III/a", "jabatan": "Pengelola Perizinan", "jenis_jabatan": "PELAKSANA", "unit": "DPMPTSP",
    "nip_atasan": "198001012005011001", "tmt_jabatan": "2026-01-01", "email": "contoh@contoh.go.id", "status": "AKTIF",
}  # fmt: skip


class ExportForm(forms.Form):
    unit = forms.CharField(label=_("Kode unit kerja"), max_length=40, required=False, help_text=_("Kosongkan untuk seluruh kota."))


class PeopleKind(ImportKind):
    code = "pegawai"
    title = _("Pegawai")
    help = _("Pegawai beserta jabatan, unit, dan atasannya. Isian kosong tidak menghapus data yang tercatat.")
    columns = tuple(
        ImportColumn(
            name, _LABELS[name], name in REQUIRED_COLUMNS, help=_HELP.get(name, ""), aliases=_ALIASES[name], example=_EXAMPLES[name]
        )
        for name in COLUMNS
    )
    event = "employees.imported"
    export_event = "employees.exported"
    export_form = ExportForm

    def may(self, viewer: Any) -> bool:
        return may_administer(viewer)

    def lock(self) -> None:
        one_writer()

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        lines = ((row.line, row.cells, row.surplus) for row in table.rows())
        batch = read_batch(lines, today=context.as_of, tick=context.tick)
        with transaction.atomic():
            found = examine(batch, as_of=context.as_of)
            rows = outcomes(found)
            if not apply or (batch.faults and not good_only):
                return ImportResult(rows)
            return ImportResult(rows, _written(found, context), applied=True)

    def export(self, context: ImportContext) -> Iterable[Mapping[str, Any]]:
        return exported_people(viewer=context.viewer, unit_code=context.options.get("unit", ""))

    def take_back(self, model: str, writes: Sequence[Written], made: Mapping[str, frozenset[int]], context: ImportContext) -> bool:
        """What the city knew of a posting stays readable: its row is closed, and the earlier one is known again.

        A post of the catalogue stays as long as such a row names it.
        """
        if model == Position._meta.label_lower:
            Position.objects.filter(pk__in=made.get(model, ()), postings=None).delete()
            return True
        if model != Posting._meta.label_lower:
            return False
        newcomers = made.get(Employee._meta.label_lower, frozenset())
        fresh = [one for one in writes if one.before is None]
        gone = [one.pk for one in fresh if one.after["employee"] in newcomers]
        Posting.objects.filter(pk__in=gone)._raw_delete("default")  # noqa: SLF001  the database refuses where something hangs on it
        close_known(Posting.objects.filter(pk__in={one.pk for one in fresh} - set(gone)), now=context.now)
        again = list(Posting.objects.filter(pk__in=[one.pk for one in writes if one.before is not None]))
        for posting in again:
            posting.pk, posting.known = None, DateTimeTZRange(context.now, None)
        Posting.objects.bulk_create(again, batch_size=2000)
        return True


def _written(found: Examined, context: ImportContext) -> Iterator[Written]:
    """Write, and name what was written: positions, people, accounts, postings."""
    plan = found.plan
    known = _known_postings([found.chain.ids[nip] for nip in plan.posts if nip in found.chain.ids])
    fresh = apply_plan(plan, found.catalogue, found.chain, reason=context.reason, now=context.now)
    return _told(found, fresh, known)


def _told(found: Examined, fresh: list[Position], known: Mapping[int, Posting]) -> Iterator[Written]:
    plan, ids, lines = found.plan, found.chain.ids, found.batch.line_of
    yield from (Written.made(position, label=position.title) for position in fresh)
    for nip, person in plan.people.items():
        yield Written.made(person, line=lines[nip], label=person.name)
    for nip, person in plan.changed.items():
        yield Written.changed(person, plan.before[nip], line=lines[nip], label=person.name)
    line_of = {ids[nip]: lines[nip] for nip in {**plan.people, **plan.posts}}
    names = {**{one.pk: one.name for one in plan.people.values()}, **{ids[nip]: post.row.name for nip, post in plan.posts.items()}}
    for people in chunks([person.pk for person in plan.people.values()]):
        for user in User.objects.filter(employee_id__in=people):
            yield Written.made(user, line=line_of[user.employee_id or 0], label=names[user.employee_id or 0])
    yield from _told_postings([ids[nip] for nip in plan.posts], known, line_of, names)


def _told_postings(
    people: Sequence[int], known: Mapping[int, Posting], line_of: Mapping[int, int], names: Mapping[int, str]
) -> Iterator[Written]:
    """Closed ones first: the last ones written are the first to be taken back."""
    for chunk in chunks(list(known)):
        for row in Posting.objects.filter(pk__in=chunk):
            if row.known != known[row.pk].known:
                before = {"known": Posting._meta.get_field("known").value_to_string(known[row.pk])}
                yield Written.changed(row, before, line=line_of[row.employee_id], label=names[row.employee_id])
    for chunk in chunks(people):
        for row in Posting.objects.known().filter(employee_id__in=chunk):
            if row.pk not in known:
                yield Written.made(row, line=line_of[row.employee_id], label=names[row.employee_id])


def _known_postings(people: Sequence[int]) -> dict[int, Posting]:
    found: dict[int, Posting] = {}
    for chunk in chunks(people):
        found.update((row.pk, row) for row in Posting.objects.known().filter(employee_id__in=chunk))
    return found
