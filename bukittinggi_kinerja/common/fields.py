"""Form fields that read numbers and files as people here give them."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MOST_DIGITS = 18
_PLAIN = re.compile(r"\d+(\.\d+)?", re.ASCII)
_GROUPED = {
    "id": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII),
    "en": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII),
}


def read_number(text: str, *, language: str) -> Decimal:
    """``86,5`` and ``1.464,5`` (id), ``86.5`` and ``1,464.5`` (en); a lone comma or point is a decimal sign.

    Raises ValueError for anything else, so that nobody's figure is guessed at.
    """
    plain = "".join(text.split())
    if _GROUPED["id" if language == "id" else "en"].fullmatch(plain):
        plain = plain.replace("." if language == "id" else ",", "")
    plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain) or len(plain) > MOST_DIGITS:
        raise ValueError(text)
    return Decimal(plain)


class NumberField(forms.Field):
    """A number of zero or more; what was typed stays in the box."""

    default_error_messages = {
        "unread": _("Tulis angka saja, misalnya 86,5."),
        "negative": _("Angka ini tidak boleh kurang dari nol. Tulis 0 atau lebih."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return read_number(str(value), language=get_language() or "id")
        except ValueError as wrong:
            code = "negative" if _below_zero(str(value)) else "unread"
            raise forms.ValidationError(self.error_messages[code], code=code) from wrong


def _below_zero(text: str) -> bool:
    """A minus before what would be a number."""
    plain = text.strip()
    if plain[:1] not in {"-", "−", "–"}:
        return False
    try:
        read_number(plain[1:], language=get_language() or "id")
    except ValueError:
        return False
    return True


class LocalDecimalField(forms.DecimalField):
    """A decimal of a model in a form, read and shown as people here write it; the browser's own number box refuses a comma."""

    widget = forms.TextInput

    def __init__(self, **words: Any) -> None:
        super().__init__(**words)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.is_localized = True

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            # What cannot be read, such as a minus, is judged and worded by the plain field.
            with suppress(ValueError):
                return super().to_python(read_number(value, language=get_language() or "id"))
        return super().to_python(value)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files in one box; each is checked by the service."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        chosen = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(one, initial) for one in chosen if one]
