"""The pages of the yearly plan in a real browser: readable and usable at every width, theme and language."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page

from appraisal.models import PerformancePlan
from employees.models import User
from tests.appraisal.planning import make_indicator, make_plan, make_result
from tests.appraisal.test_plan_pages import THIS_YEAR
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.looks import OVERFLOW, SMALL_TARGETS
from tests.people import City

#: A folder for pictures, when somebody wants to look.
PICTURES = os.environ.get("KINERJA_PICTURES")


@pytest.fixture
def plans(city: City) -> dict[str, PerformancePlan]:
    """The leader's agreed plan, one in revision, one handed in, and a draft."""
    leaders = make_plan(city.people["penilai"], **THIS_YEAR)
    parent = make_result(leaders, "Layanan perizinan cepat, pasti, dan tanpa pungutan di luar tarif")
    made = {"leader": leaders}
    for key, who, state in (("draft", "pegawai", "DRAF"), ("waiting", "staf1", "DIAJUKAN"), ("revising", "staf2", "REVISI")):
        plan = make_plan(city.people[who], state=state, **THIS_YEAR)
        make_result(plan, "Berkas izin diselesaikan dalam jangka waktu standar pelayanan", parent=parent, share=Decimal("33.33"))
        make_indicator(plan, name="Berkas izin yang selesai diverifikasi")
        make_indicator(plan, name="Keluhan pemohon", target="3", direction="TURUN", accumulation="LAST", unit_name="keluhan", order=2)
        made[key] = plan
    revised = made["revising"]
    revised.revision, revised.revision_reason = 1, "Beban kerja berkurang sejak ada petugas baru"
    revised.save()
    fields = {"name": "Berkas izin yang selesai diverifikasi", "target": "96", "unit_name": "berkas", "weight": 2}
    revised.indicators.filter(order=1).update(proposal={"fields": fields})
    return made


def screens(plans: dict[str, PerformancePlan]) -> list[tuple[str, str]]:
    draft = plans["draft"]
    indicator = draft.indicators.first()
    assert indicator is not None
    own = f"/kinerja/skp/{draft.pk}/"
    return [
        ("pegawai", "/kinerja/skp/"),
        ("luar", "/kinerja/skp/"),
        ("pegawai", own),
        ("pegawai", f"{own}rhk/{indicator.work_result_id}/"),
        ("pegawai", f"{own}rhk/{indicator.work_result_id}/iki/{indicator.pk}/"),
        ("pegawai", f"{own}iki/{indicator.pk}/target/"),
        ("penilai", "/tim/skp/"),
        ("penilai", f"/tim/skp/{plans['waiting'].pk}/"),
        ("penilai", f"/tim/skp/{plans['revising'].pk}/"),
        ("penilai", f"/kinerja/skp/{plans['leader'].pk}/"),
        ("penilai", f"/tim/skp/{plans['waiting'].pk}/ekspektasi/"),
    ]


@pytest.mark.parametrize(
    ("width", "least", "theme", "language"), [(PHONE, 44, "light", "id"), (PHONE, 44, "dark", "en"), (DESKTOP, 24, "dark", "id")]
)
def test_plan_pages_are_open_to_all_and_nothing_overflows(
    plans: dict[str, PerformancePlan],
    visitor: Visitor,
    axe: Callable[[Page], list[str]],
    width: int,
    least: int,
    theme: str,
    language: str,
) -> None:
    User.objects.update(language=language)
    contexts = {login: visitor.context(login, width=width, theme=theme) for login in {login for login, _path in screens(plans)}}
    found: list[str] = []
    for number, (login, path) in enumerate(screens(plans)):
        page = visitor.page(contexts[login], path)
        found += [f"{login} {path}: {violation}" for violation in axe(page)]
        found += [f"{path}: {small}" for small in page.evaluate(SMALL_TARGETS, least)]
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{login} {path}: wider than {width}")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{width}-{theme}-{language}-{number:02}.png", full_page=True)
        page.close()
    assert found == []


def test_a_plan_is_handed_in_and_agreed_without_scripts(plans: dict[str, PerformancePlan], visitor: Visitor) -> None:
    draft = plans["draft"]
    page = visitor.open(f"/kinerja/skp/{draft.pk}/", "pegawai", scripts=False, width=360)
    page.get_by_role("button", name="Ajukan SKP").click()
    assert "diajukan kepada pejabat penilai" in page.inner_text("main")
    page = visitor.open("/tim/skp/", "penilai", scripts=False, width=360)
    page.get_by_role("link", name=str(draft.employee)).click()
    page.get_by_role("button", name="Tetapkan SKP").click()
    assert "SKP ditetapkan" in page.inner_text("main")
    draft.refresh_from_db()
    assert draft.state == "DITETAPKAN"
