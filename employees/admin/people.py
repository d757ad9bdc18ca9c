"""People: looked up, corrected, exported, imported."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import REASON, CityAdmin, ReasonedForm, Tool
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import shown_days
from employees.models import Employee, Posting
from employees.rules.nip import BadNip, parse_nip


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


@admin.register(Employee)
class EmployeeAdmin(CityAdmin):
    form = EmployeeForm
    list_display = ("name", "nip", "present_position", "present_unit", "grade_code", "kind", "status")
    list_filter = ("kind", "status")
    list_select_related = ("grade",)
    people = ("pk",)
    search_fields = ("name", "nip__startswith")
    search_help_text = _("Nama, atau awal NIP.")
    ordering = ("name", "id")
    fields = ("nip", "name", "kind", "sex", "birth_date", "grade", "email", "status", REASON, "known_posts")
    tools = (Tool("impor", _("Impor pegawai"), "import_page"), Tool("ekspor", _("Ekspor pegawai"), "export_page"))

    screens = (Screen("data-pegawai", _("Lihat pegawai")),)
    explained = {
        "kind": _("Menentukan bentuk NIP dan golongan yang berlaku."),
        "grade": _("Golongan ruang PNS, atau golongan PPPK."),
        "email": _("Dipakai untuk pengingat bila pegawai memintanya. Boleh kosong."),
        "status": _("Pensiun dan berhenti dicatat lewat Akhir tugas, bukan di sini."),
    }

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

    def import_page(self, request: HttpRequest) -> HttpResponseBase:
        """One road for every list, whichever door it is entered by."""
        return HttpResponseRedirect("/impor/pegawai/")

    def export_page(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect("/impor/pegawai/unduh/")
