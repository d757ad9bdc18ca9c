"""What a draft held before a sheet rewrote it, kept with the import, so that it can be given back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from appraisal.models import Indicator, PerformancePlan, PeriodTarget, WorkResult
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.importing import Facts, Written, facts_of
from bukittinggi_kinerja.common.importing.writes import value_of

#: Beside the fields of the plan in what an import remembers of it.
DRAFT = "draft"
#: A row before those that hang on it.
PARTS: tuple[tuple[type[models.Model], str], ...] = (
    (WorkResult, "plan_id"), (Indicator, "plan_id"), (PeriodTarget, "indicator__plan_id"),
)  # fmt: skip
Parts = dict[str, dict[str, Facts]]


def held_by(plan_ids: Sequence[int]) -> Mapping[int, Parts]:
    """Results, indicators and targets of each draft by their key; three queries."""
    held: dict[int, Parts] = {pk: {part._meta.label_lower: {} for part, _owner in PARTS} for pk in plan_ids}
    for part, owner in PARTS:
        for row in _rows(part).filter(**{f"{owner}__in": plan_ids}).annotate(of_plan=models.F(owner)).iterator(chunk_size=2000):
            held[row.of_plan][part._meta.label_lower][str(row.pk)] = facts_of(row)
    return held


def rewritten(plan: PerformancePlan, version: int, parts: Parts, *, line: int, label: str) -> Written:
    """``plan`` holds its new version; every later change of the draft makes another one."""
    after = facts_of(plan, ("version",))
    return Written(plan._meta.label_lower, plan.pk, {"version": version, DRAFT: parts}, after, line, label)


def give_back(writes: Sequence[Written]) -> None:
    """Each draft as it was, under the keys it had. Its version goes on, so that nobody saves over it what he saw before.

    Raises NotNow, with the row of the file, where people below hang on a result that would go.
    """
    if any(DRAFT not in (one.before or {}) for one in writes):
        raise NotNow(_("Impor ini mengubah draf yang sudah ada, jadi tidak dapat diurungkan. Impor berkas yang benar."))
    plans = [one.pk for one in writes]
    wanted: dict[str, dict[int, Facts]] = defaultdict(dict)
    for one in writes:
        for label, rows in (one.before or {})[DRAFT].items():
            wanted[label].update({int(pk): facts for pk, facts in rows.items()})
    _require_unsupported(writes, wanted[WorkResult._meta.label_lower])
    PeriodTarget.objects.filter(indicator__plan__in=plans).delete()
    for part, _owner in PARTS:
        _put(part, wanted[part._meta.label_lower])
    for part, owner in reversed(PARTS[:2]):
        _rows(part).filter(**{f"{owner}__in": plans}).exclude(pk__in=wanted[part._meta.label_lower]).delete()
    PerformancePlan.objects.filter(pk__in=plans).update(version=models.F("version") + 1)


def _require_unsupported(writes: Sequence[Written], kept: Mapping[int, Facts]) -> None:
    told = {one.pk: one for one in writes}
    doomed = WorkResult.objects.filter(plan__in=told).exclude(pk__in=kept)
    used = doomed.filter(children__isnull=False).order_by("plan_id", "pk").first()
    if used is not None:
        one = told[used.plan_id]
        raise NotNow(
            _("Impor tidak dapat diurungkan: RHK “%(rhk)s” dari %(name)s (baris %(line)s) sudah didukung RHK bawahan.")
            % {"rhk": used.title, "name": one.label, "line": one.line}
        )


def _put(part: type[models.Model], wanted: Mapping[int, Facts]) -> None:
    """Rows that are there get their former values, those that went come back."""
    if not wanted:
        return
    fields = [one for one in part._meta.concrete_fields if not one.primary_key]
    rows = [_row(part, fields, pk, facts) for pk, facts in wanted.items()]
    there = set(_rows(part).filter(pk__in=wanted).values_list("pk", flat=True))
    _rows(part).bulk_update([row for row in rows if row.pk in there], [one.name for one in fields], batch_size=500)
    _rows(part).bulk_create([row for row in rows if row.pk not in there], batch_size=500)


def _row(part: type[models.Model], fields: Sequence[Any], pk: int, facts: Facts) -> models.Model:
    return part(pk=pk, **{one.attname: value_of(one, facts[one.name]) for one in fields if one.name in facts})


def _rows(part: type[models.Model]) -> Any:
    return part._base_manager  # noqa: SLF001
