"""People: looked up, corrected, exported, imported."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import REASON, CityAdmin, ReasonedForm, Tool
from bukittinggi_kinerja.common.admin_shown import shown_days
from bukittinggi_kinerja.common.errors import Refusal
from employees.models import Employee, Posting
from employees.rules.nip import BadNip, parse_nip
from employees.services.importing import ImportReport, import_employees
from employees.services.resources import FORMATS, export_people

from .choosing import reason_field, unit_field

LARGEST_UPLOAD = 5 * 1024 * 1024
MOST_SHOWN = 200


class EmployeeForm(ReasonedForm):
    """A NIP is checked by its own rule where it is typed; afterwards it stays."""

    today: dt.date

    class Meta:
        model = Employee
        fields = ("nip", "name", "kind", "sex", "birth_date", "grade", "email", "status")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, kind = data.get("nip"), data.get("kind")
        if number and kind and kind != "NON_ASN":
            try:
                data["nip"] = parse_nip(number, kind=kind, today=self.today).digits
            except BadNip:
                self.add_error("nip", _("NIP tidak sesuai dengan jenis pegawai. Periksa 18 angkanya."))
        return data


class PeopleFound(AutocompleteJsonView):
    """Two people may share a name, so the list says number and unit as well. People only, whatever field is asked for."""

    def process_request(self, request: HttpRequest) -> Any:
        term, model_admin, field, to_field = super().process_request(request)
        if model_admin.model is not Employee:
            raise PermissionDenied
        return term, model_admin, field, to_field

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        unit = obj.present[0].unit.name if obj.present else ""
        return {"id": str(getattr(obj, to_field_name)), "text": " · ".join(filter(None, (obj.name, obj.nip, unit)))}


class ImportForm(forms.Form):
    file = forms.FileField(label=_("Berkas csv atau xlsx"))
    apply = forms.BooleanField(label=_("Simpan hasilnya"), required=False, help_text=_("Tanpa centang: uji saja, belum ada yang disimpan."))
    apply_good = forms.BooleanField(label=_("Lewati baris yang salah"), required=False)
    reason = reason_field(required=False, help_text=_("Wajib untuk menyimpan. Tersimpan dalam riwayat, misalnya nomor surat."))

    def clean(self) -> dict[str, Any]:
        """A rehearsal leaves nothing that would need a reason."""
        data = super().clean() or {}
        if data.get("apply") and not data.get("reason"):
            self.add_error("reason", _("Tulis alasannya, misalnya nomor surat."))
        return data

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_UPLOAD:
            raise forms.ValidationError(_("Berkas lebih dari 5 MB. Minta petugas sistem mengimpornya."))
        return file


class ExportForm(forms.Form):
    unit = unit_field(_("Unit kerja"), required=False, help_text=_("Kosongkan untuk seluruh kota."))
    file_format = forms.ChoiceField(label=_("Bentuk berkas"), choices=[(name, name) for name in FORMATS])
    reason = reason_field(_("Untuk keperluan apa"))


@admin.register(Employee)
class EmployeeAdmin(CityAdmin):
    form = EmployeeForm
    list_display = ("name", "nip", "present_position", "present_unit", "grade_code", "kind", "status")
    list_filter = ("kind", "status")
    list_select_related = ("grade",)
    search_fields = ("name", "nip__startswith")
    search_help_text = _("Nama, atau awal NIP.")
    ordering = ("name", "id")
    fields = ("nip", "name", "kind", "sex", "birth_date", "grade", "email", "status", REASON, "known_posts")
    tools = (Tool("impor", _("Impor pegawai"), "import_page"), Tool("ekspor", _("Ekspor pegawai"), "export_page"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        viewer = request.viewer  # type: ignore[attr-defined]
        today = Posting.objects.in_force(on=viewer.on).select_related("unit", "position")
        return Employee.objects.visible_to(viewer).prefetch_related(Prefetch("postings", today, to_attr="present"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.today = request.viewer.on  # type: ignore[attr-defined]
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("nip", "known_posts") if obj else ("known_posts",)

    def get_urls(self) -> list[Any]:
        found = self.admin_site.admin_view(PeopleFound.as_view(admin_site=self.admin_site))
        return [path("cari/", found, name="employees_employee_found"), *super().get_urls()]

    @admin.display(description=_("penempatan"))
    def known_posts(self, person: Employee) -> str:
        """As known now, the latest first; one query."""
        if not person.pk:
            return "—"
        posts = Posting.objects.known().filter(employee=person).select_related("unit", "position", "supervisor").order_by("-valid")
        rows = ((shown_days(post.valid), post.position.title, post.unit.name, post.supervisor or "—") for post in posts)
        text = gettext("%(days)s: %(title)s, %(unit)s; atasan %(boss)s")
        lines = (text % {"days": days, "title": title, "unit": unit, "boss": boss} for days, title, unit, boss in rows)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "—"

    @admin.display(description=_("golongan"), ordering="grade__order")
    def grade_code(self, person: Employee) -> str:
        return person.grade.code if person.grade else "—"

    @admin.display(description=_("jabatan"))
    def present_position(self, person: Any) -> str:
        return person.present[0].position.title if person.present else "—"

    @admin.display(description=_("unit kerja"))
    def present_unit(self, person: Any) -> str:
        return person.present[0].unit.name if person.present else "—"

    def export_page(self, request: HttpRequest) -> HttpResponseBase:
        form = ExportForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            unit = form.cleaned_data["unit"]
            made = export_people(
                viewer=request.viewer,  # type: ignore[attr-defined]
                unit_id=unit.pk if unit else None,
                file_format=form.cleaned_data["file_format"],
                reason=form.cleaned_data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )
            headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
            return HttpResponse(made.content, content_type=made.content_type, headers=headers)
        return self.tool_page(request, form, title=_("Ekspor pegawai"), button=_("Unduh"))

    def import_page(self, request: HttpRequest) -> HttpResponseBase:
        """Rehearse or apply a file; the answer stands on the same page, so that the file can be chosen again."""
        form = ImportForm(request.POST or None, request.FILES or None)
        report: ImportReport | None = None
        if request.method == "POST" and form.is_valid():
            try:
                report = _import(form.cleaned_data, request)
            except Refusal as refusal:
                form.add_error("file", str(refusal))
        return self.tool_page(
            request,
            form,
            title=_("Impor pegawai"),
            button=_("Jalankan"),
            template="admin/import_form.html",
            report=report,
            problems=report.problems[:MOST_SHOWN] if report else (),
            warnings=report.warnings[:MOST_SHOWN] if report else (),
        )


def _import(data: dict[str, Any], request: HttpRequest) -> ImportReport:
    file: UploadedFile[bytes] = data["file"]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "pegawai"
        with copy.open("wb") as stream:
            for piece in file.chunks():
                stream.write(piece)
        return import_employees(
            path=copy,
            dry_run=not data["apply"],
            apply_good=data["apply_good"],
            errors_out=None,
            actor=request.user.pk,
            reason=data["reason"],
            as_of=request.viewer.on,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
