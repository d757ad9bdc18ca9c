"""Moving deadlines on screen: the decisions of a period, a form, a check page, and only then the act."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from appraisal.models import LETTER_FOLLOWS, DeadlineChange
from appraisal.policies import may_move_deadlines, may_see_control_room
from appraisal.queries.control import recent_periods
from appraisal.queries.deadlines import changes_in_reach
from appraisal.rules.deadlines import Scope, What
from appraisal.services.deadline_changes import LETTER_LENGTH, REASON_LENGTH, Order, Outcome, adopt, preview, revoke
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Refusal, Unacceptable
from bukittinggi_kinerja.common.form_days import THIS_AGE
from bukittinggi_kinerja.common.templatetags.kinerja import angka, periode_nama, tanggal
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import Employee, OrgUnit

from .moved import sentence, whom
from .periods import period_asked

DAY = forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d")
FORMATS = ["%Y-%m-%d", "%d-%m-%Y"]
REQUIRED = {"required": gettext_lazy("Isi bagian ini.")}


class DeadlineForm(forms.Form):
    """Who, which deadline, until when, why, by which letter."""

    use_required_attribute = False
    period = forms.CharField(widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label=gettext_lazy("Batas yang dipindah"),
        choices=[(What.PROGRESS.value, gettext_lazy("Pengisian realisasi")), (What.RATING.value, gettext_lazy("Penilaian"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih realisasi atau penilaian.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Untuk siapa"),
        choices=[
            (Scope.CITY.value, gettext_lazy("Seluruh kota")),
            (Scope.UNIT.value, gettext_lazy("Satu unit dan semua di bawahnya")),
            (Scope.PERSON.value, gettext_lazy("Satu pegawai")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih untuk siapa batas ini dipindah.")},
    )
    unit = forms.TypedChoiceField(
        label=gettext_lazy("Unit"), required=False, coerce=int, empty_value=None, help_text=gettext_lazy("Diisi bila untuk satu unit.")
    )
    nip = forms.CharField(
        label=gettext_lazy("NIP pegawai"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("Diisi bila untuk satu pegawai."),
    )
    day = forms.DateField(
        label=gettext_lazy("Batas baru"),
        widget=DAY,
        input_formats=FORMATS,
        validators=THIS_AGE,
        help_text=gettext_lazy("Hari kerja. Batas berakhir pada pukul 23.59 WIB hari itu."),
        error_messages={"required": gettext_lazy("Isi batas baru."), "invalid": gettext_lazy("Isi tanggal seperti 31-12-2026.")},
    )
    reason = forms.CharField(label=gettext_lazy("Alasan"), max_length=REASON_LENGTH, error_messages=REQUIRED)
    letter = forms.CharField(
        label=gettext_lazy("Nomor surat"),
        max_length=LETTER_LENGTH,
        help_text=gettext_lazy("Tulis menyusul bila suratnya belum terbit."),
        error_messages=REQUIRED,
    )

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        units = OrgUnit.objects.order_by("path").values_list("pk", "name", "path")
        named = [(pk, f"{'– ' * max(0, path.strip('/').count('/') - 1)}{name}") for pk, name, path in units]
        self.fields["unit"].choices = [("", _("Pilih unit")), *named]  # type: ignore[attr-defined]

    def order(self) -> Order:
        words = self.cleaned_data
        scope = Scope(words["scope"])
        person = Employee.objects.filter(nip=words["nip"].replace(" ", "")).first() if scope is Scope.PERSON and words["nip"] else None
        return Order(
            period=words["period"],
            what=What(words["what"]),
            scope=scope,
            day=words["day"],
            reason=words["reason"],
            letter=words["letter"],
            unit_id=words["unit"] if scope is Scope.UNIT else None,
            employee_id=person.pk if person else None,
        )


#: The service's names of fields, where the form's differ.
PLACES = {"employee": "nip"}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Sentences of a service at their fields."""
    errors = refusal.errors if isinstance(refusal, Unacceptable) else {}
    for name, sentences in errors.items():
        place = PLACES.get(name, name)
        form.add_error(place if place in form.fields else None, [str(text) for text in sentences])
    if not errors:
        form.add_error(None, str(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_see_control_room)
def deadlines(request: ScreenRequest) -> HttpResponseBase:
    """/kendali/batas/: decisions of a period; who may decide finds the form, and sees what it does before it does it."""
    may = may_move_deadlines(request.viewer)
    period = _period(request)
    if request.method == "POST" and not may:
        raise NotAllowed(_("Batas waktu dipindahkan oleh BKPSDM."))
    if request.method != "POST":
        form = DeadlineForm(initial={"period": period, "letter": LETTER_FOLLOWS, **_given(request)}) if may else None
        return _page(request, period, form)
    form = DeadlineForm(request.POST)
    if not form.is_valid():
        return _page(request, period, form, status=400)
    try:
        if request.POST.get("langkah") == "tetapkan":
            outcome = adopt(viewer=request.viewer, order=form.order(), now=request.now)
            messages.success(request, _moved(outcome))
            return HttpResponseRedirect(f"/kendali/batas/?{urlencode({'periode': period})}")
        outcome = preview(viewer=request.viewer, order=form.order(), now=request.now)
    except (Unacceptable, NotNow) as refusal:
        refuse(form, refusal)
        return _page(request, period, form, status=refusal.status)
    context = {"form": form, "outcome": outcome, "order": form.order(), "period": period, "steps": _steps(outcome), "whom": _whom(outcome)}
    return render(request, "kendali/batas_periksa.html", context)


def _period(request: ScreenRequest) -> str:
    words = request.POST.get("period", "") if request.method == "POST" else request.GET.get("periode", "")
    key = period_asked(words) if words else ""
    if key:
        return key
    periods = recent_periods()
    if not periods:
        raise NotVisible(_("Belum ada periode."))
    rating = [choice for choice in periods if not choice.is_closed and choice.rating_due > request.now]
    return (rating or periods)[-1 if rating else 0].key


def _given(request: ScreenRequest) -> dict[str, Any]:
    """What the control room's button fills in; ids only, no names and no NIP in an address."""
    code = clean_line(request.GET.get("opd", ""), limit=60)
    unit = OrgUnit.objects.filter(code=code).first() if code else None
    found: dict[str, Any] = {"what": What.RATING.value}
    return found | ({"scope": Scope.UNIT.value, "unit": unit.pk} if unit else {})


def _page(request: ScreenRequest, period: str, form: DeadlineForm | None, *, status: int = 200) -> HttpResponse:
    rows = [
        {"change": change, "whom": whom(change), "sentence": sentence(change), "ends": _ends(request, change)}
        for change in changes_in_reach(request.viewer, period)
    ]
    context = {"period": period, "periods": recent_periods(), "rows": rows, "form": form, "galat": status != 200}
    return render(request, "kendali/batas.html", context, status=status)


def _ends(request: ScreenRequest, change: DeadlineChange) -> bool:
    """Whether it can still be revoked by this viewer."""
    standing = change.revoked_at is None and change.until >= request.now and change.follows_id is None
    return standing and may_move_deadlines(request.viewer)


def _steps(outcome: Outcome) -> list[dict[str, Any]]:
    names = {What.PROGRESS: _("Batas realisasi"), What.RATING: _("Batas penilaian")}
    return [{"name": names[step.what], "old": step.old_due, "new": step.new_due, "follows": step.follows} for step in outcome.steps]


def _whom(outcome: Outcome) -> str:
    if outcome.unit is not None:
        return outcome.unit.name
    return outcome.employee.name if outcome.employee is not None else _("Seluruh kota")


def _moved(outcome: Outcome) -> str:
    due = outcome.steps[0].new_due
    text = ngettext("Batas dipindah ke %(hari)s untuk %(n)s pegawai.", "Batas dipindah ke %(hari)s untuk %(n)s pegawai.", outcome.people)
    return text % {"hari": tanggal(due), "n": angka(outcome.people)}


@require_POST
@screen(may_move_deadlines)
def end_change(request: ScreenRequest, change_id: int) -> HttpResponse:
    """End a decision with today."""
    try:
        change = revoke(viewer=request.viewer, change_id=change_id, reason=request.POST.get("reason", ""), now=request.now)
    except (Unacceptable, NotNow) as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect("/kendali/batas/")
    text = _("Perubahan batas %(periode)s dicabut. Batas itu berakhir %(hari)s.")
    messages.success(request, text % {"periode": periode_nama(change.period), "hari": tanggal(change.until)})
    return HttpResponseRedirect(f"/kendali/batas/?{urlencode({'periode': change.period})}")


urlpatterns = [
    path("kendali/batas/", deadlines, name="control-deadlines"),
    path("kendali/batas/<int:change_id>/cabut/", end_change, name="control-deadline-end"),
]
