"""Record keeping: who enters, what is shown, what one service is asked."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bukittinggi_kinerja.common.models import ClosedDay, Event
from employees.models import AccessToken, ActingAppointment, Employee, OrgUnit, Posting, RoleAssignment, User
from employees.rules.importing import COLUMNS
from employees.services.importing import import_employees
from tests.people import LOGINS, City

OURS = [model for model in admin.site._registry if model._meta.app_label in {"employees", "common"}]
LISTS = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in OURS]
TOOLS = [
    f"{path}{tool.name}/"
    for path, model in zip(LISTS, OURS, strict=True)
    for tool in getattr(admin.site._registry[model], "tools", ())
    if not tool.of_row
]


@pytest.fixture
def hr(city: City) -> Client:
    return city.client("bkpsdm")


@pytest.mark.parametrize("path", ["/admin/", *LISTS, *TOOLS])
def test_hr_of_the_city_opens_every_page(hr: Client, path: str) -> None:
    assert hr.get(path, follow=True).status_code == 200


@pytest.mark.parametrize("who", [who for who in LOGINS if who != "bkpsdm"])
def test_nobody_else_opens_any_page(city: City, who: str) -> None:
    browser = city.client(who)
    assert {browser.get(path).status_code for path in ["/admin/", *LISTS, *TOOLS]} <= {302, 403}


def test_a_role_that_has_ended_opens_nothing_though_the_account_is_still_staff(city: City, hr: Client) -> None:
    RoleAssignment.objects.filter(user=city.users["bkpsdm"]).update(valid=DateRange(dt.date(2025, 1, 1), dt.date(2025, 2, 1)))
    assert {hr.get(path).status_code for path in [*LISTS, *TOOLS]} == {403}


def test_staff_without_the_role_opens_nothing_whatever_his_permissions(city: City) -> None:
    city.users["pengelola"].groups.set(city.users["bkpsdm"].groups.all())
    User.objects.filter(pk=city.users["pengelola"].pk).update(is_staff=True)
    browser = city.client("pengelola")
    assert {browser.get(path).status_code for path in [*LISTS, *TOOLS]} == {403}


@pytest.mark.parametrize("path", ["employee", "posting", "user", "orgunit"])
def test_a_list_asks_the_same_questions_for_ten_and_for_a_thousand_people(city: City, hr: Client, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert hr.get(f"/admin/employees/{path}/").status_code == 200
        return len(asked)

    hr.get(f"/admin/employees/{path}/")
    few = queries()
    people = city.add_staff(200)
    User.objects.bulk_create(User(username=person.nip, employee=person) for person in people)
    parent = city.units["DINKES"]
    OrgUnit.objects.bulk_create(
        OrgUnit(
            code=f"U{n}", name=f"Unit {n}", kind="SEKSI", parent=parent, path=f"{parent.path}U{n}/", full_name=f"U {n}", valid=parent.valid
        )
        for n in range(100)
    )
    assert queries() == few


def test_a_form_of_one_person_asks_the_same_questions_however_many_there_are(city: City, hr: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert hr.get(f"/admin/employees/employee/{city.staff[0].pk}/change/").status_code == 200
        return len(asked)

    queries()
    few = queries()
    city.add_staff(300)
    assert queries() == few


def test_neither_hash_nor_digest_is_shown(city: City, hr: Client) -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    token = AccessToken.objects.create(user=city.users["pegawai"], digest="d" * 64, scopes=["read:people"], created_at=now, expires_at=now)
    for path in (f"accesstoken/{token.pk}/change/", "accesstoken/", f"user/{city.users['pegawai'].pk}/change/", "user/"):
        page = hr.get(f"/admin/employees/{path}").content.decode()
        assert "d" * 64 not in page
        assert city.users["pegawai"].password not in page


@pytest.mark.parametrize("model", ["posting", "orgunit", "actingappointment", "roleassignment", "user", "accesstoken", "appraisalregime"])
def test_what_has_a_life_of_its_own_is_looked_at_only(city: City, hr: Client, model: str) -> None:
    registered = next(one for one in OURS if one._meta.model_name == model)
    assert hr.get(f"/admin/employees/{model}/add/").status_code == 403
    before = list(registered._default_manager.order_by("pk").values())
    first = registered._default_manager.order_by("pk").first()
    if first is not None:
        assert hr.post(f"/admin/employees/{model}/{first.pk}/change/", {"reason": "x"}).status_code == 403
        assert hr.post(f"/admin/employees/{model}/{first.pk}/delete/", {"post": "yes"}).status_code == 403
    assert list(registered._default_manager.order_by("pk").values()) == before


# --- master data


def edited(person: Employee, **values: Any) -> dict[str, Any]:
    form = {"name": person.name, "kind": person.kind, "sex": person.sex, "birth_date": "01-01-1990", "grade": person.grade_id or ""}
    inline = {"postings-TOTAL_FORMS": 0, "postings-INITIAL_FORMS": 0}
    return {**form, **inline, "email": "", "status": person.status, "alasan_perubahan": "SK 12/2026", **values}


def test_a_correction_says_why_and_the_memory_knows_who(city: City, hr: Client) -> None:
    person = city.staff[0]
    answer = hr.post(f"/admin/employees/employee/{person.pk}/change/", edited(person, name="Ahmad Fauzi, S.H."))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    change = Employee.objects.get(pk=person.pk).events.select_related("pgh_context").latest("pgh_id")
    assert change.name == "Ahmad Fauzi, S.H."
    assert change.pgh_context.metadata == {"user": city.users["bkpsdm"].pk, "reason": "SK 12/2026"}
    history = hr.get(f"/admin/employees/employee/{person.pk}/history/").content.decode()
    assert "SK 12/2026" in history
    assert "Ahmad Fauzi → Ahmad Fauzi, S.H." in history


def test_a_correction_without_a_reason_is_not_saved(city: City, hr: Client) -> None:
    person = city.staff[0]
    answer = hr.post(f"/admin/employees/employee/{person.pk}/change/", edited(person, name="Lain", alasan_perubahan=""))
    assert answer.status_code == 200
    assert Employee.objects.get(pk=person.pk).name == person.name


def test_the_nip_of_a_known_person_stays(city: City, hr: Client) -> None:
    person = city.staff[0]
    hr.post(f"/admin/employees/employee/{person.pk}/change/", edited(person, nip="199001012012011999"))
    assert Employee.objects.get(pk=person.pk).nip == person.nip


def test_script_in_a_name_is_text_in_lists_and_in_the_memory(city: City, hr: Client) -> None:
    person = city.staff[0]
    hr.post(f"/admin/employees/employee/{person.pk}/change/", edited(person, name="<script>alert(1)</script>"))
    for path in ("employee/?q=script", f"employee/{person.pk}/history/", f"employee/{person.pk}/change/"):
        page = hr.get(f"/admin/employees/{path}").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_local_holiday_is_entered_with_its_reason(city: City, hr: Client) -> None:
    data = {"date": "22-12-2026", "kind": "LIBUR_LOKAL", "name": "Hari Jadi Kota", "decree": "", "alasan_perubahan": "Perda"}
    assert hr.post("/admin/common/closedday/add/", data).status_code == 302
    assert ClosedDay.objects.get(name="Hari Jadi Kota").date == dt.date(2026, 12, 22)


@pytest.mark.parametrize(
    "query",
    [
        "user/?password__startswith=a",
        "employee/?user__password__startswith=a",
        "accesstoken/?user__password__startswith=a",
        "accesstoken/?digest__startswith=a",
        "roleassignment/?user__tokens__digest__startswith=a",
    ],
)
def test_a_lookup_into_secrets_is_refused(hr: Client, query: str) -> None:
    assert hr.get(f"/admin/employees/{query}").status_code == 400


def test_a_searched_name_stands_in_no_address(city: City, hr: Client) -> None:
    answer = hr.post("/admin/employees/employee/?status__exact=AKTIF&p=2", {"q": "Budi Hartono", "cari": "Cari"})
    assert answer.status_code == 302
    assert re.fullmatch(r"/admin/employees/employee/\?status__exact=AKTIF&q=~[0-9a-f]{12}", unquote(answer["Location"]))
    page = hr.get(answer["Location"]).content.decode()
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert ("Budi Hartono" in rows, "Darwis Sikumbang" in rows) == (True, False)
    assert 'value="Budi Hartono"' in page, "what was sought stands in its box"
    assert "Budi" not in "".join(re.findall(r'href="([^"]*)"', page))
    assert hr.post("/admin/employees/employee/?q=~0123456789ab", {"q": " ", "cari": "Cari"})["Location"] == "/admin/employees/employee/"


@pytest.mark.parametrize("query", ["?o=password", "?q=%27%3B--", "?q=%00", "?p=-1", "?p=999999", "?o=99.1", "?all=", "?e=1"])
def test_odd_words_in_the_address_never_break_a_list(hr: Client, query: str) -> None:
    assert hr.get(f"/admin/employees/employee/{query}").status_code in {200, 302}


# --- pages before a service


def test_a_person_is_posted_by_the_service(city: City, hr: Client) -> None:
    data = {
        "employee": city.staff[0].pk,
        "unit": city.units["DINKES.YAN"].pk,
        "position": city.position("Analis", "FUNGSIONAL").pk,
        "supervisor": city.people["kadinkes"].pk,
        "on": "01-06-2026",
        "valid_until": "",
        "decree": "821/1",
        "reason": "Mutasi",
    }
    assert hr.post("/admin/employees/posting/tempatkan/", data).status_code == 302
    posting = Posting.objects.in_force(on=dt.date(2026, 6, 1)).get(employee=city.staff[0])
    assert (posting.unit.code, posting.decree) == ("DINKES.YAN", "821/1")
    assert Event.objects.filter(action="employees.posting.made", actor=city.users["bkpsdm"].pk, reason="Mutasi").exists()


def test_what_the_service_refuses_stands_on_the_page_and_nothing_is_saved(city: City, hr: Client) -> None:
    data = {
        "employee": city.people["dpmptsp"].pk,
        "unit": city.units["DPMPTSP"].pk,
        "position": city.position("Kepala Dinas", "JPT_PRATAMA").pk,
        "supervisor": city.staff[0].pk,
        "on": "01-06-2026",
        "reason": "Salah",
    }
    before = Posting.objects.count()
    answer = hr.post("/admin/employees/posting/tempatkan/", data)
    assert answer.status_code == 200
    assert "Rantai atasan berputar" in answer.content.decode()
    assert Posting.objects.count() == before


def test_a_substitute_is_appointed_and_his_mandate_revoked(city: City, hr: Client) -> None:
    data = {
        "principal": city.people["penilai"].pk,
        "substitute": city.people["pengelola"].pk,
        "kind": "PLH",
        "valid_from": "01-06-2026",
        "valid_until": "05-06-2026",
        "letter_number": "090/5",
        "reason": "Cuti",
    }
    himself = hr.post("/admin/employees/actingappointment/tunjuk/", {**data, "substitute": city.people["bkpsdm"].pk})
    assert "diri sendiri" in himself.content.decode()
    assert hr.post("/admin/employees/actingappointment/tunjuk/", data).status_code == 302
    appointment = ActingAppointment.objects.get()
    assert appointment.valid.upper == dt.date(2026, 6, 6)
    assert hr.post(f"/admin/employees/actingappointment/{appointment.pk}/cabut/", {"reason": "Batal"}).status_code == 302
    appointment.refresh_from_db()
    assert appointment.revoked_at is not None


def test_an_account_is_closed_with_a_reason(city: City, hr: Client) -> None:
    data = {"active": "tutup", "reason": "Pensiun"}
    assert hr.post(f"/admin/employees/user/{city.users['luar'].pk}/keadaan/", data).status_code == 302
    assert not User.objects.get(pk=city.users["luar"].pk).is_active


def test_a_unit_is_renamed_from_its_page(city: City, hr: Client) -> None:
    unit = city.units["DINKES.YAN"]
    data = {"name": "Seksi Layanan", "code": "", "on": "01-06-2026", "decree": "Perwali 3", "reason": "SOTK baru"}
    assert hr.post(f"/admin/employees/orgunit/{unit.pk}/nama/", data | {"setuju": "1"}).status_code == 302
    assert OrgUnit.objects.get(code="DINKES.YAN-2").name == "Seksi Layanan"


def test_lists_are_brought_and_taken_by_the_one_road_for_all_lists(hr: Client) -> None:
    assert hr.get("/admin/employees/employee/impor/")["Location"] == "/impor/pegawai/"
    assert hr.get("/admin/employees/employee/ekspor/")["Location"] == "/impor/pegawai/unduh/"


# --- export


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_what_is_exported_can_be_imported_again_and_changes_nothing(city: City, hr: Client, tmp_path: Path, file_format: str) -> None:
    answer = hr.post("/impor/pegawai/unduh/", {"file_format": file_format, "unit": "", "reason": "Rekonsiliasi"})
    path = tmp_path / f"pegawai.{file_format}"
    path.write_bytes(answer.getvalue())
    now = dt.datetime.now(dt.UTC)
    report = import_employees(path=path, dry_run=False, apply_good=True, errors_out=None, actor=None, reason="", as_of=now.date(), now=now)
    # The Wali Kota has no NIP, so he cannot stand in the file.
    assert (report.new, report.changed, report.same, report.bad) == (0, 0, 21, 0)
    assert report.warnings == ()
    event = Event.objects.get(action="employees.exported")
    assert (event.new, event.reason) == ({"format": file_format}, "Rekonsiliasi")


@pytest.mark.parametrize("name", ["=1+1", "+62", "-x", "@SUM(A1)", "\tx", "\rx"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_exported_cell_is_a_formula(city: City, hr: Client, name: str, file_format: str) -> None:
    Employee.objects.filter(pk=city.staff[0].pk).update(name=name)
    content = hr.post("/impor/pegawai/unduh/", {"file_format": file_format, "unit": "", "reason": "x"}).getvalue()
    if file_format == "csv":
        assert f"'{name}" in content.decode()
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[0] == list(COLUMNS)
        assert any(str(cells[1]).startswith("'") for cells in rows)


def test_an_export_of_one_unit_holds_its_people_only(city: City, hr: Client) -> None:
    data = {"file_format": "csv", "unit": "dinkes", "reason": "x"}
    lines = hr.post("/impor/pegawai/unduh/", data).getvalue().decode().splitlines()
    assert len(lines) == 3


def test_people_of_one_name_are_told_apart_by_number_and_unit(city: City, hr: Client) -> None:
    Employee.objects.filter(pk=city.people["luar"].pk).update(name="Ahmad Fauzi")
    asked = {"term": "Ahmad", "app_label": "employees", "model_name": "posting", "field_name": "employee"}
    found = hr.get("/admin/employees/employee/cari/", asked).json()["results"]
    numbers = {city.staff[0].nip, city.people["luar"].nip}
    assert {one["text"] for one in found} == {f"Ahmad Fauzi · {nip} · Seksi Pelayanan" for nip in numbers}


def test_nobody_else_searches_people(city: City) -> None:
    asked = {"term": "Ahmad", "app_label": "employees", "model_name": "posting", "field_name": "employee"}
    for who in ("pegawai", "penilai", "inspektorat"):
        assert city.client(who).get("/admin/employees/employee/cari/", asked).status_code in {302, 403}


def test_units_are_merged_by_their_codes(city: City, hr: Client) -> None:
    data = {
        "units": "DINKES\nDPMPTSP.SEK",
        "code": "GAB",
        "name": "Dinas Gabungan",
        "kind": "OPD",
        "parent": city.units["BKT"].pk,
        "on": "01-06-2026",
        "reason": "SOTK",
    }
    assert "tidak dikenal" in hr.post("/admin/employees/orgunit/gabung/", data | {"units": "DINKES\nXX"}).content.decode()
    assert hr.post("/admin/employees/orgunit/gabung/", data | {"setuju": "1"}).status_code == 302
    assert OrgUnit.objects.get(code="GAB").origins.count() == 2


@pytest.mark.parametrize("odd", ["nama", "1x", "%F0%9F", "0"])
def test_an_odd_number_in_the_address_of_a_row_is_no_accident(city: City, hr: Client, odd: str) -> None:
    assert hr.get(f"/admin/employees/orgunit/{odd}/change/").status_code == 302
