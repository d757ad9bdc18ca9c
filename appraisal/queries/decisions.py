"""What waits for a decision of this person: acts of two people, reports of wrong data, disputed figures, checked imports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.models import Cycle, ProgressEntry, Recomputation
from appraisal.rules.lifecycle import OPEN_CYCLES
from bukittinggi_kinerja.common.models import ImportBatch
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.templatetags.kinerja import angka
from employees.models import WAITING_REPORTS, DataReport, ResetRequest, User
from employees.queries import managed_paths
from employees.rules.viewing import Viewer


@dataclass(frozen=True)
class Pending:
    """How many of each wait for the viewer; ``own`` are acts he began himself, which wait for somebody else."""

    requests: int = 0
    proposals: int = 0
    reports: int = 0
    disputes: int = 0
    imports: int = 0
    late_reports: int = 0
    own: int = 0

    @property
    def total(self) -> int:
        """What he may decide; his own acts are decided by others."""
        return self.requests + self.proposals + self.reports + self.disputes + self.imports


@dataclass(frozen=True)
class Decision:
    """One kind of it in words: for a line, for a sentence of its own, and where it is decided."""

    short: str
    sentence: str
    button: str
    link: str


def in_words(found: Pending) -> list[Decision]:
    """What may be decided, in the order of what harms most when it waits."""
    lines = (
        (
            found.requests,
            ngettext("%(n)s permintaan akun", "%(n)s permintaan akun", found.requests),
            ngettext(
                "%(n)s permintaan atur ulang akun menunggu Anda sebagai orang kedua.",
                "%(n)s permintaan atur ulang akun menunggu Anda sebagai orang kedua.",
                found.requests,
            ),
            _("Periksa permintaan"),
            "/akun/#tunggu",
        ),
        (
            found.proposals,
            ngettext("%(n)s usulan versi baru", "%(n)s usulan versi baru", found.proposals),
            ngettext(
                "%(n)s usulan versi baru menunggu Anda sebagai orang kedua.",
                "%(n)s usulan versi baru menunggu Anda sebagai orang kedua.",
                found.proposals,
            ),
            _("Periksa usulan"),
            "/kendali/susulan/#usulan",
        ),
        (found.reports, *_report_words(found), _("Jawab laporan"), "/laporan-data/"),
        (
            found.disputes,
            ngettext("%(n)s isian kertas dipersoalkan", "%(n)s isian kertas dipersoalkan", found.disputes),
            ngettext(
                "%(n)s isian dari formulir kertas dipersoalkan pegawainya.",
                "%(n)s isian dari formulir kertas dipersoalkan pegawainya.",
                found.disputes,
            ),
            _("Periksa isian"),
            "/kinerja/formulir/#dipersoalkan",
        ),
        (
            found.imports,
            ngettext("%(n)s impor teruji", "%(n)s impor teruji", found.imports),
            ngettext(
                "%(n)s impor Anda sudah diuji dan belum diterapkan.", "%(n)s impor Anda sudah diuji dan belum diterapkan.", found.imports
            ),
            _("Buka impor"),
            "/impor/",
        ),
    )
    return [Decision(short % {"n": angka(n)}, text % {"n": angka(n)}, button, link) for n, short, text, button, link in lines if n]


def _report_words(found: Pending) -> tuple[str, str]:
    """Beside the number those whose day is over; ``n`` is filled in by the caller."""
    short = ngettext("%(n)s laporan data", "%(n)s laporan data", found.reports)
    text = ngettext(
        "%(n)s laporan data menunggu jawaban atau pembetulan.", "%(n)s laporan data menunggu jawaban atau pembetulan.", found.reports
    )
    if found.late_reports:
        late = ngettext("%(n)s lewat batas", "%(n)s lewat batas", found.late_reports) % {"n": angka(found.late_reports)}
        short, text = f"{short} ({late})", f"{text} ({late})"
    return short, text


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """The size of a set as a column of another query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(size=Count("pk")).values("size")
    return Coalesce(Subquery(counted), 0)


def pending(viewer: Viewer, *, now: dt.datetime) -> Pending:
    """All in one query, one more for the units of a pengelola; who decides nothing costs none."""
    if viewer.user_id is None or not (viewer.is_city_hr or viewer.is_unit_hr):
        return Pending()
    managed = managed_paths(viewer)
    requests, proposals = _acts(viewer, now)
    mine = viewer.user_id
    counted = (
        number_of(requests.exclude(requested_by=mine).exclude(user=mine)),
        number_of(proposals.exclude(proposed_by=mine)),
        number_of(reports_waiting(viewer, managed)),
        number_of(disputed(managed, viewer=viewer)),
        number_of(_checked_imports(mine)),
        number_of(reports_waiting(viewer, managed).annotate(by=Coalesce("mend_by", "due_on")).filter(by__lt=local_date(now))),
        number_of(requests.filter(requested_by=mine)) + number_of(proposals.filter(proposed_by=mine)),
    )
    row = User.objects.filter(pk=mine).values_list(*counted).first()
    return Pending(*row) if row else Pending()


def _acts(viewer: Viewer, now: dt.datetime) -> tuple[QuerySet[ResetRequest], QuerySet[Recomputation]]:
    """Acts that take two of the city's HR; nobody else has part in them."""
    if not viewer.is_city_hr:
        return ResetRequest.objects.none(), Recomputation.objects.none()
    return ResetRequest.objects.waiting(now=now), Recomputation.objects.waiting(now=now)


def reports_waiting(viewer: Viewer, managed: tuple[str, ...]) -> QuerySet[DataReport]:
    """Reports that wait for an answer or for the data to be mended, where the viewer may give it: nobody his own."""
    found = DataReport.objects.visible_to(viewer, managed).filter(state__in=WAITING_REPORTS)
    return found.exclude(employee_id=viewer.employee_id) if viewer.employee_id is not None else found


def disputed(managed: tuple[str, ...], *, viewer: Viewer) -> QuerySet[ProgressEntry]:
    """Figures typed from paper in the units of a pengelola that their owners dispute, while their period is open."""
    if not managed:
        return ProgressEntry.objects.none()
    places = Q()
    for path in managed:
        places |= Q(target__indicator__plan__unit__path__startswith=path)
    periods = Cycle.objects.filter(state__in=OPEN_CYCLES).values("period")
    rows = ProgressEntry.objects.current().filter(places, disputed_at__isnull=False, target__period__in=periods)
    return rows.exclude(employee_id=viewer.employee_id or 0).order_by("disputed_at", "pk")


def _checked_imports(owner: int) -> QuerySet[ImportBatch]:
    """Files of the viewer that were checked, have something to bring, and were neither applied nor thrown away."""
    return ImportBatch.objects.filter(owner=owner, state=BatchState.CHECKED).filter(Q(new__gt=0) | Q(changed__gt=0)).exclude(file="")
