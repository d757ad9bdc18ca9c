"""Fields of rows: codes and plain digits, never a binary float."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bukittinggi_kinerja.common.money import plain

_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


@extend_schema_field({"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["92.50"]})
class PlainDecimal(serializers.Field[Decimal, Any, str, Any]):
    """Decimal digits as text: as many as are stored, or without needless zeros where ``trimmed``."""

    def __init__(self, *, trimmed: bool = False, **kwargs: Any) -> None:
        self.trimmed = trimmed
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        text = plain(value)
        return text.rstrip("0").rstrip(".") if self.trimmed and "." in text else text


class PlainNumber(serializers.DecimalField):
    """A number somebody sends: digits as a JSON number or as text, without an exponent."""

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, str) and not _PLAIN.fullmatch(data.strip()):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string"})
class Code(serializers.Field[Any, Any, str, Any]):
    """A number of the database as its code outside."""

    def __init__(self, *, of: Callable[[Any], str], **kwargs: Any) -> None:
        self.of = of
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.of(value)


class Day(serializers.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)


class Moment(serializers.DateTimeField):
    """ISO 8601 with the offset of Asia/Jakarta."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: dt.datetime) -> str:
        """To the second: a deadline is kept as the last instant of its day, which no reader wants to see."""
        return super().to_representation(value.replace(microsecond=0))


class Text(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)


class Number(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)


class Flag(serializers.BooleanField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)


class Row(serializers.Serializer[Any]):
    """One row of an answer; reads only."""


class PersonRow(Row):
    """The short form of a person inside another row."""

    nip = Text()
    name = Text()


class StrictBody(serializers.Serializer[Any]):
    """A body that refuses members it does not know, so that nobody sets what is not his to set."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({name[:60]: [_("Isian ini tidak dikenal.")] for name in unknown}, code="unknown")
        return super().to_internal_value(data)
