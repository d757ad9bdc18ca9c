"""An end of service taken back: what returns, what somebody else has decided since, and what takes two people."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from bukittinggi_kinerja.common.errors import NotAllowed, Unacceptable
from bukittinggi_kinerja.common.period import JAKARTA, local_date
from employees.models import AccessCode, ActingAppointment, RoleAssignment, ServiceEnd, User
from employees.queries import viewer_of
from employees.rules.viewing import Role
from employees.services.access_codes import hand_code, redeem_code
from employees.services.accounts import end_role, give_role, switch_account
from employees.services.acting import appoint_substitute
from employees.services.service_end import Leaving, bring_ends_up_to_date, end_service
from employees.services.service_return import TakenBack, take_back_end
from tests.people import City

NOW = dt.datetime.now(JAKARTA).replace(hour=9)
LATER = NOW + dt.timedelta(hours=1)
TODAY = local_date(NOW)
DAY = dt.timedelta(days=1)
LONG_AGO = TODAY - 200 * DAY


@pytest.fixture
def colleague(city: City) -> City:
    """A second officer of BKPSDM, ``luar``: what is done to the first one is done by him."""
    RoleAssignment.objects.create(user=city.users["luar"], role=Role.CITY_HR, valid=DateRange(dt.date(2025, 1, 1), None))
    return city


def leave(city: City, who: str, *, by: str = "luar", kind: str = "PERMINTAAN", last_day: dt.date = TODAY - DAY, **more: Any) -> ServiceEnd:
    leaving = Leaving(kind=kind, last_day=last_day, reason="Surat permohonan", decree="882/1", **more)
    return end_service(viewer=city.viewer(by), employee_id=city.people[who].pk, leaving=leaving, now=NOW)


def back(city: City, who: str, *, by: str = "luar", now: dt.datetime = LATER) -> TakenBack:
    return take_back_end(viewer=city.viewer(by), employee_id=city.people[who].pk, reason="Salah orang", now=now)


def account(city: City, who: str) -> User:
    return User.objects.get(pk=city.users[who].pk)


def substitute(
    city: City, principal: str, who: str, first: dt.date = TODAY - 3 * DAY, last: dt.date = TODAY + 9 * DAY
) -> ActingAppointment:
    return appoint_substitute(
        viewer=city.viewer("luar"), principal_id=city.people[principal].pk, substitute_id=city.people[who].pk, kind="PLH",
        valid_from=first, valid_to=last + DAY, letter_number="1", letter_due=None, reason="Cuti", now=NOW,
    )  # fmt: skip


class TestWhatReturns:
    def test_the_role_of_hr_returns_with_its_entry_to_the_administration(self, colleague: City) -> None:
        leave(colleague, "bkpsdm")
        gone = account(colleague, "bkpsdm")
        assert (gone.is_staff, gone.groups.count(), viewer_of(gone, on=TODAY).roles) == (False, 0, frozenset())
        assert back(colleague, "bkpsdm").lapsed == 0
        again = account(colleague, "bkpsdm")
        assert (again.is_staff, list(again.groups.values_list("name", flat=True))) == (True, ["BKPSDM"])
        assert viewer_of(again, on=TODAY).is_city_hr
        assert colleague.client_anew("bkpsdm").get("/admin/").status_code == 200

    def test_an_account_that_a_death_has_closed_opens_again_without_a_password(self, colleague: City) -> None:
        leave(colleague, "pegawai", kind="MENINGGAL")
        assert not back(colleague, "pegawai").stays_closed
        user = account(colleague, "pegawai")
        assert (user.is_active, user.has_usable_password(), user.read_only_from) == (True, False, None)

    def test_a_role_without_a_first_day_is_cut_and_not_lost(self, colleague: City) -> None:
        role = RoleAssignment.objects.get(user=colleague.users["inspektorat"])
        RoleAssignment.objects.filter(pk=role.pk).update(valid=DateRange(None, None))
        leave(colleague, "inspektorat")
        role.refresh_from_db()
        assert (role.valid.isempty, role.valid.upper) == (False, TODAY)
        back(colleague, "inspektorat")
        role.refresh_from_db()
        assert (role.valid.lower, role.valid.upper) == (None, None)

    def test_sessions_and_codes_of_the_days_between_end(self, colleague: City) -> None:
        leave(colleague, "pegawai")
        browser = colleague.client_anew("pegawai")
        slip = hand_code(user_id=colleague.users["pegawai"].pk, viewer=colleague.viewer("luar"), now=NOW)
        assert browser.get("/profil/").status_code == 200
        back(colleague, "pegawai")
        assert browser.get("/profil/").status_code == 302
        with pytest.raises(Unacceptable, match="tidak cocok"):
            redeem_code(name="pegawai", code=slip.code, new_password="danau-maninjau-88", now=LATER)


def test_codes_handed_out_before_end_with_the_service(city: City) -> None:
    hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("bkpsdm"), now=NOW)
    leave(city, "pegawai", by="bkpsdm", last_day=TODAY + 2 * DAY)
    assert AccessCode.objects.open().count() == 1
    bring_ends_up_to_date(now=NOW + 3 * DAY)
    assert AccessCode.objects.open().count() == 0
    hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("bkpsdm"), now=NOW + 3 * DAY)
    bring_ends_up_to_date(now=NOW + 400 * DAY)
    assert AccessCode.objects.open().count() == 0


class TestWhatSomebodyElseDecided:
    def test_a_role_that_was_ended_earlier_or_given_anew_stays_as_it_is(self, colleague: City) -> None:
        first, second = (RoleAssignment.objects.get(user=colleague.users[who]) for who in ("pengelola", "inspektorat"))
        leave(colleague, "pengelola")
        leave(colleague, "inspektorat")
        end_role(assignment_id=first.pk, on=TODAY - 30 * DAY, reason="Sejak SK", actor=None, now=NOW)
        give_role(
            user_id=second.user_id, role=Role.AUDITOR, unit_id=None, valid_from=TODAY + 5 * DAY, valid_to=None, reason="SK", actor=None,
            now=NOW,
        )  # fmt: skip
        assert (back(colleague, "pengelola").changed, back(colleague, "inspektorat").changed) == (1, 1)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.valid.upper, second.valid.upper) == (TODAY - 30 * DAY, TODAY)
        assert viewer_of(account(colleague, "inspektorat"), on=TODAY).roles == frozenset()

    def test_the_administration_stays_closed_where_the_role_of_hr_does(self, colleague: City) -> None:
        role = RoleAssignment.objects.get(user=colleague.users["bkpsdm"])
        leave(colleague, "bkpsdm")
        end_role(assignment_id=role.pk, on=TODAY - 2 * DAY, reason="Sejak SK", actor=None, now=NOW)
        assert back(colleague, "bkpsdm").changed == 1
        user = account(colleague, "bkpsdm")
        assert (user.is_staff, user.groups.count()) == (False, 0)

    def test_an_account_that_somebody_closed_stays_closed(self, colleague: City) -> None:
        leave(colleague, "pegawai", kind="MENINGGAL")
        user = colleague.users["pegawai"]
        switch_account(user_id=user.pk, active=True, reason="Keliru", actor=None, now=NOW)
        switch_account(user_id=user.pk, active=False, reason="Disalahgunakan", actor=None, now=NOW)
        leave(colleague, "penilai")
        switch_account(user_id=colleague.users["penilai"].pk, active=False, reason="Disalahgunakan", actor=None, now=NOW)
        assert (back(colleague, "pegawai").stays_closed, back(colleague, "penilai").stays_closed) == (True, True)
        assert not account(colleague, "pegawai").is_active
        assert not account(colleague, "penilai").is_active

    def test_a_status_that_somebody_gave_since_stays(self, colleague: City) -> None:
        leave(colleague, "pegawai", kind="PENSIUN_BUP")
        person = colleague.people["pegawai"]
        type(person).objects.filter(pk=person.pk).update(status="TUGAS_BELAJAR")
        back(colleague, "pegawai")
        person.refresh_from_db()
        assert person.status == "TUGAS_BELAJAR"

    def test_a_mandate_returns_unless_its_other_side_left_or_another_was_appointed(self, colleague: City) -> None:
        kept = substitute(colleague, "penilai", "pengelola")
        orphan = substitute(colleague, "atasan", "penilai")
        leave(colleague, "pengelola")
        assert back(colleague, "pengelola").mandates == 0
        kept.refresh_from_db()
        assert (kept.valid.upper, kept.revoked_at) == (TODAY + 10 * DAY, None)
        leave(colleague, "penilai", successor_id=colleague.people["dpmptsp"].pk)
        leave(colleague, "pengelola")
        substitute(colleague, "atasan", "pimpinan", first=TODAY + DAY)
        assert back(colleague, "penilai").mandates == 2
        orphan.refresh_from_db()
        kept.refresh_from_db()
        assert (orphan.valid.upper, kept.valid.upper) == (TODAY, TODAY)

    def test_a_mandate_still_to_begin_is_open_again_unless_it_was_changed(self, colleague: City) -> None:
        coming = substitute(colleague, "atasan", "penilai", first=TODAY + 2 * DAY)
        leave(colleague, "penilai")
        coming.refresh_from_db()
        assert coming.revoked_at is not None
        assert back(colleague, "penilai").mandates == 0
        coming.refresh_from_db()
        assert coming.revoked_at is None


class TestTwoPeople:
    def test_no_role_comes_back_to_an_account_that_one_person_could_have_entered(self, colleague: City) -> None:
        """An end dated far back makes the account a plain one; a code by one person and taking back would give him its role."""
        role = RoleAssignment.objects.get(user=colleague.users["bkpsdm"])
        leave(colleague, "bkpsdm", last_day=LONG_AGO)
        slip = hand_code(user_id=colleague.users["bkpsdm"].pk, viewer=colleague.viewer("luar"), now=NOW)
        redeem_code(name="bkpsdm", code=slip.code, new_password="danau-maninjau-88", now=NOW)
        assert back(colleague, "bkpsdm").lapsed == 1
        role.refresh_from_db()
        user = account(colleague, "bkpsdm")
        assert (role.valid.upper, user.is_staff, user.groups.count()) == (LONG_AGO + DAY, False, 0)
        assert viewer_of(user, on=TODAY).roles == frozenset()

    def test_the_page_says_what_did_not_return(self, colleague: City) -> None:
        leave(colleague, "pengelola", last_day=LONG_AGO)
        browser = colleague.client("luar")
        answer = browser.post(f"/pegawai/{colleague.people['pengelola'].pk}/akhir/batal/", {"reason": "Salah orang"})
        [said] = [str(message) for message in get_messages(answer.wsgi_request)]
        assert said.startswith("Akhir tugas dibatalkan.")
        assert "Peran khususnya tidak kembali" in said

    def test_nobody_ends_or_takes_back_his_own_service(self, colleague: City) -> None:
        with pytest.raises(NotAllowed, match="petugas BKPSDM yang lain"):
            leave(colleague, "bkpsdm", by="bkpsdm")
        leave(colleague, "bkpsdm", last_day=TODAY + 5 * DAY)
        assert colleague.viewer("bkpsdm").is_city_hr
        with pytest.raises(NotAllowed, match="petugas BKPSDM yang lain"):
            back(colleague, "bkpsdm", by="bkpsdm")


@pytest.mark.django_db(transaction=True)
def test_an_end_that_is_taken_back_while_its_day_comes_takes_no_effect(city: City) -> None:
    leave(city, "pegawai", by="bkpsdm", last_day=TODAY + 2 * DAY)
    held, go = threading.Event(), threading.Event()

    def taking_back() -> None:
        with transaction.atomic():
            back(city, "pegawai", by="bkpsdm")
            held.set()
            assert go.wait(20)
        connection.close()

    def coming() -> int:
        assert held.wait(20)
        try:
            return bring_ends_up_to_date(now=NOW + 4 * DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(taking_back), pool.submit(coming)
        assert held.wait(20)
        with pytest.raises(TimeoutError):
            second.result(1)
        go.set()
        first.result(20)
        second.result(20)
    city.people["pegawai"].refresh_from_db()
    assert city.people["pegawai"].status == "AKTIF"
