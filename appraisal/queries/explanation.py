"""From a predicate down to each evidence row: the tree behind one assessment, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from appraisal import scoring
from appraisal.models import AppraisalPolicy, Assessment, Evidence, Indicator, ProgressEntry, ScoredIndicator
from appraisal.rules.derivation import Node, Operation, digits
from appraisal.rules.requirements import ASPECT_NAMES
from appraisal.rules.vocabulary import Accumulation, BehaviourValue, Predicate, Rating
from bukittinggi_kinerja.common.sets import fetch_over

from .inputs import SNAPSHOT_FIELDS, live_inputs
from .scores import Advice, advice_for
from .versions import VersionStep, steps_to

_ROW_FIELDS = (*SNAPSHOT_FIELDS[1:], "limited")


@dataclass(frozen=True)
class Sight:
    """What a viewer may see of one case: the official's marks, H with the achievements it is made of, and each advice."""

    marks: bool = True
    score: bool = True
    result_advice: bool = True
    behaviour_advice: bool = True


ALL = Sight()


def explain(assessment: Assessment, sight: Sight = ALL) -> Node:
    """The whole derivation; frozen figures once a score is stored, live ones through the same rule before.

    Values that ``sight`` hides are None, so the tree keeps its shape; where a sum is hidden its parts are, too.
    """
    policy = assessment.rule
    stored = getattr(assessment, "score_row", None)
    rows = _indicator_rows(assessment, policy, frozen=stored is not None)
    figures = _figures(assessment, policy, stored)
    writer = _Writer(policy.code, sight, _examples(assessment))
    judged = stored if stored is not None else assessment
    marks = stored.marks if stored is not None else list(assessment.marks.values())
    result = writer.result(judged.result_rating, assessment.result_reason, figures, rows, _entries(rows))
    behaviour = writer.behaviour(judged.behaviour_rating, assessment.behaviour_reason, figures, marks)
    predicate = stored.predicate if stored is not None and sight.marks else None
    return Node(
        label=_("Predikat kinerja"),
        kind="predicate",
        operation=Operation.MATRIX,
        value=Predicate(predicate).code if predicate else None,
        rule_version=policy.code,
        children=(result, behaviour),
        evidence=tuple(_told(step) for step in steps_to(assessment)) if sight.marks else (),
    )


def _told(step: VersionStep) -> dict[str, object]:
    """How a later version came to be: when, by whom, why."""
    return {"kind": step.kind, "title": step.reason, "version": step.version, "at": localtime(step.at).isoformat(), "by": step.by}


def _indicator_rows(assessment: Assessment, policy: AppraisalPolicy, *, frozen: bool) -> list[dict[str, Any]]:
    query = (
        ScoredIndicator.objects.filter(assessment=assessment)
        .annotate(limited=scoring.limited("raw", cap=policy.achievement_cap))
        .order_by("indicator_id")
        .values_list(*(f"{name}_id" if name == "indicator" else name for name in _ROW_FIELDS))
    )
    if frozen:
        found: Iterable[tuple[Any, ...]] = query
    else:
        live = live_inputs(Assessment.objects.filter(pk=assessment.pk), policy=policy)
        found = fetch_over(ScoredIndicator, SNAPSHOT_FIELDS, live, query)
    rows = [dict(zip(_ROW_FIELDS, row, strict=True)) for row in found]
    named = Indicator.objects.select_related("work_result").in_bulk([row["indicator"] for row in rows])
    for row in rows:
        row["indicator"] = named[row["indicator"]]
    return sorted(rows, key=lambda row: (row["indicator"].order, row["indicator"].pk))


def _figures(assessment: Assessment, policy: AppraisalPolicy, stored: Any) -> Advice:
    if stored is not None:
        return Advice(stored.result_score, stored.behaviour_score, stored.result_advice, stored.behaviour_advice)
    return advice_for([assessment.pk], policy=policy).get(assessment.pk, Advice())


def _entries(rows: list[dict[str, Any]]) -> dict[int, ProgressEntry]:
    wanted = [pk for row in rows for pk in row["entry_ids"]]
    evidence = Prefetch("evidence", queryset=Evidence.objects.order_by("id"))
    return ProgressEntry.objects.prefetch_related(evidence).in_bulk(wanted)


def _examples(assessment: Assessment) -> dict[str, list[Mapping[str, object]]]:
    found: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    for example in assessment.examples.all():
        found[example.aspect].append({"kind": "CONTOH", "title": example.text, "feedback": example.feedback_id})
    return found


@dataclass(frozen=True)
class _Writer:
    """Phrases figures as nodes; it computes nothing."""

    version: str
    sight: Sight
    examples: Mapping[str, list[Mapping[str, object]]]

    def result(
        self, rating: int | None, reason: str, figures: Advice, rows: list[dict[str, Any]], entries: Mapping[int, ProgressEntry]
    ) -> Node:
        score = self._node(
            _("Nilai hasil kerja (H)"),
            "result_score",
            Operation.WEIGHTED_MEAN,
            self._share(figures.result_score),
            unit="%",
            children=tuple(self._indicator(row, entries) for row in rows),
        )
        advice = self._advice(_("Saran hasil kerja"), figures.result if self.sight.result_advice else None, score)
        return self._rating(_("Rating hasil kerja"), "result_rating", rating, advice, "HASIL", reason)

    def behaviour(self, rating: int | None, reason: str, figures: Advice, given: Sequence[int | None]) -> Node:
        marks = tuple(
            self._node(
                _(ASPECT_NAMES[value.value]),
                "behaviour_mark",
                Operation.INPUT,
                str(mark) if mark and self.sight.marks else None,
                evidence=tuple(self.examples.get(value.value, ())) if self.sight.marks else (),
            )
            for value, mark in zip(BehaviourValue, given, strict=True)
        )
        mean = digits(figures.behaviour_score, least=2) if self.sight.marks else None
        score = self._node(_("Rata-rata nilai perilaku (P)"), "behaviour_score", Operation.MEAN, mean, children=marks)
        advice = self._advice(_("Saran perilaku kerja"), figures.behaviour if self.sight.behaviour_advice else None, score)
        label = _("Rating perilaku kerja")
        return self._rating(label, "behaviour_rating", rating, advice, "PERILAKU", reason)

    def _rating(self, label: str, kind: str, value: int | None, advice: Node, aspect: str, reason: str) -> Node:
        shown = value if self.sight.marks else None
        told: list[Mapping[str, object]] = [*self.examples.get(aspect, ())]
        if reason:
            told.append({"kind": "ALASAN", "title": reason})
        return self._node(
            label,
            kind,
            Operation.JUDGEMENT,
            Rating(shown).code if shown else None,
            children=(advice,),
            evidence=tuple(told) if self.sight.marks else (),
        )

    def _advice(self, label: str, value: int | None, score: Node) -> Node:
        code = Rating(value).code if value and self.sight.marks else None
        return self._node(label, "advice", Operation.BAND, code, children=(score,))

    def _indicator(self, row: Mapping[str, Any], entries: Mapping[int, ProgressEntry]) -> Node:
        indicator: Indicator = row["indicator"]
        raw = self._node(
            _("Capaian sebelum dibatasi"),
            "achievement",
            Operation.ACHIEVEMENT,
            self._share(row["raw"]),
            unit="%",
            children=(self._realisation(row, entries), self._target(row)),
            manner=f"{row['form']}/{row['direction']}",
        )
        kept = self._node(_("Capaian dalam batas"), "limited", Operation.CAP, self._share(row["limited"]), unit="%", children=(raw,))
        return self._node(
            indicator.name,
            "indicator",
            Operation.ROUND,
            self._share(row["achievement"]),
            unit="%",
            weight=str(row["weight"]),
            children=(kept,),
            evidence=({"kind": "RHK", "title": indicator.work_result.title},),
        )

    def _share(self, value: Decimal | None) -> str | None:
        """A part of H, or H itself."""
        return digits(value, least=2) if self.sight.score else None

    def _target(self, row: Mapping[str, Any]) -> Node:
        indicator: Indicator = row["indicator"]
        if row["target_date"] is not None:
            value: str | None = row["target_date"].isoformat()
        else:
            low, high = digits(row["target"]), digits(row["target_max"])
            value = f"{low}..{high}" if high is not None else low
        told = ({"kind": "PERNYATAAN", "title": indicator.statement},) if indicator.statement else ()
        return self._node(_("Target periode"), "target", Operation.INPUT, value, unit=indicator.unit_name, evidence=told)

    def _realisation(self, row: Mapping[str, Any], entries: Mapping[int, ProgressEntry]) -> Node:
        indicator: Indicator = row["indicator"]
        children = tuple(self._entry(entries[pk], indicator) for pk in row["entry_ids"] if pk in entries)
        dated = row["target_date"] is not None
        found = row["realised_on"].isoformat() if dated and row["realised_on"] else None if dated else digits(row["realisation"])
        operation = {Accumulation.SUM: Operation.SUM, Accumulation.MEAN: Operation.MEAN}.get(row["accumulation"], Operation.INPUT)
        return self._node(
            _("Realisasi"),
            "realisation",
            Operation.INPUT if dated else operation,
            found,
            unit=indicator.unit_name,
            children=children,
        )

    def _entry(self, entry: ProgressEntry, indicator: Indicator) -> Node:
        value = digits(entry.value) if entry.value is not None else entry.realised_on.isoformat() if entry.realised_on else None
        return self._node(
            entry.note or entry.get_source_display(),
            "entry",
            Operation.INPUT,
            value,
            unit=indicator.unit_name,
            evidence=(*(evidence_row(e) for e in entry.evidence.all()), *entry.sources),
        )

    def _node(
        self,
        label: str,
        kind: str,
        operation: Operation,
        value: str | None,
        *,
        unit: str = "",
        weight: str | None = None,
        children: tuple[Node, ...] = (),
        evidence: tuple[Mapping[str, object], ...] = (),
        manner: str = "",
    ) -> Node:
        return Node(label, kind, operation, value, self.version, unit, weight, children, evidence, manner)


def evidence_row(evidence: Evidence) -> dict[str, object]:
    """How a piece of evidence is named in a tree; what is sensitive is named, never shown."""
    if evidence.sensitive:
        return {"kind": "RAHASIA", "title": _("Bukti rahasia"), "id": evidence.pk}
    row: dict[str, object] = {"kind": evidence.kind, "title": evidence.title, "id": evidence.pk}
    return {**row, "url": evidence.url} if evidence.kind == "TAUTAN" else {**row, "sha256": evidence.sha256, "size": evidence.size}
