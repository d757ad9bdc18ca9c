"""Who wants notices outside the application as well, by which way, and where to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """Ways out of the house, by the names of ``NOTICE_CHANNELS``."""

    MAIL = "surel", _("Surel")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")


#: Country code and number, digits alone, as the networks take it.
NUMBER = r"^62[2-9][0-9]{7,12}$"


class MailWish(models.Model):
    """Nobody gets anything who has not asked for it here, by the one way he chose; ``since`` keeps older notices out of it."""

    recipient = models.BigIntegerField(_("penerima"), unique=True)
    channel = models.CharField(_("saluran"), max_length=10, choices=Way.choices, default=Way.MAIL, db_default=Way.MAIL.value)
    address = models.CharField(_("alamat atau nomor"), max_length=254)
    since = models.DateTimeField(_("sejak"))

    class Meta:
        verbose_name = _("pengingat di luar aplikasi")
        verbose_name_plural = _("pengingat di luar aplikasi")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel=Way.MAIL.value, address__contains="@")
                | models.Q(channel__in=[Way.WHATSAPP.value, Way.SMS.value], address__regex=NUMBER),
                name="wish_goes_where_its_way_leads",
                violation_error_message=_("Surel memerlukan alamat surel; WhatsApp dan SMS memerlukan nomor ponsel."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.recipient)
