"""What the memory knows of one row, as a table that people read: who, when, what from and to, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from pghistory.models import Events

from .models import Event

PER_PAGE = 50
MASK = "•••"
LONGEST = 200
#: Beginnings of actions whose old and new values an app keeps to itself, such as marks nobody has published.
_KEPT_BACK: set[str] = set()
#: Fields (model label, name) that the history names without their values.
_MASKED: set[tuple[str, str]] = set()


def keep_back_values(action_prefix: str) -> None:
    """Show such events in the admin without their values; who, when and why stay."""
    _KEPT_BACK.add(action_prefix)


def mask_fields(label: str, *names: str) -> None:
    """Need-to-know fields of a model (``app.model``): that they changed is told, not from what to what."""
    _MASKED.update((label.lower(), name) for name in names)


def values_are_kept_back(action: str) -> bool:
    return action.startswith(tuple(_KEPT_BACK))


def username_of(column: str) -> Subquery:
    """The name of the account whose number stands in this column."""
    return Subquery(get_user_model().objects.filter(pk=OuterRef(column)).values("username")[:1])


def named_actors(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.annotate(actor_name=username_of("actor"))


@dataclass(frozen=True)
class Change:
    """One field from one value to another; both are texts for people."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    at: Any
    who: str
    what: str
    changes: Sequence[Change]
    why: str


@dataclass(frozen=True)
class History:
    """A page of it, newest first."""

    events: Sequence[Line]
    changes: Sequence[Line]
    page: int
    more: bool


def history_of(subject: Model, *, page: int) -> History:
    first, last = (page - 1) * PER_PAGE, page * PER_PAGE + 1
    key = {"subject_type": subject._meta.label_lower, "subject_id": str(subject.pk)}
    events = list(named_actors(Event.objects.filter(**key)).order_by("-id")[first:last])
    rows = _rows_of(subject, first, last)
    return History(
        events=[_told(event) for event in events[:PER_PAGE]],
        changes=_lines(subject, rows[:PER_PAGE]),
        page=page,
        more=max(len(events), len(rows)) > PER_PAGE,
    )


def _rows_of(subject: Model, first: int, last: int) -> list[Any]:
    """Changes of the row's own fields; a model that is not remembered has none."""
    if not any(getattr(relation.related_model, "pgh_tracked_model", None) is type(subject) for relation in subject._meta.related_objects):
        return []
    return list(Events.objects.tracks(subject).order_by("-pgh_created_at", "-pgh_id")[first:last])  # type: ignore[no-untyped-call]


def _told(event: Any) -> Line:
    who = event.actor_name or ("" if event.actor is None else str(event.actor))
    kept = values_are_kept_back(event.action)
    names = list(dict.fromkeys([*_keys(event.old), *_keys(event.new)]))
    pairs = [] if kept else [Change(name, _shown(_at(event.old, name)), _shown(_at(event.new, name))) for name in names]
    return Line(at=event.at, who=who, what=event.action, changes=pairs, why=event.reason)


def _keys(values: Any) -> list[str]:
    return list(values) if isinstance(values, dict) else []


def _at(values: Any, name: str) -> Any:
    return values.get(name) if isinstance(values, dict) else None


def _lines(subject: Model, rows: Sequence[Any]) -> list[Line]:
    names = _users(row.pgh_context for row in rows)
    read = _reader(type(subject), rows)
    verbs = {"insert": _("dibuat"), "update": _("diubah"), "delete": _("dihapus")}
    return [
        Line(
            at=row.pgh_created_at,
            who=names.get(_context(row.pgh_context, "user"), ""),
            what=verbs.get(row.pgh_label, row.pgh_label),
            changes=[read(name, *values) for name, values in (row.pgh_diff or {}).items()],
            why=_context(row.pgh_context, "reason") or "",
        )
        for row in rows
    ]


def _context(context: Any, name: str) -> Any:
    return context.get(name) if isinstance(context, dict) else None


def _users(contexts: Iterable[Any]) -> dict[Any, str]:
    wanted = {number for context in contexts if isinstance(number := _context(context, "user"), int)}
    return dict(get_user_model().objects.filter(pk__in=wanted).values_list("pk", "username")) if wanted else {}


def _reader(model: type[Model], rows: Sequence[Any]) -> Callable[[str, Any, Any], Change]:
    """Numbers of other rows are told by their names: one question for each field that points elsewhere."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for row in rows:
        for name, values in (row.pgh_diff or {}).items():
            if isinstance(_field(model, name), ForeignKey):
                wanted[name].update(value for value in values if value is not None)
    known = {name: _named(_field(model, name), numbers) for name, numbers in wanted.items()}

    def read(name: str, old: Any, new: Any) -> Change:
        field = _field(model, name)
        label = str(getattr(field, "verbose_name", name))
        if (model._meta.label_lower, name.removesuffix("_id")) in _MASKED or (model._meta.label_lower, name) in _MASKED:
            return Change(label, MASK, MASK)
        choices = dict(getattr(field, "flatchoices", ()) or ())
        texts = [known.get(name, choices).get(value, value) if value.__hash__ else value for value in (old, new)]
        return Change(label, *map(_shown, texts))

    return read


def _field(model: type[Model], name: str) -> Any:
    for wanted in (name, name.removesuffix("_id")):
        try:
            return model._meta.get_field(wanted)
        except FieldDoesNotExist:
            continue
    return None


def _named(field: Field[Any, Any], numbers: set[Any]) -> dict[Any, str]:
    related: Any = field.related_model
    return {row.pk: str(row) for row in related.objects.filter(pk__in=numbers)}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if value in (None, "", [], {}):
        return "—"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
