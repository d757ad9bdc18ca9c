"""Importing lists: what an app says of one, and the machinery that carries it."""

from .kinds import Change, ImportColumn, ImportContext, ImportKind, ImportResult, ImportTable, Remark, RowOutcome, RowState, SourceRow
from .writes import Facts, Written, facts_of

__all__ = [
    "Change",
    "Facts",
    "ImportColumn",
    "ImportContext",
    "ImportKind",
    "ImportResult",
    "ImportTable",
    "Remark",
    "RowOutcome",
    "RowState",
    "SourceRow",
    "Written",
    "facts_of",
]
