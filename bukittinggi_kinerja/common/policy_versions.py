"""New versions of a policy: drafted from an older one, changed as a draft, then adopted from a date on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from .errors import NotNow, NotVisible, Unacceptable
from .events import record_event
from .models import PolicyVersion
from .period import local_date
from .texts import clean_line, clean_text

P = TypeVar("P", bound=PolicyVersion)

#: What every version says for itself; the rest a draft takes over.
_OWN_WORDS = frozenset({"id", "code", "decree_number", "decided_on", "draft", "reason", "finding"})
LONGEST_CODE, LONGEST_REASON = 40, 2000


@transaction.atomic
def draft_version(model: type[P], *, event: str, actor: int, source_id: int, code: str, reason: str, now: dt.datetime) -> P:
    """A draft with the numbers of an existing version; it rules nothing until it is adopted.

    ``event`` begins the names of the event rows. Raises NotVisible, Unacceptable with sentences per field.
    """
    source = _version(model, source_id)
    numbers = {f.attname: getattr(source, f.attname) for f in model._meta.concrete_fields if f.attname not in _OWN_WORDS}
    draft = model(**numbers, code=clean_line(code, limit=LONGEST_CODE), reason=clean_text(reason, limit=LONGEST_REASON), draft=True)
    problems = _missing(code=draft.code, reason=draft.reason)
    if not problems and model.objects.filter(code=draft.code).exists():
        problems["code"] = [_("Kode versi ini sudah dipakai.")]
    if problems:
        raise Unacceptable(_("Rancangan belum dibuat."), errors=problems)
    draft.save()
    record_event(action=f"{event}.drafted", subject=draft, actor=actor, now=now, new={"source": source_id}, reason=draft.reason)
    return draft


@transaction.atomic
def adopt_version(
    model: type[P],
    *,
    event: str,
    same: Sequence[str] = (),
    actor: int,
    policy_id: int,
    start: dt.date,
    decree_number: str,
    decided_on: dt.date | None,
    reason: str,
    now: dt.datetime,
    words: Mapping[str, Any] | None = None,
) -> P:
    """Let a draft rule from ``start`` on; the version before it, of the same ``same`` fields, ends there.

    ``words`` are fields that the adoption may decide; an empty one stays as drafted. A start in the past needs the number and the date of its decree.
    Raises NotVisible, NotNow for a version that rules already or stands before another, Unacceptable per field.
    """
    policy = _version(model, policy_id)
    if not policy.draft:
        raise NotNow(_("Versi ini sudah berlaku. Buat rancangan baru untuk mengubah angkanya."))
    problems = _missing(reason=clean_text(reason, limit=LONGEST_REASON)) | _late_start(start, decree_number, decided_on, now)
    if problems:
        raise Unacceptable(_("Versi belum ditetapkan."), errors=problems)
    ended = _end_before(model, start, {name: getattr(policy, name) for name in same})
    policy.valid, policy.draft, policy.reason = DateRange(start, None), False, clean_text(reason, limit=LONGEST_REASON)
    policy.decree_number, policy.decided_on = clean_line(decree_number, limit=120), decided_on
    for name, value in (words or {}).items():
        setattr(policy, name, value or getattr(policy, name))
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as clash:
        raise NotNow(_("Sudah ada versi yang mulai berlaku sesudah tanggal itu.")) from clash
    record_event(
        action=f"{event}.adopted",
        subject=policy,
        actor=actor,
        now=now,
        old={"ended": [old.code for old in ended]},
        new={"code": policy.code, "start": start, "decree_number": policy.decree_number}
        | {name: getattr(policy, name) for name in words or {}},
        reason=policy.reason,
    )
    return policy


def _end_before(model: type[P], start: dt.date, same: Mapping[str, Any]) -> list[P]:
    ended: list[P] = list(model.objects.select_for_update().filter(draft=False, valid__contains=start, **same))
    for old in ended:
        if old.valid.lower is not None and old.valid.lower >= start:
            raise NotNow(_("Sudah ada versi yang mulai berlaku pada tanggal itu."))
        old.valid = DateRange(old.valid.lower, start)
        old.save(update_fields=["valid"])
    return ended


def _late_start(start: dt.date, decree_number: str, decided_on: dt.date | None, now: dt.datetime) -> dict[str, list[str]]:
    """What a version that begins in the past must say for itself."""
    if start > local_date(now):
        return {}
    if not clean_line(decree_number, limit=120):
        return {"start": [_("Tanpa nomor keputusan versi berlaku paling cepat besok. Isi nomor keputusan yang berlaku surut.")]}
    if decided_on is None or decided_on > local_date(now):
        return {"decided_on": [_("Isi tanggal keputusan, paling lambat hari ini.")]}
    return {}


def _version(model: type[P], policy_id: int) -> P:
    found: P | None = model.objects.select_for_update().filter(pk=policy_id).first()
    if found is None:
        raise NotVisible(_("Versi aturan ini tidak ada."))
    return found


def _missing(**texts: str) -> dict[str, list[str]]:
    return {name: [_("Isian ini belum diisi.")] for name, text in texts.items() if not text.strip()}
