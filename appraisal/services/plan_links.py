"""Hanging results on the leader's once his plan is there."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan, WorkResult
from appraisal.queries.plan_copy import suggested_parents
from appraisal.queries.plans import ancestors_of
from appraisal.rules.cascade import makes_a_loop
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.events import record_event
from employees.rules.viewing import Viewer

from .plan_items import editable_plan, touch


@transaction.atomic
def link_parents(*, viewer: Viewer, plan_id: int, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """Take every suggestion: a result hangs on the leader's one of the same words. Raises NotNow when there is none."""
    plan = editable_plan(viewer, plan_id, version)
    suggested = suggested_parents(plan)
    linked: dict[str, int] = {}
    for row in WorkResult.objects.filter(pk__in=suggested):
        parent = suggested[row.pk]
        if makes_a_loop(ancestors_of(parent), child=row.pk, parent=parent.pk):
            continue
        row.parent, row.leader_title = parent, ""
        row.save(update_fields=["parent", "leader_title"])
        linked[str(row.pk)] = parent.pk
    if not linked:
        raise NotNow(_("Belum ada RHK pimpinan dengan judul yang sama. Pilih sendiri RHK yang didukung."))
    touch(plan)
    record_event(action="appraisal.plan.parents_linked", subject=plan, actor=viewer.user_id, now=now, new=linked)
    return plan
