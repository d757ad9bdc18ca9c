"""What an official must give before a rating is finished. Pure; sentences are msgids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .anchors import RATED_ASPECTS
from .vocabulary import QUADRANT, Predicate, Rating

MEETS = Rating.MEETS.value
ASPECT_NAMES: dict[str, str] = {aspect.code: aspect.name for aspect in RATED_ASPECTS}


def is_below_good(result: int | None, behaviour: int | None) -> bool:
    """Whether both ratings are set and their predicate is lower than Baik."""
    if result is None or behaviour is None:
        return False
    return QUADRANT[Rating(result), Rating(behaviour)].value < Predicate.GOOD.value


def missing_for_finish(
    *,
    ratings: Mapping[str, int | None],
    marks: Mapping[str, int | None],
    examples: Iterable[str],
    advised: Mapping[str, int | None],
    reasons: Mapping[str, str],
    examples_required: bool,
    sealed_evidence: bool,
    dialogue_lacking: bool = False,
) -> list[tuple[str, str]]:
    """(kind, aspect) of what is missing: ``rating``, ``example``, ``reason``, ``evidence`` or ``dialogue``; empty when complete.

    Both overall ratings are the official's own. A mark above or below needs an example; an overall rating that
    departs from the advice needs a reason; results above expectation need evidence that links alone cannot give.
    """
    written = set(examples)
    missing = [("rating", aspect) for aspect, value in ratings.items() if value is None]
    if examples_required:
        judged = {**ratings, **marks}
        missing += [("example", a) for a, value in judged.items() if value not in {None, MEETS} and a not in written]
    missing += [
        ("reason", aspect)
        for aspect, value in ratings.items()
        if value is not None and advised.get(aspect) not in {None, value} and not reasons.get(aspect, "").strip()
    ]
    if ratings.get("HASIL") == Rating.ABOVE and not sealed_evidence:
        missing.append(("evidence", "HASIL"))
    if dialogue_lacking:
        missing.append(("dialogue", "HASIL" if ratings.get("HASIL") == Rating.BELOW else "PERILAKU"))
    return missing
