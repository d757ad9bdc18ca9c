from .audit import Event, Seal
from .calendar import CalendarYear, ClosedDay
from .idempotency import IdempotencyKey
from .imports import ColumnMapping, ImportBatch, ImportLine, ImportWrite
from .jobs import Job, JobChunk
from .mail import MailWish
from .notices import Notice
from .policy import PolicyVersion, PolicyVersionQuerySet

__all__ = [
    "CalendarYear",
    "ClosedDay",
    "ColumnMapping",
    "Event",
    "IdempotencyKey",
    "ImportBatch",
    "ImportLine",
    "ImportWrite",
    "Job",
    "JobChunk",
    "MailWish",
    "Notice",
    "PolicyVersion",
    "PolicyVersionQuerySet",
    "Seal",
]
