"""Lists that leave, with the columns by which they can come back; that they left is remembered."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event

from .batches import require_may
from .kinds import ImportContext, ImportKind
from .sheets import FORMATS, csv_lines, table_of, write_xlsx

PIECE = 256 * 1024


@dataclass(frozen=True)
class Export:
    name: str
    content_type: str
    pieces: Iterable[bytes]


@transaction.atomic
def export_list(
    *,
    kind: ImportKind,
    viewer: Any,
    file_format: str,
    options: Mapping[str, Any],
    reason: str,
    actor: int,
    today: dt.date,
    now: dt.datetime,
) -> Export:
    """What this viewer sees of a list. Raises NotAllowed, NotVisible for a list that has no export, Unacceptable without a reason."""
    require_may(kind, viewer)
    if file_format not in FORMATS:
        raise Unacceptable(_("Pilih csv atau xlsx."), errors={"file_format": [_("Pilih csv atau xlsx.")]})
    if not reason.strip():
        raise Unacceptable(_("Tulis untuk keperluan apa."), errors={"reason": [_("Tulis untuk keperluan apa.")]})
    rows = kind.export(ImportContext(viewer, actor, today, now, reason, options))
    if rows is None:
        raise NotVisible(_("Daftar ini tidak dapat diunduh."))
    record_event(
        action=kind.export_event,
        subject=("import.kind", kind.code),
        actor=actor,
        now=now,
        new={"format": file_format, **{name: str(value) for name, value in options.items() if value}},
        reason=reason,
    )
    table = table_of(kind, rows)
    pieces = csv_lines(table) if file_format == "csv" else _xlsx_pieces(table)
    return Export(f"{kind.code}-{today}.{file_format}", FORMATS[file_format], pieces)


def _xlsx_pieces(table: Iterable[list[str]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as stream:
        write_xlsx(stream, table)
        stream.seek(0)
        while piece := stream.read(PIECE):
            yield piece
