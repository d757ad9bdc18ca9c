"""The cascade matrix of a unit: who supports which result of its head, and where nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from appraisal.policies import may_see_matrix
from appraisal.queries.matrix import Cascade, cascade_of_unit
from appraisal.queries.plan_copy import units_to_prepare
from bukittinggi_kinerja.common.api.tables import Cell, Column, Table, as_csv
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .years import chosen_year

CSV_COLUMNS = (
    Column("rhk_pimpinan", gettext_lazy("RHK pimpinan")),
    Column("jenis", gettext_lazy("Jenis RHK")),
    Column("nip", gettext_lazy("NIP")),
    Column("nama", gettext_lazy("Nama")),
    Column("rhk", gettext_lazy("RHK")),
    Column("bagian", gettext_lazy("Bagian (%)")),
    Column("keterangan", gettext_lazy("Keterangan")),
)


@require_safe
@screen(may_see_matrix)
def units(request: ScreenRequest) -> HttpResponse:
    """/skp/matriks/: the units whose cascade the viewer may open."""
    return render(request, "skp/matriks_unit.html", {"units": units_to_prepare(request.viewer), "year": chosen_year(request)})


@require_safe
@screen(may_see_matrix)
def unit_matrix(request: ScreenRequest, unit_id: int) -> HttpResponseBase:
    """/skp/matriks/<unit>/: the matrix, or its rows as csv."""
    cascade = cascade_of_unit(request.viewer, unit_id, year=chosen_year(request))
    if request.GET.get("berkas") == "csv":
        return _as_csv(cascade)
    context = {
        "cascade": cascade,
        "year": cascade.year,
        "years": [request.viewer.on.year, request.viewer.on.year + 1],
        "columns": [{"post": post, "draft": cascade.is_draft(pk), "plan": cascade.plans.get(pk)} for pk, post in cascade.people.items()],
        "rows": [_row(cascade, n) for n in range(len(cascade.found.rows))],
        "idle": [{"post": cascade.people[p], "plan": cascade.plans[p], "draft": cascade.is_draft(p)} for p in cascade.found.idle],
        "unplanned": [cascade.people[p] for p in cascade.found.unplanned],
    }
    return render(request, "skp/matriks.html", context)


def _row(cascade: Cascade, number: int) -> dict[str, Any]:
    row = cascade.found.rows[number]
    cells = [row.by_person.get(person, []) for person in cascade.people]
    return {
        "number": number + 1,
        "result": cascade.results[row.result],
        "row": row,
        "cells": [{"supports": found, "shares": [s.share for s in found if s.share is not None]} for found in cells],
        "supporters": [
            {"post": post, "supports": row.by_person[person], "draft": cascade.is_draft(person)}
            for person, post in cascade.people.items()
            if person in row.by_person
        ],
    }


def _as_csv(cascade: Cascade) -> StreamingHttpResponse:
    name = f"matriks-{cascade.unit.code.lower()}-{cascade.year}"
    table = Table(name=name, title="", columns=CSV_COLUMNS, rows=_lines(cascade))
    answer = StreamingHttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _lines(cascade: Cascade) -> Iterator[tuple[Cell, ...]]:
    """A line for every support, and one for everything that is missing."""
    for row in cascade.found.rows:
        result = cascade.results[row.result]
        if not row.by_person:
            yield (result.title, result.kind, "", "", "", None, "BELUM_DIDUKUNG" if row.unsupported else "")
        mark = "BAGIAN_KURANG" if row.short else "BAGIAN_LEBIH" if row.over else ""
        for person, supports in row.by_person.items():
            who = cascade.people[person].employee
            for one in supports:
                yield (result.title, result.kind, who.nip or "", who.name, one.title, one.share, mark)
    for mark, people in (("TIDAK_MENDUKUNG", cascade.found.idle), ("BELUM_ADA_SKP", cascade.found.unplanned)):
        for person in people:
            who = cascade.people[person].employee
            yield ("", "", who.nip or "", who.name, "", None, mark)


urlpatterns = [
    path("skp/matriks/", units, name="matriks"),
    path("skp/matriks/<int:unit_id>/", unit_matrix, name="matriks-unit"),
]
