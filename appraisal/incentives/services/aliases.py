"""Whose account is whose. Settling one credits its person: in open periods at once, closed ones are listed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from appraisal.incentives.models import AccountAlias, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.policies import require_keeper
from appraisal.services.measured import Difference
from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import Employee
from employees.rules.viewing import Viewer

from .case_book import Aliases
from .measuring import feed_periods_of
from .refolding import kept_source


@dataclass(frozen=True)
class AliasReport:
    """How many steps and cases changed hands, and what closed periods would say today."""

    alias: AccountAlias
    steps: int
    cases: int
    differences: tuple[Difference, ...]


@transaction.atomic
def settle_alias(
    *,
    viewer: Viewer,
    source_id: int,
    account: str,
    employee_id: int,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
    reason: str,
    now: dt.datetime,
) -> AliasReport:
    """Tie an account to a person for the days ``[valid_from, valid_to)``; None is open.

    Raises NotAllowed (also for one's own account), NotVisible for a source or a person of others, Unacceptable where the
    account has another person on such a day.
    """
    require_keeper(viewer, credited=[employee_id])
    if not Employee.objects.visible_to(viewer).filter(pk=employee_id).exists():
        raise NotVisible(_("Pegawai ini tidak ada, atau bukan untuk Anda."))
    source = kept_source(viewer, source_id)
    if not reason.strip() or not account.strip():
        raise Unacceptable(_("Isi akun dan dasar penghubungannya."))
    with refused_by_constraint(AccountAlias):
        alias = AccountAlias.objects.create(
            source=source,
            account=account.strip(),
            employee_id=employee_id,
            valid=DateRange(valid_from, valid_to),
            reason=reason.strip(),
        )
    return _credit_again(source, alias, action="incentives.alias.settled", viewer=viewer, reason=reason.strip(), now=now)


@transaction.atomic
def end_alias(*, viewer: Viewer, alias_id: int, on: dt.date, reason: str, now: dt.datetime) -> AliasReport:
    """The account belongs to somebody else from ``on``; steps of earlier days stay with its person."""
    alias = AccountAlias.objects.filter(pk=alias_id).first()
    if alias is None:
        raise NotVisible(_("Alias ini tidak ada."))
    require_keeper(viewer, credited=[alias.employee_id])
    source = kept_source(viewer, alias.source_id)
    alias.refresh_from_db()
    lower, upper = alias.valid.lower, alias.valid.upper
    if (lower is not None and on <= lower) or (upper is not None and on >= upper):
        raise Unacceptable(_("Tanggal akhir harus di dalam masa berlaku alias."))
    alias.valid = DateRange(lower, on)
    alias.save(update_fields=["valid"])
    return _credit_again(source, alias, action="incentives.alias.ended", viewer=viewer, reason=reason.strip(), now=now)


def _credit_again(source: EventSource, alias: AccountAlias, *, action: str, viewer: Viewer, reason: str, now: dt.datetime) -> AliasReport:
    steps, step_ends = _steps_again(source, alias)
    cases, case_ends = _cases_again(source, alias, now)
    record_event(
        action=action,
        subject=alias,
        actor=viewer.user_id,
        now=now,
        new={"account": alias.account, "employee": alias.employee_id, "steps": steps, "cases": cases},
        reason=reason,
    )
    return AliasReport(alias, steps, cases, feed_periods_of([*step_ends, *case_ends], now=now))


def _steps_again(source: EventSource, alias: AccountAlias) -> tuple[int, list[dt.datetime | None]]:
    """Tie each step of the account to the person of its day; the ends of the cases concerned."""
    aliases = Aliases.of(source)
    changed = []
    for step in ServiceEvent.objects.current().filter(source=source, account=alias.account).select_related("case"):
        person = aliases.person(step.account, step.at)
        if step.officer_id != person:
            step.officer_id = person
            changed.append(step)
    ServiceEvent.objects.bulk_update(changed, ["officer"], batch_size=1000)
    return len(changed), [step.case.finished_at for step in changed]


def _cases_again(source: EventSource, alias: AccountAlias, now: dt.datetime) -> tuple[int, list[dt.datetime | None]]:
    """The same for the cases whose responsible account it is: the day is the one it ended, else of its last step."""
    aliases = Aliases.of(source)
    changed = []
    standing = Q(events__is_current=True, events__cancelled=False)
    of_account = ServiceCase.objects.filter(source=source, responsible_account=alias.account)
    for case in of_account.annotate(last_step_at=Max("events__at", filter=standing)):
        person = aliases.person(case.responsible_account, case.finished_at or case.last_step_at)
        if case.responsible_id != person:
            case.responsible_id = person
            case.version += 1
            case.updated_at = now
            changed.append(case)
    ServiceCase.objects.bulk_update(changed, ["responsible", "version", "updated_at"], batch_size=1000)
    return len(changed), [case.finished_at for case in changed]
