"""Importing people: read, check, compare, and - unless it is a rehearsal - write, all or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pghistory
from django.db import transaction

from bukittinggi_kinerja.common.events import record_event

from .applying import apply_plan
from .errors_file import write_errors
from .examining import examine
from .planning import Plan
from .reading import Batch, read_batch, read_lines
from .sentences import columns_of, sentence, sentences


@dataclass(frozen=True)
class Problem:
    """One refused line, or one warning; ``columns`` lists all at fault."""

    line: int
    columns: str
    text: str


@dataclass(frozen=True)
class ImportReport:
    """``applied`` is False for a rehearsal and for a file that was refused as a whole."""

    new: int
    changed: int
    same: int
    bad: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    applied: bool

    @property
    def refused(self) -> bool:
        return bool(self.bad) and not self.applied


def import_employees(
    *,
    path: Path,
    dry_run: bool,
    apply_good: bool,
    errors_out: Path | None,
    actor: int | None,
    reason: str,
    as_of: dt.date,
    now: dt.datetime,
) -> ImportReport:
    """Import a csv or xlsx of people. A bad row refuses the file unless ``apply_good``; ``dry_run`` writes nothing.

    Raises Unacceptable for a file that is no such table. ``errors_out`` gets the refused rows, also in a rehearsal.
    """
    batch = read_batch(read_lines(path), today=as_of)
    with transaction.atomic(), pghistory.context(user=actor, reason=reason):
        found = examine(batch, as_of=as_of)
        plan = found.plan
        applied = not dry_run and (apply_good or not batch.faults)
        if applied and (plan.people or plan.changed_count):
            apply_plan(plan, found.catalogue, found.chain, reason=reason, now=now)
            _remember(path, plan, batch, actor=actor, reason=reason, now=now)
    if errors_out is not None:
        write_errors(path, errors_out, batch)
    return _report(plan, batch, applied=applied)


def _remember(path: Path, plan: Plan, batch: Batch, *, actor: int | None, reason: str, now: dt.datetime) -> None:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    record_event(
        action="employees.imported",
        subject=("employees.import", digest),
        actor=actor,
        now=now,
        new={"new": len(plan.people), "changed": plan.changed_count, "same": plan.same, "refused": len(batch.faults)},
        reason=reason,
    )


def _report(plan: Plan, batch: Batch, *, applied: bool) -> ImportReport:
    problems = (Problem(line, columns_of(faults), sentences(faults)) for line, faults in sorted(batch.faults.items()))
    # A refused row is told once, by its refusal.
    warnings = (
        Problem(line, fault.column, sentence(fault))
        for line, fault in sorted(batch.warnings, key=lambda told: told[0])
        if line not in batch.faults
    )
    return ImportReport(
        new=len(plan.people),
        changed=plan.changed_count,
        same=plan.same,
        bad=len(batch.faults),
        problems=tuple(problems),
        warnings=tuple(warnings),
        applied=applied,
    )
