"""Saving one assessment as its page shows it: marks, examples, reasons and the note, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment, RatingExample
from appraisal.queries.team import Ratee, standing_of
from bukittinggi_kinerja.common.errors import NotAllowed, Stale
from bukittinggi_kinerja.common.texts import clean_text
from employees.rules.viewing import Viewer

from .rating import (
    EXAMPLE_LENGTH,
    MARK_COLUMNS,
    REASON_COLUMNS,
    TEXT_LENGTH,
    case_to_rate,
    remove_example,
    require_marks,
    set_example,
    set_marks,
    set_note,
    set_reason,
)


@dataclass(frozen=True)
class ExampleText:
    """Words of an example, or the feedback whose words it takes when ``text`` is empty."""

    text: str
    feedback_id: int | None = None

    @property
    def is_given(self) -> bool:
        return bool(_kept(self.text)) or self.feedback_id is not None

    def differs_from(self, stored: ExampleText) -> bool:
        if self.feedback_id is not None and (self.feedback_id != stored.feedback_id or not _kept(self.text)):
            return self.feedback_id != stored.feedback_id
        return _kept(self.text) != _kept(stored.text)


@dataclass(frozen=True)
class RatingSheet:
    """One form as it was sent: marks by key, examples by aspect code, reasons by ``result | behaviour``, the note or None."""

    changes: Mapping[str, int | None]
    examples: Mapping[str, ExampleText]
    reasons: Mapping[str, str]
    note: str | None

    def differing(self, case: Assessment, stored: Mapping[str, ExampleText]) -> dict[str, object]:
        """What stands now in every field that the form would change, by ``ak``, ``example.AK``, ``reason.result``, ``note``."""
        marks = {key: getattr(case, MARK_COLUMNS[key]) for key in self.changes}
        found: dict[str, object] = {key: mark for key, mark in marks.items() if mark != self.changes[key]}
        found |= {f"example.{code}": stored[code].text for code, sent in self.examples.items() if sent.differs_from(stored[code])}
        texts = {f"reason.{which}": (text, getattr(case, REASON_COLUMNS[which])) for which, text in self.reasons.items()}
        if self.note is not None:
            texts["note"] = self.note, case.note
        return found | {name: stands for name, (text, stands) in texts.items() if _kept(text) != _kept(stands)}


@transaction.atomic
def save_assessment(
    *,
    viewer: Viewer,
    assessment_id: int,
    changes: Mapping[str, int | None],
    examples: Mapping[str, ExampleText],
    reasons: Mapping[str, str],
    note: str | None,
    revision: int,
    now: dt.datetime,
) -> Ratee:
    """Save what differs from what is stored, each act with its own event; how the assessment stands afterwards.

    ``examples`` by aspect code, one that is not given is removed; ``reasons`` by ``result | behaviour``; a note of None
    leaves the note alone. Raises Stale when ``revision`` is not the stored one and any field differs, and what the single
    acts raise: then nothing of the form is stored.
    """
    require_marks(changes)
    case = case_to_rate(viewer=viewer, assessment_id=assessment_id, now=now)
    stored = dict.fromkeys(examples, ExampleText(""))
    for row in RatingExample.objects.filter(assessment=case, aspect__in=list(examples)):
        stored[row.aspect] = ExampleText(row.text, row.feedback_id)
    differing = RatingSheet(changes, examples, reasons, note).differing(case, stored)
    if revision != case.revision and differing:
        raise Stale(_("Penilaian ini sudah diubah orang lain. Bandingkan sebelum menyimpan."), current=differing, version=case.revision)
    set_marks(viewer=viewer, assessment_id=assessment_id, changes=changes, revision=None, now=now)
    for code in (code for code in examples if f"example.{code}" in differing):
        _save_example(viewer, assessment_id, code, examples[code], now)
    for which, reason in reasons.items():
        set_reason(viewer=viewer, assessment_id=assessment_id, which=which, reason=reason, now=now)
    if note is not None:
        set_note(viewer=viewer, assessment_id=assessment_id, note=note, now=now)
    standing = standing_of(viewer, [assessment_id]).get(assessment_id)
    if standing is None:
        raise NotAllowed(f"assessment {assessment_id}")
    return standing


def _save_example(viewer: Viewer, assessment_id: int, code: str, sent: ExampleText, now: dt.datetime) -> None:
    if sent.is_given:
        set_example(viewer=viewer, assessment_id=assessment_id, aspect=code, text=sent.text, feedback_id=sent.feedback_id, now=now)
    else:
        remove_example(viewer=viewer, assessment_id=assessment_id, aspect=code, now=now)


def _kept(text: str) -> str:
    """The text as it would be kept, to tell a change from a line end that a browser writes in its own way."""
    return clean_text(text, limit=max(EXAMPLE_LENGTH, TEXT_LENGTH) + 1)
