"""Acts on many chosen rows of the admin, the readable history, and the way from a record to its screen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from bukittinggi_kinerja.common.admin_history import PER_PAGE
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from employees.models import AccessToken, RoleAssignment, User
from employees.services.tokens import issue_token
from tests.people import City

USERS = "/admin/employees/user/"


@pytest.fixture
def hr(city: City) -> Client:
    return city.client("bkpsdm")


def chosen(act: str, *rows: object, **more: str) -> dict[str, object]:
    return {"action": act, "_selected_action": [str(row.pk) for row in rows], **more}  # type: ignore[attr-defined]


class TestClosingAccounts:
    def test_a_page_names_the_accounts_and_asks_why_before_anything_is_written(self, city: City, hr: Client) -> None:
        page = hr.post(USERS, chosen("tutup_akun", city.users["luar"], city.users["penilai"])).content.decode()
        assert "2 baris dipilih" in page
        assert "luar" in page
        refused = hr.post(USERS, chosen("tutup_akun", city.users["luar"], konfirmasi="1", reason=""))
        assert refused.status_code == 200
        assert not User.objects.filter(is_active=False).exists()

    def test_each_account_is_its_own_event_and_a_refused_one_is_named(self, city: City, hr: Client) -> None:
        body = chosen("tutup_akun", *(city.users[key] for key in ("luar", "penilai", "bkpsdm")), konfirmasi="1", reason="Audit akun")
        page = hr.post(USERS, body, follow=True).content.decode()
        assert set(User.objects.filter(is_active=False).values_list("username", flat=True)) == {"luar", "penilai"}
        assert list(Event.objects.filter(action="employees.account.switched").values_list("reason", flat=True)) == ["Audit akun"] * 2
        assert "2 baris selesai." in page
        assert "Akun sendiri ditutup oleh orang lain." in page


def test_chosen_roles_end_on_one_day(city: City, hr: Client) -> None:
    roles = RoleAssignment.objects.filter(user__in=[city.users["pimpinan"], city.users["inspektorat"]])
    hr.post("/admin/employees/roleassignment/", chosen("akhiri_peran", *roles, konfirmasi="1", on="01-12-2026", reason="Selesai"))
    assert {role.valid.upper for role in roles.all()} == {dt.date(2026, 12, 1)}


def test_chosen_tokens_are_withdrawn(city: City, hr: Client) -> None:
    made = [issue_token(user=city.users[key], scopes=["read:people"], days=9, now=timezone.now())[0] for key in ("luar", "penilai")]
    hr.post("/admin/employees/accesstoken/", chosen("cabut_token", *made, konfirmasi="1", reason="Bocor"))
    assert not AccessToken.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("role", ["pengelola", "inspektorat", "pegawai"])
def test_nobody_else_acts_on_many(city: City, role: str) -> None:
    assert city.client(role).post(USERS, chosen("tutup_akun", city.users["luar"], konfirmasi="1", reason="x")).status_code == 403
    assert not User.objects.filter(is_active=False).exists()


class TestHistory:
    def test_it_says_who_changed_what_from_and_to_and_why(self, city: City, hr: Client) -> None:
        person = city.people["luar"]
        form = {
            "name": "Mardiana <b>Baru</b>", "kind": "PNS", "sex": "L", "birth_date": "01-01-1990", "status": "AKTIF", "email": "",
            "grade": str(city.people["penilai"].grade_id), "alasan_perubahan": "SK 7",
        }  # fmt: skip
        assert hr.post(f"/admin/employees/employee/{person.pk}/change/", form).status_code == 302
        page = hr.get(f"/admin/employees/employee/{person.pk}/history/").content.decode()
        assert "<td>bkpsdm</td>" in page
        assert "Mardiana Bodi → Mardiana &lt;b&gt;Baru&lt;/b&gt;" in page
        assert "golongan: " in page.lower()
        assert str(city.people["penilai"].grade) in page
        assert "SK 7" in page

    def test_it_is_read_page_by_page(self, city: City, hr: Client) -> None:
        user = city.users["luar"]
        for n in range(PER_PAGE + 1):
            record_event(
                action=f"uji.langkah.{n:03}", subject=user, actor=None, now=timezone.now(), old={"n": n}, new={"n": n + 1}, reason=""
            )
        first = hr.get(f"{USERS}{user.pk}/history/").content.decode()
        assert f"uji.langkah.{PER_PAGE:03}" in first
        assert f"n: {PER_PAGE} → {PER_PAGE + 1}" in first
        assert "uji.langkah.000" not in first
        assert "uji.langkah.000" in hr.get(f"{USERS}{user.pk}/history/", {"halaman": "2"}).content.decode()
        for odd in ("0", "-1", "x", "9" * 30):
            assert hr.get(f"{USERS}{user.pk}/history/", {"halaman": odd}).status_code == 200


def test_a_role_given_for_ever_and_one_that_has_ended_are_told_apart(city: City, hr: Client) -> None:
    role = RoleAssignment.objects.filter(user=city.users["pimpinan"])
    role.update(valid=DateRange(dt.date(2025, 1, 1), dt.date(2025, 2, 1)))
    body = chosen("akhiri_peran", *role, konfirmasi="1", on="01-12-2026", reason="Selesai")
    assert "Peran ini sudah berakhir." in hr.post("/admin/employees/roleassignment/", body, follow=True).content.decode()
