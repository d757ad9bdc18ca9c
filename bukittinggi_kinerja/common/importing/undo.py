"""Taking an import back: all of it or nothing, and only where every row still is what the import left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Min
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.models import ImportBatch, ImportWrite

from .kinds import ImportContext, ImportKind
from .writes import PERSON, Written, facts_of, model_of, people_of, value_of

CHUNK = 2_000

Made = Mapping[str, frozenset[int]]


def take_back(batch: ImportBatch, kind: ImportKind, context: ImportContext) -> None:
    """Compare everything, then undo model by model. Raises NotNow with the first row that changed since or is used."""
    kind.lock()
    first = ImportWrite.objects.filter(batch=batch).values("model").annotate(first=Min("id")).order_by("-first")
    labels = [one["model"] for one in first]
    made = {
        label: frozenset(ImportWrite.objects.filter(batch=batch, model=label, before__isnull=True).values_list("row", flat=True))
        for label in labels
    }
    people: set[int] = set()
    for label in labels:
        rows = list(ImportWrite.objects.filter(batch=batch, model=label).values_list("row", flat=True))
        kind.hold(label, rows)
        people |= people_of(label, rows)
    _require_people(batch, kind, context, people)
    for label in labels:
        _require_untouched(batch, label)
        _require_unused(batch, label, made)
    for label in labels:
        for writes in _writes(batch, label):
            if not kind.take_back(label, writes, made, context):
                restore(label, writes)
            context.tick(len(writes))


def _require_people(batch: ImportBatch, kind: ImportKind, context: ImportContext, people: set[int]) -> None:
    """What a colleague brought about somebody is not for himself to take back, and whoever left the reach of an office keeps his rows."""
    if context.viewer.employee_id in people and batch.owner != context.actor:
        raise NotNow(_("Impor ini memuat data Anda sendiri. Mintalah petugas lain mengurungkannya."))
    within = kind.within(context)
    if within is None:
        return
    known = model_of(PERSON)._base_manager.filter(pk__in=people)  # noqa: SLF001
    outside = known.exclude(pk__in=within.values("pk")).order_by("pk").first()
    if outside is not None:
        raise NotNow(_("Impor tidak dapat diurungkan: %(name)s kini di luar kewenangan Anda.") % {"name": outside})


def _writes(batch: ImportBatch, label: str) -> Iterator[list[Written]]:
    rows = ImportWrite.objects.filter(batch=batch, model=label).order_by("-id").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield [Written(one.model, one.row, one.before, one.after, one.line, one.label) for one in chunk]


def _require_untouched(batch: ImportBatch, label: str) -> None:
    rows = model_of(label)._base_manager  # noqa: SLF001
    for writes in _writes(batch, label):
        present = {row.pk: row for row in rows.select_for_update().filter(pk__in=[one.pk for one in writes])}
        for one in reversed(writes):
            row = present.get(one.pk)
            if row is None or facts_of(row, tuple(one.after)) != one.after:
                raise NotNow(
                    _("Impor tidak dapat diurungkan: %(what)s sudah berubah sesudah impor ini. Betulkan datanya satu per satu.")
                    % {"what": _told(one)}
                )


def _require_unused(batch: ImportBatch, label: str, made: Made) -> None:
    """Nothing that came later may hang on what the import made; what the import itself hung there goes with it."""
    relations = [relation for relation in model_of(label)._meta.get_fields(include_hidden=True) if _points_here(relation)]
    for start in range(0, len(ids := sorted(made[label])), CHUNK):
        for relation in relations:
            _refuse_used(batch, label, relation, ids[start : start + CHUNK], made)


def _points_here(relation: Any) -> bool:
    """A foreign key of another table that the database itself holds; the memory of changes has none."""
    reverse = relation.auto_created and (relation.one_to_many or relation.one_to_one)
    return bool(reverse and relation.field.db_constraint and relation.related_model._meta.concrete_model._meta.managed)


def _refuse_used(batch: ImportBatch, label: str, relation: Any, ids: Sequence[int], made: Made) -> None:
    model: type[models.Model] = relation.related_model
    own = made.get(model._meta.label_lower, frozenset())
    column = relation.field.attname
    users = model._base_manager.filter(**{f"{column}__in": ids}).values_list("pk", column).order_by("pk")  # noqa: SLF001
    used = next((target for pk, target in users if pk not in own), None)
    if used is not None:
        one = ImportWrite.objects.filter(batch=batch, model=label, row=used).first()
        raise NotNow(
            _("Impor tidak dapat diurungkan: %(what)s sudah dipakai oleh %(by)s. Betulkan datanya satu per satu.")
            % {"what": _told(one), "by": model._meta.verbose_name}
        )


def restore(label: str, writes: Sequence[Written]) -> None:
    """Made rows go, changed ones get their former values."""
    model = model_of(label)
    rows: Any = model._base_manager  # noqa: SLF001
    fresh = [one.pk for one in writes if one.before is None]
    if fresh:
        doomed = rows.filter(pk__in=fresh)
        doomed._raw_delete(doomed.db)  # noqa: SLF001  the database refuses what a cascade would take along in silence
    known = {one.pk: one.before for one in writes if one.before is not None}
    if not known:
        return
    present = list(rows.filter(pk__in=known))
    names = sorted({name for before in known.values() for name in before or {}})
    for row in present:
        for name, plain in (known[row.pk] or {}).items():
            field = model._meta.get_field(name)
            setattr(row, field.attname, value_of(field, plain))  # type: ignore[union-attr, arg-type]
    rows.bulk_update(present, names, batch_size=500)


def _told(one: Written | ImportWrite | None) -> str:
    """A row by the line of the file where people find it."""
    if one is None:
        return _("baris yang dibuat impor ini")
    if not one.line:
        return one.label or str(model_of(one.model)._meta.verbose_name)
    return _("%(name)s (baris %(line)s)") % {"name": one.label or model_of(one.model)._meta.verbose_name, "line": one.line}
