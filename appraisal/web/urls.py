"""Routes: each module of screens states its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import (
    assessment,
    control_lists,
    control_room,
    deadlines,
    evidence,
    explanation_page,
    feedback,
    outages,
    own,
    plans,
    progress_form,
    team,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *own.urlpatterns,
    *explanation_page.urlpatterns,
    *progress_form.urlpatterns,
    *plans.urlpatterns,
    *team.urlpatterns,
    *assessment.urlpatterns,
    *feedback.urlpatterns,
    *control_room.urlpatterns,
    *control_lists.urlpatterns,
    *deadlines.urlpatterns,
    *outages.urlpatterns,
    *evidence.urlpatterns,
]
