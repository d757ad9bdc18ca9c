"""A file on its way: brought, mapped, asked to be checked, applied, undone. The work itself is a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import ColumnMapping, ImportBatch, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.models.jobs import JobState
from bukittinggi_kinerja.common.tables import read_table
from bukittinggi_kinerja.common.texts import clean_line

from .kinds import ImportKind
from .mapping import fingerprint, guessed, require_mapped, texts_of

JOB = "impor"
FOLDER = "impor/"
LARGEST_UPLOAD = 32 * 1024 * 1024
MOST_ROWS = 250_000
MOST_COLUMNS = 200
#: Forty columns in every row.
MOST_CELLS = 10_000_000
SAMPLES = 3
UNDO_WITHIN = dt.timedelta(hours=24)


def upload(*, kind: ImportKind, file: UploadedFile[bytes], viewer: Any, actor: int, now: dt.datetime) -> ImportBatch:
    """Keep a file under a name nobody can guess, and read its headers. Raises NotAllowed, or Unacceptable with the sentence."""
    require_may(kind, viewer)
    if (file.size or 0) > LARGEST_UPLOAD:
        most = LARGEST_UPLOAD // (1024 * 1024)
        raise Unacceptable(_("Berkas lebih dari %(most)s MB. Bagi menjadi beberapa berkas.") % {"most": most})
    stored = default_storage.save(f"{FOLDER}{token_hex(16)}", file)
    try:
        return _begin(kind, stored, clean_line(Path(file.name or "").name, limit=120) or kind.code, actor, now)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _begin(kind: ImportKind, stored: str, name: str, actor: int, now: dt.datetime) -> ImportBatch:
    header, samples, rows = _glance(Path(default_storage.path(stored)), name)
    known = ColumnMapping.objects.filter(kind=kind.code, fingerprint=fingerprint(header)).first()
    names = {column.name for column in kind.columns}
    mapping = {name: place for name, place in known.mapping.items() if name in names} if known else guessed(kind.columns, header)
    batch = ImportBatch.objects.create(
        kind=kind.code,
        owner=actor,
        name=name,
        file=stored,
        header=header,
        samples=samples,
        mapping=mapping,
        rows=rows,
        language=(get_language() or "id")[:2],
        created_at=now,
    )
    record_event(action="import.uploaded", subject=batch, actor=actor, now=now, new={"kind": kind.code, "rows": rows})
    return batch


def _glance(path: Path, name: str) -> tuple[list[str], list[list[str]], int]:
    """Headers, the first rows as examples, and how many rows there are."""
    table = read_table(path, name=name)
    header = [clean_line(text, limit=160) for text in texts_of(table.header, len(table.header))]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise Unacceptable(_("Berkas memuat lebih dari %(most)s kolom. Hapus kolom yang tidak dipakai.") % {"most": MOST_COLUMNS})
    samples: list[list[str]] = []
    rows = width = 0
    for _line, cells in table.rows:
        rows, width = rows + 1, width + len(cells)
        if rows > MOST_ROWS:
            raise Unacceptable(_("Berkas memuat lebih dari %(most)s baris. Bagi menjadi beberapa berkas.") % {"most": MOST_ROWS})
        if width > MOST_CELLS:
            raise Unacceptable(_("Lembar %(name)s terlalu luas. Hapus baris dan kolom kosong di luar daftar.") % {"name": name})
        if len(samples) < SAMPLES:
            samples.append([clean_line(text, limit=160) for text in texts_of(cells, len(header))])
    if not rows:
        raise Unacceptable(_("Berkas %(name)s hanya berisi judul kolom. Isi barisnya, lalu unggah lagi.") % {"name": name})
    return header, samples, rows


def batch_of(*, batch_id: int, among: QuerySet[ImportBatch]) -> ImportBatch:
    """Of those that the viewer sees, or may act on: raises NotVisible for any other."""
    batch = among.select_related("job").filter(pk=batch_id).first()
    if batch is None:
        raise NotVisible(_("Impor ini tidak ada, atau bukan milik Anda."))
    return batch


@transaction.atomic
def ask_check(
    *, batch_id: int, kind: ImportKind, places: Mapping[str, int], options: Mapping[str, str], viewer: Any, actor: int, now: dt.datetime
) -> Job:
    """Settle the columns, remember them for the next file with these headers, and have the rows checked."""
    batch = _locked(batch_id, actor, BatchState.UPLOADED, BatchState.CHECKED, BatchState.FAILED)
    require_may(kind, viewer)
    _require_file(batch)
    require_mapped(kind.columns, places, batch.header)
    ColumnMapping.objects.update_or_create(
        kind=kind.code, fingerprint=fingerprint(batch.header), defaults={"mapping": dict(places)}, create_defaults={"mapping": dict(places)}
    )
    batch.mapping, batch.options, batch.language = dict(places), dict(options), (get_language() or "id")[:2]
    return _ask(batch, BatchState.CHECKING, "check", now)


@transaction.atomic
def ask_apply(*, batch_id: int, kind: ImportKind, good_only: bool, reason: str, viewer: Any, actor: int, now: dt.datetime) -> Job:
    """Have what was checked written. Raises NotNow where nothing was checked, or bad rows stand in the way."""
    batch = _locked(batch_id, actor, BatchState.CHECKED)
    require_may(kind, viewer)
    _require_file(batch)
    if not kind.writes_rows:
        raise NotNow(_("Daftar ini hanya diuji, tidak disimpan."))
    if not batch.new + batch.changed:
        raise NotNow(_("Tidak ada baris yang baru atau berubah."))
    if batch.bad and not good_only:
        raise NotNow(_("Masih ada baris yang salah. Perbaiki berkas itu, atau terapkan baris yang baik saja."))
    if not reason.strip():
        raise Unacceptable(_("Tulis alasannya, misalnya nomor surat."), errors={"reason": [_("Tulis alasannya, misalnya nomor surat.")]})
    batch.good_only, batch.reason = good_only, clean_line(reason, limit=300)
    return _ask(batch, BatchState.APPLYING, "apply", now)


@transaction.atomic
def ask_undo(*, batch_id: int, kind: ImportKind, viewer: Any, actor: int, now: dt.datetime) -> Job:
    """Have an applied import taken back, within a day, by its owner or HR of the city. Raises NotNow afterwards."""
    batch = _locked(batch_id, None if viewer.is_city_hr else actor, BatchState.APPLIED)
    require_may(kind, viewer)
    if not may_undo(batch, now):
        raise NotNow(_("Impor dapat diurungkan dalam 24 jam. Waktu itu sudah lewat."))
    return _ask(batch, BatchState.UNDOING, "undo", now, by=actor)


def may_undo(batch: ImportBatch, now: dt.datetime) -> bool:
    return batch.state == BatchState.APPLIED and batch.applied_at is not None and now < batch.applied_at + UNDO_WITHIN


def require_may(kind: ImportKind, viewer: Any) -> None:
    if not kind.may(viewer):
        raise NotAllowed(_("Daftar ini bukan untuk peran Anda."))


def drop_stored(name: str) -> None:
    with suppress(FileNotFoundError):
        default_storage.delete(name)


def _locked(batch_id: int, owner: int | None, *states: BatchState) -> ImportBatch:
    """``owner`` None: whoever brought it."""
    rows = ImportBatch.objects.select_for_update().filter(pk=batch_id)
    batch = (rows if owner is None else rows.filter(owner=owner)).first()
    if batch is None:
        raise NotVisible(_("Impor ini tidak ada, atau bukan milik Anda."))
    if batch.state not in states:
        raise NotNow(_("Impor ini sedang atau sudah dikerjakan. Muat ulang halaman ini."))
    return batch


def _require_file(batch: ImportBatch) -> None:
    if not batch.file:
        raise NotNow(_("Berkas impor ini sudah dihapus. Unggah lagi."))


def _ask(batch: ImportBatch, state: BatchState, step: str, now: dt.datetime, by: int | None = None) -> Job:
    """The job and the state that waits for it; the caller's transaction. ``by``: who asked, where it is not the owner."""
    steps = 1 if step == "undo" else 2
    job = Job.objects.create(
        key=f"{JOB}:{batch.pk}:{step}:{token_hex(4)}",
        kind=JOB,
        state=JobState.RUNNING,
        total=batch.rows * steps,
        owner=batch.owner if by is None else by,
        detail={"batch": batch.pk, "step": step, "link": f"/impor/{batch.pk}/"},
        created_at=now,
    )
    batch.state, batch.job, batch.message = state, job, ""
    batch.save()
    return job
