"""Dry run and taking of a sheet of plans: all rows of one person are taken, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from appraisal.policies import may_import_plans
from appraisal.rules.drafts import ResultDraft
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow
from bukittinggi_kinerja.common.importing import Remark, RowOutcome, RowState, SourceRow, Written
from employees.rules.viewing import Viewer

from .changes import changes_of, merged, months_fit, results_of
from .people import Known, know
from .reading import PlanLine, read_line
from .writing import write


@dataclass
class PlanReport:
    """One outcome a line, in the order of the file; ``writes`` only when something was taken."""

    rows: list[RowOutcome] = field(default_factory=list)
    writes: list[Written] = field(default_factory=list)
    applied: bool = False

    def count(self, state: RowState) -> int:
        return sum(1 for row in self.rows if row.state == state)


@dataclass
class _Person:
    lines: list[PlanLine]
    results: list[ResultDraft] = field(default_factory=list)
    stored: list[ResultDraft] | None = None
    refusal: str = ""

    @property
    def good(self) -> bool:
        return not self.refusal and not any(line.faults for line in self.lines)


def import_plans(rows: Iterable[SourceRow], *, viewer: Viewer, year: int, apply: bool, good_only: bool = False) -> PlanReport:
    """Judge the lines and, with ``apply``, write drafts of the year in the caller's transaction; a second time nothing changes.

    With one bad line nothing is written, unless ``good_only``: then people without a bad line are. A submitted or agreed
    plan is never touched. The caller records the event. Raises NotAllowed, and NotNow for another year than this or the next.
    """
    if not may_import_plans(viewer):
        raise NotAllowed(_("SKP diimpor oleh pengelola OPD atau BKPSDM."))
    if year not in {viewer.on.year, viewer.on.year + 1}:
        raise NotNow(_("SKP diimpor untuk tahun ini atau tahun depan."))
    lines = [read_line(row, year=year) for row in rows]
    people: dict[str, _Person] = {}
    for line in lines:
        people.setdefault(line.nip, _Person([])).lines.append(line)
    known = know([nip for nip in people if nip], year=year, today=viewer.on, lock=apply)
    for nip, person in people.items():
        if nip:
            _judge(person, nip, known, viewer)
    report = PlanReport([_outcome(line, people[line.nip], known) for line in lines])
    if apply and (good_only or not report.count(RowState.BAD)):
        report.applied = True
        wanted = [(known.posts[nip], p.results, p.lines[0].line) for nip, p in people.items() if nip and p.good and p.results != p.stored]
        report.writes = write(wanted, known)
    return report


def _judge(person: _Person, nip: str, known: Known, viewer: Viewer) -> None:
    person.refusal = known.refusal(viewer, nip)
    if person.refusal:
        return
    post = known.posts[nip]
    person.results = results_of(person.lines, known.signed.get(known.leader_of(post) or 0, {}))
    months_fit(person.lines, known.book.open_periods(post.position.group_id, known.book.days_of(post)))
    draft = known.draft_of(post)
    if draft is not None:
        person.stored = known.drafts[draft.pk]
        person.results = merged(person.results, person.stored)
    person.refusal = known.missing_support(post, person.results)


def _outcome(line: PlanLine, person: _Person, known: Known) -> RowOutcome:
    post = known.posts.get(line.nip)
    label = f"{post.employee.name}: {line.title}" if post is not None and not person.refusal else line.title
    warnings = tuple(Remark(column, text) for column, text in line.warnings)
    faults = [Remark(column, text) for column, text in line.faults]
    if not faults and person.refusal:
        faults = [Remark("nip", person.refusal)]
    if not faults and not person.good:
        first = next(one.line for one in person.lines if one.faults)
        faults = [Remark("", _("Baris %(baris)s pegawai ini salah, jadi semua barisnya ditolak.") % {"baris": first})]
    if faults:
        return RowOutcome(line.line, RowState.BAD, label, faults=tuple(faults), warnings=warnings)
    found = changes_of(line, person.results, person.stored)
    state = RowState.NEW if not found.known else RowState.CHANGED if found.fields or found.reworded else RowState.SAME
    return RowOutcome(line.line, state, label, changes=found.fields, warnings=warnings)
