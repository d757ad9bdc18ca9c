"""Simple tables upon django-import-export: a resource that asks the database in sets, and the kind that runs it.

An app writes the resource and the kind::

    class LeaveResource(BulkResource):
        nip = Field("employee", "nip", LookupCell(Employee, "nip", key=whole_digits, missing=_("NIP %(text)s tidak dikenal. Periksa 18 angkanya.")))
        mulai = FirstDay(attribute="valid", column_name="mulai")
        selesai = LastDay(attribute="valid", column_name="selesai")

        class Meta(BulkResource.Meta):
            model = Leave
            import_id_fields = ("nip", "mulai")
            fields = import_order = export_order = ("nip", "mulai", "selesai")


    class LeaveKind(ResourceKind):
        code, title, resource = "cuti", _("Cuti"), LeaveResource
        columns = (ImportColumn("nip", ...), ...)

``import_id_fields`` are the natural key: a row of the file is the row of the table with the same key, or a new one. An empty cell
leaves a field as it is. What a constraint refuses is found by writing in a savepoint, which a rehearsal rolls back, and is said
in the constraint's own sentence at the row that broke it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from import_export import resources

from bukittinggi_kinerja.common.cells import as_text
from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import Unacceptable

from .fields import LookupCell
from .kinds import Change, ImportContext, ImportKind, ImportResult, ImportTable, Remark, RowOutcome, RowState, SourceRow
from .writes import STAMPS, Facts, Written, facts_of

CHUNK = 1_000
#: So many rows that the database refuses are told one by one; whoever has more has another list than he thinks.
MOST_REFUSED = 200


@dataclass
class Draft:
    """One row on its way. ``before`` and ``shown`` are the known row's facts and texts; both empty for a new one."""

    line: int
    row: models.Model | None = None
    before: Facts | None = None
    shown: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return self.before is None or self.shown != self.wanted

    def changes(self) -> tuple[Change, ...]:
        return tuple(
            Change(column, self.shown.get(column, ""), text) for column, text in self.wanted.items() if text != self.shown.get(column, "")
        )


class BulkResource(resources.ModelResource):
    """``read`` makes drafts of a chunk with one query for its known rows and one for each ``LookupCell``."""

    class Meta:
        use_bulk = True
        skip_diff = True
        use_transactions = False
        store_instance = True

    def __init__(self, *, context: ImportContext, required: Iterable[str] = (), **words: Any) -> None:
        super().__init__(**words)
        self.context = context
        self.required = frozenset(required)
        self._columns: frozenset[str] = frozenset()
        self._known: dict[tuple[Any, ...], models.Model] = {}
        self._lines: dict[tuple[Any, ...], int] = {}
        self._draft = Draft(0)

    def read(self, chunk: Sequence[SourceRow], columns: Iterable[str]) -> list[Draft]:
        self._columns = frozenset(columns)
        for one in self.fields.values():
            if isinstance(one.widget, LookupCell):
                one.widget.load((row.cells.get(one.column_name) for row in chunk), self.context.viewer)
        keys = [key for row in chunk if (key := self._key_of_cells(row.cells)) is not None]
        self._known = {self._key_of(row): row for row in self.known(keys)} if keys else {}
        return [self._drafted(row) for row in chunk]

    def known(self, keys: Sequence[tuple[Any, ...]]) -> Iterable[models.Model]:
        """Rows of the table that may have one of these natural keys; by the first part of the key unless overridden."""
        first = self.fields[self._meta.import_id_fields[0]].attribute
        relations = [one.name for one in self._meta.model._meta.concrete_fields if one.is_relation]
        rows: Any = self.get_queryset().filter(**{f"{first}__in": {key[0] for key in keys}})
        return list(rows.select_related(*relations) if relations else rows)

    # --- what django-import-export calls for a row

    def get_or_init_instance(self, _loader: Any, row: Mapping[str, Any]) -> tuple[models.Model, bool]:
        key = self._key_of_cells(row)
        known = self._known.get(key) if key is not None else None
        if known is None:
            return self.init_instance(row), True
        self._draft.before, self._draft.shown = facts_of(known), self.texts_of(known)
        return known, False

    def import_instance(self, instance: models.Model, row: Mapping[str, Any], **words: Any) -> None:
        faults: dict[str, Any] = {}
        for one in self.get_import_fields():
            if one.column_name not in self._columns:
                continue
            if not as_text(row.get(one.column_name)):
                if one.column_name in self.required:
                    faults[one.column_name] = ValidationError(_("Kolom %(column)s kosong. Isi kolom itu.") % {"column": one.column_name})
                continue
            try:
                self.import_field(one, instance, row, **words)
            except ValueError as bad:
                faults[one.column_name] = ValidationError(str(bad))
        if faults:
            raise ValidationError(faults)

    def validate_instance(self, instance: models.Model, import_validation_errors: Any = None, validate_unique: bool = True) -> None:
        """Fields by themselves; relations and constraints would ask the database for each row."""
        faults = dict(import_validation_errors or {})
        if not faults:
            try:
                instance.clean_fields(exclude={one.name for one in instance._meta.concrete_fields if one.is_relation})
                instance.clean()
            except ValidationError as bad:
                faults = bad.update_error_dict(faults)
        if faults:
            raise ValidationError(faults)

    def save_instance(self, instance: models.Model, is_create: bool, row: Any, **_words: Any) -> None:
        """Written later, in sets."""
        self._draft.row = instance

    # --- texts

    def texts_of(self, instance: models.Model) -> dict[str, str]:
        """A row of the table by column, as an export says it."""
        return {one.column_name: str(self.export_field(one, instance) or "") for one in self.get_export_fields()}

    def _drafted(self, source: SourceRow) -> Draft:
        draft = self._draft = Draft(source.line)
        if source.surplus:
            draft.faults.append(Remark("", _("Isian baris ini lebih banyak daripada judul kolom. Hapus isian di luar kolom.")))
            return draft
        result = self.import_row(source.cells, None, row_number=source.line, dry_run=True)
        for problem in result.errors:
            raise problem.error
        if result.validation_error is not None:
            draft.faults.extend(self._remarks(result.validation_error))
        key = self._key_of_cells(source.cells)
        if key is not None and (first := self._lines.setdefault(key, source.line)) != source.line:
            draft.faults.append(
                Remark(self._id_columns(), _("Isi ini sudah ada pada baris %(first)s. Hapus salah satu baris.") % {"first": first})
            )
        if draft.row is not None:
            draft.wanted = self.texts_of(draft.row)
        return draft

    def _remarks(self, error: ValidationError) -> list[Remark]:
        columns = {one.attribute: one.column_name for one in self.fields.values()}
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        return [
            Remark("" if name == NON_FIELD_ERRORS else columns.get(name, name), " ".join(sentences)) for name, sentences in found.items()
        ]

    def _id_columns(self) -> str:
        return ", ".join(self.fields[name].column_name for name in self._meta.import_id_fields)

    def _key_of(self, instance: models.Model) -> tuple[Any, ...]:
        return tuple(_plain(self.fields[name].get_value(instance)) for name in self._meta.import_id_fields)

    def _key_of_cells(self, cells: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """None where a part of the key cannot be read; the row says why."""
        try:
            return tuple(_plain(self.fields[name].clean(cells)) for name in self._meta.import_id_fields)
        except (ValueError, KeyError):
            return None


class ResourceKind(ImportKind):
    """A simple table by its resource. Override ``check`` for what only all rows together can tell."""

    resource: ClassVar[type[BulkResource]]

    def check(self, drafts: Sequence[Draft], context: ImportContext) -> None:
        """Add faults and warnings to drafts; a fixed number of queries."""

    def visible(self, context: ImportContext) -> models.QuerySet[Any, Any] | None:
        """What an export holds for this viewer; None: no export."""
        return None

    @property
    def exports(self) -> bool:
        return type(self).visible is not ResourceKind.visible

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        resource = self._resource(context)
        with transaction.atomic():
            self.lock()
            drafts: list[Draft] = []
            source = table.rows()
            while chunk := list(islice(source, CHUNK)):
                drafts += resource.read(chunk, table.columns)
                context.tick(len(chunk))
            self.check(drafts, context)
            good = [draft for draft in drafts if draft.row is not None and not draft.faults and draft.differs]
            _write(good, MOST_REFUSED)
            applied = apply and (good_only or not any(draft.faults for draft in drafts))
            if not applied:
                transaction.set_rollback(True)
        writes = [_written(draft) for draft in good if not draft.faults] if applied else ()
        return ImportResult([_outcome(draft) for draft in drafts], writes, applied)

    def export(self, context: ImportContext) -> Iterator[Mapping[str, Any]] | None:
        rows = self.visible(context)
        if rows is None:
            return None
        resource = self._resource(context)
        return (resource.texts_of(row) for row in rows.iterator(chunk_size=2000))

    def _resource(self, context: ImportContext) -> BulkResource:
        return self.resource(context=context, required=[column.name for column in self.columns if column.required])


def _write(drafts: Sequence[Draft], left: int) -> int:
    """Known rows first, then new ones; where a constraint refuses, halves are tried until the row is found. How many may still fail."""
    if not drafts:
        return left
    try:
        with refused_by_constraint(type(_row(drafts[0]))):
            _store(drafts)
        return left
    except Unacceptable as refusal:
        for draft in drafts:
            if draft.before is None:
                _row(draft).pk = None
                _row(draft)._state.adding = True  # noqa: SLF001
        if len(drafts) == 1 or left <= 0:
            for draft in drafts:
                draft.faults.append(Remark("", str(refusal)))
            return left - 1
    middle = len(drafts) // 2
    return _write(drafts[middle:], _write(drafts[:middle], left))


def _store(drafts: Sequence[Draft]) -> None:
    model = type(_row(drafts[0]))
    rows: Any = model._base_manager  # noqa: SLF001
    known = [draft.row for draft in drafts if draft.before is not None]
    names = [one.name for one in model._meta.concrete_fields if not one.primary_key and one.name not in STAMPS]
    if known:
        rows.bulk_update(known, names, batch_size=CHUNK)
    rows.bulk_create([draft.row for draft in drafts if draft.before is None], batch_size=CHUNK)


def _row(draft: Draft) -> models.Model:
    assert draft.row is not None
    return draft.row


def _written(draft: Draft) -> Written:
    row = _row(draft)
    if draft.before is None:
        return Written.made(row, line=draft.line, label=str(row))
    return Written.changed(row, draft.before, line=draft.line, label=str(row))


def _outcome(draft: Draft) -> RowOutcome:
    label = str(draft.row) if draft.row is not None else ""
    if draft.faults:
        return RowOutcome(draft.line, RowState.BAD, label, faults=tuple(draft.faults))
    state = RowState.NEW if draft.before is None else RowState.CHANGED if draft.differs else RowState.SAME
    return RowOutcome(draft.line, state, label, draft.changes(), warnings=tuple(draft.warnings))


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
