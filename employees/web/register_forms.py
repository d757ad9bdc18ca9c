"""Forms of HR for one row: add, correct, end, take back. Each asks why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bukittinggi_kinerja.common.errors import NotAllowed, Unacceptable
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import PERSONAL, Kept, Spanned
from employees.policies import Access, get_record, registers_of
from employees.rules.registers import Register
from employees.services.registers import LONGEST_REASON, Entry, add_record, correct_record, end_record, void_record

from .register_words import ADD, NAMES, shown
from .registers import register_named

WRITES = ["GET", "HEAD", "POST"]
Run = Callable[[Mapping[str, Any]], object]


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, widget=box, help_text=help_text, error_messages={"required": gettext_lazy("Isi tanggalnya.")}
    )


def _why() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Alasan perubahan"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Tersimpan dalam riwayat, misalnya nomor surat."),
        error_messages={"required": gettext_lazy("Tulis alasannya, misalnya nomor surat.")},
    )


class ReasonedForm(forms.Form):
    use_required_attribute = False
    reason = _why()


class EndForm(ReasonedForm):
    last_day = _day(gettext_lazy("Hari terakhir"))
    field_order = ("last_day", "reason")


def form_for(model: type[Kept]) -> type[forms.Form]:
    """Fields of a register as its model words them, its days, its letter, and why."""
    fields: dict[str, Any] = {name: _fact(model._meta.get_field(name)) for name in model.facts}
    if issubclass(model, Spanned):
        fields["first_day"] = _day(gettext_lazy("Hari pertama"))
        hint = "" if model.must_end else gettext_lazy("Kosongkan bila belum ada batas.")
        fields["last_day"] = _day(gettext_lazy("Hari terakhir"), required=model.must_end, help_text=hint)
    fields["letter_number"] = _fact(model._meta.get_field("letter_number"))
    fields["note"] = _fact(model._meta.get_field("note"))
    fields["reason"] = _why()
    return type("RecordForm", (forms.Form,), {**fields, "use_required_attribute": False})


def _fact(field: Any) -> forms.Field:
    made: forms.Field = field.formfield()
    if isinstance(field, models.PositiveSmallIntegerField):
        made.widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "pendek"})
    return made


def _entry(model: type[Kept], data: Mapping[str, Any]) -> Entry:
    texts = {name: clean_line(value, limit=300) if isinstance(value, str) else value for name, value in data.items()}
    facts = {name: texts.get(name) for name in model.facts}
    return Entry(facts, data.get("first_day"), data.get("last_day"), texts["letter_number"], texts["note"])


def _initial(access: Access, row: Kept) -> dict[str, Any]:
    """What the row says, but for what is closed to this viewer: that he writes anew."""
    hidden = set() if access.open_to(row) else {*row.details, "letter_number", "note"}
    names = [*row.facts, "letter_number", "note"]
    days = {"first_day": row.valid.lower, "last_day": row.last_day} if isinstance(row, Spanned) else {}
    return {name: getattr(row, name) for name in names if name not in hidden} | days


@require_http_methods(WRITES)
@screen()
def add(request: ScreenRequest, employee_id: int, register: str) -> HttpResponse:
    access, kind = _written(request, employee_id, register)
    model = PERSONAL[kind]
    form = form_for(model)(request.POST or None)

    def run(data: Mapping[str, Any]) -> object:
        return add_record(entry=_entry(model, data), **_words(request, employee_id, kind, data))

    return _answer(request, access, form, run, title=ADD[kind], button=_("Simpan"), done=_("Catatan tersimpan."))


@require_http_methods(WRITES)
@screen()
def correct(request: ScreenRequest, employee_id: int, register: str, record_id: int) -> HttpResponse:
    """Another row takes the place of the wrong one."""
    access, kind = _written(request, employee_id, register)
    row = get_record(access, kind, record_id)
    form = form_for(type(row))(request.POST or None, initial=_initial(access, row))

    def run(data: Mapping[str, Any]) -> object:
        return correct_record(record_id=record_id, entry=_entry(type(row), data), **_words(request, employee_id, kind, data))

    lead = _("Catatan lama tetap terbaca; yang baru menggantikannya.")
    words = {"title": _("Perbaiki catatan"), "button": _("Simpan perbaikan"), "done": _("Perbaikan tersimpan."), "lead": lead}
    return _answer(request, access, form, run, row=row, hidden=not access.open_to(row), **words)


@require_http_methods(WRITES)
@screen()
def end(request: ScreenRequest, employee_id: int, register: str, record_id: int) -> HttpResponse:
    access, kind = _written(request, employee_id, register)
    row = get_record(access, kind, record_id)
    form = EndForm(request.POST or None)

    def run(data: Mapping[str, Any]) -> object:
        return end_record(record_id=record_id, last_day=data["last_day"], **_words(request, employee_id, kind, data))

    return _answer(request, access, form, run, row=row, title=_("Akhiri catatan"), button=_("Akhiri"), done=_("Hari terakhir tersimpan."))


@require_http_methods(WRITES)
@screen()
def void(request: ScreenRequest, employee_id: int, register: str, record_id: int) -> HttpResponse:
    """For a row that should never have been."""
    access, kind = _written(request, employee_id, register)
    row = get_record(access, kind, record_id)
    form = ReasonedForm(request.POST or None)

    def run(data: Mapping[str, Any]) -> object:
        return void_record(record_id=record_id, **_words(request, employee_id, kind, data))

    lead = _("Catatan ini tidak berlaku lagi, dan tetap terbaca dalam riwayat.")
    words = {"title": _("Batalkan catatan"), "button": _("Batalkan catatan"), "done": _("Catatan dibatalkan."), "lead": lead}
    return _answer(request, access, form, run, row=row, danger=True, **words)


def _written(request: ScreenRequest, employee_id: int, register: str) -> tuple[Access, Register]:
    access, kind = registers_of(request.viewer, employee_id), register_named(register)
    if not access.writes(kind):
        raise NotAllowed(_("Daftar ini diisi pengelola kepegawaian, bukan untuk data diri sendiri."))
    return access, kind


def _words(request: ScreenRequest, employee_id: int, register: Register, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"viewer": request.viewer, "employee_id": employee_id, "register": register, "reason": data["reason"], "now": request.now}


def _answer(
    request: ScreenRequest, access: Access, form: forms.Form, run: Run, *, row: Kept | None = None, done: str, **words: Any
) -> HttpResponse:
    """Back to the person's page, or the form with what is to be mended."""
    if form.is_bound and form.is_valid():
        try:
            run(form.cleaned_data)
        except Unacceptable as refused:
            _say(form, refused)
        else:
            messages.success(request, done, extra_tags="ok")
            return HttpResponseRedirect(reverse("data-pegawai", args=[access.person.pk]))
    told = shown(access, row) if row is not None else None
    name = NAMES[row.register] if row is not None else ""
    context = {"person": access.person, "form": form, "row": told, "name": name, **words}
    return render(request, "pegawai/isian.html", context, status=400 if form.is_bound else 200)


def _say(form: forms.Form, refused: Unacceptable) -> None:
    """Each sentence at its field; the general one where no field has its own."""
    known = {name: texts for name, texts in refused.errors.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name, text)
    if not known:
        form.add_error(None, str(refused))


_ROW = "pegawai/<int:employee_id>/<str:register>/<int:record_id>"
urlpatterns = [
    path("pegawai/<int:employee_id>/<str:register>/baru/", add, name="catatan-baru"),
    path(f"{_ROW}/perbaiki/", correct, name="catatan-perbaiki"),
    path(f"{_ROW}/akhiri/", end, name="catatan-akhiri"),
    path(f"{_ROW}/batalkan/", void, name="catatan-batalkan"),
]
