"""Where results from elsewhere and the ones made here differ, and which of them is official."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from appraisal.models import ResultSource, Source
from appraisal.policies import may_adopt_source, may_import_results, may_see_control_room
from appraisal.queries.imported import counts_of_period, difference_of, differences, imported_periods, results_of_period
from appraisal.rules.imported import ToDo
from appraisal.rules.vocabulary import Predicate
from appraisal.services.result_sources import adopt_source
from bukittinggi_kinerja.common.api.tables import Cell, Column, Table, as_csv
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import StaffGroup

from .periods import period_asked
from .plan_forms import DAY, accepted

SHOWN = 50
CSV_COLUMNS = (
    Column("nip", lazy("NIP")),
    Column("nama", lazy("Nama")),
    Column("unit", lazy("Unit kerja")),
    Column("sumber", lazy("Sumber")),
    Column("nomor", lazy("Nomor")),
    Column("predikat_impor", lazy("Predikat diimpor")),
    Column("predikat_di_sini", lazy("Predikat di sini")),
    Column("sumber_resmi", lazy("Sumber resmi")),
    Column("tindak_lanjut", lazy("Tindak lanjut")),
)


class SourceForm(forms.Form):
    use_required_attribute = False
    group = forms.ModelChoiceField(label=lazy("Kelompok pegawai"), queryset=StaffGroup.objects.none())
    source = forms.ChoiceField(label=lazy("Sumber resmi"), choices=Source.choices)
    valid_from = forms.DateField(label=lazy("Berlaku sejak"), widget=DAY)
    decree_number = forms.CharField(label=lazy("Nomor keputusan"), max_length=120, required=False)
    reason = forms.CharField(label=lazy("Alasan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = StaffGroup.objects.all()


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_see_control_room)
def sources(request: ScreenRequest) -> HttpResponseBase:
    """/kendali/selisih/: people of whom two sources say different things, with both values."""
    form = SourceForm(request.POST or None)
    if request.method == "POST":
        if not may_adopt_source(request.viewer):
            raise NotAllowed(_("Sumber resmi ditetapkan oleh BKPSDM."))
        if form.is_valid() and accepted(form, lambda: _adopt(request, form.cleaned_data)):
            messages.success(request, _("Sumber resmi ditetapkan."), extra_tags="ok")
            return HttpResponseRedirect(request.path)
    periods = imported_periods(request.viewer)
    period = _period(request, periods)
    every = request.GET.get("daftar") == "semua"
    listed: Any = [] if not period else (results_of_period if every else differences)(request.viewer, period)
    if period and request.GET.get("berkas") == "csv":
        return _as_csv(listed.iterator(chunk_size=500), f"{'hasil' if every else 'selisih'}-{period}")
    page = Paginator(listed, SHOWN).get_page(request.GET.get("halaman"))
    words = urlencode({"periode": period, **({"daftar": "semua"} if every else {})})
    context = {
        "periods": periods,
        "period": period,
        "counts": counts_of_period(request.viewer, period) if period else None,
        "every": every,
        "page": page,
        "rows": [{"row": row, "todo": _todo(row)} for row in page],
        "query": f"&{words}",
        "csv": f"?{words}&berkas=csv",
        "form": form,
        "may_import": may_import_results(request.viewer),
        "can_adopt": may_adopt_source(request.viewer),
        "policies": ResultSource.objects.adopted().select_related("group").order_by("group__name", "-valid"),
    }
    return render(request, "kendali/selisih.html", context, status=400 if form.errors else 200)


def _adopt(request: ScreenRequest, data: dict[str, Any]) -> object:
    words = {name: value for name, value in data.items() if name != "group"}
    return adopt_source(group_id=data["group"].pk, decided_on=None, actor=request.viewer.user_id, now=request.now, **words)


def _period(request: ScreenRequest, periods: list[str]) -> str:
    given = request.GET.get("periode", "")
    if not given:
        return periods[0] if periods else ""
    key = period_asked(given)
    if key not in periods:
        raise NotVisible(_("Belum ada hasil diimpor untuk periode ini."))
    return key


def _todo(row: Any) -> str:
    found, owed = difference_of(row)
    if found is None or (row.local is None and row.official == Source.BKN):
        return ""
    return _("Perbaiki di BKN, lalu impor lagi") if owed == ToDo.AT_BKN else _("Periksa hasil di sini")


def _as_csv(rows: Iterable[Any], name: str) -> StreamingHttpResponse:
    table = Table(name=name, title="", columns=CSV_COLUMNS, rows=_lines(rows))
    answer = StreamingHttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _lines(rows: Iterable[Any]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        local = Predicate(row.local).code if row.local else ""
        who = row.employee
        imported = Predicate(row.predicate).code
        yield (who.nip or "", who.name, row.unit_name or "", row.source, row.number, imported, local, row.official, _todo(row))


urlpatterns = [path("kendali/selisih/", sources, name="selisih")]
