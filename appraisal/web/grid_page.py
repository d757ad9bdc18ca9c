"""What the grid's templates show: cells, counts, evidence. Reads nothing; everything comes from the team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.models import Cycle
from appraisal.queries.team import Ratee, Team
from appraisal.rules.anchors import RATED_ASPECTS, RatedAspect
from appraisal.rules.deadlines import What
from appraisal.rules.judging import looks_uniform
from appraisal.rules.vocabulary import Rating
from appraisal.templatetags.penilaian import rating_kata
from bukittinggi_kinerja.common.period import local_date

from .moved import moved_of
from .phrases import advice_lines, aspect_view, facts_line, predicate_mark

TO_EXPLAIN = (Rating.BELOW.value, Rating.ABOVE.value)


@dataclass(frozen=True)
class Cell:
    """One mark on the page; ``value`` is what is typed or stored, ``needs`` asks for an example."""

    name: str
    key: str
    value: str
    error: str
    needs: bool
    has: bool
    asked: bool

    @property
    def css(self) -> str:
        return " ".join(word for word, on in (("perlu", self.needs), ("ada", self.has)) if on)


def grid_context(
    team: Team, *, aspect: RatedAspect | None, typed: dict[str, str], errors: dict[str, str], now: dt.datetime, by_name: bool
) -> dict[str, Any]:
    """Context of both forms of the grid: the whole table, and one aspect with its anchors in full."""
    wanted = team.aspects
    active = aspect if aspect in wanted else wanted[0] if wanted else RATED_ASPECTS[0]
    rows = [_row(row, wanted, typed, errors) for row in team.ratees]
    given = {a.key: sum(row.mark(a) is not None for row in team.editable if a in row.aspects) for a in wanted}
    whole = {a.key: sum(a in row.aspects for row in team.editable) for a in wanted}
    return {
        "team": team,
        "rows": rows,
        "aspects": [{**aspect_view(a), "given": given[a.key], "whole": whole[a.key]} for a in wanted],
        "active": aspect_view(active),
        "neighbours": _neighbours(active, wanted),
        "given": sum(given.values()),
        "total": sum(whole.values()),
        "needing": sum(cell.needs for row in rows for cell in row["cells"]),
        "uniform": looks_uniform([row.mark(active) for row in team.editable]),
        "examples_required": team.cycle is not None and team.cycle.policy.example_required,
        "deadlines": [_deadline(cycle, team.dues[cycle.period], now) for cycle in team.cycles],
        "deadline": _deadline(team.cycle, team.due, now) if team.cycle and team.due else None,
        "moved": _moved(team),
        "by_name": by_name,
        "galat": bool(errors),
        "errors": [(name, _whose(name, team), text) for name, text in errors.items()],
        "words": script_words(),
    }


def _row(row: Ratee, wanted: tuple[RatedAspect, ...], typed: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    return {
        "case": row.case,
        "editable": row.is_editable,
        "facts": facts_line(row),
        "thin": bool(row.figures) and not row.proofs,
        "cells": list(_cells(row, wanted, typed, errors)),
        "examples": row.examples,
        "shown": " ".join(f"{aspect.key}={row.mark(aspect) or ''}" for aspect in row.aspects),
        **panel(row),
    }


def _cells(row: Ratee, wanted: tuple[RatedAspect, ...], typed: dict[str, str], errors: dict[str, str]) -> Iterator[Cell]:
    required = row.case.cycle.policy.example_required
    for aspect in wanted:
        name, mark = f"n-{row.case.pk}-{aspect.key}", row.mark(aspect)
        has = aspect.code in row.examples
        yield Cell(
            name=name,
            key=aspect.key,
            value=typed.get(name, "" if mark is None else str(mark)),
            error=errors.get(name, ""),
            needs=required and mark in TO_EXPLAIN and not has,
            has=has,
            asked=aspect in row.aspects,
        )


def panel(row: Ratee) -> dict[str, Any]:
    """The evidence of one person: figures, feedback, and the advice after the own mark."""
    return {
        "figures": row.figures,
        "feedback": row.feedback,
        "advice": advice_lines(row),
        "predicate": predicate_mark(row.predicate),
    }


def _neighbours(active: RatedAspect, wanted: tuple[RatedAspect, ...]) -> dict[str, Any]:
    place = wanted.index(active) if active in wanted else 0
    before = wanted[place - 1] if place else None
    after = wanted[place + 1] if place + 1 < len(wanted) else None
    return {
        "number": place + 1,
        "of": len(wanted),
        "before": aspect_view(before) if before else None,
        "after": aspect_view(after) if after else None,
    }


def _moved(team: Team) -> list[str]:
    """Every decision that moved a deadline of this team, each once."""
    told = moved_of((row.case for row in team.ratees), what=What.RATING)
    return list(dict.fromkeys(text for texts in told.values() for text in texts))


def _deadline(cycle: Cycle, due: dt.datetime, now: dt.datetime) -> dict[str, Any]:
    """When rating closes, and how near that is in calendar days."""
    days = (local_date(due) - local_date(now)).days
    if now > due:
        near = _("sudah tutup")
    elif days == 0:
        near = _("hari ini")
    else:
        near = ngettext("%(n)s hari lagi", "%(n)s hari lagi", days) % {"n": days}
    return {
        "cycle": cycle,
        "period": cycle.period,
        "due": due,
        "near": near,
        "urgent": 0 <= days <= 1 or now > due,
    }


def _whose(name: str, team: Team) -> str:
    _n, identity, key = name.split("-", 2)
    person = next((row.case.employee.name for row in team.ratees if str(row.case.pk) == identity), "")
    aspect = next((_(a.name) for a in team.aspects if a.key == key), "")
    return f"{person}, {aspect}"


def script_words() -> dict[str, Any]:
    """The sentences the grid's script says."""
    return {
        "nilai": {str(number): f"{number} · {rating_kata(number)}" for number in (1, 2, 3)},
        "kosong": _("kosong"),
        "hitung": _("{n} dari {total} nilai terisi"),
        "perlu": _("{n} nilai perlu contoh kejadian"),
        "perlu_sel": _("perlu contoh kejadian"),
        "isi123": _("Isi 1, 2, atau 3."),
        "seragam": _("{aspek}: semua nilai sama. Periksa lagi sebelum mengirim."),
        "cepat": _("{aspek}: Anda mengisi kurang dari dua detik per orang. Lihat lagi buktinya sebelum mengirim."),
        "bentrok": _("{nama} mengubah data ini {jam}. Bandingkan sebelum menyimpan."),
        "bentrok_n": _("{n} nilai berbeda dengan yang tersimpan. Bandingkan sebelum menyimpan."),
        "seseorang": _("Tab atau perangkat lain"),
        "dipakai": _("Nilai yang tersimpan tetap dipakai."),
        "predikat": _("Predikat"),
    }
