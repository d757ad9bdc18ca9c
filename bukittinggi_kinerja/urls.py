"""All routes of the system; each list states full paths from the root."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from bukittinggi_kinerja.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("bukittinggi_kinerja.api")),
    path("", include("bukittinggi_kinerja.home.urls")),
    path("", include("employees.web.urls")),
    path("", include("appraisal.web.urls")),
    path("", include("appraisal.incentives.web.urls")),
]
