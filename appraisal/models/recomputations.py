"""Proposals to give closed results new versions, because a posting or a rule became known late; two people each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.late_changes import PROPOSAL_HOLDS, Act, Cause, ProposalState
from employees.models import Employee, User

from .assessments import Assessment
from .cycles import Cycle
from .policy import AppraisalPolicy

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer

CAUSES = [
    (Cause.POSTING.value, _("Penempatan yang terlambat diketahui")),
    (Cause.POLICY.value, _("Aturan penilaian yang berlaku surut")),
    (Cause.UNDO.value, _("Pemulihan versi sebelumnya")),
]
PROPOSAL_STATES = [
    (ProposalState.PROPOSED.value, _("Menunggu persetujuan")),
    (ProposalState.APPROVED.value, _("Disetujui, sedang diterapkan")),
    (ProposalState.APPLIED.value, _("Diterapkan")),
    (ProposalState.REVOKED.value, _("Ditarik")),
    (ProposalState.LAPSED.value, _("Gugur")),
]
ACTS = [
    (Act.CORRECT.value, _("Perbaiki unit dan SKP")),
    (Act.EXEMPT.value, _("Nyatakan tidak dinilai")),
    (Act.ADD.value, _("Buka penilaian terlambat")),
    (Act.RESCORE.value, _("Hitung dengan aturan baru")),
    (Act.RESTORE.value, _("Pulihkan versi sebelumnya")),
]


class ProposalQuerySet(models.QuerySet["Recomputation"]):
    def open(self) -> Self:
        return self.filter(state=ProposalState.PROPOSED)

    def waiting(self, *, now: dt.datetime) -> Self:
        """Open, and young enough to be approved."""
        return self.open().filter(proposed_at__gt=now - PROPOSAL_HOLDS)

    def lapsed(self, *, now: dt.datetime) -> Self:
        """Still open after its time."""
        return self.open().filter(proposed_at__lte=now - PROPOSAL_HOLDS)

    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.sees_all_people else self.none()


class Recomputation(models.Model):
    """What one person proposes and another approves; ``reason`` becomes that of every version made."""

    cause = models.CharField(_("sebab"), max_length=10, choices=CAUSES)
    state = models.CharField(_("keadaan"), max_length=10, choices=PROPOSAL_STATES, default=ProposalState.PROPOSED.value)
    reason = models.CharField(_("alasan"), max_length=300)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="proposed_recomputations", verbose_name=_("pengusul"))
    proposed_at = models.DateTimeField(_("diusulkan"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="decided_recomputations", verbose_name=_("pemutus")
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True, blank=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("memulihkan"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("usulan versi baru")
        verbose_name_plural = _("usulan versi baru")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[ProposalState.PROPOSED.value, ProposalState.REVOKED.value, ProposalState.LAPSED.value])
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))),
                name="recomputation_approved_by_another",
                violation_error_message=_("Usulan disetujui oleh orang lain, bukan oleh pengusulnya."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.pk}"

    @property
    def lapses_at(self) -> dt.datetime:
        return self.proposed_at + PROPOSAL_HOLDS


class RecomputationItem(models.Model):
    """One case of a proposal: what stands, what is wanted, and the version that was made of it.

    ``assessment`` is empty where somebody should have had a case. ``note`` says why an item was passed over.
    """

    proposal = models.ForeignKey(Recomputation, models.PROTECT, related_name="items", verbose_name=_("usulan"))
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="recomputation_items", verbose_name=_("siklus"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="recomputation_items", verbose_name=_("pegawai"))
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="recomputation_items", verbose_name=_("penilaian")
    )
    act = models.CharField(_("tindakan"), max_length=14, choices=ACTS)
    before = models.JSONField(_("yang berlaku"), default=dict)
    after = models.JSONField(_("yang diusulkan"), default=dict)
    policy = models.ForeignKey(AppraisalPolicy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("aturan"))
    made = models.OneToOneField(
        Assessment, models.PROTECT, null=True, blank=True, related_name="made_by_item", verbose_name=_("versi yang dibuat")
    )
    note = models.CharField(_("keterangan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("penilaian dalam usulan")
        verbose_name_plural = _("penilaian dalam usulan")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "assessment"],
                condition=models.Q(assessment__isnull=False),
                name="case_once_in_a_proposal",
                violation_error_message=_("Penilaian ini sudah ada dalam usulan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.employee_id} {self.act}"
