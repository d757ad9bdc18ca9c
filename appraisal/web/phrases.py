"""Words and small facts that the rating screens share; no rule lives here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as plazy

from appraisal.queries.scores import Advice
from appraisal.queries.team import Ratee
from appraisal.queries.versions import CORRECTED, LATE, POSTED, RECOMPUTED, REOPENED, RESTORED, RULED, VersionStep
from appraisal.rules.anchors import ASPECT_BY_CODE, BEHAVIOUR, RESULT, RatedAspect
from appraisal.rules.vocabulary import Predicate
from appraisal.templatetags.penilaian import SHAPES, predikat_kata, rating_kata
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.templatetags.kinerja import angka, penggal, persen, tanggal

VERSION_KINDS = {
    LATE: lazy("Dinilai terlambat"),
    REOPENED: lazy("Dinilai setelah dibuka kembali"),
    CORRECTED: lazy("Diperbaiki"),
    RECOMPUTED: lazy("Dihitung ulang"),
    POSTED: lazy("Penempatan diketahui terlambat"),
    RULED: lazy("Dihitung dengan aturan baru"),
    RESTORED: lazy("Versi sebelumnya dipulihkan"),
}
SHORT_RATINGS = {1: plazy("rating", "Di bawah"), 2: plazy("rating", "Sesuai"), 3: plazy("rating", "Di atas")}


def predicate_mark(predicate: Predicate | None) -> dict[str, Any] | None:
    if predicate is None:
        return None
    return {"rank": predicate.value, "word": predikat_kata(predicate.value), "shape": SHAPES[predicate.value]}


def advice_lines(row: Ratee) -> dict[str, dict[str, Any] | None]:
    """The advice of each overall rating as a sentence; None until the rater has set his own mark."""
    return {
        RESULT: _advice(
            row,
            advised=row.advice.result,
            own=row.case.result_rating,
            reason=row.case.result_reason,
            text=advice_sentence(RESULT, row.advice),
        ),
        BEHAVIOUR: _advice(
            row,
            advised=row.advice.behaviour,
            own=row.case.behaviour_rating,
            reason=row.case.behaviour_reason,
            text=advice_sentence(BEHAVIOUR, row.advice),
        ),
    }


def advice_sentence(which: str, advice: Advice) -> str:
    """One half of an advice with the figure it rests on; empty where there is none."""
    if which == RESULT and advice.result is not None:
        words = {"capaian": persen(advice.result_score, 2), "rating": rating_kata(advice.result).lower()}
        return _("Saran dari capaian %(capaian)s: %(rating)s.") % words
    if which == BEHAVIOUR and advice.behaviour is not None:
        words = {"capaian": angka(advice.behaviour_score, 2), "rating": rating_kata(advice.behaviour).lower()}
        return _("Saran dari rata-rata tujuh nilai %(capaian)s: %(rating)s.") % words
    return ""


def _advice(row: Ratee, *, advised: int | None, own: int | None, reason: str, text: str) -> dict[str, Any] | None:
    if own is None or advised is None:
        return None
    return {
        "text": text,
        "differs": advised != own,
        "needs_reason": advised != own and not reason.strip(),
        "reason": reason,
    }


def version_lines(steps: Sequence[VersionStep]) -> list[tuple[str, str, str]]:
    """What became of a result after its first version: what, when and by whom, why."""
    found = []
    for step in steps:
        words = {"versi": step.version, "waktu": tanggal(local_date(step.at)), "nama": step.by}
        when = _("versi %(versi)s, %(waktu)s, oleh %(nama)s") if step.by else _("versi %(versi)s, %(waktu)s")
        found.append((str(VERSION_KINDS[step.kind]), when % words, step.reason))
    return found


def gap_sentences(row: Ratee) -> list[str]:
    """What is missing before this rating can be sent, one sentence for each kind."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, code in row.missing:
        by_kind[kind].append(_(ASPECT_BY_CODE[code].name))
    sentences = {
        "rating": _("Isi rating %(aspek)s."),
        "example": _("Tulis contoh kejadian untuk %(aspek)s."),
        "reason": _("Jelaskan mengapa rating %(aspek)s berbeda dari saran."),
        "evidence": _("Rating di atas untuk %(aspek)s perlu bukti berkas atau data terukur, bukan tautan saja."),
        "dialogue": _("Catat dialog dengan pegawai: predikatnya di bawah Baik."),
    }
    return [text % {"aspek": listed(by_kind[kind])} for kind, text in sentences.items() if by_kind[kind]]


def listed(names: list[str]) -> str:
    """Akuntabel, Loyal, dan Adaptif."""
    if len(names) < 3:
        return _(" dan ").join(names)
    return _("%(depan)s, dan %(akhir)s") % {"depan": ", ".join(names[:-1]), "akhir": names[-1]}


def facts_line(row: Ratee) -> str:
    """2/3 realisasi · 4 bukti; before it the days, where the post was held for a part of the period."""
    proofs = ngettext("%(n)s bukti", "%(n)s bukti", row.proofs) % {"n": row.proofs}
    figures = _("%(isi)s/%(semua)s realisasi · %(bukti)s") % {"isi": row.filled, "semua": len(row.figures), "bukti": proofs}
    told = (penggal(row.case), figures if row.figures else _("Belum ada indikator"))
    return " · ".join(part for part in told if part)


def aspect_view(aspect: RatedAspect) -> dict[str, Any]:
    """An aspect with its words in the page's language."""
    return {
        "key": aspect.key,
        "code": aspect.code,
        "name": _(aspect.name),
        "short": _(aspect.short),
        "asks": _(aspect.asks),
        "anchors": [(n, SHORT_RATINGS[n], _(text)) for n, text in enumerate(aspect.anchors, start=1)],
        "is_overall": aspect.is_overall,
    }
