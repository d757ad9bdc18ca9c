"""Routes of services and incentives below /api/v1/."""

from __future__ import annotations

from django.urls import path

from .cases import ServiceCaseDetail, ServiceCases
from .events import ServiceEvents
from .reports import ServiceTimesReport

urlpatterns = [
    path("service-cases/", ServiceCases.as_view()),
    path("service-cases/events/", ServiceEvents.as_view()),
    path("service-cases/<int:pk>/", ServiceCaseDetail.as_view()),
    path("reports/service-times/", ServiceTimesReport.as_view()),
]
