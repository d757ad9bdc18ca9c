"""Saving one assessment as its page shows it: marks, examples, reasons and the note, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from appraisal.models import RatingExample
from appraisal.queries.team import Ratee, standing_of
from bukittinggi_kinerja.common.errors import NotAllowed
from employees.rules.viewing import Viewer

from .rating import set_example, set_marks, set_note, set_reason


@dataclass(frozen=True)
class ExampleText:
    """Words of an example, or the feedback whose words it takes when ``text`` is empty."""

    text: str
    feedback_id: int | None = None

    @property
    def is_given(self) -> bool:
        return bool(self.text.strip()) or self.feedback_id is not None

    def differs_from(self, stored: str) -> bool:
        return self.feedback_id is not None or self.text.strip() != stored


@transaction.atomic
def save_assessment(
    *,
    viewer: Viewer,
    assessment_id: int,
    changes: Mapping[str, int | None],
    examples: Mapping[str, ExampleText],
    reasons: Mapping[str, str],
    note: str | None,
    revision: int | None,
    now: dt.datetime,
) -> Ratee:
    """Save what differs from what is stored, each act with its own event; how the assessment stands afterwards.

    ``examples`` by aspect code, ``reasons`` by ``result | behaviour``; a note of None leaves the note alone.
    Raises what the single acts raise: then nothing of the form is stored.
    """
    set_marks(viewer=viewer, assessment_id=assessment_id, changes=changes, revision=revision, now=now)
    stored = dict(RatingExample.objects.filter(assessment_id=assessment_id).values_list("aspect", "text"))
    for code, example in examples.items():
        if example.is_given and example.differs_from(stored.get(code, "")):
            set_example(
                viewer=viewer, assessment_id=assessment_id, aspect=code, text=example.text, feedback_id=example.feedback_id, now=now
            )
    for which, reason in reasons.items():
        set_reason(viewer=viewer, assessment_id=assessment_id, which=which, reason=reason, now=now)
    if note is not None:
        set_note(viewer=viewer, assessment_id=assessment_id, note=note, now=now)
    standing = standing_of(viewer, [assessment_id]).get(assessment_id)
    if standing is None:
        raise NotAllowed(f"assessment {assessment_id}")
    return standing
