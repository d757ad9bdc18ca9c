"""Rules of moves, contracts with an end, ends of service and reports of wrong data."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin, Tool
from bukittinggi_kinerja.common.admin_policy import AdoptedAdmin
from bukittinggi_kinerja.common.admin_screens import Screen
from employees.models import ContractTerm, DataReport, MovePolicy, RetirementAge, ServiceEnd


@admin.register(RetirementAge)
class RetirementAgeAdmin(AdoptedAdmin):
    """One row of versions for each kind of post and words of its title."""

    screens = (Screen("pensiun", _("Lihat yang akan pensiun"), whole=True),)
    explained = {
        "title_word": _("Misalnya Ahli Utama. Kosongkan untuk semua jabatan lain dari jenis ini."),
        "age": _("Tahun. Pensiun mulai bulan sesudah ulang tahun ini."),
    }
    event = "employees.retirement_age"
    same = ("kind", "title_word")
    list_display = ("kind", "title_word", "age", "valid", "draft", "unconfirmed", "next_step")
    list_filter = ("kind", "draft")
    search_fields = ("title_word", "code", "decree_number")
    ordering = ("kind", "title_word", "-valid")


@admin.register(MovePolicy)
class MovePolicyAdmin(AdoptedAdmin):
    screens = (Screen("laporan-data", _("Lihat laporan data"), whole=True),)
    explained = {
        "report_workdays": _("Pengelola menjawab laporan data pegawai paling lambat dalam hari kerja ini."),
        "reading_days": _("Hari kalender sesudah hari terakhir bertugas; kemudian akun ditutup."),
        "contract_days": _("Hari kalender sebelum perjanjian kerja berakhir."),
    }
    event = "employees.move_policy"
    list_display = (
        "code",
        "valid",
        "draft",
        "unconfirmed",
        "next_step",
        "report_workdays",
        "mending_workdays",
        "reading_days",
        "contract_days",
    )


@admin.register(ContractTerm)
class ContractTermAdmin(CityAdmin):
    screens = (Screen("data-pegawai", _("Lihat pegawai"), lambda term: term.employee_id),)
    explained = {
        "valid": _("Hari pertama dan hari terakhir. Perpanjangan adalah baris baru."),
        "number": _("Seperti tercetak pada perjanjian kerja."),
    }
    list_display = ("employee", "number", "valid")
    list_select_related = ("employee",)
    people = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith", "number")
    autocomplete_fields = ("employee",)
    ordering = ("-id",)


@admin.register(ServiceEnd)
class ServiceEndAdmin(ReadOnlyAdmin):
    screens = (
        Screen("akhir-tugas", _("Lihat akhir tugas"), lambda end: end.employee_id),
        Screen("data-pegawai", _("Lihat pegawai"), lambda end: end.employee_id),
    )
    date_hierarchy = "last_day"
    list_display = ("employee", "kind", "last_day", "successor", "reads_until", "cancelled_at")
    list_filter = ("kind",)
    list_select_related = ("employee", "successor")
    people = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith")
    ordering = ("-id",)
    exclude = ("laid",)
    tools = (Tool("catat", _("Catat akhir tugas"), "record_page"),)

    def record_page(self, _request: HttpRequest) -> HttpResponseRedirect:
        """The screen of the site does it, with the checklist of every app."""
        return HttpResponseRedirect(reverse("pensiun"))


@admin.register(DataReport)
class DataReportAdmin(ReadOnlyAdmin):
    screens = (Screen("laporan-data-satu", _("Lihat laporan")),)
    date_hierarchy = "created_at"
    list_display = ("number", "employee", "subject", "due_on", "mend_by", "state")
    list_filter = ("state", "subject")
    list_select_related = ("employee",)
    people = ("employee",)
    search_fields = ("number", "employee__name")
    ordering = ("-id",)
