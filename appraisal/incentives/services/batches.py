"""Events that another system sends one by one or in batches, each with a number of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from appraisal.incentives.models import EventSource
from appraisal.incentives.policies import require_keeper
from appraisal.incentives.rules.mapping import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, BadMap, ClockWords, LogMapping, source_code
from bukittinggi_kinerja.common.errors import Unacceptable
from employees.rules.viewing import Viewer

from .intake import IntakeReport, LogRow, take_events
from .phrases import map_sentence

FIELDS = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
MOST_EVENTS = 1000
#: A source that begins here moves its clock by the names of the states.
STATE_WORDS = ClockWords(
    accept=frozenset({"DITERIMA"}), stop=frozenset({"PERBAIKAN"}), resume=frozenset({"VERIFIKASI"}), finish=frozenset({"TERBIT"})
)


def take_batch(*, viewer: Viewer, source: str, events: Sequence[Mapping[str, str]], now: dt.datetime) -> IntakeReport:
    """Take up to 1,000 events; keys of an event are ``FIELDS``. A known source keeps its clock and its credit.

    The verdicts stand in the order of ``events``, ``line`` counts from 0. Raises NotAllowed, Unacceptable.
    """
    require_keeper(viewer)
    if not events or len(events) > MOST_EVENTS:
        raise Unacceptable(_("Kirim 1 sampai %(most)s peristiwa sekaligus.") % {"most": MOST_EVENTS})
    try:
        code = source_code(source)
    except BadMap as problem:
        raise Unacceptable(map_sentence(problem)) from None
    known = EventSource.objects.filter(code=code).first()
    clock = known.mapping.get("clock", {}) if known else {}
    mapping = LogMapping(
        source=code,
        columns={name: name for name in FIELDS},
        words=ClockWords.of_lists(clock) if known else STATE_WORDS,
        credit=known.credit if known else "responsible",
        service_types=known.mapping.get("service_types", {}) if known else {},
    )
    rows = [LogRow(place, {name: event[name] for name in FIELDS if event.get(name)}) for place, event in enumerate(events)]
    return take_events(mapping=mapping, rows=rows, actor=viewer.user_id, now=now, keep_mapping=True)
