"""Who wants notices by e-mail as well, and where to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailWish(models.Model):
    """Nobody gets mail who has not asked for it here; ``since`` keeps older notices out of it."""

    recipient = models.BigIntegerField(_("penerima"), unique=True)
    address = models.EmailField(_("alamat surel"))
    since = models.DateTimeField(_("sejak"))

    class Meta:
        verbose_name = _("pengingat lewat surel")
        verbose_name_plural = _("pengingat lewat surel")

    def __str__(self) -> str:
        return str(self.recipient)
