"""The base of every policy table: numbers a decree can change, as dated versions."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _


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
