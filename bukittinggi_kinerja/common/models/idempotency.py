"""Answers kept for 30 days, so that a repeated POST is one act."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    owner = models.BigIntegerField(_("pemilik"))
    key = models.CharField(_("kunci"), max_length=120)
    digest = models.CharField(_("sidik isi"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    answer = models.JSONField(_("jawaban"), null=True)
    created_at = models.DateTimeField(_("dibuat"), db_index=True)

    class Meta:
        verbose_name = _("kunci idempotensi")
        verbose_name_plural = _("kunci idempotensi")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once_per_owner")]

    def __str__(self) -> str:
        return self.key
