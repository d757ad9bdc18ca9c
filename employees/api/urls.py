"""Routes of people below /api/v1/."""

from __future__ import annotations

from django.urls import path

from .me import Me
from .people import EmployeeDetail, Employees
from .units import Unit, Units

urlpatterns = [
    path("me/", Me.as_view()),
    path("units/", Units.as_view()),
    path("units/<int:pk>/", Unit.as_view()),
    path("employees/", Employees.as_view()),
    path("employees/<int:pk>/", EmployeeDetail.as_view()),
]
