"""Data pegawai: the list HR finds people in, a person's page, and the one look at what is closed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import PERSONAL, Posting
from employees.policies import Access, may_open_registers, registers_of
from employees.queries import posting_of
from employees.queries.registers import (
    absent_days,
    allowances_of,
    class_of,
    found_people,
    looks_at,
    people_listed,
    postings_of,
    rows_of,
    units_to_choose,
)
from employees.rules.registers import Register, Sight
from employees.services.registers import LONGEST_REASON, open_detail

from .register_words import NAMES, looks, sections, shown, span_words

PEOPLE_SHOWN = 50
CODE_LENGTH, WORDS_LENGTH = 60, 80
#: Days of absence a rater reads: those behind him that he may rate, and those he plans for.
BEHIND, AHEAD = dt.timedelta(days=62), dt.timedelta(days=93)


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=_("Untuk keperluan apa"),
        max_length=LONGEST_REASON,
        help_text=_("Pemilik data dapat membaca siapa yang membuka, kapan, dan alasan ini."),
        error_messages={"required": _("Tulis alasannya, misalnya nomor surat.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_open_registers)
def people(request: ScreenRequest) -> HttpResponse:
    """/pegawai/: by unit in the address, by name or NIP in the body of a form, so that no name stands in a log."""
    asked = request.POST if request.method == "POST" else request.GET
    units = list(units_to_choose(request.viewer))
    code = clean_line(request.POST.get("unit", "") if request.method == "POST" else request.GET.get("unit", ""), limit=CODE_LENGTH)
    unit = next((unit for unit in units if unit.code == code), None)
    if code and unit is None:
        raise NotVisible(_("Unit ini tidak ada, atau bukan untuk Anda."))
    words = clean_line(request.POST.get("cari", ""), limit=WORDS_LENGTH)
    found = people_listed(found_people(request.viewer, unit_path=unit.path if unit else "", words=words), on=request.viewer.on)
    page = Paginator(found, PEOPLE_SHOWN).get_page(asked.get("halaman"))
    context = {
        "page": page,
        "rows": [{"person": person, "post": _present(person)} for person in page],
        "units": units,
        "unit": unit,
        "words": words,
        "query": f"&{urlencode({'unit': unit.code})}" if unit else "",
    }
    return render(request, "pegawai/daftar.html", context)


def _present(person: Any) -> Posting | None:
    return person.present[0] if person.present else None


@require_safe
@screen()
def dossier(request: ScreenRequest, employee_id: int) -> HttpResponse:
    """/pegawai/<id>/: what is kept of a person, as far as the viewer may; a rater reads the days of absence alone."""
    access = registers_of(request.viewer, employee_id)
    return render(request, "pegawai/pegawai.html", _page(request, access))


def _page(request: ScreenRequest, access: Access) -> dict[str, Any]:
    on, person = request.viewer.on, access.person
    context: dict[str, Any] = {"person": person, "access": access, "post": posting_of(person.pk, on=on), "form": ReasonForm()}
    if not access.sees_rows:
        spans = absent_days([person.pk], on - BEHIND, on + AHEAD).get(person.pk, [])
        return {**context, "absent": [span_words(DateRange(span.start, span.end)) for span in spans]}
    rows = rows_of(person.pk, [register for register in PERSONAL if access.sight(register) > Sight.DAYS])
    return {
        **context,
        **_pay(context["post"], on=on),
        "sections": sections(access, rows),
        "postings": [(posting, span_words(posting.valid)) for posting in postings_of(person.pk)],
        "looks": looks(looks_at(person.pk), rows) if access.owns else [],
        "keeps": access.writes(Register.LEAVE),
    }


def _pay(post: Posting | None, *, on: dt.date) -> dict[str, Any]:
    """The class of the post and the rupiah of the class."""
    job_class = class_of(post.position_id, on=on) if post else None
    bases = allowances_of(job_class.job_class, post.unit, on=on) if post and job_class else []
    return {"job_class": job_class, "bases": bases, "total": sum(base.amount for base in bases) if bases else None}


@require_POST
@screen()
def opened(request: ScreenRequest, employee_id: int) -> HttpResponse:
    """/pegawai/<id>/buka/: one closed detail, shown once on the answer of the form, never in an address."""
    access = registers_of(request.viewer, employee_id)
    register = register_named(request.POST.get("daftar", ""))
    record_id = whole_number(request.POST.get("catatan", "")) or 0
    try:
        row = open_detail(
            viewer=request.viewer, employee_id=employee_id, register=register, record_id=record_id,
            reason=request.POST.get("reason", ""), now=request.now,
        )  # fmt: skip
    except Unacceptable:
        form = ReasonForm({"reason": clean_line(request.POST.get("reason", ""), limit=LONGEST_REASON)})
        context = {**_page(request, access), "form": form, "asked": (register, record_id)}
        return render(request, "pegawai/pegawai.html", context, status=400)
    context = {"person": access.person, "access": access, "name": NAMES[register], "row": shown(access, row, opened=True)}
    return render(request, "pegawai/rincian.html", context)


def register_named(text: str) -> Register:
    """A register that is kept for people. Raises NotVisible."""
    found = next((register for register in PERSONAL if register.value == text), None)
    if found is None:
        raise NotVisible(_("Daftar ini tidak ada."))
    return found


urlpatterns = [
    path("pegawai/", people, name="pegawai"),
    path("pegawai/<int:employee_id>/", dossier, name="data-pegawai"),
    path("pegawai/<int:employee_id>/buka/", opened, name="buka-rincian"),
]
