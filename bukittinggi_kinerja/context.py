"""What the page frame needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest

from bukittinggi_kinerja.home.menu import menu_for


def frame(request: HttpRequest) -> dict[str, Any]:
    user, viewer = getattr(request, "user", None), getattr(request, "viewer", None)
    wanted, menu = request.COOKIES.get("tema", ""), None
    if user is not None and viewer is not None and user.is_authenticated:
        wanted, menu = user.theme, partial(menu_for, viewer, request.path, staff=user.is_staff)
    theme = wanted if wanted in {"terang", "gelap"} else ""
    return {"viewer": viewer, "now": getattr(request, "now", None), "theme": theme, "menu": menu}
