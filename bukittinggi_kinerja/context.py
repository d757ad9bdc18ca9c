"""What the page frame needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest

from bukittinggi_kinerja.home.menu import menu_for


def frame(request: HttpRequest) -> dict[str, Any]:
    user, viewer = getattr(request, "user", None), getattr(request, "viewer", None)
    signed_in = user is not None and user.is_authenticated
    wanted = user.theme if signed_in else request.COOKIES.get("tema", "")
    return {
        "viewer": viewer,
        "now": getattr(request, "now", None),
        "theme": wanted if wanted in {"terang", "gelap"} else "",
        "menu": partial(menu_for, viewer, request.path, staff=user.is_staff) if signed_in and viewer is not None else None,
    }
