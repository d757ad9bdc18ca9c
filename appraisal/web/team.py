"""The team grid: one page for a rater's people, saved by keys as he types or by its button."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from appraisal.queries.late import late_cases, late_periods
from appraisal.queries.team import Ratee, Team, team_of
from appraisal.rules.anchors import ASPECT_BY_KEY
from appraisal.rules.judging import looks_uniform
from appraisal.services.grid import SAVED, RowChange, RowOutcome, save_rows
from appraisal.services.rating import finish_ratings, period_is_over
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.templatetags.kinerja import jam, periode_nama
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .fragments import refusals_as_json
from .grid_page import grid_context
from .phrases import advice_lines, aspect_view, gap_sentences, listed, predicate_mark

MARKS = {"": None, "1": 1, "2": 2, "3": 3}
ROWS_AT_ONCE = 200
PARTLY = 207


def _team(request: ScreenRequest, period: str | None) -> Team:
    """The viewer's team; a person who rates nobody, and waits for nobody's late rating, has no such screen."""
    by_name, unknown = request.GET.get("urut") == "nama", False
    try:
        team = team_of(request.viewer, period=period or None, now=request.now, by_name=by_name)
    except ValueError:
        team, unknown = team_of(request.viewer, period=None, now=request.now, by_name=by_name), True
    if not team.ratees and not team.cycles and not request.viewer.is_rater and not late_periods(request.viewer):
        raise NotAllowed(_("Layar ini untuk pejabat penilai."))
    if unknown:
        raise Unacceptable(_("Periode ini tidak dikenal."))
    return team


@screen()
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: ScreenRequest) -> HttpResponseBase:
    """/tim/ and, for one aspect with its anchors in full, /tim/?aspek=ak."""
    if request.method == "POST":
        return _save_whole_grid(request)
    return _page(request, _team(request, request.GET.get("periode")))


def _page(request: ScreenRequest, team: Team, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> HttpResponse:
    aspect = ASPECT_BY_KEY.get(request.GET.get("aspek", ""))
    context = grid_context(
        team, aspect=aspect, typed=typed or {}, errors=errors or {}, now=request.now, by_name=request.GET.get("urut") == "nama"
    )
    late = late_periods(request.viewer)
    shown = team.period.key if team.period else ""
    names = late_cases(request.viewer, shown) if any(one.period == shown for one in late) else []
    context |= {"late": late, "late_cases": names}
    name = "tim/aspek.html" if aspect and team.ratees and team.is_open else "tim/kisi.html"
    return render(request, name, context, status=400 if errors else 200)


def _save_whole_grid(request: ScreenRequest) -> HttpResponseBase:
    """Without a script: every cell that differs from what is stored, each row with the revision the page showed."""
    team = _team(request, request.POST.get("periode"))
    typed = {name: str(value).strip() for name, value in request.POST.items() if name.startswith("n-")}
    errors = {name: _("Isi 1, 2, atau 3.") for name, value in typed.items() if value not in MARKS}
    if errors:
        return _page(request, team, typed=typed, errors=errors)
    changes = [change for row in team.editable if (change := _changed(row, typed, request.POST))]
    refused = [o for o in save_rows(viewer=request.viewer, rows=changes, now=request.now) if o.status != SAVED]
    if differing := _row_errors(refused, changes):
        return _page(request, _team(request, request.POST.get("periode")), typed={}, errors=differing)
    messages.success(request, _("Tersimpan %(jam)s.") % {"jam": jam(request.now)})
    return HttpResponseRedirect(_next_page(request, team))


def _changed(row: Ratee, typed: dict[str, str], posted: Any) -> RowChange | None:
    """The cells he touched: those that differ from what his page showed him, which may be older than what is stored."""
    was = dict(part.partition("=")[::2] for part in str(posted.get(f"w-{row.case.pk}", "")).split())
    changes = {
        aspect.key: MARKS[typed[name]]
        for aspect in row.aspects
        if (name := f"n-{row.case.pk}-{aspect.key}") in typed
        and MARKS[typed[name]] != MARKS.get(was.get(aspect.key, "?"), row.mark(aspect))
    }
    return RowChange(row.case.pk, changes, whole_number(posted.get(f"r-{row.case.pk}")) or 0) if changes else None


def _row_errors(refused: list[RowOutcome], changes: list[RowChange]) -> dict[str, str]:
    """Each refused cell with its sentence, which shows the value that was typed; one that already stands needs none."""
    sent = {change.assessment_id: change.changes for change in changes}
    found = {}
    for outcome in refused:
        stands = {a.key: outcome.standing.mark(a) for a in outcome.standing.aspects} if outcome.is_stale and outcome.standing else {}
        for key, value in sent[outcome.assessment_id].items():
            if key in stands and stands[key] == value:
                continue
            shown = _("Isian Anda: %(nilai)s.") % {"nilai": value or _("kosong")} if outcome.is_stale else ""
            found[f"n-{outcome.assessment_id}-{key}"] = f"{outcome.message} {shown}".strip()
    return found


def _next_page(request: HttpRequest, team: Team) -> str:
    where = "/tim/periksa/" if "periksa" in request.POST else "/tim/"
    query = f"?periode={team.period.key}" if team.period else ""
    wanted = request.POST.get("lalu", "")
    return f"{where}{query}&aspek={wanted}" if wanted in ASPECT_BY_KEY and where == "/tim/" else f"{where}{query}"


@screen()
@require_http_methods(["PATCH"])
@refusals_as_json
def save_marks(request: ScreenRequest) -> HttpResponse:
    """``{rows: [{assessment, changes, revision}]}`` or one such row by itself; the answer tells how each row stands."""
    outcomes = save_rows(viewer=request.viewer, rows=_rows_of(request.body), now=request.now)
    statuses = {outcome.status for outcome in outcomes}
    status = statuses.pop() if len(statuses) == 1 else PARTLY
    detail = next((o.message for o in outcomes if o.message), "")
    return JsonResponse({"detail": detail, "rows": [_row_answer(outcome) for outcome in outcomes]}, status=status)


def _rows_of(body: bytes) -> list[RowChange]:
    """Raises Unacceptable for anything but the agreed shape."""
    try:
        sent = json.loads(body)
        rows = sent.get("rows", [sent])
        found = [RowChange(_number(row["assessment"]), _marks(row["changes"]), _number(row["revision"])) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unacceptable(_("Isian ini tidak terbaca.")) from None
    if not found or len(found) > ROWS_AT_ONCE:
        raise Unacceptable(_("Isian ini tidak terbaca."))
    return found


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _marks(changes: object) -> dict[str, int | None]:
    """A value is a number or a text, never a list or an object: whether it is a mark is asked of the service."""
    if not isinstance(changes, dict) or not changes or any(not isinstance(v, int | str | None) for v in changes.values()):
        raise TypeError(changes)
    return changes


def _row_answer(outcome: RowOutcome) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "assessment": outcome.assessment_id,
        "status": outcome.status,
        "message": outcome.message,
        "stale": outcome.is_stale,
    }
    return {**answer, **standing_answer(outcome.standing)} if outcome.standing else answer


def standing_answer(row: Ratee) -> dict[str, Any]:
    """How a row stands now, for the grid's script."""
    case = row.case
    return {
        "revision": case.revision,
        "marks": {aspect.key: row.mark(aspect) for aspect in row.aspects},
        "examples": sorted(row.examples),
        "advice": advice_lines(row),
        "predicate": predicate_mark(row.predicate),
        "by": case.rated_by.name if case.rated_by else "",
        "at": jam(case.updated_at),
    }


@screen()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ScreenRequest) -> HttpResponseBase:
    """The page before sending: what is complete, what is missing, what deserves a second look."""
    if request.method == "POST":
        return _send(request)
    return _check_page(request, _team(request, request.GET.get("periode")))


def _check_page(request: ScreenRequest, team: Team, *, refused: Mapping[int, str] | None = None) -> HttpResponse:
    if team.cycle is None:
        raise NotVisible(_("Belum ada penilaian pada periode ini."))
    rows = [_check_row(row, request.now, (refused or {}).get(row.case.pk, "")) for row in team.editable]
    context = {
        "team": team,
        "rows": rows,
        "ready": sum(row["ready"] for row in rows),
        "may_send": team.is_open and period_is_over(team.cycle, request.now),
        "sent": sum(row["sent"] for row in rows),
        "prompts": listed([_(aspect.name) for aspect in team.aspects if looks_uniform([row.mark(aspect) for row in team.editable])]),
        "aspects": [aspect_view(aspect) for aspect in team.aspects],
    }
    return render(request, "tim/periksa.html", context, status=400 if refused else 200)


def _check_row(row: Ratee, now: dt.datetime, refused: str) -> dict[str, Any]:
    """``refused`` is why sending did not take it; it is shown where the row itself has nothing to say."""
    missing = gap_sentences(row) or ([refused] if refused else [])
    sent = row.case.state == "DINILAI"
    return {
        "case": row.case,
        "marks": [(_(aspect.name), row.mark(aspect)) for aspect in row.aspects],
        "missing": missing,
        "ready": not missing and not sent and row.is_open_at(now) and period_is_over(row.case.cycle, now),
        "sent": sent,
        "predicate": predicate_mark(row.predicate),
    }


def _send(request: ScreenRequest) -> HttpResponse:
    chosen = [number for value in request.POST.getlist("id") if (number := whole_number(value)) is not None]
    team = _team(request, request.POST.get("periode"))
    period = team.period.key if team.period else ""
    if not chosen:
        messages.warning(request, _("Pilih paling sedikit satu pegawai untuk dikirim."))
        return HttpResponseRedirect(f"/tim/periksa/?periode={period}")
    report = finish_ratings(viewer=request.viewer, assessment_ids=chosen, now=request.now)
    if report.finished:
        words = ngettext("%(n)s penilaian %(periode)s terkirim.", "%(n)s penilaian %(periode)s terkirim.", len(report.finished))
        messages.success(request, words % {"n": len(report.finished), "periode": periode_nama(period)})
    if not report.refused:
        return HttpResponseRedirect(f"/tim/periksa/?periode={period}")
    words = ngettext("%(n)s penilaian belum dapat dikirim.", "%(n)s penilaian belum dapat dikirim.", len(report.refused))
    messages.warning(request, " ".join([words % {"n": len(report.refused)}, _("Lihat yang masih kurang di bawah.")]))
    return _check_page(request, _team(request, period), refused=dict(report.refused))


urlpatterns = [
    path("tim/", grid, name="team"),
    path("tim/nilai/", save_marks, name="team-marks"),
    path("tim/periksa/", check, name="team-check"),
]
