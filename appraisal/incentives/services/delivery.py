"""A batch of events delivered by another system over REST, into a source that is known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from appraisal.incentives.models import EventSource
from appraisal.incentives.policies import require_keeper, require_source
from appraisal.incentives.rules.mapping import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, LogFormat, LogMapping
from appraisal.incentives.rules.reading import UNSTORABLE, Fault, RowFault
from bukittinggi_kinerja.common.errors import Unacceptable
from employees.rules.viewing import Viewer

from .intake import IntakeReport, LogRow, take_events

EVENT_FIELDS = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
LONGEST_NAME_TOLD = 60


def deliver_events(*, viewer: Viewer, source: str, events: Sequence[object], now: dt.datetime) -> IntakeReport:
    """Take a batch whose fields already carry our names; ``line`` of a verdict is its place in the batch, from 1.

    An item of the wrong form is refused by itself, with its case, as an unreadable row of a file is.

    The clock words of the source stay as they are. A source nobody registered is refused, or a misspelt name would
    count its cases a second time. Raises NotAllowed, NotVisible for a source of others, and Unacceptable.
    """
    require_keeper(viewer)
    known = EventSource.objects.filter(code=source).first()
    if known is not None or not viewer.is_city_hr:
        require_source(viewer, known)
    else:
        sentence = _("Sumber ini belum terdaftar. Daftarkan lewat administrasi atau impor pertama.")
        raise Unacceptable(_("Peristiwa belum diterima."), errors={"source": [sentence]})
    mapping = LogMapping(source=source, columns={name: name for name in EVENT_FIELDS}, format=LogFormat(offsets=True))
    rows = (_row(line, item) for line, item in enumerate(events, 1))
    return take_events(mapping=mapping, rows=rows, actor=viewer.user_id, now=now, keep_mapping=True)


def _row(line: int, item: object) -> LogRow:
    """What can be read of an item, and what is wrong with its form."""
    if not isinstance(item, Mapping):
        return LogRow(line, {}, (Fault("", RowFault.NOT_OBJECT),))
    content: dict[str, str] = {}
    faults: list[Fault] = []
    for name, value in item.items():
        if name not in EVENT_FIELDS:
            faults.append(Fault(name[:LONGEST_NAME_TOLD].replace(UNSTORABLE, "?"), RowFault.UNKNOWN_FIELD))
        elif isinstance(value, bool) or not isinstance(value, str | int | float | None):
            faults.append(Fault(name, RowFault.NOT_TEXT))
        elif value is not None:
            content[name] = str(value).strip()
    return LogRow(line, content, tuple(faults))
