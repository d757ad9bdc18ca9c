"""The control room of HR: who is late, by OPD and by name, one press from a reminder; every number opens its list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from appraisal.models import Assessment
from appraisal.policies import may_move_deadlines, may_remind_raters, may_see_control_room, may_see_late_changes, prepares_plans
from appraisal.queries.control import (
    AgencyRow,
    ControlRoom,
    PeriodChoice,
    Step,
    StepCount,
    agency_name,
    chosen_period,
    control_room,
    late_raters,
    people_of_step,
    recent_periods,
)
from appraisal.queries.deadlines import changes_in_reach
from appraisal.queries.decisions import in_words, pending
from appraisal.rules.lifecycle import CycleState
from appraisal.services.reminders import ReminderReport, remind_raters
from appraisal.templatetags.penilaian import keadaan
from bukittinggi_kinerja.common.api.tables import Cell, Column, Table, as_csv
from bukittinggi_kinerja.common.calendar import calendar_between
from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.period import Period, local_date
from bukittinggi_kinerja.common.templatetags.kinerja import angka
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .moved import sentence, whom
from .periods import period_asked

RATERS_SHOWN = 10
PEOPLE_SHOWN = 50
MOVED_SHOWN = 3
CODE_LENGTH = 60

#: Step: its name, what a person has done, what he has not.
STEP_WORDS = {
    Step.PLAN: (gettext_lazy("SKP ditetapkan"), gettext_lazy("Punya SKP"), gettext_lazy("Belum punya SKP")),
    Step.PROGRESS: (gettext_lazy("Realisasi terisi"), gettext_lazy("Realisasi lengkap"), gettext_lazy("Realisasi belum lengkap")),
    Step.RATING: (gettext_lazy("Selesai dinilai"), gettext_lazy("Sudah dinilai"), gettext_lazy("Belum dinilai")),
    Step.RECEIPT: (gettext_lazy("Hasil dibuka pegawai"), gettext_lazy("Sudah dibuka"), gettext_lazy("Belum dibuka")),
}
CSV_COLUMNS = (
    Column("nip", gettext_lazy("NIP")),
    Column("nama", gettext_lazy("Nama")),
    Column("unit", gettext_lazy("Unit kerja")),
    Column("penilai", gettext_lazy("Pejabat penilai")),
    Column("keadaan", gettext_lazy("Keadaan")),
)


def _agency_code(words: QueryDict) -> str:
    """The OPD named in an address or a form, without what no code holds."""
    return clean_line(words.get("opd", ""), limit=CODE_LENGTH)


def _period(request: ScreenRequest) -> tuple[PeriodChoice | None, list[PeriodChoice]]:
    periods = recent_periods()
    try:
        chosen = chosen_period(periods, request.GET.get("periode", ""))
    except ValueError:
        raise Unacceptable(_("Periode ini tidak dikenal.")) from None
    if chosen is None and request.GET.get("periode"):
        raise NotVisible(_("Periode ini tidak ada di ruang kendali."))
    return chosen, periods


@require_safe
@screen(may_see_control_room)
def control(request: ScreenRequest) -> HttpResponse:
    """/kendali/: steps, OPD and late raters of one period."""
    period, periods = _period(request)
    if period is None:
        return render(request, "kendali/kendali.html", {"room": None, **_decisions(request), **_ways(request)})
    room = control_room(request.viewer, period=period, periods=periods, now=request.now)
    names = {row.code: row.name for row in room.agencies}
    agency = request.GET.get("opd", "") if request.GET.get("opd") in names else ""
    raters = _raters(request, room, agency)
    context = {
        "room": room,
        "steps": [_step(count, period.key) for count in room.steps],
        "agencies": [_agency(row, period.key) for row in room.agencies],
        "raters": raters,
        "raters_query": f"&{urlencode({'periode': period.key, **({'opd': agency} if agency else {})})}#penilai",
        "chosen_agency": names.get(agency, ""),
        "rows": [{**row, "agency_name": names.get(row["agency"], "")} for row in raters],
        "headline": _headline(room),
        "can_remind": may_remind_raters(request.viewer) and room.owed.able > 0,
        "can_move": may_move_deadlines(request.viewer),
        "near": _near(period, request.now),
        "day": _day(period, request.now),
        "moved": _moved(request, room),
        **_decisions(request),
        **_ways(request),
    }
    return render(request, "kendali/kendali.html", context)


def _decisions(request: ScreenRequest) -> dict[str, Any]:
    """What waits for this viewer to decide; one query."""
    found = pending(request.viewer, now=request.now)
    return {"decisions": in_words(found), "undecided": found}


def _ways(request: ScreenRequest) -> dict[str, bool]:
    """Which of the neighbouring screens this viewer may open."""
    viewer = request.viewer
    return {"can_prepare": prepares_plans(viewer), "on_paper": viewer.is_unit_hr, "sees_late": may_see_late_changes(viewer)}


def _moved(request: ScreenRequest, room: ControlRoom) -> list[str]:
    """The latest decisions, each with whom it is for; asks only where some deadline moved."""
    if not room.moved:
        return []
    standing = changes_in_reach(request.viewer, room.period.key).filter(revoked_at=None)[:MOVED_SHOWN]
    return [f"{whom(change)}: {sentence(change)}" for change in standing]


def _raters(request: ScreenRequest, room: ControlRoom, agency: str) -> Page[Any]:
    """A page of the late raters; how many there are is counted already."""
    owed = next((row.owed for row in room.agencies if row.code == agency), room.owed) if agency else room.owed
    paginator = Paginator(late_raters(request.viewer, room.period.key, agency=agency, heirs=room.heirs), RATERS_SHOWN)
    paginator.count = owed.raters + bool(owed.orphans)
    return paginator.get_page(request.GET.get("halaman"))


def _headline(room: ControlRoom) -> str:
    """Who is late, in one sentence; before his deadline nobody is."""
    words = {"penilai": angka(room.raters), "pegawai": angka(room.pending)}
    if not room.raters:
        return _("Semua penilaian periode ini selesai.") if not room.pending else _("%(pegawai)s pegawai belum punya penilai.") % words
    if room.owed.late_raters:
        words = {"penilai": angka(room.owed.late_raters), "pegawai": angka(room.owed.late_people)}
        text = ngettext("%(penilai)s penilai terlambat", "%(penilai)s penilai terlambat", room.owed.late_raters)
    else:
        text = ngettext("%(penilai)s penilai belum selesai", "%(penilai)s penilai belum selesai", room.raters)
    people = ngettext("%(pegawai)s pegawai belum dinilai", "%(pegawai)s pegawai belum dinilai", room.pending)
    return f"{text % words}, {people % words}"


def _near(period: PeriodChoice, now: dt.datetime) -> str:
    if period.state == CycleState.RUNNING:
        return _("masih berjalan")
    if period.is_overdue(now):
        return _("sudah tutup")
    days = (local_date(period.rating_due) - local_date(now)).days
    return ngettext("%(n)s hari lagi", "%(n)s hari lagi", days) % {"n": days} if days else _("hari ini")


def _day(period: PeriodChoice, now: dt.datetime) -> tuple[int, int] | None:
    """Working day n of m in which ratings are done; None outside."""
    last, today = Period.parse(period.key).last_day, local_date(now)
    due = local_date(period.rating_due)
    if not last < today <= due:
        return None
    calendar = calendar_between(last, due)
    return calendar.between(last, today), calendar.between(last, due)


def _step(count: StepCount, period: str, agency: str = "") -> dict[str, Any]:
    name, done, left = STEP_WORDS[count.step]
    return {
        "name": name,
        "done": count.done,
        "total": count.total,
        "left": count.left,
        "percent": count.done * 100 // count.total if count.total else None,
        "done_words": done,
        "left_words": left,
        "done_link": _link(period, count.step, done=True, agency=agency),
        "left_link": _link(period, count.step, done=False, agency=agency),
    }


def _agency(row: AgencyRow, period: str) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name or _("Di luar OPD"),
        "pending": row.pending,
        "raters": row.raters,
        "late": row.owed.late_people,
        "able": row.owed.able,
        "rating": _step(row.of(Step.RATING), period, row.code),
        "progress": _step(row.of(Step.PROGRESS), period, row.code),
    }


def _link(period: str, step: Step, *, done: bool, agency: str = "", **more: object) -> str:
    words = {"periode": period, "tahap": step.value, "keadaan": "sudah" if done else "belum", "opd": agency, **more}
    return "/kendali/daftar/?" + "&".join(f"{name}={_quoted(str(value))}" for name, value in words.items() if value)


@lru_cache(maxsize=1_024)
def _quoted(word: str) -> str:
    """Codes and periods come back for every number of the page."""
    return quote_plus(word)


@require_safe
@screen(may_see_control_room)
def people(request: ScreenRequest) -> HttpResponseBase:
    """/kendali/daftar/: the names behind one number, as a page or as csv."""
    period, _periods = _period(request)
    try:
        step = Step(request.GET.get("tahap", Step.RATING.value))
    except ValueError:
        raise Unacceptable(_("Tahap ini tidak dikenal.")) from None
    if period is None:
        raise NotVisible(_("Belum ada periode."))
    done, agency, rater = request.GET.get("keadaan") == "sudah", _agency_code(request.GET), whole_number(request.GET.get("penilai"))
    cases = people_of_step(request.viewer, period.key, step=step, done=done, agency=agency, rater=rater)
    if request.GET.get("berkas") == "csv":
        return _as_csv(cases.iterator(chunk_size=500), f"{step.value}-{period.key}")
    page = Paginator(cases, PEOPLE_SHOWN).get_page(request.GET.get("halaman"))
    words = {"periode": period.key, "tahap": step.value, "keadaan": "sudah" if done else "belum", "opd": agency, "penilai": rater}
    query = urlencode({name: value for name, value in words.items() if value})
    context = {
        "page": page,
        "period": period,
        "title": STEP_WORDS[step][1 if done else 2],
        "agency": agency_name(agency) if agency else "",
        "rater": page[0].assessor if rater is not None and page.object_list else None,
        "switch": _link(period.key, step, done=not done, agency=agency, penilai=rater),
        "switch_words": STEP_WORDS[step][2 if done else 1],
        "query": f"&{query}",
        "csv": f"?{query}&berkas=csv",
        "wider": _link(period.key, step, done=done) if agency or rater else "",
    }
    return render(request, "kendali/daftar.html", context)


def _as_csv(cases: Iterator[Assessment], name: str) -> StreamingHttpResponse:
    table = Table(name=name, title="", columns=CSV_COLUMNS, rows=map(_csv_row, cases))
    answer = StreamingHttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _csv_row(case: Assessment) -> tuple[Cell, ...]:
    rater = case.assessor.name if case.assessor else ""
    return (case.employee.nip or "", case.employee.name, case.unit.full_name, rater, str(keadaan(case.state)))


@require_POST
@screen(may_remind_raters)
def remind(request: ScreenRequest) -> HttpResponse:
    period = period_asked(request.POST.get("periode", ""))
    report = remind_raters(viewer=request.viewer, period=period, agency=_agency_code(request.POST), now=request.now)
    messages.success(request, _reminded(report))
    return HttpResponseRedirect(f"/kendali/?{urlencode({'periode': period})}")


def _reminded(report: ReminderReport) -> str:
    """How many were reminded, and why not all."""
    parts = [
        ngettext("Pengingat terkirim ke %(n)s penilai.", "Pengingat terkirim ke %(n)s penilai.", report.sent) % {"n": angka(report.sent)}
    ]
    if report.already:
        text = ngettext("%(n)s penilai sudah diingatkan hari ini.", "%(n)s penilai sudah diingatkan hari ini.", report.already)
        parts.append(text % {"n": angka(report.already)})
    if report.unreachable:
        text = ngettext("%(n)s penilai belum punya akun aktif.", "%(n)s penilai belum punya akun aktif.", report.unreachable)
        parts.append(text % {"n": angka(report.unreachable)})
    return " ".join(parts)


urlpatterns = [
    path("kendali/", control, name="control-room"),
    path("kendali/daftar/", people, name="control-people"),
    path("kendali/ingatkan/", remind, name="control-remind"),
]
