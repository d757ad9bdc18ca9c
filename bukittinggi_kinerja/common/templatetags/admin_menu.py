"""The menu beside every page of the admin, without a template for each of its fifty lines: it was a quarter of the work of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def menu_of(context: dict[str, Any], apps: Sequence[Mapping[str, Any]]) -> str:
    """The same marks as Django's own, which its filter and its styles look for."""
    path, add = quote(context["request"].path), _("Tambah")
    return format_html_join("", '<div class="{}"><table><caption>{}</caption>{}</table></div>', (_parts(app, path, add) for app in apps))


def _parts(app: Mapping[str, Any], path: str, add: str) -> tuple[str, str, str]:
    here = " current-app" if app["app_url"] in path else ""
    title = format_html('<a href="{}" class="section">{}</a>', app["app_url"], app["name"])
    rows = format_html_join("", '<tr class="model-{}{}"><th scope="row" id="{}">{}</th><td>{}</td></tr>', _rows(app, path, add))
    return f"app-{app['app_label']} module{here}", title, rows


def _rows(app: Mapping[str, Any], path: str, add: str) -> Iterator[tuple[str, str, str, str, str]]:
    for model in app["models"]:
        name, place = model["object_name"].lower(), model["admin_url"]
        key = f"{app['app_label']}-{name}"
        current = bool(place) and place in path
        link: str = model["name"]
        if current:
            link = format_html('<a href="{}" aria-current="page">{}</a>', place, model["name"])
        elif place:
            link = format_html('<a href="{}">{}</a>', place, model["name"])
        more = (
            format_html('<a href="{}" class="addlink" aria-describedby="{}">{}</a>', model["add_url"], key, add) if model["add_url"] else ""
        )
        yield name, " current-model" if current else "", key, link, more
