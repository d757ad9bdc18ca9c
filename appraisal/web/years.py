"""The year of plans in an address: this one or the next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.web import ScreenRequest

FIRST = 2025


def chosen_year(request: ScreenRequest) -> int:
    """``tahun`` of the address or the form, else this year; raises Unacceptable for what is no year here."""
    given = request.POST.get("tahun") or request.GET.get("tahun") or ""
    if not given:
        year: int = request.viewer.on.year
        return year
    number = whole_number(given)
    if number is None or not FIRST <= number <= request.viewer.on.year + 1:
        raise Unacceptable(_("Tahun SKP ini tidak dikenal."))
    return number
