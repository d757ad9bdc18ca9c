"""All routes of the system; each list states full paths from the root."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from bukittinggi_kinerja.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    # The service behind this page also ends the tokens and leaves its event.
    path("admin/password_change/", admin.site.admin_view(RedirectView.as_view(url="/profil/"))),
    path("admin/", admin.site.urls),
    path("api/v1/", include("bukittinggi_kinerja.api")),
    path("", include("bukittinggi_kinerja.home.urls")),
    path("", include("bukittinggi_kinerja.imports.urls")),
    path("", include("bukittinggi_kinerja.moves.views")),
    path("", include("employees.web.urls")),
    path("", include("appraisal.web.urls")),
    path("", include("appraisal.incentives.web.urls")),
]
