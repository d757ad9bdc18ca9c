"""Answers to scripts: a refusal is JSON with its sentence, never a page that would land inside another."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase, JsonResponse

from bukittinggi_kinerja.common.errors import Refusal
from bukittinggi_kinerja.common.web import ScreenRequest, is_fragment

View = Callable[..., HttpResponseBase]


def refusals_as_json(view: View) -> View:
    """For a view that both scripts and plain forms call: the latter get the page of the refusal as ever."""

    @wraps(view)
    def answered(request: ScreenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            if not is_fragment(request):
                raise
            errors = getattr(refusal, "errors", {})
            first = next((sentence for sentences in errors.values() for sentence in sentences), str(refusal))
            return JsonResponse({"detail": first, "errors": errors}, status=refusal.status)

    return answered
