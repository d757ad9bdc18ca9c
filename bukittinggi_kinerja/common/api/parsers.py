"""Reading bodies: bounded, strict, and without binary floats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from .problems import TooLarge


class BoundedJSONParser(JSONParser):
    """JSON up to the size of the settings; numbers with decimals become Decimal, NaN and Infinity are refused."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            return json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
        except (ValueError, RecursionError, InvalidOperation) as problem:
            raise ParseError from problem


def _refuse(name: str) -> None:
    raise ValueError(name)
