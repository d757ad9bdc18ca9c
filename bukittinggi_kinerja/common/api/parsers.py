"""Reading bodies: bounded, strict, and without binary floats."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from .problems import TooLarge

#: The escape of one half of a character beyond the first plane; most bodies hold none.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class BoundedJSONParser(JSONParser):
    """JSON up to the size of the settings; numbers with decimals become Decimal, NaN and Infinity are refused."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            text = raw.decode("utf-8-sig")
            body = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
            if _HALF.search(text):
                _refuse_halves(body)
            return body
        except (ValueError, RecursionError, InvalidOperation) as problem:
            raise ParseError from problem


def _refuse(name: str) -> None:
    raise ValueError(name)


def _refuse_halves(value: Any) -> None:
    """Raises UnicodeEncodeError for a key or a text with half a character: nothing could store it or say it again."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_halves(name)
            _refuse_halves(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_halves(inner)
