"""A new year's drafts out of last year's plans: one's own, or all of a unit at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan
from appraisal.policies import manages_unit, may_plan, prepares_plans
from appraisal.queries.leaders import leaders_of
from appraisal.queries.plan_copy import day_in, posts_without_plan, units_to_prepare
from appraisal.queries.plans import get_plan
from appraisal.rules.drafts import for_year
from appraisal.rules.lifecycle import PlanState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible
from bukittinggi_kinerja.common.events import record_event
from employees.models import Posting
from employees.rules.viewing import Viewer

from .plan_drafts import YearBook, draft_of_post, drafts_in, fill, save_drafts, signed_results
from .plan_items import editable_plan, touch
from .plan_opening import open_draft


@dataclass(frozen=True)
class CopyReport:
    """``copied`` new drafts; ``without_source`` people who have no plan of last year in this post."""

    copied: int
    without_source: int


@transaction.atomic
def copy_plan(*, viewer: Viewer, plan_id: int, now: dt.datetime) -> PerformancePlan:
    """The draft of next year out of an agreed plan, by its owner or the pengelola of his OPD.

    Results, indicators, weights and targets come along, dates a year later, indicators that ended do not. Every line is
    marked until the owner has looked at it. Raises NotVisible, NotAllowed, NotNow.
    """
    source = get_plan(viewer, plan_id)
    if not (may_plan(viewer, source) or manages_unit(viewer, source.unit)):
        raise NotAllowed(_("SKP disalin oleh pegawai sendiri atau pengelola OPD-nya."))
    if not PerformancePlan.objects.agreed().filter(pk=source.pk).exists():
        raise NotNow(_("Hanya SKP yang sudah ditetapkan yang dapat disalin."))
    year = source.year + 1
    held = Posting.objects.in_force(on=day_in(year, viewer.on)).filter(employee_id=source.employee_id, position_id=source.position_id)
    posting = held.select_related("employee", "unit", "position").first()
    if posting is None:
        raise NotNow(_("Jabatan SKP ini tidak dipegang lagi pada tahun %(tahun)s. Buat draf baru.") % {"tahun": year})
    plan, ended = open_draft(posting, year=year, on=viewer.on, approach=source.approach)
    _fill_from([(plan, source)], YearBook(year))
    new = {"employee": plan.employee_id, "source": source.pk, "start": plan.valid.lower, "end": plan.valid.upper, "ended": ended}
    record_event(action="appraisal.plan.copied", subject=plan, actor=viewer.user_id, now=now, new=new)
    return plan


@transaction.atomic
def copy_plans(*, viewer: Viewer, unit_id: int, year: int, now: dt.datetime) -> CopyReport:
    """Drafts of a year for everybody in a unit and below who has none and had an agreed plan in the same post before.

    In a fixed number of statements. Raises NotAllowed, NotVisible for a unit that is not the viewer's, NotNow for a far year.
    """
    if not prepares_plans(viewer):
        raise NotAllowed(_("SKP satu unit disiapkan oleh pimpinan unit, pengelola, atau BKPSDM."))
    unit = units_to_prepare(viewer).filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible(_("Unit kerja ini tidak ada, atau bukan untuk Anda."))
    if year not in {viewer.on.year, viewer.on.year + 1}:
        raise NotNow(_("SKP disiapkan untuk tahun ini atau tahun depan."))
    posts = list(posts_without_plan(path=unit.path, year=year, today=viewer.on).select_for_update(of=("self",), no_key=True))
    sources = PerformancePlan.objects.in_bulk({post.source for post in posts if post.source})
    book, leaders = YearBook(year), leaders_of(posts, on=day_in(year, viewer.on))
    pairs = []
    for post in posts:
        source = sources.get(post.source)
        if source is not None:
            pairs.append((draft_of_post(post, leader=leaders[post.pk], book=book, approach=source.approach), source))
    save_drafts([plan for plan, _source in pairs])
    _fill_from(pairs, book)
    report = CopyReport(copied=len(pairs), without_source=len(posts) - len(pairs))
    record_event(
        action="appraisal.plans.copied",
        subject=unit,
        actor=viewer.user_id,
        now=now,
        new={"year": year, "plans": [plan.pk for plan, _source in pairs], "without_source": report.without_source},
    )
    return report


def _fill_from(pairs: Collection[tuple[PerformancePlan, PerformancePlan]], book: YearBook) -> None:
    drafts = drafts_in([source for _plan, source in pairs])
    leaders = signed_results({plan.assessor_id for plan, _source in pairs if plan.assessor_id}, start=book.start, end=book.end)
    fill(
        [(plan, for_year(drafts[source.pk], old=source.year, new=book.year)) for plan, source in pairs],
        leaders=leaders,
        book=book,
    )


@transaction.atomic
def check_lines(
    *, viewer: Viewer, plan_id: int, now: dt.datetime, indicator_id: int | None = None, version: int | None = None
) -> PerformancePlan:
    """The owner has looked at a copied line, or at all of them, and leaves it as it is. Raises NotAllowed for others."""
    plan = editable_plan(viewer, plan_id, version)
    if not may_plan(viewer, plan):
        raise NotAllowed(_("Baris salinan diperiksa oleh pegawai sendiri."))
    if plan.state != PlanState.DRAFT:
        raise NotNow(_("SKP ini bukan draf lagi."))
    lines = plan.indicators.filter(unchecked_from__isnull=False)
    if indicator_id is not None:
        lines = lines.filter(pk=indicator_id)
    checked = list(lines.values_list("pk", flat=True))
    if not checked:
        raise NotNow(_("Baris ini sudah diperiksa."))
    lines.update(unchecked_from=None)
    touch(plan)
    record_event(action="appraisal.plan.lines_checked", subject=plan, actor=viewer.user_id, now=now, new={"indicators": checked})
    return plan
