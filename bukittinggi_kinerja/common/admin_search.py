"""Searching the lists of the admin: names and numbers of people stay out of addresses, and so out of every log.

The words come in the body of a form and wait in the session; the address carries the mark under which they wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Q, QuerySet
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


#: How Django's admin writes a way of looking before a field.
WAYS = {"=": "iexact", "^": "istartswith"}
SAID_ALREADY = {"startswith", "istartswith"}


class SearchesOutOfSight(admin.ModelAdmin):  # type: ignore[type-arg]
    #: Paths to people whose names and numbers are searched: they are found first, by their own indexes, then their rows.
    people: Sequence[str] = ()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        if not self.people:
            return super().get_search_results(request, queryset, search_term)
        for word in _words(search_term):
            queryset = queryset.filter(self._said_by(word))
        return queryset, False

    def _said_by(self, word: str) -> Q:
        found = Q()
        for path in self.people:
            person: Any = self.model if path == "pk" else get_fields_from_path(self.model, path)[-1].related_model
            found |= Q(**{f"{path}__in": person.objects.found_by(word).order_by().values("pk")})
        for name in self._other_fields():
            field, way = name.lstrip("=^"), WAYS.get(name[:1], "icontains")
            found |= Q(**{field if field.rsplit("__", 1)[-1] in SAID_ALREADY else f"{field}__{way}": word})
        return found

    def _other_fields(self) -> list[str]:
        """Of ``search_fields``, what is not said of the people."""
        if "pk" in self.people:
            return []
        paths = tuple(f"{path}__" for path in self.people)
        return [str(name) for name in self.search_fields if not str(name).lstrip("=^").startswith(paths)]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OutOfSight

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and SOUGHT in request.POST:
            return _on_to_the_list(request)
        return super().changelist_view(request, extra_context)


def _words(term: str) -> list[str]:
    """A number written in groups is one word."""
    whole = "".join(term.split())
    return [whole] if whole.isdigit() else term.split()


def _on_to_the_list(request: HttpRequest) -> HttpResponseRedirect:
    words, params = request.POST.get(SEARCH_VAR, "").strip()[:LONGEST], request.GET.copy()
    for name in (SEARCH_VAR, PAGE_VAR):
        params.pop(name, None)
    if words:
        mark, kept = MARK + token_hex(6), dict(request.session.get(KEPT, {}))
        request.session[KEPT] = dict([*kept.items(), (mark, words)][-MOST_KEPT:])
        params[SEARCH_VAR] = mark
    return HttpResponseRedirect(f"{request.path}?{params.urlencode()}" if params else request.path)
