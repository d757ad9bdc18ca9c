"""Fields that nobody offered: own score, predicate, state, employee, rater, timestamps, rights."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from appraisal.models import Assessment, Feedback, Indicator, PerformancePlan, ProgressEntry, Score, WorkResult
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee, User
from employees.services.tokens import issue_token
from tests.months import running_period
from tests.people import City
from tests.teams import open_team

pytestmark = pytest.mark.django_db
LONG_AGO = "2020-01-01T00:00:00+07:00"

#: What an attacker adds to whatever he may send. Names of columns and of forms alike.
EXTRA: dict[str, Any] = {
    "id": 1, "pk": 1, "employee": 1, "employee_id": 1, "author": 1, "author_id": 1, "assessor": 1, "assessor_id": 1, "reviewer_id": 1,
    "rated_by": 1, "rated_by_id": 1, "rated_at": LONG_AGO, "state": "TERBIT", "published_at": LONG_AGO, "created_at": LONG_AGO,
    "updated_at": LONG_AGO, "entered_at": LONG_AGO, "entered_by": 1, "entered_by_id": 1, "source": "TERUKUR", "sources": "[1]",
    "withdrawn_at": LONG_AGO, "replaces": 1, "replaces_id": 1, "score": "150", "result_score": "150", "behaviour_score": "3",
    "predicate": "SANGAT_BAIK", "result_rating": 3, "behaviour_rating": 3, "mark_bp": 3, "approved": 1, "approval": 1, "year": 2020,
    "signed_by_assessor_at": LONG_AGO, "signed_by_employee_at": LONG_AGO, "plan": 1, "plan_id": 1, "work_result_id": 1, "posting_id": 1,
    "unit_id": 1, "retired_at": LONG_AGO, "proposal": "{}", "is_staff": "on", "is_superuser": "on", "is_active": "", "groups": 1,
    "user_permissions": 1, "role": "BKPSDM", "username": "wali", "seen_at": LONG_AGO, "reply": "diganti", "replied_at": LONG_AGO,
}  # fmt: skip


def columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def changed(before: dict[str, Any], row: Model) -> set[str]:
    row.refresh_from_db()
    return {name for name, value in columns(row).items() if value != before[name]}


@pytest.fixture
def team(city: City) -> City:
    open_team(city)
    return city


@pytest.fixture
def token(team: City) -> Callable[..., str]:
    def issue(who: str, *scopes: str) -> str:
        return issue_token(user=team.users[who], scopes=scopes, days=1, now=timezone.now())[1]

    return issue


def own_indicator(city: City) -> Indicator:
    return Indicator.objects.get(plan__employee=city.people["pegawai"], unit_name="berkas")


def test_a_figure_by_form_is_the_owners_of_now_and_typed_whatever_else_is_sent(team: City) -> None:
    indicator, before = own_indicator(team), ProgressEntry.objects.count()
    sent = {**EXTRA, "kunci": uuid.uuid4(), "value": "7", "note": "Rekap"}
    began = timezone.now()
    answer = team.client("pegawai").post(f"/kinerja/realisasi/{indicator.pk}/{running_period().key}/", sent)
    assert answer.status_code == 302
    assert ProgressEntry.objects.count() == before + 1
    entry = ProgressEntry.objects.latest("id")
    assert entry.target.indicator_id == indicator.pk
    assert (entry.employee_id, entry.source, entry.sources) == (team.people["pegawai"].pk, "MANUAL", [])
    assert (entry.withdrawn_at, entry.replaces_id) == (None, None)
    assert entry.entered_at >= began


@pytest.mark.parametrize("name", sorted(EXTRA))
def test_a_figure_by_token_refuses_every_field_it_does_not_know(team: City, token: Callable[..., str], name: str) -> None:
    before = ProgressEntry.objects.count()
    body = {"indicator": own_indicator(team).pk, "period": running_period().key, "value": "7", "note": "Rekap"}
    assert _posted("progress/", {**body, name: EXTRA[name]}, token("pegawai", "write:progress")) == 400
    assert ProgressEntry.objects.count() == before


def test_the_same_figure_without_them_is_taken(team: City, token: Callable[..., str]) -> None:
    body = {"indicator": own_indicator(team).pk, "period": running_period().key, "value": "7", "note": "Rekap"}
    assert _posted("progress/", body, token("pegawai", "write:progress")) == 201


def test_a_batch_of_service_events_refuses_fields_it_does_not_know(team: City, token: Callable[..., str]) -> None:
    event = {"case_id": "503/9", "activity": "DITERIMA", "timestamp": "2026-10-12T10:15:00+07:00"}
    secret = token("bkpsdm", "write:events")
    for name in ("id", "noticed_at", "case", "state", "due_on", "in_time"):
        assert _posted("service-cases/events/", {"source": "simpel", "events": [event], name: 1}, secret) == 400, name


def _posted(path: str, body: Any, secret: str) -> int:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", **headers).status_code


def test_a_ratee_moves_no_column_of_his_own_case_by_any_door(team: City) -> None:
    case = Assessment.objects.get(employee=team.people["pegawai"])
    before, browser = columns(case), team.client("pegawai")
    row = {"assessment": case.pk, "changes": {"result": 3, "ak": 3}, "revision": case.revision}
    answers = [
        browser.patch("/tim/nilai/", json.dumps({**row, **EXTRA}), content_type="application/json").status_code,
        browser.patch("/tim/nilai/", json.dumps({"rows": [row]}), content_type="application/json").status_code,
        browser.post(f"/tim/nilai/{case.pk}/", {**EXTRA, "n-result": 3, "n-ak": 3, "revision": case.revision}).status_code,
        browser.post(f"/tim/nilai/{case.pk}/contoh/", {"aspect": "AK", "text": "Unggul", "revision": case.revision}).status_code,
        browser.post("/tim/", {f"n-{case.pk}-ak": 3, f"r-{case.pk}": case.revision}).status_code,
        browser.post("/tim/periksa/", {"id": case.pk}).status_code,
        browser.post(f"/kinerja/nilai/{case.pk}/", {**EXTRA}).status_code,
    ]
    assert set(answers) <= {403, 404, 405}
    assert changed(before, case) == set()
    assert not Score.objects.filter(assessment=case).exists()


def test_a_mark_moves_the_mark_and_its_revision_alone(team: City) -> None:
    case = Assessment.objects.get(employee=team.people["pegawai"])
    before, browser, began = columns(case), team.client("penilai"), timezone.now()
    answer = browser.post(f"/tim/nilai/{case.pk}/", {**EXTRA, "n-ak": 2, "revision": case.revision})
    assert answer.status_code == 302
    assert changed(before, case) - {"updated_at", "revision"} == {"mark_ak", "rated_by_id", "rated_at"}
    assert case.rated_by_id == team.people["penilai"].pk
    assert case.rated_at > began
    assert (case.mark_ak, case.mark_bp, case.state) == (2, None, "DRAF")
    assert case.updated_at > dt.datetime(2021, 1, 1, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    "name", ["state", "score", "predicate", "published_at", "rated_by_id", "result_rating", "assessor_id", "employee_id"]
)
def test_a_column_is_no_aspect_for_the_grid(team: City, name: str) -> None:
    case = Assessment.objects.get(employee=team.people["pegawai"])
    before = columns(case)
    row = {"assessment": case.pk, "changes": {"ak": 2, name: 3}, "revision": case.revision}
    assert team.client("penilai").patch("/tim/nilai/", json.dumps(row), content_type="application/json").status_code == 400
    assert changed(before, case) == set()


def test_a_plan_item_keeps_its_plan_and_its_signatures_whatever_is_sent(team: City) -> None:
    plan = PerformancePlan.objects.get(employee=team.people["pegawai"])
    PerformancePlan.objects.filter(pk=plan.pk).update(state="DRAF", signed_by_employee_at=None, signed_by_assessor_at=None)
    plan.refresh_from_db()
    before, browser = columns(plan), team.client("pegawai")
    other = PerformancePlan.objects.get(employee=team.staff[1])
    extra = {**EXTRA, "plan": other.pk, "plan_id": other.pk}
    sent = {**extra, "kind": "TAMBAHAN", "title": "Tugas lain", "order": 2, "version": plan.version}
    assert browser.post(f"/kinerja/skp/{plan.pk}/rhk/", sent).status_code == 302
    made = WorkResult.objects.latest("id")
    assert (made.title, made.plan_id) == ("Tugas lain", plan.pk)
    indicator = {
        "name": "Berkas lain", "aspect": "KUANTITAS", "form": "ANGKA", "target": "12", "unit_name": "berkas", "direction": "NAIK",
        "accumulation": "SUM", "weight": 1, "order": 3,
    }  # fmt: skip
    form = browser.get(f"/kinerja/skp/{plan.pk}/rhk/{made.pk}/iki/").context["form"]
    indicator["form"] = form.fields["form"].initial
    plan.refresh_from_db()
    answer = browser.post(f"/kinerja/skp/{plan.pk}/rhk/{made.pk}/iki/", {**extra, **indicator, "version": plan.version})
    assert answer.status_code == 302, answer.context["form"].errors
    laid = Indicator.objects.latest("id")
    assert (laid.name, laid.plan_id, laid.work_result_id, laid.measure) == ("Berkas lain", plan.pk, made.pk, "")
    assert not WorkResult.objects.filter(plan=other, title="Tugas lain").exists()
    assert changed(before, plan) <= {"version", "updated_at"}


@pytest.mark.parametrize("act", ["tetapkan", "kembalikan", "TERBIT", "DITETAPKAN", "__class__"])
def test_the_owner_cannot_sign_for_his_rater(team: City, act: str) -> None:
    plan = PerformancePlan.objects.get(employee=team.people["pegawai"])
    PerformancePlan.objects.filter(pk=plan.pk).update(state="DIAJUKAN", signed_by_assessor_at=None)
    plan.refresh_from_db()
    before, browser = columns(plan), team.client("pegawai")
    sent = {**EXTRA, "aksi": act, "version": plan.version, "reason": "x"}
    assert {browser.post(f"/{place}/skp/{plan.pk}/", sent).status_code for place in ("tim", "kinerja")} <= {400, 403, 404, 409}
    assert changed(before, plan) == set()


def test_feedback_is_from_who_wrote_it_about_whom_the_address_names(team: City) -> None:
    about, today = team.staff[1], timezone.localdate().isoformat()
    sent = {**EXTRA, "tone": "APRESIASI", "happened_on": today, "about": "nilai:BP", "text": "Antrean tertata"}
    assert team.client("pegawai").post(f"/tim/umpan-balik/{about.pk}/", sent).status_code == 302
    note = Feedback.objects.get()
    assert (note.author_id, note.employee_id, note.source) == (team.people["pegawai"].pk, about.pk, "REKAN")
    assert (note.reply, note.seen_at) == ("", None)


def test_the_profile_changes_no_right_and_no_name(team: City) -> None:
    user, person = team.users["pegawai"], team.people["pegawai"]
    browser = team.client("pegawai")
    before, known = columns(User.objects.get(pk=user.pk)), columns(Employee.objects.get(pk=person.pk))
    browser.post("/profil/", {**EXTRA, "name": "Wali", "nip": "1", "old_password": "salah", "new_password": "x", "repeated": "x"})
    browser.post("/setelan/", {**EXTRA, "tema": "gelap"})
    assert changed(before, User.objects.get(pk=user.pk)) == {"theme"}
    assert changed(known, Employee.objects.get(pk=person.pk)) == set()


def test_the_admin_takes_no_field_that_its_form_does_not_show(team: City) -> None:
    """HR corrects a person; number, account and rights of others stay what the services made them."""
    browser, person, user = team.client("bkpsdm"), team.people["luar"], team.users["luar"]
    before, known = columns(User.objects.get(pk=user.pk)), columns(Employee.objects.get(pk=person.pk))
    form = {"name": "Mardiana B.", "kind": "PNS", "sex": "L", "birth_date": "1990-01-01", "status": "AKTIF", "alasan_perubahan": "SK 1"}
    form |= {"status": person.status, "grade": person.grade_id, "email": ""}
    answer = browser.post(f"/admin/employees/employee/{person.pk}/change/", {**EXTRA, **form, "nip": team.people["pegawai"].nip})
    assert answer.status_code == 302
    assert changed(known, Employee.objects.get(pk=person.pk)) - {"updated_at"} == {"name"}
    for own in ("bkpsdm", "luar"):
        assert browser.post(f"/admin/employees/user/{team.users[own].pk}/change/", {**EXTRA, "is_superuser": "on"}).status_code == 403
    assert changed(before, User.objects.get(pk=user.pk)) == set()
    assert not User.objects.filter(is_superuser=True).exists()
