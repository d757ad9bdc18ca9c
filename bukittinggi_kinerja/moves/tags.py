"""Acts on a person for the page of his data, which belongs to an app below and knows none of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from employees.models import Employee

from .acts import acts_of

register = template.Library()


@register.inclusion_tag("pegawai/_tindakan.html", takes_context=True)
def tindakan_pegawai(context: Context, person: Employee) -> dict[str, Any]:
    request = context["request"]
    keeps = request.user.is_staff and request.user.has_perm("employees.view_posting")
    return {"acts": acts_of(request.viewer, person, keeps=keeps)}
