"""Changes that became known after a period closed: late decrees and late rules, as lists, files and proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from appraisal.models import AppraisalPolicy, Recomputation
from appraisal.policies import may_propose_versions, may_see_late_changes
from appraisal.queries.late_changes import Decree, LateRow, Names, late_rows, names_for
from appraisal.queries.rule_changes import RuleRow, rule_rows
from appraisal.services.recomputation import Choice, propose_postings, propose_rule
from bukittinggi_kinerja.common.api.tables import Cell, Column, Table, as_csv
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import Employee, OrgUnit

from .late_phrases import CAUSE_WORDS, STATE_WORDS, decree_words, figures_view, row_view

ROWS_SHOWN = 30
PROPOSALS_SHOWN = 10
POSTING_COLUMNS = (
    Column("periode", gettext_lazy("Periode")),
    Column("nip", gettext_lazy("NIP")),
    Column("nama", gettext_lazy("Nama")),
    Column("sk", gettext_lazy("Sebab")),
    Column("diketahui", gettext_lazy("Diketahui")),
    Column("selisih", gettext_lazy("Selisih")),
    Column("semula", gettext_lazy("Yang dibekukan")),
    Column("sekarang", gettext_lazy("Menurut yang diketahui sekarang")),
    Column("penilaian", gettext_lazy("Penilaian yang sah")),
    Column("tindakan", gettext_lazy("Tindakan")),
)
RULE_COLUMNS = (
    Column("periode", gettext_lazy("Periode")),
    Column("nip", gettext_lazy("NIP")),
    Column("nama", gettext_lazy("Nama")),
    Column("unit", gettext_lazy("Unit kerja")),
    Column("aturan_semula", gettext_lazy("Aturan semula")),
    Column("aturan_baru", gettext_lazy("Aturan baru")),
    *(Column(f"{name}_{when}", label) for name, label in (
        ("h", gettext_lazy("H")), ("p", gettext_lazy("P")), ("saran_hasil", gettext_lazy("Saran hasil kerja")),
        ("saran_perilaku", gettext_lazy("Saran perilaku kerja")), ("saran_predikat", gettext_lazy("Saran predikat")),
    ) for when in ("semula", "baru")),
)  # fmt: skip


def _choice(words: QueryDict) -> Choice:
    """Which part of a list: of a decree, a unit, a person; a number nobody wrote by hand is left out."""
    return Choice(words.get("sebab", "")[:16], whole_number(words.get("unit")), whole_number(words.get("pegawai")))


@require_safe
@screen(may_see_late_changes)
def late_postings(request: ScreenRequest) -> HttpResponseBase:
    """/kendali/susulan/: closed cases that postings recorded later would change, by decree."""
    choice = Choice(request.GET.get("sebab", "")[:16], whole_number(request.GET.get("unit")), whole_number(request.GET.get("pegawai")))
    every = late_rows()
    names = names_for(every)
    rows = sorted((row for row in every if _within(row, choice, names)), key=lambda row: _order(row, names))
    if request.GET.get("berkas") == "csv":
        return _as_csv("perubahan-susulan", POSTING_COLUMNS, (_posting_cells(row, names) for row in rows))
    page = Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("halaman"))
    query = _query(choice)
    context = {
        "page": page,
        "groups": [
            {"words": decree_words(decree), "decree": decree, "rows": [row_view(row, names) for row in part]}
            for decree, part in groupby(page, key=lambda row: row.decree)
        ],
        "causes": _causes(every),
        "units": _units(row.change.unit for row in every),
        "total": len(every),
        "cases": len(rows),
        "proposable": sum(row.proposable for row in rows),
        "proposals": _proposals(),
        **_page_words(request, choice, query),
    }
    return render(request, "kendali/susulan.html", context)


@require_safe
@screen(may_see_late_changes)
def late_rules(request: ScreenRequest) -> HttpResponseBase:
    """/kendali/susulan/aturan/: published results that a rule adopted late would compute otherwise."""
    choice = Choice("", whole_number(request.GET.get("unit")), whole_number(request.GET.get("pegawai")))
    every = rule_rows()
    people = Employee.objects.in_bulk({row.employee_id for row in every})
    units = OrgUnit.objects.in_bulk({row.unit_id for row in every})
    rules = AppraisalPolicy.objects.in_bulk({row.old_rule for row in every})
    below = _below(choice, units)
    rows = [row for row in every if below is None or row.unit_id in below]
    rows = [row for row in rows if choice.employee_id in {None, row.employee_id}]
    if request.GET.get("berkas") == "csv":
        return _as_csv("aturan-susulan", RULE_COLUMNS, (_rule_cells(row, people, units, rules) for row in rows))
    page = Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("halaman"))
    query = _query(choice)
    counted = Counter(row.unit_id for row in every)
    context = {
        "page": page,
        "rows": [_rule_view(row, people, units, rules) for row in page],
        "by_unit": sorted(((units[pk], n) for pk, n in counted.items()), key=lambda pair: (-pair[1], pair[0].full_name)),
        "rules": sorted({row.rule for row in every}, key=lambda rule: rule.pk),
        "total": len(every),
        "cases": len(rows),
        "proposable": len(rows),
        "departing": sum(row.departs for row in rows),
        "units": _units(row.unit_id for row in every),
        **_page_words(request, choice, query),
    }
    return render(request, "kendali/susulan_aturan.html", context)


@require_POST
@screen(may_propose_versions)
def propose(request: ScreenRequest) -> HttpResponse:
    """What the list shows becomes a proposal, which another person approves."""
    service = propose_rule if request.POST.get("jenis") == "aturan" else propose_postings
    proposal = service(viewer=request.viewer, choice=_choice(request.POST), reason=request.POST.get("alasan", ""), now=request.now)
    messages.success(request, _("Usulan tersimpan. Orang BKPSDM lain perlu menyetujuinya."))
    return HttpResponseRedirect(f"/kendali/susulan/usulan/{proposal.pk}/")


def _page_words(request: ScreenRequest, choice: Choice, query: str) -> dict[str, Any]:
    return {
        "choice": choice,
        "query": f"&{query}" if query else "",
        "csv": f"?{query}&berkas=csv" if query else "?berkas=csv",
        "narrowed": bool(query),
        "can_propose": may_propose_versions(request.viewer),
    }


def _query(choice: Choice) -> str:
    told = {"sebab": choice.decree, "unit": choice.unit_id, "pegawai": choice.employee_id}
    return urlencode({name: value for name, value in told.items() if value})


def _within(row: LateRow, choice: Choice, names: Names) -> bool:
    if choice.employee_id not in {None, row.employee_id} or choice.decree not in {"", row.decree.key}:
        return False
    below = _below(choice, names.units)
    return below is None or row.change.unit in below


def _below(choice: Choice, units: Any) -> set[int] | None:
    """Of the units met in the list those that lie in the chosen one; None for all."""
    if choice.unit_id is None:
        return None
    chosen = units.get(choice.unit_id)
    return {pk for pk, unit in units.items() if chosen is not None and unit.path.startswith(chosen.path)}


def _order(row: LateRow, names: Names) -> tuple[Any, ...]:
    """The latest decree first; within it by period and name."""
    return (-row.decree.recorded_on.toordinal(), row.decree.key, row.cycle.start, names.people[row.employee_id].name, row.employee_id)


def _causes(rows: Iterable[LateRow]) -> list[tuple[str, str, int]]:
    counted: Counter[Decree] = Counter(row.decree for row in rows)
    ordered = sorted(counted.items(), key=lambda pair: (pair[0].recorded_on, pair[0].key), reverse=True)
    return [(decree.key, decree_words(decree), n) for decree, n in ordered]


def _units(ids: Iterable[int | None]) -> list[OrgUnit]:
    """The units met in a list, and those above them."""
    met = OrgUnit.objects.filter(pk__in={pk for pk in ids if pk})
    codes = {code for path_of in met.values_list("path", flat=True) for code in path_of.split("/") if code}
    return list(OrgUnit.objects.filter(code__in=codes, parent__isnull=False).order_by("path"))


def _proposals() -> list[dict[str, Any]]:
    rows = Recomputation.objects.select_related("proposed_by__employee").order_by("-id")[:PROPOSALS_SHOWN]
    return [{"row": row, "cause": CAUSE_WORDS[row.cause], "state": STATE_WORDS[row.state]} for row in rows]


def _rule_view(row: RuleRow, people: Any, units: Any, rules: Any) -> dict[str, Any]:
    return {
        "row": row,
        "person": people[row.employee_id],
        "unit": units[row.unit_id],
        "old_rule": rules[row.old_rule].code,
        "lines": figures_view(row),
    }


def _posting_cells(row: LateRow, names: Names) -> tuple[Cell, ...]:
    view = row_view(row, names)
    person = view["person"]
    return (
        row.cycle.period, person.nip or "", person.name, decree_words(row.decree), row.decree.recorded_on.isoformat(),
        ", ".join(view["kinds"]), "; ".join(f"{label}: {was}" for label, was, _now in view["lines"]),
        "; ".join(f"{label}: {now}" for label, _was, now in view["lines"]), view["lawful"], view["act"],
    )  # fmt: skip


def _rule_cells(row: RuleRow, people: Any, units: Any, rules: Any) -> tuple[Cell, ...]:
    pairs = [
        (row.before.result_score, row.after.result_score), (row.before.behaviour_score, row.after.behaviour_score),
        (row.before.result_advice, row.after.result_advice), (row.before.behaviour_advice, row.after.behaviour_advice),
        (row.before.predicate, row.after.predicate),
    ]  # fmt: skip
    person = people[row.employee_id]
    told: tuple[Cell, ...] = tuple(cell for pair in pairs for cell in pair)
    return (
        row.cycle.period, person.nip or "", person.name, units[row.unit_id].full_name, rules[row.old_rule].code, row.rule.code, *told,
    )  # fmt: skip


def _as_csv(name: str, columns: tuple[Column, ...], rows: Iterator[tuple[Cell, ...]]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(as_csv(Table(name=name, title="", columns=columns, rows=rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


urlpatterns = [
    path("kendali/susulan/", late_postings, name="late-postings"),
    path("kendali/susulan/aturan/", late_rules, name="late-rules"),
    path("kendali/susulan/usulkan/", propose, name="late-propose"),
]
