"""Lists that can be imported: the overview, uploading, the template, and exporting."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.importing import ImportKind
from bukittinggi_kinerja.common.importing.batches import require_may, upload
from bukittinggi_kinerja.common.importing.exporting import export_list
from bukittinggi_kinerja.common.importing.sheets import FORMATS, template_of
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from bukittinggi_kinerja.import_kinds import KINDS, may_import

from .forms import ExportForm, UploadForm
from .seeing import seen_batches, with_owners

SHOWN = 20


@require_safe
@screen(may_import)
def overview(request: ScreenRequest) -> HttpResponse:
    kinds = [kind for kind in KINDS.values() if kind.may(request.viewer)]
    batches = with_owners(seen_batches(request.viewer)).defer("samples", "header").order_by("-id")
    page = Paginator(batches, SHOWN).get_page(request.GET.get("halaman"))
    rows = [(batch, KINDS.get(batch.kind)) for batch in page]
    return render(request, "impor/daftar.html", {"kinds": kinds, "page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_import)
def bring(request: ScreenRequest, code: str) -> HttpResponse:
    kind = kind_of(code, request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = upload(kind=kind, file=form.cleaned_data["file"], viewer=request.viewer, actor=request.viewer.user_id, now=request.now)
        except Unacceptable as refusal:
            form.add_error("file", str(refusal))
        else:
            return HttpResponseRedirect(f"/impor/{batch.pk}/")
    status = 400 if form.is_bound else 200
    return render(request, "impor/unggah.html", {"kind": kind, "form": form}, status=status)


@require_safe
@screen(may_import)
def template(request: ScreenRequest, code: str) -> HttpResponse:
    kind = kind_of(code, request)
    headers = {"Content-Disposition": f'attachment; filename="contoh-{kind.code}.xlsx"'}
    return HttpResponse(template_of(kind), content_type=FORMATS["xlsx"], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_import)
def export(request: ScreenRequest, code: str) -> HttpResponseBase:
    kind = kind_of(code, request)
    sent = request.POST if request.method == "POST" else None
    form = ExportForm(sent)
    options = kind.export_form(sent) if kind.export_form is not None else None
    if request.method == "POST" and form.is_valid() and (options is None or options.is_valid()):
        try:
            return _handed_out(kind, form.cleaned_data, options.cleaned_data if options is not None else {}, request)
        except NotVisible as refusal:
            form.add_error(None, str(refusal))
    context = {"kind": kind, "form": form, "options": options}
    return render(request, "impor/ekspor.html", context, status=400 if form.is_bound else 200)


def _handed_out(kind: ImportKind, data: dict[str, Any], options: dict[str, Any], request: ScreenRequest) -> HttpResponseBase:
    made = export_list(
        kind=kind,
        viewer=request.viewer,
        file_format=data["file_format"],
        options=options,
        reason=data["reason"],
        actor=request.viewer.user_id,
        today=request.viewer.on,
        now=request.now,
    )
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return StreamingHttpResponse(made.pieces, content_type=made.content_type, headers=headers)


def kind_of(code: str, request: ScreenRequest) -> ImportKind:
    """Raises NotVisible for a list nobody has, NotAllowed for one of another role."""
    kind = KINDS.get(code)
    if kind is None:
        raise NotVisible(_("Daftar ini tidak ada."))
    require_may(kind, request.viewer)
    return kind


urlpatterns = [
    path("impor/", overview, name="impor"),
    path("impor/<slug:code>/", bring, name="impor-unggah"),
    path("impor/<slug:code>/contoh/", template, name="impor-contoh"),
    path("impor/<slug:code>/unduh/", export, name="impor-ekspor"),
]
