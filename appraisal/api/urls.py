"""Routes of appraisal below /api/v1/."""

from __future__ import annotations

from django.urls import path

from .assessments import AssessmentDetail, Assessments, Explanation
from .cycles import CycleDetail, Cycles
from .plans import PlanDetail, Plans
from .progress import Progress, ProgressDetail
from .reports import Lateness, PerformanceSummary

urlpatterns = [
    path("cycles/", Cycles.as_view()),
    path("cycles/<int:pk>/", CycleDetail.as_view()),
    path("plans/", Plans.as_view()),
    path("plans/<int:pk>/", PlanDetail.as_view()),
    path("progress/", Progress.as_view()),
    path("progress/<int:pk>/", ProgressDetail.as_view()),
    path("assessments/", Assessments.as_view()),
    path("assessments/<int:pk>/", AssessmentDetail.as_view()),
    path("assessments/<int:pk>/explanation/", Explanation.as_view()),
    path("reports/performance-summary/", PerformanceSummary.as_view()),
    path("reports/lateness/", Lateness.as_view()),
]
