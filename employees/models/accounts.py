"""Accounts, roles and access tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.rules.viewing import Role, Scope

from .people import Employee
from .units import OrgUnit


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


@remembered(exclude=["password", "last_login", "session_epoch"])
class User(AbstractBaseUser, PermissionsMixin):
    """Signs in with the user name or the NIP of ``employee``."""

    username = models.CharField(_("nama pengguna"), max_length=60)
    employee = models.OneToOneField(Employee, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("pegawai"))
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("boleh masuk administrasi"), default=False)
    language = models.CharField(_("bahasa"), max_length=2, choices=[("id", "Bahasa Indonesia"), ("en", "English")], default="id")
    theme = models.CharField(
        _("tampilan"),
        max_length=8,
        choices=[("", _("Ikut perangkat")), ("terang", _("Terang")), ("gelap", _("Gelap"))],
        default="",
        blank=True,
    )
    #: From this day on the account only reads: its owner has left the service.
    read_only_from = models.DateField(_("hanya membaca sejak"), null=True, blank=True)
    date_joined = models.DateTimeField(_("dibuat"), auto_now_add=True)
    # A default of the database as well: accounts are also written in bulk by their columns.
    session_epoch = models.PositiveIntegerField(_("putaran sesi"), default=0, db_default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_once", violation_error_message=_("Nama pengguna ini sudah dipakai.")),
        ]

    def __str__(self) -> str:
        return self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Every session carries this; a new password or a new epoch ends them all at their next call."""
        value = f"{self.password}:{self.session_epoch}" if self.session_epoch else self.password
        return salted_hmac(
            "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash", value, secret=secret, algorithm="sha256"
        ).hexdigest()

    def only_reads(self, *, on: dt.date) -> bool:
        """Whether the owner has left: he may look at his own and write nothing."""
        return self.read_only_from is not None and self.read_only_from <= on

    def get_full_name(self) -> str:
        return self.employee.name if self.employee_id and self.employee else self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class RoleQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, *, on: dt.date) -> Self:
        return self.filter(valid__contains=on)


@remembered()
class RoleAssignment(models.Model):
    """A role beyond one's post; ``unit`` is the OPD of a pengelola."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name=_("akun"))
    role = models.CharField(_("peran"), max_length=12, choices=[(r.value, r.value.title()) for r in Role])
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, verbose_name=_("unit kerja"))
    valid = DateRangeField(_("berlaku"))
    reason = models.CharField(_("dasar"), max_length=200, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("peran akun")
        verbose_name_plural = _("peran akun")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role=Role.UNIT_HR, unit__isnull=False) | (~models.Q(role=Role.UNIT_HR) & models.Q(unit__isnull=True)),
                name="unit_belongs_to_pengelola",
                violation_error_message=_("Unit diisi hanya untuk peran pengelola."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def usable(self, *, now: dt.datetime) -> Self:
        return self.filter(expires_at__gt=now, revoked_at=None, user__is_active=True)


class AccessToken(models.Model):
    """A REST token. Only its SHA-256 is stored; ``scopes`` never widen what the user sees."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("akun"))
    digest = models.CharField(_("sidik"), max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=[(s.value, s.value) for s in Scope]), verbose_name=_("lingkup"))
    created_at = models.DateTimeField(_("dibuat"))
    expires_at = models.DateTimeField(_("berlaku sampai"))
    revoked_at = models.DateTimeField(_("dicabut"), null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token akses")
        verbose_name_plural = _("token akses")

    def __str__(self) -> str:
        return f"{self.user_id} {','.join(self.scopes)}"
