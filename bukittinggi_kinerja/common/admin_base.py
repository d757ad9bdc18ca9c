"""Record keeping in the admin: bases for every app.

Whoever may enter here is decided twice: by the model permissions of his group, and by a role in force today. Rows with a
life of their own are looked at; services change them, by pages that ask what the service asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.forms import DateRangeField as DateRangeFormField
from django.contrib.postgres.forms import RangeWidget
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange, Range
from django.db.models import DecimalField
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from .admin_bulk import ActsOnMany
from .admin_explained import Explained
from .admin_history import history_of
from .admin_screens import Screen, address_of
from .admin_search import SearchesOutOfSight
from .admin_shown import days_column
from .admin_site import keeps_records
from .errors import Refusal, Unacceptable
from .fields import LocalDecimalField
from .numbers import whole_number

REASON = "alasan_perubahan"
LAST_PAGE = 10_000
#: What the filters of a list write behind the name of their field.
FILTER_ENDS = ("", "__exact", "__in", "__isnull", "__gte", "__lt")
YEARS = range(1, dt.MAXYEAR)
ONE_DAY = dt.timedelta(days=1)


class ReasonedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A change of master data says why; the reason goes into the memory, not into the row."""

    alasan_perubahan = forms.CharField(
        label=_("Alasan perubahan"), max_length=200, help_text=_("Tersimpan dalam riwayat, misalnya nomor surat.")
    )


@dataclass(frozen=True)
class Tool:
    """A page before a service call: ``name`` is its part of the address, ``view`` a method of the admin.

    A tool of one row gets its id, and stands on the page of that row.
    """

    name: str
    label: Any
    view: str
    of_row: bool = False


class InclusiveDays(DateRangeFormField):
    """People name the last day; the database keeps the day after it."""

    def compress(self, values: Any) -> Any:
        days = super().compress(values)
        return DateRange(days.lower, days.upper + ONE_DAY) if days and days.upper else days

    def prepare_value(self, value: Any) -> Any:
        shown = DateRange(value.lower, value.upper - ONE_DAY) if isinstance(value, Range) and value.upper else value
        return super().prepare_value(shown)


class CityAdmin(SearchesOutOfSight, ActsOnMany, Explained):
    """Master data that HR of the city keeps. Every write carries who and why into the memory."""

    tools: Sequence[Tool] = ()
    #: Where a record is shown on the site.
    screens: Sequence[Screen] = ()
    change_list_template = "admin/tools_list.html"
    change_form_template = "admin/tools_form.html"
    formfield_overrides = {
        DateRangeField: {"form_class": InclusiveDays, "widget": RangeWidget(AdminDateWidget)},
        DecimalField: {"form_class": LocalDecimalField},
    }
    #: Fields that are shown by a method where they cannot be changed; spans of days always are.
    shown_by: Mapping[str, str] = {}
    form: type[forms.ModelForm] = ReasonedForm  # type: ignore[type-arg]
    list_per_page = 30
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return keeps_records(request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_records(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return keeps_records(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_records(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_records(request) and super().has_delete_permission(request, obj)

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self._shown(name) for name in super().get_list_display(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """With their names as well, or the form would offer them."""
        names = list(super().get_readonly_fields(request, obj))
        return [*names, *(shown for name in names if (shown := self._shown(name)) != name)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        names = set(self.get_readonly_fields(request, obj))
        closed = obj is not None and not self.has_change_permission(request, obj)

        def shown(fields: Sequence[Any]) -> list[Any]:
            kept = [name for name in fields if not (closed and name == REASON)]
            return list(dict.fromkeys(self._shown(name) if closed or name in names else name for name in kept))

        return [(title, {**group, "fields": shown(group["fields"])}) for title, group in super().get_fieldsets(request, obj)]

    def _shown(self, name: Any) -> Any:
        """How a field stands where it is only looked at: ``[2025-01-01, None)`` tells nobody the last day."""
        if name in self.shown_by:
            return self.shown_by[name]
        field = next((field for field in self.opts.concrete_fields if field.name == name), None)
        return days_column(field) if isinstance(field, DateRangeField) else name

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the filters that the page offers: any other would feel its way along a mark that nobody has published, or a hash."""
        if not str(value).isprintable():
            return False
        if self.date_hierarchy and lookup == f"{self.date_hierarchy}__year":
            return whole_number(str(value)) in YEARS
        return lookup in self._offered(request)

    def _offered(self, request: HttpRequest | None) -> set[str]:
        """Names that may stand in the address of the list: its key, its calendar, and its filters as they write themselves."""
        names = {"pk", "pk__exact", self.opts.pk.name, f"{self.opts.pk.name}__exact"}
        if self.date_hierarchy:
            names |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        for item in self.get_list_filter(request) if request is not None else self.list_filter:
            if isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
                names.add(str(item.parameter_name))
                continue
            name = str(item[0] if isinstance(item, (tuple, list)) else item)
            target = getattr(get_fields_from_path(self.model, name)[-1], "target_field", None)
            names |= {f"{name}{end}" for end in FILTER_ENDS} | ({f"{name}__{target.name}__exact"} if target is not None else set())
        return names

    def get_urls(self) -> list[Any]:
        """Tools are for those who may keep these records; they need no further right on the rows, the service decides."""
        own = [
            path(
                f"<int:object_id>/{tool.name}/" if tool.of_row else f"{tool.name}/",
                self.admin_site.admin_view(self._guarded(getattr(self, tool.view))),
                name=self.tool_url_name(tool.name),
            )
            for tool in self.tools
        ]
        return [*own, *super().get_urls()]

    def tool_url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        def guarded(request: HttpRequest, **words: Any) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return view(request, **words)

        return guarded

    def _tool_links(self, *, object_id: str | None = None) -> list[dict[str, Any]]:
        words = [object_id] if object_id else []
        return [
            {"label": tool.label, "url": reverse(f"admin:{self.tool_url_name(tool.name)}", args=words)}
            for tool in self.tools
            if tool.of_row is bool(object_id) and (object_id is None or whole_number(object_id) is not None)
        ]

    def tool_page(
        self, request: HttpRequest, form: forms.Form, *, title: Any, button: Any, template: str = "admin/service_form.html", **more: Any
    ) -> TemplateResponse:
        return _form_page(request, self, form, template, title=title, button=button, back=self.list_url, **more)

    def service_page(
        self, request: HttpRequest, form: forms.Form, *, title: Any, button: Any, run: Callable[[Mapping[str, Any]], object], done: Any
    ) -> HttpResponseBase:
        """A tool that is one service call and leads back to the list; ``done`` is the sentence of success."""

        def told(data: Mapping[str, Any]) -> str:
            run(data)
            return str(done)

        return service_page(request, self, form, title=title, button=button, run=told, back=self.list_url)

    @property
    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        links = self._tool_links(object_id=object_id) if object_id else []
        context = {"tools": [*self._screen_links(request, object_id), *links], **(extra_context or {})}
        with remembering(request):
            return super().changeform_view(request, object_id, form_url, context)

    def _screen_links(self, request: HttpRequest, object_id: str | None) -> list[dict[str, Any]]:
        """Of one row, where the project has the screen and the row leads to it."""
        row = self.get_object(request, object_id) if self.screens and object_id else None
        found = [(screen.label, address_of(screen, row)) for screen in self.screens if row is not None]
        return [{"label": label, "url": url} for label, url in found if url]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        with remembering(request):
            return super().changelist_view(request, {"tools": self._tool_links(), **(extra_context or {})})

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with remembering(request):
            return super().delete_view(request, *args, **kwargs)

    # One memory, not two: the tables' own history and the events say more than the admin's log.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        return None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the memory knows of one row: changes of its fields and events about it, newest first."""
        subject = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_or_change_permission(request, subject):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Riwayat"),
            "subject": subject,
            "opts": self.opts,
            "history": history_of(subject, page=min(whole_number(request.GET.get("halaman", "1")) or 1, LAST_PAGE)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/memory.html", context)


class ReadOnlyAdmin(CityAdmin):
    """Looked at here; changed by services alone."""

    form = forms.ModelForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def remembering(request: HttpRequest) -> Any:
    """Who and why, for the history that the database writes by itself."""
    reason = request.POST.get(REASON) or request.POST.get("reason") or ""
    return pghistory.context(user=request.user.pk, reason=reason)


def service_page(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,  # type: ignore[type-arg]
    form: forms.Form,
    *,
    title: Any,
    button: Any,
    run: Callable[[Mapping[str, Any]], str],
    back: str,
) -> HttpResponseBase:
    """A page before one service call: ``run`` gets the cleaned fields and returns the sentence of success.

    What the service refuses stands at its field or over the form; nothing is saved then.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with remembering(request):
                done = run(form.cleaned_data)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    return _form_page(request, model_admin, form, "admin/service_form.html", title=title, button=button, back=back)


def _form_page(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,  # type: ignore[type-arg]
    form: forms.Form,
    template: str,
    **words: Any,
) -> TemplateResponse:
    form.required_css_class = "required"  # type: ignore[attr-defined]
    context = {
        **model_admin.admin_site.each_context(request),
        "form": form,
        "opts": model_admin.opts,
        "media": model_admin.media + form.media,
        **words,
    }
    return TemplateResponse(request, template, context)


def _say(form: forms.Form, refusal: Refusal) -> None:
    errors = refusal.errors if isinstance(refusal, Unacceptable) else {}
    form.add_error(None, str(refusal))
    for name, sentences in errors.items():
        if name in form.fields:
            for sentence in sentences:
                form.add_error(name, sentence)
