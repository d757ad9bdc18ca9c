"""Dates that people may type: beyond them a day more or a change of time zone leaves the calendar of the machine."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

_SENTENCE = _("Isi tanggal antara tahun 1900 dan 2100.")
#: Validators of a date field.
THIS_AGE = (MinValueValidator(dt.date(1900, 1, 1), message=_SENTENCE), MaxValueValidator(dt.date(2100, 12, 31), message=_SENTENCE))
