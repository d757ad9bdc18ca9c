"""Dry run and taking of a sheet of plans: all rows of one person are taken, or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan
from appraisal.policies import may_import_plans
from appraisal.rules.drafts import ResultDraft
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow
from bukittinggi_kinerja.common.events import record_event
from employees.rules.cells import Cell
from employees.rules.viewing import Viewer

from .changes import Change, changes_of, merged, months_fit, results_of
from .people import Known, know
from .reading import PlanLine, read_line
from .writing import write

NEW, CHANGED, SAME, BAD = "BARU", "BERUBAH", "SAMA", "SALAH"


@dataclass
class LineOutcome:
    """What became, or would become, of one line. ``faults`` are (column, sentence)."""

    line: int
    state: str
    label: str
    changes: Sequence[Change] = ()
    faults: Sequence[tuple[str, str]] = ()
    warnings: Sequence[str] = ()


@dataclass
class ImportReport:
    """``written`` holds (model, pk, before, after) of every plan that was taken; empty for a dry run."""

    lines: list[LineOutcome] = field(default_factory=list)
    applied: bool = False
    written: list[tuple[type[PerformancePlan], int, Any, Any]] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(1 for line in self.lines if line.state == state)


@dataclass
class _Person:
    lines: list[PlanLine]
    results: list[ResultDraft] = field(default_factory=list)
    stored: list[ResultDraft] | None = None
    refusal: str = ""

    @property
    def good(self) -> bool:
        return not self.refusal and not any(line.faults for line in self.lines)


def import_plans(
    rows: Iterable[tuple[int, Mapping[str, Cell]]], *, viewer: Viewer, year: int, now: dt.datetime, apply: bool, good_only: bool = False
) -> ImportReport:
    """Read lines (number, cells by column) and, with ``apply``, write drafts of the year; a second time nothing changes.

    With one bad line nothing is written, unless ``good_only``: then people without a bad line are. An agreed or submitted
    plan is never touched. Raises NotAllowed, and NotNow for another year than this or the next.
    """
    if not may_import_plans(viewer):
        raise NotAllowed(_("SKP diimpor oleh pengelola OPD atau BKPSDM."))
    if year not in {viewer.on.year, viewer.on.year + 1}:
        raise NotNow(_("SKP diimpor untuk tahun ini atau tahun depan."))
    lines = [read_line(cells, line=line, year=year) for line, cells in rows]
    if not apply:
        return _told(lines, *_judged(lines, viewer, year, lock=False))
    with transaction.atomic():
        known, people = _judged(lines, viewer, year, lock=True)
        report = _told(lines, known, people)
        if good_only or not report.count(BAD):
            _take(report, known, people, viewer, year, now)
    return report


def _judged(lines: Sequence[PlanLine], viewer: Viewer, year: int, *, lock: bool) -> tuple[Known, dict[str, _Person]]:
    people: dict[str, _Person] = {}
    for line in lines:
        people.setdefault(line.nip, _Person([])).lines.append(line)
    known = know([nip for nip in people if nip], year=year, today=viewer.on, lock=lock)
    for nip, person in people.items():
        if not nip:
            continue
        person.refusal = known.refusal(viewer, nip)
        if person.refusal:
            continue
        post = known.posts[nip]
        signed = known.signed.get(known.leader_of(post) or 0, {})
        person.results = results_of(person.lines, signed)
        months_fit(person.lines, known.book.open_periods(post.position.group_id, known.book.days_of(post)))
        draft = known.draft_of(post)
        if draft is not None:
            person.stored = known.drafts[draft.pk]
            person.results = merged(person.results, person.stored)
        person.refusal = known.missing_support(post, person.results)
    return known, people


def _told(lines: Sequence[PlanLine], known: Known, people: Mapping[str, _Person]) -> ImportReport:
    report = ImportReport()
    for line in lines:
        person = people[line.nip]
        post = known.posts.get(line.nip)
        shown = post is not None and not person.refusal
        label = f"{post.employee.name}: {line.title}" if shown and post else line.title
        faults = [*line.faults, *([("nip", person.refusal)] if person.refusal and not line.faults else [])]
        if faults or not person.good:
            first = next((one.line for one in person.lines if one.faults), line.line)
            told = faults or [("nip", _("Baris %(baris)s pegawai ini salah, jadi semua barisnya ditolak.") % {"baris": first})]
            report.lines.append(LineOutcome(line.line, BAD, label, faults=told, warnings=line.warnings))
            continue
        changes = changes_of(line, person.results, person.stored)
        new = not changes.known
        state = NEW if new else CHANGED if changes.fields or changes.reordered else SAME
        report.lines.append(LineOutcome(line.line, state, label, changes=changes.fields, warnings=line.warnings))
    return report


def _take(report: ImportReport, known: Known, people: Mapping[str, _Person], viewer: Viewer, year: int, now: dt.datetime) -> None:
    """Write what differs; a person whose draft says the same already is left alone."""
    wanted = [
        (known.posts[nip], person.results) for nip, person in people.items() if nip and person.good and person.results != person.stored
    ]
    report.applied = True
    if not wanted:
        return
    report.written = write(wanted, known)
    record_event(
        action="appraisal.plans.imported",
        subject=("appraisal.performanceplan", str(year)),
        actor=viewer.user_id,
        now=now,
        new={"year": year, "lines": len(report.lines), "plans": [pk for _model, pk, _before, _after in report.written]},
    )
