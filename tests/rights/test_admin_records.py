"""Every record of ours is kept in the admin or has a reason not to be; each is found, dated, named, and leads to its screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import DateField, Model
from django.utils import translation
from django.utils.text import camel_case_to_spaces

from bukittinggi_kinerja.common.admin_policy import AdoptedAdmin
from bukittinggi_kinerja.common.models import PolicyVersion

from .test_admin import HR, at, pages_of
from .world import World

OURS = ("common", "employees", "appraisal", "incentives", "training", "evaluation")

#: Models that have no list in the admin, and why.
ELSEWHERE = {
    "common.idempotencykey": "a key of the API, gone after a day",
    "common.jobchunk": "counted at its job",
    "common.importline": "rows of a file stand on the import's own screen, for who may see them",
    "common.importwrite": "values before and after, kept for a day to undo by",
    "common.mailwish": "each person's own setting",
    "common.notice": "each person's own mail",
    "employees.accesscode": "a secret: only its digest is stored",
    "employees.resetrequest": "an act of two, on the screen of accounts",
    "employees.secondfactor": "a secret",
    "employees.recoverycode": "a secret: only its digest is stored",
    "appraisal.workresult": "at its plan",
    "appraisal.indicator": "at its plan",
    "appraisal.periodtarget": "at its indicator, on the screen of the plan",
    "appraisal.ratingexample": "the rater's words, for the two and the rating chain",
    "appraisal.scoredindicator": "at its score, on the screen of the result",
    "appraisal.evidence": "files have rights of their own",
    "appraisal.dialogue": "for the two and the rating chain, at its rating or plan",
    "appraisal.recomputationitem": "at its proposal, on the screen of two",
}

#: Lists without a calendar, and why.
UNDATED = {
    "common.calendaryear": "a year is its key",
    "common.columnmapping": "of no day",
    "employees.grade": "a catalogue",
    "employees.staffgroup": "a catalogue",
    "employees.position": "a catalogue",
    "employees.employee": "a birthday is no way to look for people",
    "employees.orgunit": "known by a span of days",
    "employees.posting": "known by a span of days",
    "employees.actingappointment": "known by a span of days",
    "employees.roleassignment": "known by a span of days",
    "employees.contractterm": "known by a span of days",
    "appraisal.performanceplan": "filtered by its year",
    "incentives.eventsource": "a catalogue",
    "incentives.accountalias": "known by a span of days",
    "incentives.servicetype": "a catalogue",
}

#: Records that no screen of the site shows, and why.
SCREENLESS = {
    "common.closedday": "kept here alone",
    "common.calendaryear": "kept here alone",
    "common.event": "it is itself history",
    "common.seal": "verified by a command",
    "employees.grade": "kept here alone",
    "employees.staffgroup": "kept here alone",
    "employees.position": "kept here alone",
    "employees.appraisalregime": "kept here alone",
    "employees.jobclass": "kept here alone",
    "appraisal.depthpolicy": "kept here alone",
    "employees.allowancebase": "kept here alone",
}

#: Words that both languages have.
SAME_IN_BOTH = {"bank", "status", "unit"}


def models() -> list[type[Model]]:
    """Without the tables of memory: their rows are the history of others."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return [model for model in ours if not hasattr(model, "pgh_tracked_model")]


def registered() -> dict[str, Any]:
    site = admin.site._registry
    return {model._meta.label_lower: site[model] for model in models() if model in site}


LISTS = registered()


def test_every_model_is_in_the_admin_or_has_a_reason_not_to_be() -> None:
    assert {model._meta.label_lower for model in models()} - set(LISTS) == set(ELSEWHERE)


@pytest.mark.parametrize("label", LISTS)
def test_a_list_is_searched_or_filtered(label: str) -> None:
    assert LISTS[label].search_fields or LISTS[label].list_filter


def test_a_list_whose_rows_have_a_day_has_a_calendar() -> None:
    undated = {label for label, one in LISTS.items() if not one.date_hierarchy and not issubclass(one.model, PolicyVersion)}
    assert undated == set(UNDATED)
    dates = {one.model._meta.get_field(one.date_hierarchy) for one in LISTS.values() if one.date_hierarchy}
    assert all(isinstance(field, DateField) for field in dates)


@pytest.mark.parametrize("label", LISTS)
def test_a_record_and_its_fields_have_indonesian_names(label: str) -> None:
    opts = LISTS[label].model._meta
    with translation.override("id"):
        assert str(opts.verbose_name) != camel_case_to_spaces(opts.object_name)
        assert not str(opts.verbose_name_plural).endswith("s") or str(opts.verbose_name_plural) == str(opts.verbose_name)
        asked, left_out = LISTS[label].fields, LISTS[label].exclude or ()
        shown = [one for one in opts.concrete_fields if not one.primary_key and one.name not in left_out]
        unnamed = {one.name for one in shown if str(one.verbose_name) == one.name.replace("_", " ") and (not asked or one.name in asked)}
    assert unnamed <= SAME_IN_BOTH


def test_a_policy_that_is_changed_in_the_admin_is_changed_as_a_draft() -> None:
    edited = [one for one in LISTS.values() if issubclass(one.model, PolicyVersion) and not isinstance(one, AdoptedAdmin)]
    assert {type(one).__name__ for one in edited if one.has_change_permission.__qualname__.startswith("CityAdmin")} == set()


@pytest.mark.django_db
@pytest.mark.xdist_group("rights-admin-records")
@pytest.mark.parametrize("label", sorted(set(LISTS) - set(SCREENLESS)))
def test_a_record_leads_to_its_screen_and_its_history(world: World, label: str) -> None:
    hr = world.browsers[HR]
    row = at(world, label, pages_of(label)["change"])
    page = hr.get(row).content.decode()
    tools = re.search(r'<ul class="object-tools">(.*?)</ul>', page, re.S)
    assert tools is not None, label
    links = re.findall(r'href="([^"]+)"', tools[1])
    screens = [link for link in links if not link.startswith("/admin/")]
    assert screens, label
    assert {screen: hr.get(screen).status_code for screen in screens} == dict.fromkeys(screens, 200)
    assert any(link.endswith("/history/") for link in links)


@pytest.mark.django_db
@pytest.mark.xdist_group("rights-admin-records")
@pytest.mark.parametrize("label", sorted(label for label, one in LISTS.items() if one.date_hierarchy))
def test_a_calendar_goes_down_to_a_day_and_asks_nothing_of_the_table(world: World, label: str) -> None:
    hr, name = world.browsers[HR], LISTS[label].date_hierarchy
    place = pages_of(label)["list"]
    first = hr.get(place)
    assert f"?{name}__year=2026" in first.content.decode()
    month = hr.get(place, {f"{name}__year": "2026", f"{name}__month": "10"}).content.decode()
    assert f"{name}__day=31" in month
    day = hr.get(place, {f"{name}__year": "2026", f"{name}__month": "10", f"{name}__day": "31"})
    assert day.status_code == 200
    for odd in ({f"{name}__year": "2026", f"{name}__month": "13"}, {f"{name}__year": "x"}, {f"{name}__day": "31"}):
        assert hr.get(place, odd).status_code in {200, 302, 400}, odd
