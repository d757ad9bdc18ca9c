"""People: looked up, corrected, exported, imported."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import CityAdmin, ReasonedForm, Tool, shown_days
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


class PostingInline(admin.TabularInline):
    model = Posting
    fk_name = "employee"
    fields = ("unit", "position", "supervisor", "days", "decree")
    readonly_fields = fields
    ordering = ("-valid",)
    extra = 0
    can_delete = False
    verbose_name_plural = _("penempatan yang tercatat sekarang")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        return Posting.objects.known().select_related("unit", "position", "supervisor").order_by(*self.ordering)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("berlaku"))
    def days(self, posting: Posting) -> str:
        return shown_days(posting.valid)


class ImportForm(forms.Form):
    file = forms.FileField(label=_("Berkas csv atau xlsx"))
    apply = forms.BooleanField(label=_("Simpan hasilnya"), required=False, help_text=_("Tanpa centang: uji saja, belum ada yang disimpan."))
    apply_good = forms.BooleanField(label=_("Lewati baris yang salah"), required=False)
    reason = reason_field()

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
    list_display = ("name", "nip", "kind", "grade", "present_position", "present_unit", "status")
    list_filter = ("kind", "status", ("grade", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("grade",)
    search_fields = ("name", "nip__startswith")
    search_help_text = _("Nama, atau awal NIP.")
    ordering = ("name", "id")
    inlines = (PostingInline,)
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
        return ("nip",) if obj else ()

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
        path = Path(folder) / "pegawai"
        with path.open("wb") as stream:
            for piece in file.chunks():
                stream.write(piece)
        return import_employees(
            path=path,
            dry_run=not data["apply"],
            apply_good=data["apply_good"],
            errors_out=None,
            actor=request.user.pk,
            reason=data["reason"],
            as_of=request.viewer.on,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
