"""What may be done with a person from his page: the ways into every app, only those the viewer may go."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal.models import Assessment, PerformancePlan
from appraisal.rules.lifecycle import AssessmentState
from employees.models import Employee, Status, User
from employees.policies import may_administer, may_appoint_substitute, may_manage_account, may_open_accounts, may_open_handover
from employees.queries.handover import subordinates
from employees.rules.viewing import Viewer


@dataclass(frozen=True)
class Act:
    label: str | Promise
    link: str


def acts_of(viewer: Viewer, person: Employee, *, keeps: bool = False) -> list[Act]:
    """In the order in which they are needed; each page asks again whether it may be opened.

    ``keeps``: the administration is open to him, with the posts in it.
    """
    if viewer.employee_id == person.pk:
        return [Act(_("Kinerja Saya"), reverse("kinerja")), Act(_("Data ini keliru? Laporkan di sini."), "/laporan-data/baru/")]
    return [*_results(viewer, person), *_posts(viewer, person, keeps=keeps), *_access(viewer, person)]


def _results(viewer: Viewer, person: Employee) -> list[Act]:
    """The latest published result and the plan, where he sees them."""
    found = []
    published = Assessment.objects.current().visible_to(viewer).filter(employee=person, state=AssessmentState.PUBLISHED)
    last = published.order_by("-cycle__end", "-pk").values_list("pk", flat=True).first()
    plan = PerformancePlan.objects.visible_to(viewer).filter(employee=person).order_by("-year", "-pk").values_list("pk", flat=True).first()
    if last is not None:
        found.append(Act(_("Hasil terakhir"), reverse("nilai", args=[last])))
    if plan is not None:
        found.append(Act(_("SKP"), reverse("skp-satu", args=[plan])))
    return found


def _posts(viewer: Viewer, person: Employee, *, keeps: bool) -> list[Act]:
    serving = person.status not in {Status.RETIRED, Status.INACTIVE}
    found = []
    if keeps and serving and may_administer(viewer):
        found.append(Act(_("Tempatkan atau pindahkan"), f"{reverse('admin:employees_posting_tempatkan')}?pegawai={person.pk}"))
    if serving and subordinates(person.pk, on=viewer.on).exists() and may_appoint_substitute(viewer, person.pk):
        found.append(Act(_("Tunjuk pengganti (Plh.)"), reverse("pengganti-untuk", args=[person.pk])))
    if may_open_handover(viewer):
        found.append(Act(_("Serah terima"), f"{reverse('serah-terima')}?pegawai={person.pk}"))
    if may_administer(viewer):
        found.append(Act(_("Akhir tugas"), reverse("akhir-tugas", args=[person.pk])))
    return found


def _access(viewer: Viewer, person: Employee) -> list[Act]:
    if not may_open_accounts(viewer):
        return []
    user = User.objects.filter(employee=person).first()
    if user is None or not may_manage_account(viewer, user):
        return []
    return [Act(_("Akun"), reverse("akun-satu", args=[user.pk]))]
