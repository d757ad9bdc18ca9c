"""What a field means, said at the field: short, and only where its name does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest


class Explained(admin.ModelAdmin):  # type: ignore[type-arg]
    #: Name of a field -> sentence. It stands here and not in the model: words for one door need no migration.
    explained: Mapping[str, Any] = {}

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **words: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **words)
        if field is not None and db_field.name in self.explained:
            field.help_text = self.explained[db_field.name]
        return field
