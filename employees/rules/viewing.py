"""Who looks: a viewer is a user reduced to what rights are decided on. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles given by assignment; rater and head of unit follow from postings instead."""

    CITY_HR = "BKPSDM"
    UNIT_HR = "PENGELOLA"
    LEADER = "PIMPINAN"
    AUDITOR = "INSPEKTORAT"


class Scope(StrEnum):
    READ_PEOPLE = "read:people"
    READ_REPORTS = "read:reports"
    WRITE_PROGRESS = "write:progress"
    WRITE_EVENTS = "write:events"
    ADMIN = "admin"


@dataclass(frozen=True)
class Viewer:
    """``on`` is the day whose postings count; ``rates`` are employee ids, acting mandates included.

    ``unit_paths`` are the subtrees read as head or as pengelola, those of the units they came from included;
    ``headed_paths`` those led today, ``managed_paths`` those whose records he keeps as pengelola.
    """

    user_id: int | None
    employee_id: int | None
    on: dt.date
    roles: frozenset[Role] = frozenset()
    rates: frozenset[int] = frozenset()
    principals: frozenset[int] = frozenset()
    unit_paths: tuple[str, ...] = ()
    headed_paths: tuple[str, ...] = ()
    managed_paths: tuple[str, ...] = ()

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def sees_all_people(self) -> bool:
        return bool(self.roles & {Role.CITY_HR, Role.AUDITOR})

    @property
    def sees_all_aggregates(self) -> bool:
        return bool(self.roles & {Role.CITY_HR, Role.AUDITOR, Role.LEADER})

    @property
    def is_rater(self) -> bool:
        return bool(self.rates)

    @property
    def is_city_hr(self) -> bool:
        return Role.CITY_HR in self.roles

    @property
    def is_unit_hr(self) -> bool:
        return Role.UNIT_HR in self.roles


NOBODY = Viewer(user_id=None, employee_id=None, on=dt.date.min)
