"""Names of what is judged."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from appraisal.rules.anchors import ASPECT_BY_CODE

register = template.Library()


@register.filter
def aspek_nama(code: str) -> str:
    """Akuntabel for AK; the code itself where it is none of ours."""
    aspect = ASPECT_BY_CODE.get(code)
    return _(aspect.name) if aspect else code
