"""The service board: open cases by state with what is left of their time, and the story of one case."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from appraisal.incentives.models.cases import CaseState
from appraisal.incentives.policies import get_case, may_keep_source, may_open_board
from appraisal.incentives.queries.board import FINISHED, OPEN, Card, Column, board, card_of
from appraisal.incentives.queries.cases import TimelineStep, timeline
from appraisal.incentives.queries.times import service_times
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.period import Period, PeriodKind, local_date
from bukittinggi_kinerja.common.templatetags.kinerja import angka, tanggal
from bukittinggi_kinerja.common.web import ScreenRequest, screen

CARDS_IN_COLUMN = 8
CARDS_ON_PAGE = 30
FINISHED_DAYS = 30
#: Nobody turns so many pages; beyond it the database could not count the cards to skip.
LAST_PAGE = 1_000_000
#: So few working days left that somebody should look today.
SOON = 1
STATE_WORDS = dict(CaseState.choices)
CLOCK_WORDS = {
    "accept": gettext_lazy("Waktu mulai"),
    "stop": gettext_lazy("Waktu berhenti"),
    "resume": gettext_lazy("Waktu berjalan lagi"),
    "finish": gettext_lazy("Selesai"),
    "refuse": gettext_lazy("Ditolak"),
    "withdraw": gettext_lazy("Ditarik pemohon"),
}


@require_safe
@screen(may_open_board)
def service_board(request: ScreenRequest) -> HttpResponse:
    """/izin/, or with ?keadaan=DIPROSES one state page by page."""
    wanted = request.GET.get("keadaan", "")
    if wanted and wanted not in STATE_WORDS:
        raise Unacceptable(_("Keadaan berkas ini tidak dikenal."))
    page = min(max(1, whole_number(request.GET.get("halaman")) or 1), LAST_PAGE)
    columns = board(
        request.viewer,
        now=request.now,
        finished_since=request.now - dt.timedelta(days=FINISHED_DAYS),
        first=(page - 1) * CARDS_ON_PAGE if wanted else 0,
        limit=CARDS_ON_PAGE if wanted else CARDS_IN_COLUMN,
    )
    context = {
        "columns": [_column(column) for column in columns],
        "open": [_column(column, cards=True) for column in columns if column.state in OPEN],
        "only": next((_column(column, cards=True) for column in columns if column.state == wanted), None),
        "wanted": wanted,
        "page": _pages(next((column.total for column in columns if column.state == wanted), 0), page),
        "days": FINISHED_DAYS,
        **_month(request.now),
    }
    return render(request, "izin/papan.html", context)


def _month(now: dt.datetime) -> dict[str, Any]:
    period = Period.containing(local_date(now), PeriodKind.MONTH)
    return {"period": period, "times": service_times(period=period).total}


def _pages(total: int, page: int) -> dict[str, Any]:
    count = -(-total // CARDS_ON_PAGE) or 1
    return {"number": page, "count": count, "before": page - 1 if page > 1 else 0, "after": page + 1 if page < count else 0}


def _column(column: Column, *, cards: bool = False) -> dict[str, Any]:
    return {
        "state": column.state,
        "name": STATE_WORDS[column.state],
        "total": column.total,
        "late": column.late,
        "finished": column.state in FINISHED,
        "cards": [_card(card) for card in column.cards] if cards else [],
        "more": column.total - len(column.cards),
    }


def _card(card: Card) -> dict[str, Any]:
    used = card.standard_days - card.days_left if card.standard_days and card.days_left is not None else None
    soon = card.days_left is not None and card.days_left <= SOON and not card.late and card.state != CaseState.PAUSED
    return {
        "card": card,
        "time": time_words(card),
        "share": Decimal(100 * used) / card.standard_days if used is not None and card.standard_days else None,
        "kind": 2 if card.late else 3 if soon else "",
        "tone": "telat" if card.late else "dekat" if soon else "jeda" if card.state == CaseState.PAUSED else "",
    }


def time_words(card: Card) -> str:
    """What is left of the time, or by how much it is over; a standing clock says since when."""
    if card.finished_at is not None:
        return _finished_words(card)
    if card.state == CaseState.PAUSED and card.paused_since is not None:
        return _("Waktu berhenti sejak %(hari)s: menunggu pemohon") % {"hari": tanggal(card.paused_since)}
    if card.days_left is None:
        return _("Batas waktu belum diketahui")
    if card.late:
        over = max(1, -card.days_left)
        return ngettext("Terlambat %(n)s hari kerja", "Terlambat %(n)s hari kerja", over) % {"n": angka(over)}
    if card.standard_days:
        text = ngettext("Sisa %(n)s hari kerja dari %(standar)s", "Sisa %(n)s hari kerja dari %(standar)s", card.days_left)
        return text % {"n": angka(card.days_left), "standar": angka(card.standard_days)}
    return ngettext("Sisa %(n)s hari kerja", "Sisa %(n)s hari kerja", card.days_left) % {"n": angka(card.days_left)}


def _finished_words(card: Card) -> str:
    if card.net_days is None:
        return _("Selesai %(hari)s") % {"hari": tanggal(card.finished_at)}
    words = {"hari": tanggal(card.finished_at), "n": angka(card.net_days)}
    return ngettext("Selesai %(hari)s dalam %(n)s hari kerja", "Selesai %(hari)s dalam %(n)s hari kerja", card.net_days) % words


@require_safe
@screen(may_open_board)
def service_case(request: ScreenRequest, case_id: int) -> HttpResponse:
    """/izin/<id>/: where the case stands, and every step that brought it there."""
    case = get_case(request.viewer, case_id)
    names_accounts = request.viewer.sees_all_people or may_keep_source(request.viewer, case.source)
    context = {
        "case": case,
        **_card(card_of(request.viewer, case, now=request.now)),
        "steps": [_step(step, names_accounts) for step in timeline(request.viewer, case)],
    }
    return render(request, "izin/berkas.html", context)


def _step(step: TimelineStep, names_accounts: bool) -> dict[str, Any]:
    who = step.officer or (_("akun %(akun)s") % {"akun": step.account} if step.account and names_accounts else "")
    return {"step": step, "who": who, "clock": CLOCK_WORDS.get(step.moves, "")}


urlpatterns = [
    path("izin/", service_board, name="service-board"),
    path("izin/<int:case_id>/", service_case, name="service-case"),
]
