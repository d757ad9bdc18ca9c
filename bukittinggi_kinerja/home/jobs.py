"""Long work on screen: what runs, how far it is, how long it still takes, and where its result lies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from appraisal.models import Cycle
from bukittinggi_kinerja.common.errors import NotVisible
from bukittinggi_kinerja.common.importing.cancelling import cancel_import, may_cancel
from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.models.jobs import JobState
from bukittinggi_kinerja.common.templatetags.kinerja import angka, periode_nama
from bukittinggi_kinerja.common.web import ScreenRequest, is_fragment, screen
from employees.rules.viewing import Viewer

ON_A_PAGE = 20
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
TITLES: dict[str, str | Promise] = {
    "appraisal.score": gettext_lazy("Menghitung hasil"),
    "appraisal.publish": gettext_lazy("Menerbitkan hasil"),
    "appraisal.recompute": gettext_lazy("Membuat versi baru"),
    "impor": gettext_lazy("Impor data"),
}
STEPS: dict[str, str | Promise] = {
    "check": gettext_lazy("Menguji impor"),
    "apply": gettext_lazy("Menerapkan impor"),
    "undo": gettext_lazy("Mengurungkan impor"),
}
#: Kinds whose every chunk is complete by itself, and those that can be taken back afterwards.
UNDONE_LATER = ("impor",)


def may_see_all_jobs(viewer: Viewer) -> bool:
    return viewer.is_city_hr


def jobs_of(viewer: Viewer) -> QuerySet[Job]:
    """City HR sees all long work, everybody else what he started."""
    rows = Job.objects.order_by("-id")
    return rows if may_see_all_jobs(viewer) else rows.filter(owner=viewer.user_id, owner__isnull=False)


@dataclass(frozen=True)
class JobView:
    """A job in words. ``tenth`` is what is announced: a change of ten in a hundred."""

    job: Job
    title: str
    percent: int | None
    rate: str
    left: str
    link: str = ""
    cancels: bool = False

    @property
    def running(self) -> bool:
        return self.job.state in UNFINISHED

    @property
    def tenth(self) -> int:
        return (self.percent or 0) // 10 * 10

    @property
    def undone_later(self) -> bool:
        return self.job.kind in UNDONE_LATER


def link_of(job: Job, period: str | None) -> str:
    """The thing itself: what the work names, a page of ours, else that of its proposal or its period."""
    link = str(job.detail.get("link", ""))
    if link.startswith("/") and not link.startswith("//"):
        return link
    if "proposal" in job.detail:
        return reverse("late-proposal", args=[job.detail["proposal"]])
    return f"{reverse('control-room')}?periode={period}" if period else ""


def view_of(job: Job, periods: dict[int, str], now: dt.datetime, actor: int | None = None) -> JobView:
    name = str(STEPS.get(str(job.detail.get("step")), "") or TITLES.get(job.kind, _("Pekerjaan")))
    period = periods.get(job.detail.get("cycle", 0))
    end = job.finished_at or now
    seconds = max(1.0, (end - job.created_at).total_seconds())
    per_minute = int(job.done * 60 / seconds)
    percent = min(100, job.done * 100 // job.total) if job.total else (100 if job.state == JobState.DONE else None)
    rest = int((job.total - job.done) * seconds / job.done) if job.done and job.state in UNFINISHED else None
    return JobView(
        job=job,
        title=f"{name}, {periode_nama(period)}" if period else name,
        percent=percent,
        rate=_("%(n)s baris per menit") % {"n": angka(per_minute)} if job.done else "",
        left=_span(rest) if rest is not None else "",
        link=link_of(job, period),
        cancels=may_cancel(job, actor),
    )


def _span(seconds: int) -> str:
    if seconds < 60:
        return _("kurang dari satu menit lagi")
    minutes = -(-seconds // 60)
    return ngettext("sekitar %(n)s menit lagi", "sekitar %(n)s menit lagi", minutes) % {"n": angka(minutes)}


def _views(rows: list[Job], request: ScreenRequest) -> list[JobView]:
    cycles = {row.detail["cycle"] for row in rows if "cycle" in row.detail}
    periods = dict(Cycle.objects.filter(pk__in=cycles).values_list("pk", "period")) if cycles else {}
    return [view_of(row, periods, request.now, request.viewer.user_id) for row in rows]


@require_safe
@screen()
def jobs(request: ScreenRequest) -> HttpResponse:
    """/pekerjaan/"""
    page = Paginator(jobs_of(request.viewer), ON_A_PAGE).get_page(request.GET.get("halaman"))
    rows = _views(list(page), request)
    context = {"page": page, "rows": rows, "all": may_see_all_jobs(request.viewer), "running": any(row.running for row in rows)}
    return render(request, "pekerjaan/daftar.html", context)


@require_safe
@screen()
def job(request: ScreenRequest, job_id: int) -> HttpResponse:
    """/pekerjaan/<id>/: a page, or for the script only what changes on it."""
    found = jobs_of(request.viewer).filter(pk=job_id).first()
    if found is None:
        raise NotVisible(_("Pekerjaan ini tidak ada, atau bukan untuk Anda."))
    context: dict[str, Any] = {"row": _views([found], request)[0]}
    return render(request, "pekerjaan/_isi.html" if is_fragment(request) else "pekerjaan/satu.html", context)


@require_POST
@screen()
def cancel(request: ScreenRequest, job_id: int) -> HttpResponse:
    """/pekerjaan/<id>/batal/: work that is one transaction comes to nothing; its file waits where it stood before."""
    found = cancel_import(job_id=job_id, actor=request.viewer.user_id, now=request.now)
    messages.success(request, _("Pekerjaan dibatalkan. Tidak ada yang disimpan."), extra_tags="ok")
    return HttpResponseRedirect(link_of(found, None) or reverse("job", args=[job_id]))


urlpatterns = [
    path("pekerjaan/", jobs, name="jobs"),
    path("pekerjaan/<int:job_id>/", job, name="job"),
    path("pekerjaan/<int:job_id>/batal/", cancel, name="job-cancel"),
]
