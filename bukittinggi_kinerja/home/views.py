"""Home: the one page that crosses apps. First what waits for the person, then what his roles watch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from appraisal.queries.decisions import in_words, pending
from appraisal.queries.own import OwnPage, Waiting, counts_of, own_page, teams_waiting
from bukittinggi_kinerja.common.money import half_up
from bukittinggi_kinerja.common.notices import mark_read, unread
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.statistics.proportions import share_difference
from bukittinggi_kinerja.common.templatetags.kinerja import angka, periode_nama, persen
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.rules.viewing import Role, Viewer

from . import reading

NOTICES = 5
LATE_SHOWN = 3


@dataclass(frozen=True)
class Task:
    """One thing to do: a sentence, until when, and the button that leads there."""

    text: str
    link: str
    button: str
    due: dt.datetime | None = None
    days_left: int | None = None


@require_safe
@screen()
def home(request: ScreenRequest) -> HttpResponse:
    viewer: Viewer = request.viewer
    watches = viewer.sees_all_aggregates or viewer.is_unit_hr
    own = own_page(viewer, figures=not watches) if viewer.employee_id is not None else None
    teams = teams_waiting(viewer) if viewer.employee_id is not None else []
    context = {
        "own": own,
        "teams": [team for team in teams if team.total],
        "periods": [{"own": p, "open": p.takes_progress(request.now)} for p in own.periods] if own and not watches else [],
        "tasks": tasks_of(viewer, own, teams, request.now, watches=watches),
        "notices": unread(recipient=request.viewer.user_id, limit=NOTICES),
        **watched_by(viewer),
    }
    return render(request, "beranda/beranda.html", context)


def tasks_of(viewer: Viewer, own: OwnPage | None, teams: list[Waiting], now: dt.datetime, *, watches: bool) -> list[Task]:
    """What waits for this person, the earliest deadline first; what has no deadline comes last."""
    found = [*_rating_tasks(teams, now), *_late_tasks(teams), *(_progress_tasks(own, now) if own and not watches else [])]
    found.sort(key=lambda task: task.due or dt.datetime.max.replace(tzinfo=dt.UTC))
    found += _plan_tasks(own) if own and not watches else []
    counts = counts_of(viewer)
    if counts.plans:
        text = ngettext("%(n)s SKP menunggu penetapan Anda.", "%(n)s SKP menunggu penetapan Anda.", counts.plans) % {
            "n": angka(counts.plans)
        }
        found.append(Task(text, "/tim/skp/", _("Periksa SKP")))
    if counts.feedback:
        text = ngettext("%(n)s umpan balik belum Anda baca.", "%(n)s umpan balik belum Anda baca.", counts.feedback)
        found.append(Task(text % {"n": angka(counts.feedback)}, "/kinerja/umpan-balik/", _("Baca umpan balik")))
    return [*found, *_decision_tasks(viewer, now)]


def _decision_tasks(viewer: Viewer, now: dt.datetime) -> list[Task]:
    """What somebody else began and only this person, or one like him, can end."""
    return [Task(one.sentence, one.link, one.button) for one in in_words(pending(viewer, now=now))]


def _rating_tasks(teams: list[Waiting], now: dt.datetime) -> list[Task]:
    """Only periods in rating wait; a running month is rated when it ends."""
    return [
        Task(
            _("Penilaian %(periode)s: %(sisa)s dari %(semua)s pegawai belum selesai dinilai.")
            % {"periode": periode_nama(team.period), "sisa": angka(team.left), "semua": angka(team.total)},
            f"/tim/?periode={team.period}",
            _("Nilai tim"),
            team.rating_due,
            _days_between(now, team.rating_due),
        )
        for team in teams
        if team.left and team.is_rating
    ]


def _late_tasks(teams: list[Waiting]) -> list[Task]:
    """What closed unrated; of many periods the latest few, the page of each leads on to the others."""
    late = sorted((team for team in teams if team.late), key=lambda team: team.rating_due, reverse=True)
    return [
        Task(
            ngettext(
                "%(n)s penilaian %(periode)s belum dinilai, dapat dinilai terlambat.",
                "%(n)s penilaian %(periode)s belum dinilai, dapat dinilai terlambat.",
                one.late,
            )
            % {"n": angka(one.late), "periode": periode_nama(one.period)},
            f"/tim/?periode={one.period}",
            _("Nilai terlambat"),
            one.rating_due,
        )
        for one in late[:LATE_SHOWN]
    ]


def _progress_tasks(own: OwnPage, now: dt.datetime) -> list[Task]:
    return [
        Task(
            ngettext(
                "%(n)s indikator %(periode)s belum ada realisasi.", "%(n)s indikator %(periode)s belum ada realisasi.", len(period.waiting)
            )
            % {"n": len(period.waiting), "periode": periode_nama(period.cycle.period)},
            reverse("realisasi", args=[period.waiting[0].indicator, period.cycle.period]),
            _("Tambah realisasi"),
            period.progress_due,
            _days_between(now, period.progress_due),
        )
        for period in own.tasks(now)
    ]


def _plan_tasks(own: OwnPage) -> list[Task]:
    """A post without an agreed plan: after a transfer nobody may have said so yet."""
    units = dict.fromkeys(case.unit.name for case in own.unplanned)
    return [Task(_("SKP Anda di %(unit)s belum ditetapkan.") % {"unit": unit}, "/kinerja/skp/", _("Buka SKP")) for unit in units]


def _days_between(now: dt.datetime, due: dt.datetime) -> int:
    return max(0, (local_date(due) - local_date(now)).days)


def watched_by(viewer: Viewer) -> dict[str, Any]:
    """The numbers of the viewer's roles; nothing for a role he does not have."""
    found: dict[str, Any] = {}
    if Role.LEADER in viewer.roles:
        found["months"] = reading.published_months(on=viewer.on)
        found["services"] = reading.service_months(on=viewer.on)
        found["verdict"] = verdict_of(found["months"])
    if viewer.is_city_hr or viewer.is_unit_hr or Role.AUDITOR in viewer.roles:
        found["cycles"] = reading.open_cycles(viewer)
        found["overdue"] = reading.unrated(viewer)
    if Role.AUDITOR in viewer.roles:
        found["seal"] = reading.last_seal()
        found["auditor"] = True
    return found


def verdict_of(months: list[reading.Month]) -> str:
    """Better or worse with the interval of the difference, or that it cannot be told: too few people, or within chance."""
    if not months or not months[0].n:
        return _("Belum ada hasil yang terbit, jadi belum dapat disimpulkan.")
    last, before = months[0], months[1] if len(months) > 1 else None
    words = {"periode": periode_nama(last.period), "n": angka(last.n)}
    if not last.enough:
        return _("Baru %(n)s hasil terbit untuk %(periode)s, jadi belum dapat disimpulkan.") % words
    if before is None or not before.enough:
        return _("Perubahan dari bulan sebelumnya belum dapat disimpulkan.")
    words |= {"sebelum": periode_nama(before.period), "bagian": persen(before.good_share)}
    difference = share_difference(last.good, last.n, before.good, before.n)
    points = {"selisih": difference.estimate, "bawah": difference.low, "atas": difference.high}
    words |= {name: angka(half_up(Decimal(100 * value), 1), 1) for name, value in points.items()}
    if not difference.excludes_zero:
        return (
            _(
                "%(sebelum)s: %(bagian)s. Selisih %(selisih)s poin (selang 95%%: %(bawah)s sampai %(atas)s), "
                "jadi naik atau turun belum dapat disimpulkan."
            )
            % words
        )
    if difference.estimate > 0:
        return _("Lebih tinggi daripada %(sebelum)s (%(bagian)s): selisih %(selisih)s poin, selang 95%% %(bawah)s sampai %(atas)s.") % words
    return _("Lebih rendah daripada %(sebelum)s (%(bagian)s): selisih %(selisih)s poin, selang 95%% %(bawah)s sampai %(atas)s.") % words


@require_POST
@screen()
def notices(request: ScreenRequest) -> HttpResponse:
    """Open one notice, or mark all as read."""
    chosen = whole_number(request.POST.get("buka"))
    if chosen is None:
        if "buka" not in request.POST:
            mark_read(recipient=request.viewer.user_id, now=request.now)
        return HttpResponseRedirect("/")
    link = next((n.link for n in unread(recipient=request.viewer.user_id, limit=1000) if n.pk == chosen), "/")
    mark_read(recipient=request.viewer.user_id, now=request.now, notice_ids=[chosen])
    safe = url_has_allowed_host_and_scheme(link, allowed_hosts=None) and link.startswith("/")
    return HttpResponseRedirect(link if safe else "/")


urlpatterns = [path("", home, name="beranda"), path("pemberitahuan/", notices, name="pemberitahuan")]
