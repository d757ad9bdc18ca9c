"""Routes: each module of screens states its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import (
    assessment,
    control_lists,
    control_room,
    deadlines,
    dialogues,
    evidence,
    explanation_page,
    feedback,
    late_changes,
    late_proposals,
    matrix,
    outages,
    own,
    paper,
    plans,
    preparing,
    progress_form,
    sources,
    team,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *own.urlpatterns,
    *explanation_page.urlpatterns,
    *progress_form.urlpatterns,
    *plans.urlpatterns,
    *preparing.urlpatterns,
    *matrix.urlpatterns,
    *paper.urlpatterns,
    *sources.urlpatterns,
    *team.urlpatterns,
    *assessment.urlpatterns,
    *dialogues.urlpatterns,
    *feedback.urlpatterns,
    *control_room.urlpatterns,
    *control_lists.urlpatterns,
    *deadlines.urlpatterns,
    *outages.urlpatterns,
    *late_changes.urlpatterns,
    *late_proposals.urlpatterns,
    *evidence.urlpatterns,
]
