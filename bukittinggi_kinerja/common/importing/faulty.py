"""The error file of a batch: made once by whoever checks, so that fetching it costs no reading of the whole list."""

from __future__ import annotations

import tempfile
from secrets import token_hex

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from bukittinggi_kinerja.common.models import ImportBatch

from .batches import FOLDER, drop_stored
from .sheets import write_errors


def keep_errors(batch: ImportBatch) -> None:
    """In place of the one of an earlier check; none where no row is bad. The caller saves the batch, in its transaction.

    A file whose batch is not saved after all is swept with the other unreferenced ones.
    """
    before, batch.errors = batch.errors.name or "", ""
    if batch.bad:
        with tempfile.TemporaryFile() as stream:
            form = write_errors(batch, stream)
            stream.seek(0)
            batch.errors = default_storage.save(f"{FOLDER}{token_hex(16)}.{form}", File(stream))
    if before:
        transaction.on_commit(lambda: drop_stored(before))
