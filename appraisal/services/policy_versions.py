"""New versions of the appraisal rule: drafted from an older one, tried, then adopted from a date on."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.models import AppraisalPolicy
from appraisal.models.policy import YearRule
from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_line, clean_text

#: What every version says for itself; the rest a draft takes over.
_OWN_WORDS = frozenset({"id", "code", "decree_number", "decided_on", "draft", "reason", "finding"})


@transaction.atomic
def draft_version(*, actor: int, source_id: int, code: str, reason: str, now: dt.datetime) -> AppraisalPolicy:
    """A draft with the numbers of an existing version; it rules nothing until it is adopted."""
    source = _version(source_id)
    numbers = {f.attname: getattr(source, f.attname) for f in AppraisalPolicy._meta.concrete_fields if f.attname not in _OWN_WORDS}
    draft = AppraisalPolicy(**numbers, code=clean_line(code, limit=40), reason=clean_text(reason, limit=2000), draft=True)
    problems = _missing(code=draft.code, reason=draft.reason)
    if not problems and AppraisalPolicy.objects.filter(code=draft.code).exists():
        problems["code"] = [_("Kode versi ini sudah dipakai.")]
    if problems:
        raise Unacceptable(_("Rancangan belum dibuat."), errors=problems)
    draft.save()
    record_event(action="appraisal.policy.drafted", subject=draft, actor=actor, now=now, new={"source": source_id}, reason=draft.reason)
    return draft


@transaction.atomic
def adopt_version(
    *,
    actor: int,
    policy_id: int,
    start: dt.date,
    decree_number: str,
    decided_on: dt.date | None,
    reason: str,
    now: dt.datetime,
    year_rule: str = "",
) -> AppraisalPolicy:
    """Let a draft rule from ``start`` on; the version before it ends there. Cycles already open keep theirs.

    A start in the past needs the number and the date of its decree: published periods keep their version until two
    people decide on new ones. Raises NotNow for a version that rules already, Unacceptable with sentences per field.
    """
    policy = _version(policy_id)
    if not policy.draft:
        raise NotNow(_("Versi ini sudah berlaku. Buat rancangan baru untuk mengubah angkanya."))
    problems = _missing(reason=clean_text(reason, limit=2000))
    problems |= _late_start(start, decree_number, decided_on, now)
    if year_rule and year_rule not in YearRule.values:
        problems["year_rule"] = [_("Pilih aturan bagi tahun perubahan dari daftar.")]
    if problems:
        raise Unacceptable(_("Versi belum ditetapkan."), errors=problems)
    ended = list(AppraisalPolicy.objects.select_for_update().in_force(on=start))
    for old in ended:
        if old.valid.lower is not None and old.valid.lower >= start:
            raise NotNow(_("Sudah ada versi yang mulai berlaku pada tanggal itu."))
        old.valid = DateRange(old.valid.lower, start)
        old.save(update_fields=["valid"])
    policy.valid, policy.draft, policy.reason = DateRange(start, None), False, clean_text(reason, limit=2000)
    policy.decree_number, policy.decided_on = clean_line(decree_number, limit=120), decided_on
    policy.year_rule = year_rule or policy.year_rule
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as clash:
        raise NotNow(_("Sudah ada versi yang mulai berlaku sesudah tanggal itu.")) from clash
    record_event(
        action="appraisal.policy.adopted",
        subject=policy,
        actor=actor,
        now=now,
        old={"ended": [old.code for old in ended]},
        new={"code": policy.code, "start": start, "decree_number": policy.decree_number, "year_rule": policy.year_rule},
        reason=policy.reason,
    )
    return policy


def _late_start(start: dt.date, decree_number: str, decided_on: dt.date | None, now: dt.datetime) -> dict[str, list[str]]:
    """What a version that begins in the past must say for itself."""
    if start > local_date(now):
        return {}
    if not clean_line(decree_number, limit=120):
        return {"start": [_("Tanpa nomor keputusan versi berlaku paling cepat besok. Isi nomor keputusan yang berlaku surut.")]}
    if decided_on is None or decided_on > local_date(now):
        return {"decided_on": [_("Isi tanggal keputusan, paling lambat hari ini.")]}
    return {}


def _version(policy_id: int) -> AppraisalPolicy:
    found: AppraisalPolicy | None = AppraisalPolicy.objects.select_for_update().filter(pk=policy_id).first()
    if found is None:
        raise NotVisible(_("Versi aturan ini tidak ada."))
    return found


def _missing(**texts: str) -> dict[str, list[str]]:
    return {name: [_("Isian ini belum diisi.")] for name, text in texts.items() if not text.strip()}
