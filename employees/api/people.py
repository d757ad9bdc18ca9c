"""``employees/``: master data of the people one may see; no birth date, no address, no money."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bukittinggi_kinerja.common.api.fields import Number, Row, Text
from bukittinggi_kinerja.common.api.parameters import choice_parameter, unit_parameter, updated_since_parameter
from bukittinggi_kinerja.common.api.views import DetailView, ListView
from bukittinggi_kinerja.common.period import local_date, start_of_day
from employees.models import Employee, EmploymentKind, OrgUnit, Posting, Status
from employees.rules.viewing import Scope, Viewer

SCOPES = {"GET": (Scope.READ_PEOPLE,)}


class EmployeeRow(Row):
    """The post is the one of today; without a post its members are null."""

    id = Number()
    nip = Text()
    name = Text()
    kind = Text()
    unit = serializers.SerializerMethodField(help_text=_("Kode unit kerja."))
    position = serializers.SerializerMethodField(help_text=_("Nama jabatan."))
    position_kind = serializers.SerializerMethodField()
    grade = Text(source="grade.code")
    status = Text()
    supervisor = serializers.SerializerMethodField(help_text=_("NIP atasan langsung."))
    supervisor_name = serializers.SerializerMethodField()
    updated_at = serializers.SerializerMethodField(help_text=_("Perubahan terakhir data atau penempatannya."))

    def get_updated_at(self, person: Employee) -> dt.datetime:
        post = _post(person)
        return timezone.localtime(max(person.updated_at, start_of_day(post.valid.lower)) if post else person.updated_at)

    def get_unit(self, person: Employee) -> str | None:
        post = _post(person)
        return post.unit.code if post else None

    def get_position(self, person: Employee) -> str | None:
        post = _post(person)
        return post.position.title if post else None

    def get_position_kind(self, person: Employee) -> str | None:
        post = _post(person)
        return post.position.kind if post else None

    def get_supervisor(self, person: Employee) -> str | None:
        post = _post(person)
        return post.supervisor.nip if post and post.supervisor else None

    def get_supervisor_name(self, person: Employee) -> str | None:
        post = _post(person)
        return post.supervisor.name if post and post.supervisor else None


def _post(person: Any) -> Posting | None:
    posts: list[Posting] = person.posts_today
    return posts[0] if posts else None


def changed_since(moment: dt.datetime, *, today: dt.date) -> Q:
    """The person's own row, which a new posting touches too, or a post that took effect or ran out meanwhile."""
    days = (local_date(moment), today)
    posts = Posting.objects.known().filter(Q(valid__startswith__range=days) | Q(valid__endswith__range=days))
    return Q(updated_at__gte=moment) | Q(id__in=posts.values("employee_id"))


def _people(viewer: Viewer) -> QuerySet[Employee]:
    today = Posting.objects.in_force(on=viewer.on).select_related("unit", "position", "supervisor")
    return (
        Employee.objects.visible_to(viewer)
        .select_related("grade")
        .prefetch_related(Prefetch("postings", queryset=today, to_attr="posts_today"))
    )


class Employees(ListView):
    scopes = SCOPES
    serializer_class = EmployeeRow
    queryset = Employee.objects.none()
    summary = _("Pegawai yang boleh Anda lihat")
    text = _("Data pokok menurut penempatan hari ini.")
    parameters = (
        unit_parameter(OrgUnit.objects.all()),
        choice_parameter("status", Status.values, _("Status pegawai.")),
        choice_parameter("kind", EmploymentKind.values, _("Jenis pegawai.")),
        # The row alone does not tell: a post may begin on a day on which nobody writes anything.
        replace(updated_since_parameter(), condition=None),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        people = _people(self.viewer)
        if unit := self.asked.get("unit"):
            people = people.filter(id__in=posted_under(unit.path, on=self.viewer.on))
        return people.filter(changed_since(self.asked["updated_since"], today=self.viewer.on)) if with_past else people


def posted_under(path: str, *, on: dt.date) -> QuerySet[Any]:
    return Posting.objects.in_force(on=on).under([path]).values("employee_id")


class EmployeeDetail(DetailView):
    scopes = SCOPES
    serializer_class = EmployeeRow
    queryset = Employee.objects.none()
    summary = _("Satu pegawai")

    def rows(self) -> QuerySet[Any]:
        return _people(self.viewer)
