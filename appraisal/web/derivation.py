"""A derivation told to a person: the tree's own numbers in sentences and lines. Nothing is computed that is not shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisal.rules.derivation import Node, Operation
from appraisal.rules.vocabulary import Direction, Rating, TargetForm
from bukittinggi_kinerja.common.templatetags.kinerja import angka, bersatuan, persen, tanggal

SHOWN_PLACES = 4


@dataclass(frozen=True)
class RatingStory:
    """One overall rating: the official's mark, his reason and example, and the advice with its figure."""

    node: Node
    value: int | None
    advised: int | None
    score: Decimal | None
    reason: str
    examples: list[str]

    @property
    def departs(self) -> bool:
        return self.value is not None and self.advised is not None and self.value != self.advised


@dataclass(frozen=True)
class IndicatorStory:
    """One indicator: achievement, the lines that lead to it, and the rows below."""

    name: str
    work_result: str
    weight: int
    achievement: Decimal | None
    weighted: Decimal | None
    lines: list[tuple[str, str]]
    entries: list[dict[str, Any]]


@dataclass(frozen=True)
class Story:
    root: Node
    result: RatingStory
    behaviour: RatingStory
    indicators: list[IndicatorStory]
    marks: list[dict[str, Any]]

    @property
    def counted(self) -> list[IndicatorStory]:
        return [i for i in self.indicators if i.achievement is not None]

    @property
    def weights(self) -> int:
        return sum(i.weight for i in self.counted)

    @property
    def weighted_sum(self) -> Decimal:
        return sum((i.weighted for i in self.counted if i.weighted is not None), Decimal(0))

    @property
    def mark_values(self) -> list[int]:
        return [mark["value"] for mark in self.marks if mark["value"]]

    @property
    def mark_sum(self) -> int:
        return sum(self.mark_values)


def story_of(root: Node, *, with_score: bool = True) -> Story:
    """``with_score`` is whether the viewer sees H; without it an achievement is told as waiting, not as impossible."""
    result, behaviour = root.children
    return Story(
        root=root,
        result=_rating(result),
        behaviour=_rating(behaviour),
        indicators=[_indicator(node, with_score=with_score) for node in _score(result).children],
        marks=[_mark(node) for node in _score(behaviour).children],
    )


def _score(rating: Node) -> Node:
    """The figure under the advice under a rating: H or P."""
    return rating.children[0].children[0]


def _rating(node: Node) -> RatingStory:
    advice, score = node.children[0], _score(node)
    return RatingStory(
        node=node,
        value=Rating.of_code(node.value).value if node.value else None,
        advised=Rating.of_code(advice.value).value if advice.value else None,
        score=Decimal(score.value) if score.value else None,
        reason=next((str(row["title"]) for row in node.evidence if row["kind"] == "ALASAN"), ""),
        examples=[str(row["title"]) for row in node.evidence if row["kind"] == "CONTOH"],
    )


def _mark(node: Node) -> dict[str, Any]:
    return {
        "label": node.label,
        "value": int(node.value) if node.value else None,
        "examples": [str(row["title"]) for row in node.evidence if row["kind"] == "CONTOH"],
    }


def _indicator(node: Node, *, with_score: bool) -> IndicatorStory:
    limited = node.children[0]
    raw = limited.children[0]
    realisation, target = raw.children
    achieved, weight = Decimal(node.value) if node.value else None, int(node.weight or 0)
    return IndicatorStory(
        name=node.label,
        work_result=next((str(row["title"]) for row in node.evidence if row["kind"] == "RHK"), ""),
        weight=weight,
        achievement=achieved,
        weighted=None if achieved is None else achieved * weight,
        lines=_lines(node, limited, raw, realisation, target) if with_score else _facts(realisation, target),
        entries=[_entry(child) for child in realisation.children],
    )


def _facts(realisation: Node, target: Node) -> list[tuple[str, str]]:
    return [(_("Realisasi"), realised_line(realisation)), (_("Target periode"), target_line(target))]


def _lines(node: Node, limited: Node, raw: Node, realisation: Node, target: Node) -> list[tuple[str, str]]:
    """Term and figure of every step from the entries up to the achievement."""
    lines = _facts(realisation, target)
    if realisation.value is None:
        return [*lines, (_("Capaian"), _("Tidak dihitung: belum ada realisasi. Bobotnya ikut ditinggalkan."))]
    if raw.value is None:
        return [*lines, (_("Capaian"), _("Tidak dihitung: target ini tidak berupa angka atau tanggal. Bobotnya ikut ditinggalkan."))]
    lines.append((_("Perhitungan"), formula(raw, realisation, target)))
    if limited.value != raw.value:
        lines.append((_("Dibatasi"), _("%(capaian)s setelah batas capaian") % {"capaian": persen(limited.value)}))
    return [*lines, (_("Capaian"), persen(node.value, 2))]


def realised_line(node: Node) -> str:
    """64 + 47 = 111 berkas; the mean of 83,5 and 89 = 86,25%; a single figure or date as it is."""
    if node.value is None:
        return _("Belum ada")
    whole = _worded(node.value, node.unit)
    parts = [_bare(child.value) for child in node.children if child.value is not None]
    if len(parts) < 2:
        return whole
    if node.operation == Operation.SUM:
        return f"{' + '.join(parts)} = {whole}"
    if node.operation == Operation.MEAN:
        return f"({' + '.join(parts)}) ÷ {len(parts)} = {whole}"
    return _("%(nilai)s, yang terakhir dari %(jumlah)s catatan") % {"nilai": whole, "jumlah": len(parts)}


def target_line(node: Node) -> str:
    told = next((str(row["title"]) for row in node.evidence), "")
    if node.value is None:
        return told or "–"
    if ".." in node.value:
        low, high = node.value.split("..")
        return f"{_bare(low)}–{bersatuan(Decimal(high), node.unit)}"
    return _worded(node.value, node.unit)


def formula(raw: Node, realisation: Node, target: Node) -> str:
    """The calculation with its own numbers; which formula applies is the manner of the target."""
    form, _slash, direction = raw.manner.partition("/")
    percent = f"{angka(Decimal(raw.value or 0).quantize(Decimal(1).scaleb(-SHOWN_PLACES)))}%"
    if form in {TargetForm.DATE, TargetForm.STATEMENT}:
        return _by_date(realisation.value or "", target.value or "", percent)
    low, _dots, high = (target.value or "0").partition("..")
    least, most, found = Decimal(low), Decimal(high or low), Decimal(realisation.value or 0)
    if least <= found <= most:
        sentence = _("%(r)s berada di dalam target, jadi %(hasil)s") if high else _("%(r)s tepat pada target, jadi %(hasil)s")
        return sentence % {"r": angka(found), "hasil": percent}
    return f"{_division(direction, found, least, most)} × 100 = {percent}"


def _division(direction: str, found: Decimal, least: Decimal, most: Decimal) -> str:
    bound = least if found < least else most
    if direction == Direction.DOWN:
        return f"(2 × {angka(bound)} − {angka(found)}) ÷ {angka(bound)}"
    if direction == Direction.EXACT and found > most:
        return f"{angka(bound)} ÷ {angka(found)}"
    return f"{angka(found)} ÷ {angka(bound)}"


def _by_date(found: str, wanted: str, percent: str) -> str:
    done, due = dt.date.fromisoformat(found), dt.date.fromisoformat(wanted)
    words = {"hari": (done - due).days, "hasil": percent}
    if done <= due:
        return _("Selesai tidak melewati tanggal target, jadi %(hasil)s") % words
    return _("Terlambat %(hari)s hari kalender, jadi %(hasil)s") % words


def _entry(node: Node) -> dict[str, Any]:
    return {
        "label": node.label,
        "value": _worded(node.value, node.unit) if node.value is not None else _("tanpa angka"),
        "proofs": [_proof(row) for row in node.evidence if "kind" in row],
        "sources": [row for row in node.evidence if "kind" not in row],
    }


def _proof(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": row["kind"], "title": row["title"], "url": row.get("url", ""), "id": row.get("id"), "size": row.get("size")}


def _worded(value: str, unit: str) -> str:
    return _bare(value) if _is_date(value) else str(bersatuan(Decimal(value), unit))


def _bare(value: str | None) -> str:
    if value is None:
        return "–"
    return tanggal(dt.date.fromisoformat(value)) if _is_date(value) else angka(Decimal(value))


def _is_date(value: str) -> bool:
    return len(value) == 10 and value[4] == "-"
