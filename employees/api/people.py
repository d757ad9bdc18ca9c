"""``employees/``: master data of the people one may see; no birth date, no address, no money."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bukittinggi_kinerja.common.api.fields import Moment, Number, Row, Text
from bukittinggi_kinerja.common.api.parameters import choice_parameter, unit_parameter, updated_since_parameter
from bukittinggi_kinerja.common.api.views import DetailView, ListView
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
    updated_at = Moment()

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
        updated_since_parameter(),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        people = _people(self.viewer)
        unit = self.asked.get("unit")
        if unit is None:
            return people
        return people.filter(id__in=posted_under(unit.path, on=self.viewer.on))


def posted_under(path: str, *, on: dt.date) -> QuerySet[Any]:
    return Posting.objects.in_force(on=on).under([path]).values("employee_id")


class EmployeeDetail(DetailView):
    scopes = SCOPES
    serializer_class = EmployeeRow
    queryset = Employee.objects.none()
    summary = _("Satu pegawai")

    def rows(self) -> QuerySet[Any]:
        return _people(self.viewer)
