"""Templates of plans: what a post usually promises, kept by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.models import OrgUnit, Position

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class TemplateQuerySet(models.QuerySet["PlanTemplate"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """A template holds nobody's figures: whoever is signed in may start from it."""
        return self if viewer.signed_in else self.none()


@remembered()
class PlanTemplate(models.Model):
    """Results and indicators for one post, in one unit and below or everywhere. A change is a new version."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="plan_templates", verbose_name=_("jabatan"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="plan_templates", verbose_name=_("unit kerja"))
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    is_current = models.BooleanField(_("berlaku"), default=True)
    #: The year its dates are written for; a plan of another year moves them.
    year = models.PositiveSmallIntegerField(_("tahun acuan"))
    #: [{"kind", "title", "leader_title", "indicators": [{fields of an indicator as text}]}]
    content = models.JSONField(_("isi"))
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    made_by = models.BigIntegerField(_("disusun oleh"), null=True, blank=True)
    made_at = models.DateTimeField(_("disusun pada"))

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("templat SKP")
        verbose_name_plural = _("templat SKP")
        ordering = ["position__title", "unit__path", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["position", "unit"],
                condition=models.Q(is_current=True),
                nulls_distinct=False,
                name="one_current_template_per_post",
                violation_error_message=_("Jabatan ini sudah mempunyai templat yang berlaku di unit itu."),
            ),
            models.CheckConstraint(
                condition=~models.Q(content=[]),
                name="template_is_not_empty",
                violation_error_message=_("Templat memuat paling sedikit satu RHK."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} v{self.version}"
