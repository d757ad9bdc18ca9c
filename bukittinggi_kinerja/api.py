"""Routes below /api/v1/; the apps are named by text, because nobody imports another's doors."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from bukittinggi_kinerja.common.api.docs import Docs, Schema
from bukittinggi_kinerja.common.api.jobs import JobDetail
from bukittinggi_kinerja.common.api.views import UnknownPath

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("jobs/<int:pk>/", JobDetail.as_view(), name="api-job"),
    path("", include("employees.api.urls")),
    path("", include("appraisal.api.urls")),
    path("", include("appraisal.incentives.api.urls")),
    re_path(r"^.*$", UnknownPath.as_view()),
]
