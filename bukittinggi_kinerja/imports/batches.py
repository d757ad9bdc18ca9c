"""One file on its way: its columns, what it would change, its progress, its result, and back again."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.importing import ImportKind, RowState
from bukittinggi_kinerja.common.importing.batches import UNDO_WITHIN, ask_apply, ask_check, ask_undo, batch_of, may_undo
from bukittinggi_kinerja.common.importing.cancelling import may_cancel
from bukittinggi_kinerja.common.importing.sheets import FORMATS
from bukittinggi_kinerja.common.models import ImportBatch, ImportLine, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from bukittinggi_kinerja.import_kinds import KINDS, may_import
from bukittinggi_kinerja.tasks import work_import

from .forms import ApplyForm, MappingForm
from .seeing import may_take_back, own_batches, seen_batches, with_owners

SHOWN = 50
RUNNING = {BatchState.CHECKING, BatchState.APPLYING, BatchState.UNDOING}
STEPS = (gettext_lazy("Unggah"), gettext_lazy("Kolom"), gettext_lazy("Uji"), gettext_lazy("Terapkan"))
FILTERS = {"baru": RowState.NEW, "ubah": RowState.CHANGED, "tetap": RowState.SAME, "salah": RowState.BAD}


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    chosen: bool


@require_http_methods(["GET", "HEAD"])
@screen(may_import)
def batch_page(request: ScreenRequest, batch_id: int) -> HttpResponse:
    batch, kind = _found(request, batch_id, own=False)
    if batch.state in RUNNING:
        cancels = batch.job is not None and may_cancel(batch.job, request.viewer.user_id)
        frame = _frame(batch, kind, 4 if batch.state != BatchState.CHECKING else 3)
        return render(request, "impor/jalan.html", {**frame, "cancels": cancels})
    if batch.state in {BatchState.UPLOADED, BatchState.FAILED} and batch.owner == request.viewer.user_id:
        return _columns(request, batch, kind)
    return _result(request, batch, kind, ApplyForm(), request.GET.get("keadaan", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_import)
def columns(request: ScreenRequest, batch_id: int) -> HttpResponse:
    batch, kind = _found(request, batch_id)
    if request.method != "POST":
        return _columns(request, batch, kind)
    form, options = MappingForm(kind, batch, request.POST), _options(kind, request.POST)
    if form.is_valid() and (options is None or options.is_valid()):
        try:
            job = ask_check(
                batch_id=batch.pk,
                kind=kind,
                places=form.places(),
                options={name: request.POST.get(name, "") for name in (options.fields if options is not None else ())},
                viewer=request.viewer,
                actor=request.viewer.user_id,
                now=request.now,
            )
        except Unacceptable as refusal:
            for column, sentences in refusal.errors.items():
                form.refuse(column, " ".join(sentences))
        else:
            return _started(job, batch)
    return _columns(request, batch, kind, form, options, status=400)


@require_POST
@screen(may_import)
def apply(request: ScreenRequest, batch_id: int) -> HttpResponse:
    batch, kind = _found(request, batch_id)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _result(request, batch, kind, form, "", status=400)
    job = ask_apply(
        batch_id=batch.pk,
        kind=kind,
        good_only=form.cleaned_data["good_only"],
        reason=form.cleaned_data["reason"],
        viewer=request.viewer,
        actor=request.viewer.user_id,
        now=request.now,
    )
    return _started(job, batch)


@require_POST
@screen(may_import)
def undo(request: ScreenRequest, batch_id: int) -> HttpResponse:
    batch, kind = _found(request, batch_id, own=False)
    job = ask_undo(batch_id=batch.pk, kind=kind, viewer=request.viewer, actor=request.viewer.user_id, now=request.now)
    return _started(job, batch)


@require_safe
@screen(may_import)
def errors(request: ScreenRequest, batch_id: int) -> HttpResponseBase:
    batch, _kind = _found(request, batch_id)
    if not batch.errors:
        raise NotNow(_("Tidak ada baris yang salah, atau berkasnya sudah dihapus."))
    form = str(batch.errors.name).rpartition(".")[2]
    name = f"galat-{batch.kind}-{batch.pk}.{form}"
    return FileResponse(batch.errors.open("rb"), as_attachment=True, filename=name, content_type=FORMATS[form])


def _found(request: ScreenRequest, batch_id: int, *, own: bool = True) -> tuple[ImportBatch, ImportKind]:
    """``own``: what its owner alone may do or read."""
    batch = batch_of(batch_id=batch_id, among=own_batches(request.viewer) if own else with_owners(seen_batches(request.viewer)))
    kind = KINDS.get(batch.kind)
    if kind is None or not kind.may(request.viewer):
        raise NotVisible(_("Impor ini tidak ada, atau bukan milik Anda."))
    return batch, kind


def _started(job: Job, batch: ImportBatch) -> HttpResponse:
    # Without a broker the message is lost and the sweep finds the job.
    with suppress(OperationalError):
        work_import.delay(job_id=job.pk)
    return HttpResponseRedirect(f"/impor/{batch.pk}/")


def _frame(batch: ImportBatch, kind: ImportKind, step: int) -> dict[str, Any]:
    return {"batch": batch, "kind": kind, "steps": STEPS[:3] if not kind.writes_rows else STEPS, "step": step}


def _options(kind: ImportKind, data: Any) -> forms.Form | None:
    return kind.options_form(data) if kind.options_form is not None else None


def _columns(
    request: ScreenRequest,
    batch: ImportBatch,
    kind: ImportKind,
    form: MappingForm | None = None,
    options: forms.Form | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    if batch.state not in {BatchState.UPLOADED, BatchState.CHECKED, BatchState.FAILED} or not batch.file:
        raise NotNow(_("Impor ini sedang atau sudah dikerjakan. Muat ulang halaman ini."))
    options = options or _options(kind, batch.options or None)
    used = set(batch.mapping.values())
    unused = [name for place, name in enumerate(batch.header) if place not in used and name]
    context = {"form": form or MappingForm(kind, batch), "options": options, "unused": unused}
    return render(request, "impor/kolom.html", {**_frame(batch, kind, 2), **context}, status=status)


def _result(
    request: ScreenRequest, batch: ImportBatch, kind: ImportKind, form: ApplyForm, chosen: str, *, status: int = 200
) -> HttpResponse:
    """Three queries for the lines, whatever their number."""
    mine = batch.owner == request.viewer.user_id
    lines = ImportLine.objects.filter(batch=batch).order_by("line")
    if not mine:
        lines = lines.exclude(state=RowState.BAD)  # what was refused is quoted as it was typed, and stays with who typed it
    if chosen in FILTERS:
        lines = lines.filter(state=FILTERS[chosen])
    elif chosen == "ingat":
        lines = lines.filter(warned=True)
    elif chosen == "beda":
        lines = lines.filter(moved=True)
    page = Paginator(lines, SHOWN).get_page(request.GET.get("halaman"))
    labels = {column.name: column.label for column in kind.columns}
    context = {
        "form": form,
        "page": page,
        "lines": [_shown(line, labels) for line in page],
        "tabs": [tab for tab in _tabs(batch, chosen) if mine or tab.key != "salah"],
        "query": f"&keadaan={chosen}" if chosen in FILTERS or chosen in {"ingat", "beda"} else "",
        "good": batch.new + batch.changed,
        "mine": mine,
        "undo_until": _undo_until(request, batch),
    }
    return render(request, "impor/hasil.html", {**_frame(batch, kind, 3 if batch.applied_at is None else 5), **context}, status=status)


def _undo_until(request: ScreenRequest, batch: ImportBatch) -> dt.datetime | None:
    if batch.applied_at is None or not may_undo(batch, request.now) or not may_take_back(request.viewer, batch):
        return None
    return batch.applied_at + UNDO_WITHIN


def _shown(line: ImportLine, labels: dict[str, Any]) -> dict[str, Any]:
    def named(column: str) -> Any:
        return ", ".join(str(labels.get(name, name)) for name in column.split(", ")) if column else _("Seluruh baris")

    return {
        "line": line,
        "changes": [(named(column), old, new) for column, old, new in line.changes],
        "faults": [(named(column), text) for column, text in line.faults],
        "warnings": [(named(column), text) for column, text in line.warnings],
    }


def _tabs(batch: ImportBatch, chosen: str) -> list[Tab]:
    found = [
        ("", _("Semua"), batch.new + batch.changed + batch.same + batch.bad),
        ("salah", _("Salah"), batch.bad),
        ("baru", _("Baru"), batch.new),
        ("ubah", _("Berubah"), batch.changed),
        ("tetap", _("Tetap"), batch.same),
        ("ingat", _("Perlu dilihat"), batch.warned),
    ]
    return [Tab(key, label, count, chosen=key == chosen) for key, label, count in found if count or key in {"", chosen}]


urlpatterns = [
    path("impor/<int:batch_id>/", batch_page, name="impor-berkas"),
    path("impor/<int:batch_id>/kolom/", columns, name="impor-kolom"),
    path("impor/<int:batch_id>/terapkan/", apply, name="impor-terapkan"),
    path("impor/<int:batch_id>/urungkan/", undo, name="impor-urungkan"),
    path("impor/<int:batch_id>/galat/", errors, name="impor-galat"),
]
