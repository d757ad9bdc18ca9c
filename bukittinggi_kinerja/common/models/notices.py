"""Notices in the application: rows that point at an event, claimed and sent apart."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread_by(self, user_id: int) -> NoticeQuerySet:
        return self.filter(recipient=user_id, read_at=None, withdrawn_at=None)


class Notice(models.Model):
    """``kind`` selects the sentence, ``data`` fills its named places; never a score."""

    recipient = models.BigIntegerField(_("penerima"))
    kind = models.CharField(_("jenis"), max_length=60)
    data = models.JSONField(_("isi"), default=dict)
    link = models.CharField(_("tautan"), max_length=200, blank=True)
    once = models.CharField(_("kunci tunggal"), max_length=160, unique=True)
    event = models.ForeignKey("common.Event", models.PROTECT, null=True)
    created_at = models.DateTimeField(_("dibuat"))
    claimed_at = models.DateTimeField(_("diambil"), null=True)
    sent_at = models.DateTimeField(_("dikirim"), null=True)
    read_at = models.DateTimeField(_("dibaca"), null=True)
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        indexes = [
            models.Index(
                fields=["recipient", "-id"],
                name="notice_unread",
                condition=models.Q(read_at=None, withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.once
