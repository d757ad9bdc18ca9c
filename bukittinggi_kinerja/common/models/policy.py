"""The base of every policy table: numbers a decree can change, as dated versions."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


def one_version_a_day(name: str, *same: str, message: Any) -> ExclusionConstraint:
    """Of the adopted versions that share the fields ``same``, one rules a day; drafts stand beside them."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in same), ("valid", RangeOperators.OVERLAPS)],
        condition=models.Q(draft=False),
        violation_error_message=message,
    )


class _OfAdopted(pgtrigger.AnyChange):
    def resolve(self, model: type[models.Model]) -> str:
        return f"NOT OLD.draft AND ({super().resolve(model)})"


def adopted_stays(*free: str) -> list[pgtrigger.Trigger]:
    """An adopted version keeps its words and numbers, also for who has SQL; it ends (``valid``), and ``free`` may change.

    Lists in columns are compared as they are stored.
    """
    return [
        pgtrigger.Protect(name="adopted_keeps_its_numbers", operation=pgtrigger.Update, condition=_OfAdopted(exclude=["valid", *free])),
        pgtrigger.Protect(name="adopted_is_kept", operation=pgtrigger.Delete, condition=pgtrigger.Condition("NOT OLD.draft")),
    ]


class PolicyVersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def adopted(self) -> Self:
        return self.filter(draft=False)

    def in_force(self, *, on: dt.date) -> Self:
        return self.adopted().filter(valid__contains=on)


class PolicyVersion(models.Model):
    """A version rules the days of ``valid``; drafts may be tried on the past, but rule nothing.

    ``to_confirm`` names the fields whose numbers await confirmation by the legal office.
    """

    code = models.CharField(_("kode versi"), max_length=40, unique=True)
    decree_number = models.CharField(_("nomor keputusan"), max_length=120, blank=True)
    decided_on = models.DateField(_("ditetapkan pada"), null=True, blank=True)
    valid = DateRangeField(_("berlaku"))
    draft = models.BooleanField(_("rancangan"), default=False)
    reason = models.TextField(_("alasan"))
    finding = models.CharField(_("temuan evaluasi"), max_length=120, blank=True)
    to_confirm = models.JSONField(_("perlu dikonfirmasi"), default=list, blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code
