"""Where events come from, whose account is whose, and what contradicts what."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.models import Employee, OrgUnit


@remembered()
class EventSource(models.Model):
    """One system that delivers events, with the mapping its cases are read by.

    ``owner`` and the units that came after it keep it; without one it is the city's own, and only HR of the city does.
    """

    code = models.SlugField(_("kode"), max_length=60, unique=True)
    owner = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="event_sources", verbose_name=_("unit pemilik"))
    mapping = models.JSONField(_("pemetaan"), default=dict)
    credit = models.CharField(
        _("siapa yang dihitung"),
        max_length=12,
        choices=[("responsible", _("Penanggung jawab berkas")), ("step", _("Petugas tiap langkah"))],
        default="responsible",
    )

    class Meta:
        verbose_name = _("sumber data layanan")
        verbose_name_plural = _("sumber data layanan")

    def __str__(self) -> str:
        return self.code


@remembered()
class AccountAlias(models.Model):
    """Account of a source -> person, dated. An account without a row credits nobody."""

    source = models.ForeignKey(EventSource, models.PROTECT, related_name="aliases", verbose_name=_("sumber"))
    account = models.CharField(_("akun"), max_length=120)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="aliases", verbose_name=_("pegawai"))
    valid = DateRangeField(_("berlaku"))
    reason = models.CharField(_("dasar"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("alias akun")
        verbose_name_plural = _("alias akun")
        constraints = [
            ExclusionConstraint(
                name="one_person_per_account_and_day",
                expressions=[
                    ("source", RangeOperators.EQUAL),
                    ("account", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Akun ini sudah dihubungkan dengan pegawai lain pada tanggal itu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} → {self.employee_id}"


class EventConflict(models.Model):
    """Same key, other content: listed, never dropped, never silently taken."""

    source = models.ForeignKey(EventSource, models.PROTECT, related_name="conflicts", verbose_name=_("sumber"))
    key = models.CharField(_("kunci peristiwa"), max_length=128)
    digest = models.CharField(_("sidik isi"), max_length=64)
    case_id = models.CharField(_("nomor berkas"), max_length=120)
    content = models.JSONField(_("isi yang ditolak"))
    #: The same row as read by the mapping of its import, so that it can still be taken.
    reading = models.JSONField(_("bacaan isi"), default=dict, db_default=models.Value({}, models.JSONField()))
    noticed_at = models.DateTimeField(_("diketahui"))
    settled_at = models.DateTimeField(_("diselesaikan"), null=True, blank=True)
    settled_by = models.BigIntegerField(_("diselesaikan oleh"), null=True, blank=True)
    outcome = models.CharField(_("putusan"), max_length=8, choices=[("DITOLAK", _("Ditolak")), ("DIPAKAI", _("Dipakai"))], blank=True)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("peristiwa bertentangan")
        verbose_name_plural = _("peristiwa bertentangan")
        constraints = [models.UniqueConstraint(fields=["source", "key", "digest"], name="conflict_listed_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"
