"""Late knowledge in words: what was frozen, what would hold, and what a new version would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.models.recomputations import ACTS, CAUSES, PROPOSAL_STATES
from appraisal.queries.late_changes import Decree, LateRow, Names
from appraisal.queries.rule_changes import Figures, RuleRow
from appraisal.rules.late_changes import Act, Facts, Kind
from appraisal.rules.leave import LATE_LEAVE
from appraisal.templatetags.penilaian import predikat_kata, rating_kata
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.templatetags.kinerja import angka, persen, tanggal

KIND_WORDS = {
    Kind.MISSING: gettext_lazy("seharusnya dinilai"),
    Kind.UNNEEDED: gettext_lazy("seharusnya tidak dinilai di sini"),
    Kind.LEAVE: gettext_lazy("cuti sepanjang hari yang dinilai"),
    Kind.UNIT: gettext_lazy("unit kerja"),
    Kind.POST: gettext_lazy("jabatan"),
    Kind.PLAN: gettext_lazy("SKP"),
    Kind.RATER: gettext_lazy("pejabat penilai"),
    Kind.REVIEWER: gettext_lazy("atasan pejabat penilai"),
    Kind.SPLIT: gettext_lazy("terbagi dua jabatan"),
    Kind.MERGED: gettext_lazy("satu jabatan dalam dua penilaian"),
}
ACT_WORDS = {**dict(ACTS), Act.NONE.value: gettext_lazy("Tidak ada versi baru: penilaian yang sah tetap")}
CAUSE_WORDS, STATE_WORDS = dict(CAUSES), dict(PROPOSAL_STATES)
#: Lines of facts: their name, and the kinds of difference that show them.
LINES = (
    ("unit", gettext_lazy("Unit kerja")),
    ("position", gettext_lazy("Jabatan")),
    ("plan", gettext_lazy("SKP")),
    ("rater", gettext_lazy("Pejabat penilai")),
    ("reviewer", gettext_lazy("Atasan penilai")),
)


def decree_words(decree: Decree) -> str:
    """SK 821/77/2026 tanggal 28 September 2026."""
    if not decree.number:
        return _("Cuti yang dicatat kemudian") if decree.reason == LATE_LEAVE else decree.reason or _("Tanpa nomor SK")
    words = {"nomor": decree.number, "tanggal": tanggal(decree.decided_on)}
    return _("SK %(nomor)s tanggal %(tanggal)s") % words if decree.decided_on else _("SK %(nomor)s") % words


def row_view(row: LateRow, names: Names) -> dict[str, Any]:
    frozen, told = row.change.case.facts if row.change.case else None, row.change.told
    return {
        "person": names.people[row.employee_id],
        "employee_id": row.employee_id,
        "period": row.cycle.period,
        "days": row.days,
        "kinds": [str(KIND_WORDS[kind]) for kind in row.change.kinds],
        "lines": _lines(frozen, told, names),
        "lawful": _lawful(row, names),
        "act": str(ACT_WORDS[row.change.act.value]),
        "proposable": row.proposable,
        "waits": row.change.act != Act.NONE and not row.proposable,
        "case_id": row.case.pk if row.case is not None else None,
        "published": row.case is not None and row.case.published_at is not None,
    }


def _lines(frozen: Facts | None, told: Facts | None, names: Names) -> list[tuple[str, str, str]]:
    """What differs: its name, as it was frozen, as it is known today."""
    return [
        (str(label), was, now) for name, label in LINES if (was := fact_word(name, frozen, names)) != (now := fact_word(name, told, names))
    ]


def fact_word(name: str, facts: Facts | None, names: Names) -> str:
    value = getattr(facts, name) if facts is not None else None
    if value is None:
        return "–"
    if name == "plan":
        return _("SKP nomor %(nomor)s") % {"nomor": value}
    table: Mapping[int, Any] = {"unit": names.units, "position": names.positions}.get(name, names.people)
    found = table.get(value)
    return str(getattr(found, "full_name", None) or getattr(found, "name", None) or found or "–")


def _lawful(row: LateRow, names: Names) -> str:
    """Who lawfully rated stays the rater: by whom, and by what was known until when."""
    day = tanggal(local_date(row.frozen_at))
    if row.case is None:
        return _("Belum ada penilaian untuk hari-hari ini.")
    rater = names.people.get(row.case.rated_by_id or 0)
    if rater is None:
        return _("Tidak dinilai, menurut penempatan yang diketahui pada %(tanggal)s.") % {"tanggal": day}
    words = {"nama": rater.name, "tanggal": day}
    return _("Dinilai sah oleh %(nama)s menurut penempatan yang diketahui pada %(tanggal)s.") % words


def figures_view(row: RuleRow) -> list[tuple[str, str, str]]:
    """Each digit and advice that would be another: its name, by the old rule, by the new one."""
    told = (
        (_("H"), _share(row.before), _share(row.after)),
        (_("P"), _mean(row.before), _mean(row.after)),
        (_("Saran hasil kerja"), rating_kata(row.before.result_advice), rating_kata(row.after.result_advice)),
        (_("Saran perilaku kerja"), rating_kata(row.before.behaviour_advice), rating_kata(row.after.behaviour_advice)),
        (_("Saran predikat"), predikat_kata(row.before.predicate), predikat_kata(row.after.predicate)),
    )
    return [line for line in told if line[1] != line[2]]


def _share(figures: Figures) -> str:
    return persen(figures.result_score, 2) if figures.result_score is not None else "–"


def _mean(figures: Figures) -> str:
    return angka(figures.behaviour_score, 2) if figures.behaviour_score is not None else "–"
