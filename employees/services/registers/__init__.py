"""Writing and opening the registers of people and posts."""

from .catalogue import adopt_base, adopt_class
from .records import Entry, add_record, correct_record, end_record, void_record
from .viewing import LONGEST_REASON, open_detail

__all__ = [
    "LONGEST_REASON",
    "Entry",
    "add_record",
    "adopt_base",
    "adopt_class",
    "correct_record",
    "end_record",
    "open_detail",
    "void_record",
]
