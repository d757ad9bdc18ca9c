"""What one person must not do alone to an account: one of the city's HR asks, another one confirms."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify
from employees.models import ResetRequest, SecondFactor, User
from employees.policies import may_ask_for_two
from employees.rules.access import ResetKind
from employees.rules.viewing import Viewer
from employees.services.access_codes import Slip, make_code
from employees.services.sessions import end_sessions


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
    with refused_by_constraint(ResetRequest):
        asked = ResetRequest.objects.create(user=user, kind=kind, reason=reason, requested_by_id=viewer.user_id, requested_at=now)
    new = {"user": user.pk, "kind": kind.value}
    event = record_event(action="employees.reset.requested", subject=asked, actor=viewer.user_id, now=now, new=new, reason=reason)
    _tell(user.pk, "reset_requested", event, now=now)
    return asked


@transaction.atomic
def confirm_reset(*, request_id: int, viewer: Viewer, now: dt.datetime) -> Slip | None:
    """The second person agrees: the code for a new password, or None once the second factor is gone.

    Raises NotAllowed for others than the city's HR and for who asked or owns the account, NotVisible, NotNow when it was
    settled before: of two tabs one wins.
    """
    asked = _locked(request_id, viewer)
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
    return slip


@transaction.atomic
def withdraw_reset(*, request_id: int, viewer: Viewer, now: dt.datetime) -> ResetRequest:
    """Let a request go without effect. Raises as ``confirm_reset``; whoever asked may do it too."""
    asked = _locked(request_id, viewer)
    asked.withdrawn_at = now
    asked.save(update_fields=["withdrawn_at"])
    record_event(action="employees.reset.withdrawn", subject=asked, actor=viewer.user_id, now=now, new={"user": asked.user_id})
    return asked


def _locked(request_id: int, viewer: Viewer) -> ResetRequest:
    if not may_ask_for_two(viewer):
        raise NotAllowed(_("Permintaan ini hanya dapat dibuat oleh BKPSDM."))
    asked = ResetRequest.objects.select_for_update().filter(pk=request_id).first()
    if asked is None:
        raise NotVisible(_("Permintaan ini tidak ada."))
    if asked.confirmed_at is not None or asked.withdrawn_at is not None:
        raise NotNow(_("Permintaan ini sudah selesai."))
    return asked


def _tell(user_id: int, kind: str, event: Event, *, now: dt.datetime) -> None:
    notify(recipients=[user_id], kind=kind, data={"at": now}, link="/profil/", once=f"access:{event.pk}", event=event, now=now)
