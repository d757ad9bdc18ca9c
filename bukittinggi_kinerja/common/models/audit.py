"""The memory: what happened, by whom, why; and the seals that make a later change visible."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .tracking import append_only


class Event(models.Model):
    """One domain event. ``actor`` is a user id without a foreign key: memory outlives accounts."""

    at = models.DateTimeField(_("waktu"))
    actor = models.BigIntegerField(_("pelaku"), null=True)
    action = models.CharField(_("tindakan"), max_length=80, db_index=True)
    subject_type = models.CharField(_("jenis objek"), max_length=60)
    subject_id = models.CharField(_("nomor objek"), max_length=64)
    old = models.JSONField(_("nilai lama"), default=dict)
    new = models.JSONField(_("nilai baru"), default=dict)
    reason = models.TextField(_("alasan"), blank=True)

    class Meta:
        verbose_name = _("peristiwa")
        verbose_name_plural = _("peristiwa")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["actor", "id"], name="event_by_actor"),
        ]
        triggers = append_only("event")

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class Seal(models.Model):
    """Hash over the previous seal and the rows ``first_id``..``last_id`` of one stream, in id order.

    The numbers and the 32-byte digests of the rows stand beside it, so that the first broken row can be named;
    ``columns`` are those the digests cover, so that a column added later breaks nothing.
    """

    stream = models.CharField(_("aliran"), max_length=80)
    first_id = models.BigIntegerField(_("baris pertama"))
    last_id = models.BigIntegerField(_("baris terakhir"))
    rows = models.PositiveIntegerField(_("jumlah baris"))
    columns = ArrayField(models.CharField(max_length=63), verbose_name=_("kolom"), default=list)
    row_ids = ArrayField(models.BigIntegerField(), verbose_name=_("nomor baris"), default=list)
    row_digests = models.BinaryField(_("sidik baris"), default=bytes)
    previous = models.CharField(_("segel sebelumnya"), max_length=64)
    digest = models.CharField(_("segel"), max_length=64, unique=True)
    at = models.DateTimeField(_("waktu"))

    class Meta:
        verbose_name = _("segel")
        verbose_name_plural = _("segel")
        indexes = [models.Index(fields=["stream", "-last_id"], name="seal_by_stream")]
        constraints = [
            models.UniqueConstraint(fields=["previous"], name="seal_chain_never_forks"),
            models.CheckConstraint(condition=models.Q(first_id__lte=models.F("last_id")), name="seal_range_in_order"),
        ]
        triggers = append_only("seal")

    def __str__(self) -> str:
        return f"{self.stream} {self.first_id}-{self.last_id}"
