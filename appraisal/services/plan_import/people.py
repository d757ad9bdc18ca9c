"""What the database knows of the people of a sheet: posts, leaders, plans of the year. A fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan, WorkResult
from appraisal.policies import manages_unit
from appraisal.queries.leaders import leaders_of
from appraisal.queries.plan_copy import day_in
from appraisal.rules.drafts import ResultDraft, same_words
from appraisal.rules.lifecycle import PlanState
from appraisal.services.plan_drafts import YearBook, drafts_in, signed_results
from employees.models import Posting
from employees.rules.viewing import Viewer


@dataclass
class Known:
    """``posts`` by NIP on the day that counts; plans of the year by person."""

    book: YearBook
    posts: dict[str, Posting]
    leaders: Mapping[int, int | None]
    signed: Mapping[int, Mapping[str, WorkResult]]
    plans: dict[int, list[PerformancePlan]] = field(default_factory=dict)
    drafts: Mapping[int, list[ResultDraft]] = field(default_factory=dict)
    supported: dict[int, dict[str, str]] = field(default_factory=dict)

    def leader_of(self, post: Posting) -> int | None:
        return self.leaders[post.pk]

    def refusal(self, viewer: Viewer, nip: str) -> str:
        """Why this person's plan cannot be written by this viewer now; nothing when it can."""
        post = self.posts.get(nip)
        if post is None or not (viewer.is_city_hr or manages_unit(viewer, post.unit)):
            return _("NIP ini tidak ada di OPD Anda pada tahun itu. Periksa NIP atau penempatannya.")
        if not self.book.open_periods(post.position.group_id, self.book.days_of(post)):
            return _("Pegawai ini tidak dinilai di sini, atau semua periodenya sudah ditutup.")
        return self._state_refusal(post)

    def _state_refusal(self, post: Posting) -> str:
        days = self.book.days_of(post)
        for plan in self.plans.get(post.employee_id, []):
            if plan.valid.upper <= days.lower:
                continue
            if not _is_of(plan, post):
                return _("SKP pegawai ini untuk penempatan lain. Buat drafnya dari halaman SKP, lalu impor lagi.")
            if plan.state == PlanState.SUBMITTED and not plan.revision:
                return _("SKP pegawai ini sedang diajukan. Minta atasan mengembalikannya, lalu impor lagi.")
            if plan.state != PlanState.DRAFT:
                return _("SKP pegawai ini sudah ditetapkan. Ubah lewat “Mulai revisi” di halaman SKP-nya.")
        return ""

    def missing_support(self, post: Posting, results: Sequence[ResultDraft]) -> str:
        """A result that people below hang on is not dropped by a sheet that leaves it out."""
        draft = self.draft_of(post)
        titles = self.supported.get(draft.pk, {}) if draft else {}
        lost = [title for words, title in titles.items() if words not in {same_words(one.title) for one in results}]
        return _("RHK “%(rhk)s” didukung RHK bawahan, jadi tidak boleh hilang dari berkas.") % {"rhk": lost[0]} if lost else ""

    def draft_of(self, post: Posting) -> PerformancePlan | None:
        """The draft of this very post, if any."""
        own = self.plans.get(post.employee_id, [])
        return next((plan for plan in own if plan.state == PlanState.DRAFT and _is_of(plan, post)), None)


def _is_of(plan: PerformancePlan, post: Posting) -> bool:
    """The same post, perhaps recorded anew under another leader."""
    return plan.position_id == post.position_id and plan.unit_id == post.unit_id


def know(nips: Collection[str], *, year: int, today: dt.date, lock: bool) -> Known:
    book, day = YearBook(year), day_in(year, today)
    rows = Posting.objects.in_force(on=day).filter(employee__nip__in=nips).select_related("employee", "unit", "position")
    posts = {str(post.employee.nip): post for post in rows}
    leaders = leaders_of(posts.values(), on=day)
    known = Known(
        book=book,
        posts=posts,
        leaders=leaders,
        signed=signed_results({one for one in leaders.values() if one}, start=book.start, end=book.end),
    )
    plans = PerformancePlan.objects.filter(employee__in=[p.employee_id for p in posts.values()], valid__overlap=(book.start, book.end))
    if lock:
        plans = plans.select_for_update(of=("self",), no_key=True)
    for plan in plans.select_related("position").order_by("valid"):
        known.plans.setdefault(plan.employee_id, []).append(plan)
    drafts = [plan for own in known.plans.values() for plan in own if plan.state == PlanState.DRAFT]
    known.drafts = drafts_in(drafts)
    below = WorkResult.objects.filter(plan__in=drafts, children__isnull=False).distinct()
    for plan_id, title in below.values_list("plan_id", "title"):
        known.supported.setdefault(plan_id, {})[same_words(title)] = title
    return known
