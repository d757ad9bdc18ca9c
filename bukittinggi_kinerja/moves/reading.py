"""The hand-over list: everything that moves have left without an owner, asked of each app; the number of queries is fixed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.incentives.models import ServiceCase
from appraisal.incentives.queries.handover import cases_without_officer
from appraisal.queries.handover import plans_without_owner, ratings_without_owner
from appraisal.rules.lifecycle import PlanState
from bukittinggi_kinerja.common.templatetags.kinerja import masa, tanggal
from employees.queries.handover import Leaders, leaders_on, mandates_without_holder, names_of, without_post, without_superior
from employees.queries.substitutes import appointable
from employees.rules.viewing import Viewer

MOST_SHOWN = 50


@dataclass(frozen=True)
class Row:
    """Whose it is, what lies there, who should take it; one way to settle it: a link, or ``posting`` to put under ``taker``.

    ``hint`` says who settles it, where the viewer cannot.
    """

    who: str
    unit: str
    what: str
    taker: str = ""
    link: str = ""
    button: str = ""
    posting: int | None = None
    taker_id: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Group:
    code: str
    title: str | Promise
    total: int
    rows: list[Row] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class HandOver:
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def hand_over(viewer: Viewer, *, of: int | None = None) -> HandOver:
    """All groups, also the empty ones: that nothing is left is a fact to be shown. ``of`` keeps what one person left or lacks."""
    ratings, n_ratings = _some(_of(ratings_without_owner(viewer), of, "employee", "assessor"))
    plans, n_plans = _some(_of(plans_without_owner(viewer), of, "employee", "assessor"))
    posts, n_posts = _some(_of(without_superior(viewer), of, "employee", "supervisor"))
    people, n_people = _some(_of(without_post(viewer), of, "pk"))
    mandates, n_mandates = _some(_of(mandates_without_holder(viewer), of, "principal", "substitute"))
    cases, n_cases = _some(_of(cases_without_officer(viewer), of, "responsible"))
    tree = leaders_on(viewer.on)
    names = {**tree.names, **names_of({case.reviewer_id for case in ratings})}
    officials = {one.assessor_id for one in (*ratings, *plans) if one.assessor_id} | {one.principal_id for one in mandates}
    ways = Ways(viewer.is_city_hr, appointable(viewer, officials) if officials else set(), _opened(viewer, cases))
    return HandOver(
        [
            Group(
                "penilaian", lazy("Penilaian belum selesai tanpa penilai"), n_ratings, [_rating(one, tree, names, ways) for one in ratings]
            ),
            Group("skp", lazy("SKP yang pejabat penilainya pergi"), n_plans, [_plan(one, tree, ways) for one in plans]),
            Group("atasan", lazy("Pegawai tanpa atasan"), n_posts, [_post(one, tree, ways) for one in posts]),
            Group("penempatan", lazy("Pegawai tanpa penempatan"), n_people, [_person(one, ways) for one in people]),
            Group("mandat", lazy("Mandat yang pemegangnya pergi"), n_mandates, [_mandate(one, ways) for one in mandates]),
            Group("berkas", lazy("Berkas layanan terbuka tanpa petugas"), n_cases, [_case(one, ways) for one in cases]),
        ]
    )


def _of(found: QuerySet[Any], person: int | None, *roles: str) -> QuerySet[Any]:
    """Of one person alone, in whichever of these roles he stands in a row."""
    if person is None:
        return found
    chosen = Q()
    for role in roles:
        chosen |= Q(**{role: person})
    return found.filter(chosen)


def _some(found: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first rows and how many there are: two queries, one where all of them are shown."""
    rows = list(found[: MOST_SHOWN + 1])
    return rows[:MOST_SHOWN], len(rows) if len(rows) <= MOST_SHOWN else found.count()


def _opened(viewer: Viewer, cases: Sequence[ServiceCase]) -> set[int]:
    seen = ServiceCase.objects.visible_to(viewer).filter(pk__in=[case.pk for case in cases])
    return set(seen.values_list("pk", flat=True)) if cases else set()


@dataclass(frozen=True)
class Ways:
    """What the viewer can do about it: keep records, appoint for these officials, open these service cases."""

    city: bool
    appoints: set[int]
    opens: set[int]

    def appoint(self, official: int) -> dict[str, Any]:
        if official not in self.appoints:
            return {"hint": _("Pengganti ditunjuk pengelola atau BKPSDM")}
        return {"link": reverse("pengganti-untuk", args=[official]), "button": _("Tunjuk pengganti")}

    @property
    def superior(self) -> dict[str, Any]:
        return {"link": "#atasan", "button": _("Tetapkan atasan")} if self.city else {"hint": _("Atasan ditetapkan BKPSDM")}

    @property
    def place(self) -> dict[str, Any]:
        if not self.city:
            return {"hint": _("Ditempatkan BKPSDM")}
        return {"link": reverse("admin:employees_posting_tempatkan"), "button": _("Tempatkan")}


def _rating(case: Any, tree: Leaders, names: dict[int, str], ways: Ways) -> Row:
    if case.assessor is None:
        taker = tree.over(case.employee_id, case.unit_id)
        what = _("%(masa)s, belum ada pejabat penilai") % {"masa": masa(case)}
        return Row(case.employee.name, case.unit.name, what, names.get(taker or 0, ""), **ways.superior)
    what = _("%(masa)s, penilai %(nama)s tidak dapat menilai lagi") % {"masa": masa(case), "nama": case.assessor.name}
    return Row(case.employee.name, case.unit.name, what, names.get(case.reviewer_id or 0, ""), **ways.appoint(case.assessor_id))


def _plan(plan: Any, tree: Leaders, ways: Ways) -> Row:
    taker = tree.names.get(tree.over(plan.employee_id, plan.unit_id) or 0, "")
    words = {"tahun": plan.year, "nama": plan.assessor.name if plan.assessor else _("belum ada")}
    revised = plan.state == PlanState.REVISING
    what = _("SKP %(tahun)s sedang direvisi, pejabat penilai %(nama)s") if revised else _("SKP %(tahun)s, pejabat penilai %(nama)s")
    return Row(
        plan.employee.name, plan.unit.name, what % words, taker, **(ways.appoint(plan.assessor_id) if plan.assessor_id else ways.superior)
    )


def _post(post: Any, tree: Leaders, ways: Ways) -> Row:
    taker = tree.over(post.employee_id, post.unit_id)
    what = _("Atasan %(nama)s sudah pergi") % {"nama": post.supervisor.name} if post.supervisor else _("Belum ada atasan")
    row: dict[str, Any] = ways.superior if not ways.city else ways.place
    if ways.city and taker:
        row = {"posting": post.pk, "taker_id": taker, "button": _("Tetapkan atasan")}
    return Row(post.employee.name, post.unit.name, what, tree.names.get(taker or 0, ""), **row)


def _person(person: Any, ways: Ways) -> Row:
    words = {"status": person.get_status_display().lower()}
    return Row(person.name, "", _("Status %(status)s, tanpa penempatan hari ini") % words, **ways.place)


def _mandate(mandate: Any, ways: Ways) -> Row:
    """The mandate is revoked first: an official has one substitute a day."""
    words = {"jenis": mandate.get_kind_display(), "nama": mandate.substitute.name}
    action = {"link": f"{reverse('pengganti')}#m{mandate.pk}", "button": _("Cabut mandat")}
    may = mandate.principal_id in ways.appoints
    what = _("%(jenis)s %(nama)s tidak bertugas lagi") % words
    return Row(mandate.principal.name, "", what, **(action if may else ways.appoint(mandate.principal_id)))


def _case(case: Any, ways: Ways) -> Row:
    due = _("batas %(hari)s") % {"hari": tanggal(case.due_at)} if case.due_at else _("tanpa batas waktu")
    words = {"berkas": case.case_id, "batas": due}
    action: dict[str, Any] = {"link": reverse("service-case", args=[case.pk]), "button": _("Buka berkas")} if case.pk in ways.opens else {}
    return Row(case.responsible.name, case.service_type.name, _("Berkas %(berkas)s, %(batas)s") % words, **action)


def earliest(days: Iterable[dt.date | None], *, otherwise: dt.date) -> dt.date:
    return min((day for day in days if day is not None), default=otherwise)
