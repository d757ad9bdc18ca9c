"""What one person must not do alone to an account: one of the city's HR asks, another one confirms."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from employees.models import ResetRequest, SecondFactor, User
from employees.policies import may_ask_for_two
from employees.queries.handover import city_hr
from employees.rules.access import ResetKind
from employees.rules.viewing import Viewer
from employees.services.access_codes import Slip, make_code
from employees.services.sessions import end_sessions

WAITING = "/akun/#tunggu"


@transaction.atomic
def request_reset(*, user_id: int, kind: ResetKind, reason: str, viewer: Viewer, now: dt.datetime) -> ResetRequest:
    """Ask that a colleague agree to a new code, or to taking away a lost second factor.

    Raises NotAllowed for others than the city's HR, NotVisible, NotNow for the own or a closed account and where there is no
    second factor, Unacceptable when the same was asked already.
    """
    if not may_ask_for_two(viewer) or viewer.user_id is None:
        raise NotAllowed(_("Permintaan ini hanya dapat dibuat oleh BKPSDM."))
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("Akun ini tidak ada, atau bukan bagian Anda."))
    if user.pk == viewer.user_id:
        raise NotNow(_("Permintaan untuk akun sendiri dibuat oleh orang lain."))
    if not user.is_active:
        raise NotNow(_("Akun ini ditutup. Kode tidak dapat dibuat."))
    if kind == ResetKind.FACTOR and not SecondFactor.objects.filter(user=user).exists():
        raise NotNow(_("Akun ini belum memakai kode verifikasi."))
    lapse_requests(now=now)  # what nobody answered in time stands in no one's way, beat or no beat
    with refused_by_constraint(ResetRequest):
        asked = ResetRequest.objects.create(user=user, kind=kind, reason=reason, requested_by_id=viewer.user_id, requested_at=now)
    new = {"user": user.pk, "kind": kind.value}
    event = record_event(action="employees.reset.requested", subject=asked, actor=viewer.user_id, now=now, new=new, reason=reason)
    _tell(user.pk, "reset_requested", event, now=now)
    notify(
        recipients=set(city_hr(on=local_date(now))) - {viewer.user_id, user.pk},
        kind="reset_waits",
        data={"until": asked.lapses_at},
        link=WAITING,
        once=_occasion(asked),
        event=event,
        now=now,
    )
    return asked


@transaction.atomic
def confirm_reset(*, request_id: int, viewer: Viewer, now: dt.datetime) -> Slip | None:
    """The second person agrees: the code for a new password, or None once the second factor is gone.

    Raises NotAllowed for others than the city's HR and for who asked or owns the account, NotVisible, NotNow when it was
    settled before or has lapsed: of two tabs one wins.
    """
    asked = _locked(request_id, viewer, now=now)
    if viewer.user_id in {asked.requested_by_id, asked.user_id}:
        raise NotAllowed(_("Permintaan ini disetujui oleh petugas BKPSDM yang lain."))
    user = User.objects.select_for_update(of=("self",)).select_related("employee").get(pk=asked.user_id)
    if not user.is_active:
        raise NotNow(_("Akun ini ditutup. Kode tidak dapat dibuat."))
    asked.confirmed_by_id, asked.confirmed_at = viewer.user_id, now
    asked.save(update_fields=["confirmed_by", "confirmed_at"])
    slip = None
    if asked.kind == ResetKind.CREDENTIAL:
        slip = make_code(user, viewer=viewer, now=now)
    else:
        SecondFactor.objects.filter(user=user).delete()
        end_sessions([user.pk])
    new = {"user": user.pk, "kind": asked.kind}
    event = record_event(action="employees.reset.confirmed", subject=asked, actor=viewer.user_id, now=now, new=new)
    _tell(user.pk, "reset_confirmed", event, now=now)
    _settled(asked, "reset_agreed", event, viewer.user_id, now=now)
    return slip


@transaction.atomic
def withdraw_reset(*, request_id: int, viewer: Viewer, now: dt.datetime) -> ResetRequest:
    """Let a request go without effect. Raises as ``confirm_reset``; whoever asked may do it too."""
    asked = _locked(request_id, viewer, now=now)
    asked.withdrawn_at = now
    asked.save(update_fields=["withdrawn_at"])
    event = record_event(action="employees.reset.withdrawn", subject=asked, actor=viewer.user_id, now=now, new={"user": asked.user_id})
    _settled(asked, "reset_withdrawn", event, viewer.user_id, now=now)
    return asked


@transaction.atomic
def lapse_requests(*, now: dt.datetime) -> int:
    """End what no second person confirmed in time, and tell whoever asked; how many ended. Safe to run twice."""
    late = list(ResetRequest.objects.lapsed(now=now).select_for_update(skip_locked=True).order_by("pk"))
    for asked in late:
        asked.withdrawn_at = now
        asked.save(update_fields=["withdrawn_at"])
        event = record_event(action="employees.reset.lapsed", subject=asked, actor=None, now=now, new={"user": asked.user_id})
        _settled(asked, "reset_lapsed", event, None, now=now)
    return len(late)


def _locked(request_id: int, viewer: Viewer, *, now: dt.datetime) -> ResetRequest:
    if not may_ask_for_two(viewer):
        raise NotAllowed(_("Permintaan ini hanya dapat dibuat oleh BKPSDM."))
    asked = ResetRequest.objects.select_for_update().filter(pk=request_id).first()
    if asked is None:
        raise NotVisible(_("Permintaan ini tidak ada."))
    if asked.confirmed_at is not None or asked.withdrawn_at is not None:
        raise NotNow(_("Permintaan ini sudah selesai."))
    if asked.lapses_at <= now:
        raise NotNow(_("Permintaan ini gugur karena terlalu lama menunggu. Buat permintaan baru."))
    return asked


def _settled(asked: ResetRequest, kind: str, event: Event, actor: int | None, *, now: dt.datetime) -> None:
    """Nobody is asked for it any more, and whoever asked hears what became of it, unless he did it himself."""
    withdraw_notice(once=_occasion(asked), recipients=city_hr(on=local_date(now)), now=now)
    recipients = {asked.requested_by_id} - {actor}
    notify(
        recipients=recipients, kind=kind, data={"at": asked.requested_at}, link="/akun/", once=f"{kind}:{asked.pk}", event=event, now=now
    )


def _occasion(asked: ResetRequest) -> str:
    return f"reset_waits:{asked.pk}"


def _tell(user_id: int, kind: str, event: Event, *, now: dt.datetime) -> None:
    notify(recipients=[user_id], kind=kind, data={"at": now}, link="/profil/", once=f"access:{event.pk}", event=event, now=now)
