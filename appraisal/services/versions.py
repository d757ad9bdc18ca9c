"""A published result never changes: what must change becomes a new version with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import User
from employees.queries import viewer_of

from .version_sets import COPIED, Replacement, lock_replaceable, replace_all


@transaction.atomic
def new_version(*, assessment_id: int, changes: Mapping[str, Any], reason: str, actor: int | None, now: dt.datetime) -> Assessment:
    """Supersede a current, closed result by a copy with ``changes``, scored anew from the frozen inputs.

    A version is published when it is made, and its owner is told: the old date belongs to the old version.
    Raises NotNow where the result is still open or was superseded meanwhile.
    """
    locked = lock_replaceable([assessment_id])
    if not locked:
        raise NotNow(_("Penilaian ini belum terbit, atau sudah diganti versi yang lebih baru."))
    old = locked[0]
    before = old.published_at
    [new] = replace_all([Replacement(old, changes)], reason=reason, now=now)
    event = record_event(
        action="appraisal.assessment.versioned",
        subject=new,
        actor=actor,
        now=now,
        old={"id": old.pk, "version": old.version, **{k: getattr(old, k) for k in changes if k in COPIED}},
        new={"version": new.version, "published_at": new.published_at, **changes},
        reason=reason,
    )
    if new.published_at:
        tell_owner(new, event, first=before is None)
        _tell_chain(new, event)
    return new


def tell_owner(new: Assessment, event: Event, *, first: bool) -> None:
    owner = User.objects.filter(is_active=True, employee_id=new.employee_id).values_list("id", flat=True)
    notify(
        recipients=owner,
        kind="assessment_published" if first else "assessment_revised",
        data={"period": new.cycle.period},
        link=f"/kinerja/nilai/{new.pk}/",
        once=f"published:version:{new.pk}",
        event=event,
        now=event.at,
    )


def _tell_chain(new: Assessment, event: Event) -> None:
    """The rater and his superior, but for who made the version; whoever may not read it is not sent there."""
    chain = [person for person in (new.assessor_id, new.reviewer_id) if person is not None]
    users = User.objects.filter(is_active=True, employee_id__in=chain).exclude(pk__in=[event.actor])
    seen = [user.pk for user in users if Assessment.objects.visible_to(viewer_of(user, on=local_date(event.at))).filter(pk=new.pk).exists()]
    notify(
        recipients=seen,
        kind="rating_versioned",
        data={"period": new.cycle.period},
        link=f"/tim/nilai/{new.pk}/",
        once=f"versioned:{new.pk}",
        event=event,
        now=event.at,
    )
