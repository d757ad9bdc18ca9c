"""What an app says of a list that can be imported: its columns, who may, and what its rows would change.

The machinery beside this module knows no app. It keeps the file, maps the columns, stores what each row would do, runs the
work as a job, and takes it back. An app writes an ``ImportKind`` in its services, or a ``ResourceKind`` for a simple table;
the root puts them together.

How a kind behaves:

* ``run(apply=False)`` writes nothing. ``run(apply=True)`` writes in the caller's transaction: all or nothing, in sets, and it
  takes the locks it needs first. It records no event of its own: the caller records one, under ``event``.
* It answers one ``RowOutcome`` for each row of the table, in the order of the file, both times. The answers of the second
  time are compared with the first: what was shown is what is written, or nothing is.
* Of bad rows it writes none. With ``good_only`` the others are written; without it one bad row refuses the file
  (``applied=False``).
* ``writes`` name every row of the database that was made or changed, each once, in the order of writing: models are undone from
  the last to the first.
* Nothing is asked of the database row by row: the number of queries grows with chunks of a thousand rows at most.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from django import forms
from django.db import models
from django.utils.functional import Promise

from .writes import Written

Text = str | Promise


class RowState(StrEnum):
    NEW = "BARU"
    CHANGED = "UBAH"
    SAME = "TETAP"
    BAD = "SALAH"


@dataclass(frozen=True)
class ImportColumn:
    """``name`` is the header in templates and exports and the key of a row's cells; ``aliases`` are other headers seen in real lists.

    Case, blanks, dashes and underscores of headers never matter. ``example`` fills the template, ``help`` its second sheet.
    """

    name: str
    label: Text
    required: bool = False
    help: Text = ""
    aliases: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a row, as it stands in the database and as the row says; for a new row ``old`` is empty."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a column: what is wrong and what to do. ``column`` may be empty for the whole row."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What one line would do. ``label`` names whom or what it is about, as people know it.

    ``faults`` make it BAD and leave ``changes`` empty; ``warnings`` are said and taken.
    """

    line: int
    state: RowState
    label: str = ""
    changes: tuple[Change, ...] = ()
    faults: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A line of the file by column name; ``cells`` holds the mapped columns only, raw as ``read_table`` gives them.

    ``surplus``: the line has cells beyond the header, so what stands in its columns cannot be trusted.
    """

    line: int
    cells: Mapping[str, Any]
    surplus: bool = False


class ImportTable(Protocol):
    """The file after mapping. ``rows()`` may be asked again; each time the file is read anew, nothing waits in memory."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns that the file has."""

    def rows(self) -> Iterator[SourceRow]: ...


def _no_tick(_rows: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class ImportContext:
    """Who imports, when, why. ``options`` is the cleaned data of the kind's ``options_form``.

    ``tick(n)`` tells the progress page that n more rows are done; it never touches the transaction.
    """

    viewer: Any
    actor: int | None
    as_of: dt.date
    now: dt.datetime
    reason: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    tick: Callable[[int], None] = _no_tick


@dataclass(frozen=True)
class ImportResult:
    """``rows`` in the order of the file; ``writes`` only when ``applied``. Both are read once, ``rows`` first, and may be generators."""

    rows: Iterable[RowOutcome]
    writes: Iterable[Written] = ()
    applied: bool = False


class ImportKind(ABC):
    """One list that can be brought. See the module for what ``run`` promises."""

    #: Stands in addresses and event rows: lower case, digits and dashes.
    code: ClassVar[str]
    title: ClassVar[Text]
    #: One or two sentences: what the list does, and what it never does.
    help: ClassVar[Text] = ""
    columns: ClassVar[tuple[ImportColumn, ...]]
    #: Asked beside the mapping, e.g. number and date of the decree. Fields clean to what JSON can hold, or to dates.
    options_form: ClassVar[type[forms.Form] | None] = None
    #: Action of the event row that an applied import leaves.
    event: ClassVar[str] = "import.applied"
    #: False for a list that is only checked: it is never applied.
    writes_rows: ClassVar[bool] = True

    @abstractmethod
    def may(self, viewer: Any) -> bool:
        """Whether this viewer may import the list, and export it. Rows of people he does not see stay refused in ``run``."""

    @abstractmethod
    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        """Compare, and write when ``apply``. Raises Unacceptable for a file that cannot be such a list at all."""

    #: Action of the event row that an export leaves.
    export_event: ClassVar[str] = "export.made"
    #: Asked before an export, e.g. which unit; cleaned data comes as ``options``.
    export_form: ClassVar[type[forms.Form] | None] = None

    @property
    def exports(self) -> bool:
        """Whether the list can leave as well."""
        return type(self).export is not ImportKind.export

    def export(self, context: ImportContext) -> Iterable[Mapping[str, Any]] | None:
        """Rows by column name, as this viewer may see them, so that the file can be imported again unchanged; None: no export."""
        return None

    def lock(self) -> None:  # noqa: B027  most lists need none
        """Take the locks that writing needs; the machinery asks before an undo, ``run`` asks itself."""

    def hold(self, model: str, rows: Sequence[int]) -> None:  # noqa: B027  most rows hang on nothing that moves
        """Before an undo locks these rows of a model: what others lock before they lock such a row, or each waits for the other."""

    def within(self, context: ImportContext) -> models.QuerySet[Any, Any] | None:
        """People whose rows this viewer may bring today, and so may take back; None: everybody's."""
        return None

    def take_back(self, model: str, writes: Sequence[Written], made: Mapping[str, frozenset[int]], context: ImportContext) -> bool:
        """Undo the writes of one model in another way than by deleting and restoring; False: the machinery does it.

        Asked for each model, the last one first, after everything was compared; ``made`` holds the ids that the import made.
        """
        return False
