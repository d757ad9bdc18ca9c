"""What all registers share: rows that are never rewritten.

A row ends (its last day becomes known), or it is voided and another takes its place; both stay readable. The facts of a row are
written once, held by triggers of the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import written_once
from employees.rules.registers import Register

from .people import Employee

STANDING = models.Q(voided_at=None)
NUMBERS = 120


class RecordQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Rows that count: not taken back, not replaced."""
        return self.filter(STANDING)

    def in_force(self, *, on: dt.date) -> Self:
        return self.standing().filter(valid__contains=on)

    def overlapping(self, start: dt.date, end: dt.date) -> Self:
        """Rows that count on some day of ``[start, end)``."""
        return self.standing().filter(valid__overlap=(start, end))

    def of_people(self, employee_ids: Collection[int]) -> Self:
        return self.filter(employee_id__in=employee_ids)


class Kept(models.Model):
    """A row of a register, on the strength of a letter."""

    register: ClassVar[Register]
    #: Fields that tell what was registered, in the order of forms and files.
    facts: ClassVar[tuple[str, ...]]
    #: Those of ``facts`` that are closed where the detail is; the letter and the note always are.
    details: ClassVar[tuple[str, ...]] = ()

    letter_number = models.CharField(_("nomor surat"), max_length=NUMBERS, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("dicatat"))
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("menggantikan"))
    voided_at = models.DateTimeField(_("dibatalkan"), null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def closed(self) -> bool:
        """Whether this row has a detail for few eyes."""
        return bool(self.details)


class Spanned(Kept):
    #: Whether rows follow one another: the next one ends the open one before it.
    follows: ClassVar[bool] = False
    #: Whether a row is never open.
    must_end: ClassVar[bool] = False

    valid = DateRangeField(_("berlaku"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid__isempty=False, valid__startswith__isnull=False),
                name="%(class)s_has_a_first_day",
                violation_error_message=_("Hari terakhir tidak boleh sebelum hari pertama."),
            )
        ]

    @property
    def last_day(self) -> dt.date | None:
        return self.valid.upper - dt.timedelta(days=1) if self.valid.upper else None


def of_person(related_name: str) -> models.ForeignKey[Employee, Employee]:
    return models.ForeignKey(Employee, models.PROTECT, related_name=related_name, verbose_name=_("pegawai"))


def never_two(name: str, *fields: str, message: Any, only: models.Q | None = None) -> ExclusionConstraint:
    """No day has two rows of the same ``fields`` that count."""
    same: list[Any] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(
        name=name,
        expressions=[*same, ("valid", RangeOperators.OVERLAPS)],
        condition=STANDING & only if only is not None else STANDING,
        violation_error_message=message,
    )


def ends(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(valid__upper_inf=False), name=name, violation_error_message=_("Isi hari terakhir."))


def facts_stay(table: str, *facts: str) -> list[pgtrigger.Trigger]:
    """What a row says stays as it was written, also for who has SQL."""
    return [written_once(f"{table}_written_once", *facts, "letter_number", "note", "recorded_at", "replaces")]
