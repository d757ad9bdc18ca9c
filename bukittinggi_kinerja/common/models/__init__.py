from .audit import Event, Seal
from .calendar import CalendarYear, ClosedDay
from .idempotency import IdempotencyKey
from .jobs import Job, JobChunk
from .mail import MailWish
from .notices import Notice
from .policy import PolicyVersion, PolicyVersionQuerySet

__all__ = [
    "CalendarYear",
    "ClosedDay",
    "Event",
    "IdempotencyKey",
    "Job",
    "JobChunk",
    "MailWish",
    "Notice",
    "PolicyVersion",
    "PolicyVersionQuerySet",
    "Seal",
]
