"""Acts of the admin on many chosen rows: one page that asks why, then one service call for each row.

Each row is its own transaction and its own event; what the service refuses for one row leaves the others done and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .errors import Refusal

#: More is a job of its own, not an act of one press.
MOST_AT_ONCE = 200
MOST_TOLD = 10


class BulkReason(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=200, widget=forms.TextInput(attrs={"class": "vTextField"}))


@dataclass(frozen=True)
class BulkAct:
    """``run`` is a method of the admin: (request, row, cleaned fields) → one service call."""

    name: str
    label: Any
    button: Any
    run: str
    form: type[forms.Form] = BulkReason


def as_action(act: BulkAct) -> Callable[..., Any]:
    """The act as the list of Django's admin offers it."""

    def chosen(model_admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        return _page_or_result(act, model_admin, request, rows)

    chosen.__name__ = act.name
    chosen.short_description = act.label  # type: ignore[attr-defined]
    return chosen


def _page_or_result(act: BulkAct, model_admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> Any:
    subjects = list(rows[: MOST_AT_ONCE + 1])
    if len(subjects) > MOST_AT_ONCE:
        messages.error(request, _("Pilih paling banyak %(count)s baris.") % {"count": MOST_AT_ONCE})
        return HttpResponseRedirect(request.get_full_path())
    form = act.form(request.POST if "konfirmasi" in request.POST else None)
    if form.is_bound and form.is_valid():
        _tell(request, *_each(act, model_admin, request, subjects, form.cleaned_data))
        return HttpResponseRedirect(request.get_full_path())
    return _page(act, model_admin, request, subjects, form)


def _each(
    act: BulkAct, model_admin: Any, request: HttpRequest, subjects: Sequence[Model], data: Mapping[str, Any]
) -> tuple[int, list[str]]:
    run, done, refused = getattr(model_admin, act.run), 0, []
    for subject in subjects:
        try:
            run(request, subject, data)
        except Refusal as refusal:
            refused.append(f"{subject}: {refusal}")
        else:
            done += 1
    return done, refused


def _tell(request: HttpRequest, done: int, refused: Sequence[str]) -> None:
    if done:
        messages.success(request, ngettext("%(count)s baris selesai.", "%(count)s baris selesai.", done) % {"count": done})
    for sentence in refused[:MOST_TOLD]:
        messages.warning(request, sentence)
    if len(refused) > MOST_TOLD:
        messages.warning(request, _("%(count)s baris lain juga tidak berubah.") % {"count": len(refused) - MOST_TOLD})


def _page(act: BulkAct, model_admin: Any, request: HttpRequest, subjects: Sequence[Model], form: forms.Form) -> TemplateResponse:
    form.required_css_class = "required"  # type: ignore[attr-defined]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": act.label,
        "button": act.button,
        "form": form,
        "opts": model_admin.opts,
        "media": model_admin.media + form.media,
        "back": request.get_full_path(),
        "subjects": subjects,
        "action": act.name,
        "box": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/bulk_form.html", context)


class ActsOnMany(admin.ModelAdmin):  # type: ignore[type-arg]
    """``bulk`` are the acts that a list offers for chosen rows."""

    bulk: Sequence[BulkAct] = ()

    def get_actions(self, request: HttpRequest) -> Any:
        offered = super().get_actions(request)
        if self.bulk and ("_popup" not in request.GET) and self.has_view_permission(request):
            offered |= {act.name: (as_action(act), act.name, act.label) for act in self.bulk}
        return offered
