"""How long files of imports are kept: they hold personal data, and their work is done."""

from __future__ import annotations

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from bukittinggi_kinerja.common.models import ImportBatch, ImportLine, ImportWrite

from .batches import FOLDER, UNDO_WITHIN, drop_stored

KEPT = dt.timedelta(days=14)
#: An upload whose row was never written.
UNREFERENCED = dt.timedelta(hours=6)


def sweep_files(*, now: dt.datetime) -> int:
    """Take away files and lines of old imports, and what nobody can undo any more; the batch with its counts stays. How many."""
    swept = 0
    for batch in ImportBatch.objects.exclude(file="").filter(created_at__lt=now - KEPT):
        with transaction.atomic():
            ImportLine.objects.filter(batch=batch).delete()
            ImportBatch.objects.filter(pk=batch.pk).update(file="", errors="", samples=[])
        for stored in (batch.file, batch.errors):
            if stored.name:
                drop_stored(stored.name)
        swept += 1
    ImportWrite.objects.filter(batch__applied_at__lt=now - 2 * UNDO_WITHIN).delete()
    return swept + _drop_unreferenced(now)


def _drop_unreferenced(now: dt.datetime) -> int:
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    names = {f"{FOLDER}{name}" for name in files}
    aged = {name for name in names if default_storage.get_modified_time(name) < now - UNREFERENCED}
    kept = ImportBatch.objects.filter(Q(file__in=aged) | Q(errors__in=aged)).values_list("file", "errors")
    lost = aged - {name for names in kept for name in names}
    for name in lost:
        default_storage.delete(name)
    return len(lost)
