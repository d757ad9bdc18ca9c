"""What every case of a source is read by, loaded once: types, standards, calendar and whose account is whose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from appraisal.incentives.models import AccountAlias, EventSource, ServiceCase, ServiceStandard, ServiceType
from appraisal.incentives.rules.cases import CaseFacts, CaseFigures, measure
from appraisal.incentives.rules.clock import Standard
from appraisal.incentives.rules.mapping import ClockWords
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.workdays import WorkingCalendar

from .reference import DEFAULT_TYPE

#: Fields of a case that follow from its steps.
CASE_FIELDS = (
    "service_type_id", "state", "accepted_at", "due_at", "finished_at", "paused_since", "net_working_days",
    "standard_days", "on_time", "responsible_account", "responsible_id",
)  # fmt: skip
Dated = list[tuple[dt.date | None, dt.date | None, Any]]


@dataclass(frozen=True)
class Aliases:
    """Account -> person by day. An account without a row in force credits nobody."""

    people: Mapping[str, Dated] = field(default_factory=dict)

    @classmethod
    def of(cls, source: EventSource | None) -> Aliases:
        people: dict[str, Dated] = {}
        rows = AccountAlias.objects.filter(source=source).values_list("account", "valid", "employee_id") if source else []
        for account, valid, employee in rows:
            people.setdefault(account, []).append((valid.lower, valid.upper, employee))
        return cls(people)

    def person(self, account: str, at: dt.datetime) -> int | None:
        person: int | None = _in_force(self.people.get(account, []), local_date(at))
        return person


@dataclass(frozen=True)
class CaseBook:
    words: ClockWords
    calendar: WorkingCalendar
    aliases: Aliases
    types: Mapping[str, int]
    standards: Mapping[int, Dated]
    renamed: Mapping[str, str]

    @classmethod
    def load(cls, source: EventSource | None, *, mapping: Mapping[str, Any]) -> CaseBook:
        """``mapping`` as stored with a source. Raises NotNow where the reference data are missing."""
        types: dict[str, int] = {}
        for identity, code, name in ServiceType.objects.values_list("id", "code", "name"):
            types |= {code.casefold(): identity}
            types.setdefault(name.casefold(), identity)
        if DEFAULT_TYPE.casefold() not in types:
            raise NotNow(_("Jenis layanan belum dimuat. Jalankan load_reference lebih dahulu."))
        standards: dict[int, Dated] = {}
        for row in ServiceStandard.objects.filter(draft=False):
            standards.setdefault(row.service_type_id, []).append((row.valid.lower, row.valid.upper, Standard(row.workdays, row.cut_off)))
        return cls(
            words=ClockWords.of_lists(mapping.get("clock", {})),
            calendar=working_calendar(),
            aliases=Aliases.of(source),
            types=types,
            standards=standards,
            renamed=mapping.get("service_types", {}),
        )

    def type_of(self, name: str) -> int | None:
        """The type a log means by a code or a name; None for an unknown word, the default for none."""
        word = self.renamed.get(name, name) or DEFAULT_TYPE
        return self.types.get(word.casefold())

    def standard(self, type_id: int, facts: CaseFacts) -> Standard | None:
        """The standard in force on the day of acceptance."""
        found: Standard | None = _in_force(self.standards.get(type_id, []), local_date(facts.accepted))
        return found

    def figures(self, facts: CaseFacts) -> tuple[int, Standard | None, CaseFigures]:
        type_id = self.type_of(facts.service_type) or self.types[DEFAULT_TYPE.casefold()]
        standard = self.standard(type_id, facts)
        return type_id, standard, measure(facts, standard=standard, calendar=self.calendar)

    def fields(self, facts: CaseFacts) -> dict[str, Any]:
        """The values of ``CASE_FIELDS`` that follow from the steps."""
        type_id, standard, figures = self.figures(facts)
        return {
            "service_type_id": type_id,
            "state": facts.state.value,
            "accepted_at": facts.accepted,
            "due_at": figures.due_at,
            "finished_at": facts.ended,
            "paused_since": facts.paused_since,
            "net_working_days": figures.net_days,
            "standard_days": standard.workdays if standard else None,
            "on_time": figures.on_time,
            **self.responsible(facts),
        }

    def responsible(self, facts: CaseFacts) -> dict[str, Any]:
        """Who answers for the case: the person of its account on the day it ended, else of its last step."""
        person = self.aliases.person(facts.responsible, facts.last_at) if facts.responsible else None
        return {"responsible_account": facts.responsible, "responsible_id": person}


def apply_fields(case: ServiceCase, fields: Mapping[str, Any], now: dt.datetime) -> bool:
    """Set what differs; True, with a new version number, when anything did."""
    changed = {name: value for name, value in fields.items() if getattr(case, name) != value}
    for name, value in changed.items():
        setattr(case, name, value)
    if changed:
        case.version += 1
        case.updated_at = now
    return bool(changed)


def store_changed(cases: list[ServiceCase]) -> None:
    names = [name.removesuffix("_id") for name in CASE_FIELDS]
    ServiceCase.objects.bulk_update(cases, [*names, "version", "updated_at"], batch_size=1000)


def _in_force(rows: Dated, day: dt.date) -> Any:
    return next((value for low, high, value in rows if (low is None or low <= day) and (high is None or day < high)), None)
