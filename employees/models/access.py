"""Getting in: one-time codes, acts of two people, the second factor, and the policy that rules them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import adopted_stays, one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered
from employees.rules.access import REQUEST_HOLDS, CodePurpose, ResetKind
from employees.rules.viewing import Role

from .accounts import User


@remembered()
class AccessPolicy(PolicyVersion):
    """How long codes hold, and who needs a second factor on the days of ``valid``."""

    slip_days = models.PositiveSmallIntegerField(_("masa kode aktivasi (hari)"), default=14)
    reset_hours = models.PositiveSmallIntegerField(_("masa kode atur ulang (jam)"), default=24)
    factor_roles = ArrayField(
        models.CharField(max_length=12, choices=[(role.value, role.value) for role in Role]),
        verbose_name=_("peran yang wajib memakai kode verifikasi"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("aturan akses")
        verbose_name_plural = _("aturan akses")
        triggers = adopted_stays("draft")
        constraints = [
            one_version_a_day("one_access_policy_per_day", message=_("Sudah ada aturan akses yang berlaku pada tanggal itu.")),
            models.CheckConstraint(
                condition=models.Q(slip_days__gte=1, slip_days__lte=90, reset_hours__gte=1, reset_hours__lte=168),
                name="access_codes_end",
                violation_error_message=_("Kode aktivasi berlaku 1 sampai 90 hari, kode atur ulang 1 sampai 168 jam."),
            ),
        ]


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def open(self) -> Self:
        """Neither used nor revoked; it may have run out."""
        return self.filter(used_at=None, revoked_at=None)

    def usable(self, *, now: dt.datetime) -> Self:
        return self.open().filter(expires_at__gt=now)


class AccessCode(models.Model):
    """A one-time code of one account. Only a keyed digest is stored, bound to the account and the purpose."""

    user = models.ForeignKey(User, models.CASCADE, related_name="access_codes", verbose_name=_("akun"))
    purpose = models.CharField(_("kegunaan"), max_length=12, choices=[(purpose.value, purpose.value) for purpose in CodePurpose])
    digest = models.CharField(_("sidik"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("dibuat"))
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("dibuat oleh"))
    expires_at = models.DateTimeField(_("berlaku sampai"))
    used_at = models.DateTimeField(_("dipakai"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("dicabut"), null=True, blank=True)

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("kode akses")
        verbose_name_plural = _("kode akses")
        constraints = [
            models.UniqueConstraint(
                "user",
                "purpose",
                condition=models.Q(used_at=None, revoked_at=None),
                name="one_open_code_per_purpose",
                violation_error_message=_("Akun ini sudah mempunyai kode yang belum dipakai."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="access_code_ends_later",
                violation_error_message=_("Kode harus berakhir sesudah dibuat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}"


class ResetRequestQuerySet(models.QuerySet["ResetRequest"]):
    def open(self) -> Self:
        """Neither confirmed nor withdrawn; it may have lapsed without being swept yet."""
        return self.filter(confirmed_at=None, withdrawn_at=None)

    def waiting(self, *, now: dt.datetime) -> Self:
        """Open, and young enough to be confirmed."""
        return self.open().filter(requested_at__gt=now - REQUEST_HOLDS)

    def lapsed(self, *, now: dt.datetime) -> Self:
        """Still open after its time."""
        return self.open().filter(requested_at__lte=now - REQUEST_HOLDS)


class ResetRequest(models.Model):
    """An act of two: one of the city's HR asks, another one confirms; neither of them is the owner."""

    user = models.ForeignKey(User, models.CASCADE, related_name="reset_requests", verbose_name=_("akun"))
    kind = models.CharField(_("jenis"), max_length=12, choices=[(kind.value, kind.value) for kind in ResetKind])
    reason = models.CharField(_("alasan"), max_length=200)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("diminta oleh"))
    requested_at = models.DateTimeField(_("diminta"))
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("disetujui oleh"))
    confirmed_at = models.DateTimeField(_("disetujui"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)

    objects = ResetRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("permintaan atur ulang")
        verbose_name_plural = _("permintaan atur ulang")
        constraints = [
            models.UniqueConstraint(
                "user",
                "kind",
                condition=models.Q(confirmed_at=None, withdrawn_at=None),
                name="one_open_reset_per_kind",
                violation_error_message=_("Permintaan untuk akun ini masih menunggu persetujuan."),
            ),
            models.CheckConstraint(
                condition=~models.Q(requested_by=models.F("user"))
                & (
                    models.Q(confirmed_by=None, confirmed_at=None)
                    | (
                        models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                        & ~models.Q(confirmed_by=models.F("requested_by"))
                        & ~models.Q(confirmed_by=models.F("user"))
                    )
                ),
                name="reset_takes_two_others",
                violation_error_message=_("Yang meminta, yang menyetujui dan pemilik akun harus tiga orang berbeda."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"

    @property
    def lapses_at(self) -> dt.datetime:
        return self.requested_at + REQUEST_HOLDS

    @property
    def has_lapsed(self) -> bool:
        """Nobody withdrew it: it ended because its time was over."""
        return self.withdrawn_at is not None and self.withdrawn_at >= self.lapses_at


class SecondFactor(models.Model):
    """The authenticator of an account. ``secret`` is encrypted; ``last_step`` is the newest time step that was used.

    ``failures`` since ``failing_since`` are counted here and not in Valkey: six digits must not be guessed while it is away.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor", verbose_name=_("akun"))
    secret = models.TextField(_("rahasia terenkripsi"))
    started_at = models.DateTimeField(_("dimulai"))
    confirmed_at = models.DateTimeField(_("dipasang"), null=True, blank=True)
    last_step = models.BigIntegerField(_("langkah terakhir"), default=0)
    failures = models.PositiveSmallIntegerField(_("percobaan gagal"), default=0)
    failing_since = models.DateTimeField(_("gagal sejak"), null=True, blank=True)

    class Meta:
        verbose_name = _("faktor kedua")
        verbose_name_plural = _("faktor kedua")

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """Stands in for the authenticator once. Only a keyed digest is stored."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", verbose_name=_("faktor kedua"))
    digest = models.CharField(_("sidik"), max_length=64, unique=True)
    used_at = models.DateTimeField(_("dipakai"), null=True, blank=True)

    class Meta:
        verbose_name = _("kode cadangan")
        verbose_name_plural = _("kode cadangan")

    def __str__(self) -> str:
        return str(self.factor_id)
