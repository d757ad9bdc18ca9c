"""A batch of events delivered by another system over REST, into a source that is known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from appraisal.incentives.models import EventSource
from appraisal.incentives.policies import require_keeper, require_source
from appraisal.incentives.rules.mapping import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, LogFormat, LogMapping
from bukittinggi_kinerja.common.errors import Unacceptable
from employees.rules.viewing import Viewer

from .intake import IntakeReport, LogRow, take_events

EVENT_FIELDS = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)


def deliver_events(*, viewer: Viewer, source: str, events: Sequence[Mapping[str, str]], now: dt.datetime) -> IntakeReport:
    """Take a batch whose fields already carry our names; ``line`` of a verdict is its place in the batch, from 1.

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
    rows = (LogRow(line, content) for line, content in enumerate(events, 1))
    return take_events(mapping=mapping, rows=rows, actor=viewer.user_id, now=now, keep_mapping=True)
