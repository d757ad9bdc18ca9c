"""``service-cases/``: permits with their clock."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from appraisal.incentives.models import ServiceCase, ServiceEvent
from appraisal.incentives.models.cases import CaseState
from bukittinggi_kinerja.common.api.fields import Flag, Moment, Number, Row, Text
from bukittinggi_kinerja.common.api.parameters import (
    choice_parameter,
    flag_parameter,
    period_parameter,
    text_parameter,
    updated_since_parameter,
)
from bukittinggi_kinerja.common.api.views import DetailView, ListView
from bukittinggi_kinerja.common.period import Period, start_of_day
from employees.models import Employee
from employees.rules.viewing import Scope, Viewer

SCOPES = {"GET": (Scope.READ_REPORTS,)}


class CaseRow(Row):
    """The person responsible is named to those who may see that person."""

    id = Number()
    source = Text(source="source.code")  # type: ignore[assignment]
    case_id = Text()
    service_type = Text(source="service_type.code")
    state = Text()
    accepted_at = Moment()
    due_at = Moment()
    finished_at = Moment()
    paused_since = Moment()
    net_working_days = Number()
    standard_days = Number()
    on_time = Flag()
    responsible = Text(source="responsible_nip", help_text=_("NIP penanggung jawab."))
    version = Number()
    updated_at = Moment()


class StepRow(Row):
    event_id = Text(source="key")
    version = Number()
    activity = Text()
    at = Moment()
    officer = Text(source="officer_nip", help_text=_("NIP petugas."))
    cancelled = Flag()


class CaseWithSteps(CaseRow):
    steps = StepRow(many=True, source="steps_now")


def _nip_of(person: str, viewer: Viewer) -> Subquery:
    seen = Employee.objects.visible_to(viewer).filter(pk=OuterRef(person))
    return Subquery(seen.values("nip")[:1])


def _cases(viewer: Viewer) -> QuerySet[Any]:
    cases = ServiceCase.objects.visible_to(viewer).select_related("source", "service_type")
    return cases.annotate(responsible_nip=_nip_of("responsible_id", viewer))


def finished_in(period: Period) -> Q:
    return Q(finished_at__gte=start_of_day(period.start), finished_at__lt=start_of_day(period.end))


class ServiceCases(ListView):
    scopes = SCOPES
    serializer_class = CaseRow
    queryset = ServiceCase.objects.none()
    summary = _("Berkas layanan")
    text = _("Berkas yang boleh Anda lihat, dengan jam kerjanya.")
    parameters = (
        period_parameter(finished_in, description=_("Berkas yang selesai dalam periode ini.")),
        text_parameter("source", _("Kode sumber data."), "source__code"),
        text_parameter("service_type", _("Kode jenis layanan."), "service_type__code"),
        choice_parameter("state", CaseState.values, _("Keadaan berkas.")),
        flag_parameter("on_time", _("Selesai dalam standar waktunya.")),
        updated_since_parameter(stamped=True),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        return _cases(self.viewer)


class ServiceCaseDetail(DetailView):
    scopes = SCOPES
    serializer_class = CaseWithSteps
    queryset = ServiceCase.objects.none()
    summary = _("Satu berkas layanan dengan langkahnya")

    def rows(self) -> QuerySet[Any]:
        steps = ServiceEvent.objects.current().annotate(officer_nip=_nip_of("officer_id", self.viewer)).order_by("at", "id")
        return _cases(self.viewer).prefetch_related(Prefetch("events", queryset=steps, to_attr="steps_now"))
