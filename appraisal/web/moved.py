"""Why a deadline is not where it was: the sentences behind it, for every page that shows one."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from appraisal.models import Assessment, DeadlineChange
from appraisal.queries.deadlines import changes_of, decided_by, is_moved, reasons_of
from appraisal.rules.deadlines import Kind, Scope, What
from bukittinggi_kinerja.common.templatetags.kinerja import tanggal, tanggal_jam


def moved_of(cases: Iterable[Assessment], *, what: What | None = None) -> dict[int, list[str]]:
    """By case the sentences of the decisions that moved its deadlines; no query where none did."""
    moved = [case for case in cases if is_moved(case)]
    if not moved:
        return {}
    changes = list(changes_of(case.cycle.period for case in moved))
    return {case.pk: sentences(reasons_of(case, changes), what=what) for case in moved}


def sentences(changes: Iterable[DeadlineChange], *, what: What | None = None) -> list[str]:
    """One sentence for each decision that still rules, the latest date first."""
    return [sentence(change) for change in changes if change.revoked_at is None and (what is None or change.what == what)]


def sentence(change: DeadlineChange) -> str:
    """Until when, why, by which letter and by whom."""
    words = {
        "batas": _("Batas realisasi") if change.what == What.PROGRESS else _("Batas penilaian"),
        "sampai": tanggal(change.until),
        "alasan": change.reason.rstrip(". "),
        "surat": change.letter.rstrip(". "),
        "oleh": decided_by(change),
    }
    if change.kind == Kind.OUTAGE and change.outage is not None:
        outage = change.outage
        words |= {"mulai": tanggal_jam(outage.start), "selesai": tanggal_jam(outage.end)}
        head = _("%(batas)s diperpanjang sampai %(sampai)s karena gangguan layanan %(mulai)s sampai %(selesai)s.") % words
    elif change.kind == Kind.REOPENING:
        head = _("%(batas)s dibuka kembali sampai %(sampai)s.") % words
    else:
        head = _("%(batas)s diperpanjang sampai %(sampai)s.") % words
    return f"{head} {_('Alasan: %(alasan)s. Diputuskan oleh %(oleh)s, surat %(surat)s.') % words}"


def whom(change: DeadlineChange) -> str:
    if change.scope == Scope.UNIT and change.unit is not None:
        return change.unit.name
    if change.scope == Scope.PERSON and change.employee is not None:
        return change.employee.name
    return _("Seluruh kota")
