"""Receipt of a result: the day from which the time for an objection runs."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from appraisal.models import Assessment
from bukittinggi_kinerja.common.events import record_event
from employees.rules.viewing import Viewer


@transaction.atomic
def record_receipt(*, viewer: Viewer, assessment_id: int, now: dt.datetime) -> bool:
    """Record that the owner opened his published result; once. False when there is nothing to record."""
    if viewer.employee_id is None:
        return False
    changed = Assessment.objects.filter(
        pk=assessment_id, employee_id=viewer.employee_id, published_at__isnull=False, received_at=None
    ).update(received_at=now, receipt="DIBUKA")
    if changed:
        record_event(
            action="appraisal.assessment.received",
            subject=("appraisal.assessment", assessment_id),
            actor=viewer.user_id,
            now=now,
            new={"receipt": "DIBUKA"},
        )
    return changed == 1
