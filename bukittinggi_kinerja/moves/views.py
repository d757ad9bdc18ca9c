"""Screens of moves that cross apps: what is left without an owner, and the end of somebody's service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appraisal.queries.handover import first_day_without_rater, owed_by
from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.form_days import THIS_AGE
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import EndKind
from employees.policies import may_administer, may_open_handover
from employees.queries.ends import end_page, posting_known
from employees.queries.handover import in_care
from employees.services.service_end import Leaving, end_service
from employees.services.service_return import TakenBack, take_back_end
from employees.services.superiors import set_superior
from employees.services.transfer_kind import TransferKind

from .reading import earliest, hand_over


@require_safe
@screen(may_open_handover)
def handover(request: ScreenRequest) -> HttpResponse:
    """/serah-terima/: HR of the city sees all, pengelola his OPD, a leader his own people; ``pegawai`` what one person left."""
    person = None
    if request.GET.get("pegawai"):
        person = in_care(request.viewer).filter(pk=whole_number(request.GET["pegawai"]) or 0).first()
        if person is None:
            raise NotVisible(_("Pegawai ini tidak ada, atau bukan untuk Anda."))
    found = hand_over(request.viewer, of=person.pk if person else None)
    context = {"found": found, "person": person, "bagian": "serah", "imports": TransferKind().may(request.viewer)}
    return render(request, "mutasi/serah_terima.html", context)


@require_POST
@screen(may_administer)
def superior(request: ScreenRequest, posting_id: int) -> HttpResponse:
    """Put somebody under the leader whom the tree of units names."""
    taker = whole_number(request.POST.get("atasan"))
    post = posting_known(posting_id)
    if taker is None or post is None:
        raise NotVisible(_("Penempatan ini sudah diganti. Muat ulang halaman."))
    since = earliest([first_day_without_rater(post.employee_id), request.viewer.on], otherwise=request.viewer.on)
    set_superior(viewer=request.viewer, posting_id=posting_id, supervisor_id=taker, since=since, now=request.now)
    messages.success(request, _("Atasan ditetapkan. Penilaiannya mengikuti dalam beberapa menit."), extra_tags="ok")
    return HttpResponseRedirect(f"{reverse('serah-terima')}#atasan")


class EndForm(forms.Form):
    use_required_attribute = False
    kind = forms.ChoiceField(
        label=lazy("Jenis"),
        choices=EndKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Pilih jenis akhir tugas.")},
    )
    last_day = forms.DateField(
        label=lazy("Hari terakhir bertugas"),
        widget=forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d"),
        validators=THIS_AGE,
        error_messages={"required": lazy("Isi hari terakhir bertugas."), "invalid": lazy("Isi tanggal seperti 31-12-2026.")},
    )
    decree = forms.CharField(label=lazy("Nomor SK"), max_length=120, required=False)
    decided_on = forms.DateField(
        label=lazy("Tanggal SK"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d"),
        validators=THIS_AGE,
        error_messages={"invalid": lazy("Isi tanggal seperti 31-12-2026.")},
    )
    successor = forms.ChoiceField(
        label=lazy("Penerima tugas"), required=False, help_text=lazy("Ia menjadi atasan bawahannya dan menyelesaikan penilaiannya.")
    )
    payee_name = forms.CharField(
        label=lazy("Nama ahli waris"),
        max_length=120,
        required=False,
        help_text=lazy("Diisi hanya bila pegawai meninggal. Hanya BKPSDM yang melihatnya."),
    )
    payee_relation = forms.CharField(label=lazy("Hubungan ahli waris"), max_length=120, required=False)
    reason = forms.CharField(label=lazy("Alasan"), max_length=300, error_messages={"required": lazy("Isi alasan.")})

    def __init__(self, successors: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [("", lazy("Atasannya")), *successors]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_administer)
def end(request: ScreenRequest, employee_id: int) -> HttpResponse:
    """/pegawai/<id>/akhir/: what the end of this service will do, and the act itself."""
    page = end_page(employee_id, on=request.viewer.on)
    form = EndForm(page.successors, request.POST if request.method == "POST" else None, initial={"last_day": request.viewer.on})
    if request.method == "POST" and form.is_valid() and _ended(request, employee_id, form):
        messages.success(request, _("Akhir tugas tersimpan. Bawahan dan tugasnya sudah berpindah."), extra_tags="ok")
        return HttpResponseRedirect(request.path)
    day = page.ended.last_day if page.ended else request.viewer.on
    owed = owed_by(employee_id, last_day=day)
    can_fill = owed.last_due is not None and request.now <= owed.last_due
    context = {"page": page, "form": form, "owed": owed, "can_fill": can_fill, "bagian": "pensiun"}
    return render(request, "mutasi/akhir.html", context, status=400 if form.errors else 200)


def _ended(request: ScreenRequest, employee_id: int, form: EndForm) -> bool:
    """Whether the service took it; its sentences go beside the fields."""
    words = {
        name: form.cleaned_data[name] for name in ("kind", "last_day", "decree", "decided_on", "payee_name", "payee_relation", "reason")
    }
    leaving = Leaving(**words, successor_id=whole_number(form.cleaned_data["successor"]))
    try:
        end_service(viewer=request.viewer, employee_id=employee_id, leaving=leaving, now=request.now)
    except Unacceptable as refusal:
        if not refusal.errors:
            form.add_error(None, str(refusal))
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else None, sentences)
        return False
    return True


@require_POST
@screen(may_administer)
def end_taken_back(request: ScreenRequest, employee_id: int) -> HttpResponse:
    outcome = take_back_end(viewer=request.viewer, employee_id=employee_id, reason=request.POST.get("reason", ""), now=request.now)
    messages.success(request, " ".join(_taken_back(outcome)), extra_tags="ok")
    return HttpResponseRedirect(reverse("akhir-tugas", args=[employee_id]))


def _taken_back(outcome: TakenBack) -> list[str]:
    """What returned, and each thing that did not."""
    found = [
        (outcome.lapsed, _("Peran khususnya tidak kembali, karena akunnya sudah dapat dibuka satu petugas. Berikan lagi di administrasi.")),
        (outcome.changed, _("Peran yang sudah diubah petugas lain tetap seperti sekarang.")),
        (outcome.mandates, _("Mandat yang sudah diganti, atau yang pihak lainnya tidak bertugas, tetap berakhir.")),
        (outcome.stays_closed, _("Akunnya tetap ditutup.")),
    ]
    stays = [sentence for there, sentence in found if there]
    if not stays:
        return [_("Akhir tugas dibatalkan. Penempatan, bawahan, dan perannya kembali.")]
    return [_("Akhir tugas dibatalkan. Penempatan dan bawahannya kembali."), *stays]


urlpatterns = [
    path("serah-terima/", handover, name="serah-terima"),
    path("serah-terima/atasan/<int:posting_id>/", superior, name="serah-terima-atasan"),
    path("pegawai/<int:employee_id>/akhir/", end, name="akhir-tugas"),
    path("pegawai/<int:employee_id>/akhir/batal/", end_taken_back, name="akhir-tugas-batal"),
]
