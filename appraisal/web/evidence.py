"""Handing out evidence files: always as an attachment, never as a page of this site."""

from __future__ import annotations

from django.http import FileResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.models import Evidence
from appraisal.rules.evidence import download_name
from bukittinggi_kinerja.common.errors import NotVisible
from bukittinggi_kinerja.common.web import ScreenRequest, screen


@require_safe
@screen()
def download(request: ScreenRequest, evidence_id: int) -> FileResponse:
    piece = Evidence.objects.visible_to(request.viewer).filter(pk=evidence_id, kind="BERKAS").first()
    try:
        opened = piece.file.open("rb") if piece else None
    except FileNotFoundError:
        opened = None
    if piece is None or opened is None:
        raise NotVisible(_("Bukti ini tidak ada, atau bukan untuk Anda."))
    response = FileResponse(
        opened, as_attachment=True, filename=download_name(piece.title, piece.content_type), content_type=piece.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [path("kinerja/bukti/<int:evidence_id>/", download, name="evidence")]
