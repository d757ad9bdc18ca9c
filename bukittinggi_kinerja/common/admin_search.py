"""Searching the lists of the admin: names and numbers of people stay out of addresses, and so out of every log.

The words come in the body of a form and wait in the session; the address carries the mark under which they wait.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

#: The button of the form; Django's own forms of a list have other names.
SOUGHT = "cari"
KEPT = "kata_dicari"
MOST_KEPT = 20
LONGEST = 100
MARK = "~"


class OutOfSight(ChangeList):
    """Reads what was searched from the session; pages, columns and filters carry the mark on."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        if self.query.startswith(MARK):
            self.query = request.session.get(KEPT, {}).get(self.query, "")
        return super().get_queryset(request, exclude_parameters)


class SearchesOutOfSight(admin.ModelAdmin):  # type: ignore[type-arg]
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OutOfSight

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and SOUGHT in request.POST:
            return _on_to_the_list(request)
        return super().changelist_view(request, extra_context)


def _on_to_the_list(request: HttpRequest) -> HttpResponseRedirect:
    words, params = request.POST.get(SEARCH_VAR, "").strip()[:LONGEST], request.GET.copy()
    for name in (SEARCH_VAR, PAGE_VAR):
        params.pop(name, None)
    if words:
        mark, kept = MARK + token_hex(6), dict(request.session.get(KEPT, {}))
        request.session[KEPT] = dict([*kept.items(), (mark, words)][-MOST_KEPT:])
        params[SEARCH_VAR] = mark
    return HttpResponseRedirect(f"{request.path}?{params.urlencode()}" if params else request.path)
