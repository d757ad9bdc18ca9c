"""Rules of moves, contracts with an end, ends of service and reports of wrong data."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin, Tool
from employees.models import ContractTerm, DataReport, MovePolicy, RetirementAge, ServiceEnd


@admin.register(RetirementAge)
class RetirementAgeAdmin(CityAdmin):
    list_display = ("kind", "title_word", "age", "valid", "decree_number")
    list_filter = ("kind",)
    ordering = ("kind", "title_word", "id")


@admin.register(MovePolicy)
class MovePolicyAdmin(CityAdmin):
    list_display = ("code", "report_workdays", "mending_workdays", "reading_days", "contract_days", "valid")
    ordering = ("-id",)


@admin.register(ContractTerm)
class ContractTermAdmin(CityAdmin):
    list_display = ("employee", "number", "valid")
    list_select_related = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith", "number")
    autocomplete_fields = ("employee",)
    ordering = ("-id",)


@admin.register(ServiceEnd)
class ServiceEndAdmin(ReadOnlyAdmin):
    list_display = ("employee", "kind", "last_day", "successor", "reads_until", "cancelled_at")
    list_filter = ("kind",)
    list_select_related = ("employee", "successor")
    search_fields = ("employee__name", "employee__nip__startswith")
    ordering = ("-id",)
    exclude = ("laid",)
    tools = (Tool("catat", _("Catat akhir tugas"), "record_page"),)

    def record_page(self, _request: HttpRequest) -> HttpResponseRedirect:
        """The screen of the site does it, with the checklist of every app."""
        return HttpResponseRedirect(reverse("pensiun"))


@admin.register(DataReport)
class DataReportAdmin(ReadOnlyAdmin):
    list_display = ("number", "employee", "subject", "due_on", "mend_by", "state")
    list_filter = ("state", "subject")
    list_select_related = ("employee",)
    search_fields = ("number", "employee__name")
    ordering = ("-id",)
