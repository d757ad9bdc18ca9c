"""/akun/: who has got in, slips for those who have not, and codes for people who stand before the desk."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import OrgUnit
from employees.policies import account_paths, may_ask_for_two, may_hand_code_alone, may_open_accounts
from employees.queries import account_page, account_rows, account_shown, activation_by_agency, open_requests, own_requests, units_below
from employees.services.access_codes import Slip, hand_code, issue_slips
from employees.services.two_person import confirm_reset, request_reset, withdraw_reset

from .forms import AskTwoForm

PEOPLE_SHOWN = 50
STATES = {"": gettext_lazy("Semua"), "belum": gettext_lazy("Belum aktif"), "aktif": gettext_lazy("Sudah aktif")}


@require_safe
@screen(may_open_accounts)
def accounts(request: ScreenRequest) -> HttpResponse:
    """How far each OPD is, and what waits for a second person."""
    rows = activation_by_agency(account_paths(request.viewer), on=request.viewer.on)
    total, active = sum(row.total for row in rows), sum(row.active for row in rows)
    two = may_ask_for_two(request.viewer)
    context = {
        "rows": rows,
        "total": total,
        "active": active,
        "percent": active * 100 // total if total else 0,
        "requests": list(open_requests(now=request.now)) if two else [],
        "asked": [one for one in own_requests(request.viewer.user_id or 0, now=request.now) if one.confirmed_at or one.withdrawn_at]
        if two
        else [],
        "two": two,
    }
    return render(request, "akun/akun.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_open_accounts)
def people(request: ScreenRequest) -> HttpResponse:
    """/akun/daftar/: the accounts of one unit and below; names and NIP are searched for by POST alone."""
    paths = account_paths(request.viewer)
    units = units_below(paths, on=request.viewer.on)
    unit = _chosen(units, request.GET.get("unit", ""))
    state = request.GET.get("keadaan", "")
    state = state if state in STATES else ""
    words = clean_line(request.POST.get("cari", ""), limit=60) if request.method == "POST" else ""
    rows = account_rows((unit.path,) if unit else paths, on=request.viewer.on)
    page = Paginator(account_page(rows, state=state, words=words), PEOPLE_SHOWN).get_page(None if words else request.GET.get("halaman"))
    chosen = {"unit": unit.code if unit else "", "keadaan": state}
    context = {
        "page": page,
        "units": units,
        "unit": unit,
        "state": state,
        "states": STATES.items(),
        "words": words,
        "query": f"&{urlencode({name: value for name, value in chosen.items() if value})}",
    }
    return render(request, "akun/daftar.html", context)


def _chosen(units: list[OrgUnit], code: str) -> OrgUnit | None:
    """The unit of an address, among those within reach."""
    if not code:
        return None
    for unit in units:
        if unit.code == code:
            return unit
    raise NotVisible(_("Unit ini tidak ada, atau bukan bagian Anda."))


@require_POST
@screen(may_open_accounts)
def slips(request: ScreenRequest) -> HttpResponse:
    """/akun/slip/: the only answer in which these codes can be read."""
    unit = whole_number(request.POST.get("unit"))
    if unit is None:
        raise Unacceptable(_("Pilih unit kerja."))
    run = issue_slips(unit_id=unit, viewer=request.viewer, now=request.now)
    return _printed(request, run.slips, unit=run.unit, skipped=run.skipped)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_open_accounts)
def account(request: ScreenRequest, user_id: int) -> HttpResponse:
    """/akun/<id>/: one account, and the code for the person who stands before the desk."""
    shown = account_shown(user_id, paths=account_paths(request.viewer), on=request.viewer.on)
    if shown is None:
        raise NotVisible(_("Akun ini tidak ada, atau bukan bagian Anda."))
    act = request.POST.get("aksi")
    if act == "kode":
        if request.POST.get("diperiksa") != "1":
            raise Unacceptable(_("Periksa kartu pegawai, lalu beri tanda bahwa orangnya cocok."))
        slip = hand_code(user_id=user_id, viewer=request.viewer, now=request.now)
        return _printed(request, (slip,), unit=None, skipped=0)
    form = AskTwoForm(request.POST if act == "minta" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        request_reset(user_id=user_id, kind=data["kind"], reason=data["reason"], viewer=request.viewer, now=request.now)
        messages.success(request, _("Permintaan tercatat. Petugas BKPSDM lain menyetujuinya di layar Akun pegawai."), extra_tags="ok")
        return HttpResponseRedirect(reverse("akun"))
    context = {
        "shown": shown,
        "form": form,
        "alone": may_hand_code_alone(request.viewer, shown.user),
        "two": may_ask_for_two(request.viewer),
        "own": shown.user.pk == request.viewer.user_id,
        "requests": list(open_requests(now=request.now, user_id=user_id)),
    }
    return render(request, "akun/satu.html", context)


@require_POST
@screen(may_ask_for_two)
def decide(request: ScreenRequest, request_id: int) -> HttpResponse:
    """/akun/permintaan/<id>/: the second person agrees or lets it go."""
    if request.POST.get("aksi") == "tarik":
        withdraw_reset(request_id=request_id, viewer=request.viewer, now=request.now)
        messages.success(request, _("Permintaan ditarik."), extra_tags="ok")
        return HttpResponseRedirect(reverse("akun"))
    slip = confirm_reset(request_id=request_id, viewer=request.viewer, now=request.now)
    if slip is not None:
        return _printed(request, (slip,), unit=None, skipped=0)
    messages.success(request, _("Kode verifikasi dilepas. Pemiliknya memasang yang baru sesudah masuk."), extra_tags="ok")
    return HttpResponseRedirect(reverse("akun"))


def _printed(request: ScreenRequest, found: tuple[Slip, ...], **context: Any) -> HttpResponse:
    """A page of slips that no cache keeps; the site is named by the address that the printing person used."""
    site = request.build_absolute_uri(reverse("aktivasi"))
    response = render(request, "akun/slip.html", {"slips": found, "site": site.partition("://")[2], **context})
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("akun/", accounts, name="akun"),
    path("akun/daftar/", people, name="akun-daftar"),
    path("akun/slip/", slips, name="akun-slip"),
    path("akun/permintaan/<int:request_id>/", decide, name="akun-permintaan"),
    path("akun/<int:user_id>/", account, name="akun-satu"),
]
