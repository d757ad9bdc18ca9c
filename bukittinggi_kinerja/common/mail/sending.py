"""Claim, send, mark: safe to run twice and to kill at any line.

A worker that dies after sending and before marking sends once more after a while: at least once, with the same
Message-ID. Never two workers at a time: a claim is a row of its own transaction.
"""

from __future__ import annotations

import datetime as dt
import html
import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import MailWish, Notice
from bukittinggi_kinerja.common.models.mail import Way
from bukittinggi_kinerja.common.templatetags.kinerja import notis

from .channels import Channel, Message, channel, open_ways

#: Kinds whose sentences name nobody and tell no score.
MAILED = (
    "daily_reminder",
    "rating_reminder",
    "late_rating_reminder",
    "deadline_moved_rating",
    "deadline_moved_progress",
    "assessment_published",
)
#: A claim older than this is that of a worker that died.
CLAIM = dt.timedelta(minutes=15)
#: Yesterday's reminder is no news.
FRESH = dt.timedelta(days=1)
AT_ONCE = 200

log = logging.getLogger(__name__)


@transaction.atomic
def ask_for_mail(*, recipient: int, address: str, now: dt.datetime, way: str = Way.MAIL) -> None:
    """Notices from now on go to this address or number as well, by this way; an empty one ends it.

    That it changed is remembered, the address is not: the memory keeps it for ever, its owner may take it back.
    """
    before = MailWish.objects.select_for_update().filter(recipient=recipient).first()
    stands, wanted = (before.channel, before.address) if before else None, (way, address) if address else None
    if stands == wanted:
        return
    record_event(
        action="mail.address.changed",
        subject=(settings.AUTH_USER_MODEL.lower(), recipient),
        actor=recipient,
        now=now,
        old={"way": stands[0] if stands else ""},
        new={"way": way if address else ""},
    )
    if address:
        words = {"channel": way, "address": address}
        MailWish.objects.update_or_create(recipient=recipient, defaults=words, create_defaults={**words, "since": now})
    else:
        MailWish.objects.filter(recipient=recipient).delete()


def send_pending(*, now: dt.datetime, by: Channel | None = None) -> int:
    """Send what is claimed by this call, each by the way its person chose; how many went out. A way that is off sends nothing."""
    sent, ways = 0, {name: channel(name) for name in open_ways()}
    wishes = {wish.recipient: wish for wish in MailWish.objects.filter(channel__in=list(ways))}
    for notice in _claimed(wishes, now):
        wish = wishes[notice.recipient]
        try:
            done = (by or ways[wish.channel]).send(message_of(notice, wish))
        except OSError as blocked:
            log.warning("notice %s was not sent: %s", notice.pk, type(blocked).__name__)
            continue
        if done:
            sent += Notice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=now)
    return sent


def message_of(notice: Notice, wish: MailWish) -> Message:
    """In Indonesian; a phone gets no subject. No sentence of the mailed kinds carries a score or a name."""
    with override("id"):
        sentence = html.unescape(strip_tags(str(notis(notice)))).strip()
        if wish.channel != Way.MAIL:
            closing = _("Buka aplikasi Kinerja ASN. Berhenti: halaman Akun.")
            return Message(notice.once, wish.address, "", f"Kinerja ASN Bukittinggi: {sentence} {closing}")
        closing = _("Buka aplikasi Kinerja ASN untuk mengerjakannya. Surel ini dapat dihentikan di halaman Akun.")
        return Message(notice.once, wish.address, _("Pengingat dari aplikasi Kinerja ASN"), f"{sentence}\n\n{closing}\n")


@transaction.atomic
def _claimed(wishes: Mapping[int, MailWish], now: dt.datetime) -> list[Notice]:
    if not wishes:
        return []
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    open_ones = Notice.objects.filter(
        free, recipient__in=list(wishes), kind__in=MAILED, sent_at=None, read_at=None, withdrawn_at=None, created_at__gte=now - FRESH
    )
    found = list(open_ones.select_for_update(skip_locked=True).order_by("id")[:AT_ONCE])
    mine = [notice for notice in found if notice.created_at >= wishes[notice.recipient].since]
    Notice.objects.filter(pk__in=[notice.pk for notice in found]).update(claimed_at=now)
    return mine
