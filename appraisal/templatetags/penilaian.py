"""Predicates and ratings as people see them: a word and a shape, never a colour alone. Built in: nothing to load."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from appraisal.models.assessments import ASSESSMENT_STATES, PREDICATE_CHOICES, RATING_CHOICES
from appraisal.rules.leave import ON_LEAVE
from appraisal.rules.vocabulary import QUADRANT, Predicate, Rating
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.templatetags.kinerja import angka, bersatuan, tanggal
from employees.models import Status

register = template.Library()

SHAPES = {5: "●", 4: "◆", 3: "▲", 2: "▼", 1: "✕"}
SHORT_RATINGS = {1: pgettext_lazy("rating", "Di bawah"), 2: pgettext_lazy("rating", "Sesuai"), 3: pgettext_lazy("rating", "Di atas")}
REASONS = {
    Status.LEAVE.value: Status.LEAVE.label,
    Status.STUDY.value: Status.STUDY.label,
    ON_LEAVE: gettext_lazy("Cuti sepanjang periode"),
}
PREDICATES, RATINGS, STATES = dict(PREDICATE_CHOICES), dict(RATING_CHOICES), dict(ASSESSMENT_STATES)


def _predicate(value: Any) -> int | None:
    """An integer of the database or a code of a border."""
    if value in {None, ""}:
        return None
    if not isinstance(value, str):
        return int(value)
    number = whole_number(value)
    return Predicate.of_code(value).value if number is None else number


@register.filter
def predikat_kata(value: Any) -> str:
    number = _predicate(value)
    return str(PREDICATES[number]) if number else _("Belum ada")


@register.filter
def predikat(value: Any) -> SafeString:
    """The chip of a predicate: shape and word."""
    number = _predicate(value)
    if number is None:
        return format_html('<span class="chip">{}</span>', _("Belum ada"))
    return format_html(
        '<span class="chip" data-p="{}"><span aria-hidden="true">{}</span> <span class="kata">{}</span></span>',
        number,
        SHAPES[number],
        PREDICATES[number],
    )


@register.filter
def predikat_besar(value: Any) -> SafeString:
    """The predicate as the one large word of a page."""
    number = _predicate(value)
    if number is None:
        return format_html('<span class="predikat">{}</span>', _("Belum ada"))
    return format_html(
        '<span class="predikat" data-p="{}"><span aria-hidden="true">{}</span> {}</span>', number, SHAPES[number], PREDICATES[number]
    )


@register.filter
def rating_kata(value: Any) -> str:
    """Di atas, sesuai, di bawah ekspektasi; out of 1..3 or a code."""
    if value in {None, ""}:
        return _("Belum ada")
    number = whole_number(value) if isinstance(value, str) else int(value)
    return str(RATINGS[Rating.of_code(value).value if number is None else number])


@register.filter
def keadaan(value: str) -> str:
    return str(STATES.get(value, value))


@register.filter
def sebab_keadaan(value: str) -> str:
    """Why a case stands as it stands: codes and set phrases in the reader's language, anybody's own words as they are."""
    return str(REASONS.get(value, value))


@register.inclusion_tag("bagian/kuadran.html")
def kuadran(result: Any, behaviour: Any) -> dict[str, Any]:
    """The 3 x 3 quadrant with the cell of these two ratings marked; work results down, behaviour across."""
    columns = [Rating.BELOW, Rating.MEETS, Rating.ABOVE]
    rows = [
        {
            "label": SHORT_RATINGS[row.value],
            "cells": [
                {"predicate": QUADRANT[row, column].value, "own": (row.value, column.value) == (result, behaviour)} for column in columns
            ],
        }
        for row in reversed(columns)
    ]
    return {"columns": [SHORT_RATINGS[column.value] for column in columns], "rows": rows, "legend": [p.value for p in reversed(Predicate)]}


@register.filter
def target_kata(figure: Any) -> str:
    """A target of any form: 90%, 90–95%, 30 Juni 2026, or its statement. Takes what has the fields of an indicator."""
    if figure.target_date is not None:
        return tanggal(figure.target_date)
    if figure.target is None:
        return str(figure.statement or "–")
    if figure.target_max is not None:
        return f"{angka(figure.target)}–{bersatuan(figure.target_max, figure.unit_name)}"
    return bersatuan(figure.target, figure.unit_name)


@register.filter
def realisasi_kata(figure: Any) -> str:
    """A realisation, or that there is none yet."""
    if figure.target_date is not None and figure.realised_on is not None:
        return tanggal(figure.realised_on)
    if figure.realisation is None:
        return _("Belum ada")
    return bersatuan(figure.realisation, figure.unit_name)


@register.filter
def target_periode(target: Any) -> str:
    """The target of one period (``PeriodTarget``) in the words of its indicator."""
    return _target_words(target, target.indicator)


@register.filter
def target_tahunan(indicator: Any) -> str:
    """The yearly target of an indicator."""
    return _target_words(indicator, indicator)


def _target_words(target: Any, indicator: Any) -> str:
    if target.target_date is not None:
        return tanggal(target.target_date)
    if target.target is None:
        return str(indicator.statement or "–")
    if target.target_max is not None:
        return f"{angka(target.target)}–{bersatuan(target.target_max, indicator.unit_name)}"
    return bersatuan(target.target, indicator.unit_name)
