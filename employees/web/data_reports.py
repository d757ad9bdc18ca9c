"""Reports of wrong data: made by an employee, answered by who keeps the records."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import DataReport, ReportState, ReportSubject
from employees.policies import may_administer, may_answer_report, may_open_reports
from employees.queries import managed_paths, posting_of
from employees.queries.data_reports import clocks, own_reports, worklist
from employees.services.data_reports import TEXT_LENGTH, answer_report, get_report, mend_report, report_data

ON_A_PAGE = 30


class ReportForm(forms.Form):
    use_required_attribute = False
    subject = forms.ChoiceField(
        label=gettext_lazy("Yang keliru"),
        choices=ReportSubject.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih data yang keliru.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Penjelasan"),
        help_text=gettext_lazy("Apa yang tercatat, dan apa yang benar? Sebut nomor SK bila ada."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Tulis apa yang keliru dan apa yang benar.")},
    )


class AnswerForm(forms.Form):
    use_required_attribute = False
    verdict = forms.ChoiceField(
        label=gettext_lazy("Keputusan"),
        choices=[("terima", gettext_lazy("Diterima: datanya akan dibetulkan")), ("tolak", gettext_lazy("Ditolak: datanya sudah benar"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih diterima atau ditolak.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Jawaban untuk pelapor"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Tulis jawaban untuk pelapor.")},
    )


class MendForm(forms.Form):
    use_required_attribute = False
    mending = forms.CharField(
        label=gettext_lazy("Yang dibetulkan"),
        help_text=gettext_lazy("Dibaca pelapor. Misalnya: atasan dicatat sejak 1 Oktober 2026 menurut SK 821/7."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Tulis apa yang dibetulkan.")},
    )


@require_safe
@screen()
def index(request: ScreenRequest) -> HttpResponse:
    """/laporan-data/: the worklist for who keeps records, one's own reports for everybody else."""
    office = may_open_reports(request.viewer)
    settled = request.GET.get("keadaan") == "selesai"
    found = worklist(request.viewer, settled=settled) if office else own_reports(request.viewer)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "office": office,
        "settled": settled,
        "clocks": clocks(list(page), today=request.viewer.on),
        "bagian": "laporan",
    }
    return render(request, "mutasi/laporan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def make(request: ScreenRequest) -> HttpResponse:
    """/laporan-data/baru/"""
    if request.viewer.employee_id is None:
        raise NotVisible(_("Akun ini tidak terhubung dengan pegawai."))
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            report = report_data(viewer=request.viewer, now=request.now, **form.cleaned_data)
        except Unacceptable as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Laporan %(nomor)s terkirim.") % {"nomor": report.number}, extra_tags="ok")
            return HttpResponseRedirect(reverse("laporan-data-satu", args=[report.pk]))
    posting = posting_of(request.viewer.employee_id, on=request.viewer.on)
    return render(request, "mutasi/lapor.html", {"form": form, "posting": posting}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def one(request: ScreenRequest, report_id: int) -> HttpResponse:
    """/laporan-data/<id>/: the reporter reads it, who keeps the records answers it."""
    report = get_report(request.viewer, report_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        accepted = form.cleaned_data["verdict"] == "terima"
        answer_report(viewer=request.viewer, report_id=report_id, accepted=accepted, answer=form.cleaned_data["answer"], now=request.now)
        messages.success(request, _("Jawaban terkirim kepada pelapor."), extra_tags="ok")
        return HttpResponseRedirect(request.path)
    return _page(request, report, form)


@require_POST
@screen()
def mend(request: ScreenRequest, report_id: int) -> HttpResponse:
    """/laporan-data/<id>/betul/: the data are right now."""
    form = MendForm(request.POST)
    if not form.is_valid():
        return _page(request, get_report(request.viewer, report_id), form)
    mend_report(viewer=request.viewer, report_id=report_id, mending=form.cleaned_data["mending"], now=request.now)
    messages.success(request, _("Laporan ditandai dibetulkan. Pelapor diberi tahu."), extra_tags="ok")
    return HttpResponseRedirect(reverse("laporan-data-satu", args=[report_id]))


def _page(request: ScreenRequest, report: DataReport, form: forms.Form) -> HttpResponse:
    """``form`` is that of the step the report is at."""
    may = may_answer_report(request.viewer, report, managed_paths(request.viewer))
    mends = may and report.state == ReportState.ACCEPTED
    context = {
        "report": report,
        "form": MendForm() if mends and not form.is_bound else form,
        "may_answer": may and report.state == ReportState.OPEN,
        "mends": mends,
        "may_post": mends and may_administer(request.viewer),
        "clock": clocks([report], today=request.viewer.on)[report.pk],
    }
    return render(request, "mutasi/laporan_satu.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("laporan-data/", index, name="laporan-data"),
    path("laporan-data/baru/", make, name="laporan-data-baru"),
    path("laporan-data/<int:report_id>/", one, name="laporan-data-satu"),
    path("laporan-data/<int:report_id>/betul/", mend, name="laporan-data-betul"),
]
