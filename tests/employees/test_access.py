"""Getting in: slips, one-time codes face to face, and acts that take two people."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import AccessCode, AccessPolicy, ResetRequest, RoleAssignment, User
from employees.queries import privileged_among
from employees.rules.access import ALPHABET, CodePurpose, ResetKind
from employees.rules.viewing import Role
from employees.services.access_codes import SlipRun, digest_of, hand_code, issue_slips, redeem_code
from employees.services.access_policy import adopt_access_policy
from employees.services.accounts import give_role, open_account, switch_account
from employees.services.two_person import confirm_reset, request_reset, withdraw_reset
from tests.people import ALWAYS, PASSWORD, City

pytestmark = pytest.mark.django_db
NOW = timezone.now()
NEW = "danau-maninjau-88"
CODE = re.compile(rf"[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{4}}){{2}}")


def slips_of(city: City, unit: str = "DPMPTSP.IZIN.YAN", who: str = "pengelola", *, now: dt.datetime = NOW) -> SlipRun:
    return issue_slips(unit_id=city.units[unit].pk, viewer=city.viewer(who), now=now)


def code_for(city: City, person: str, run: SlipRun | None = None) -> str:
    return next(slip.code for slip in (run or slips_of(city)).slips if slip.user_id == city.users[person].pk)


def second_officer(city: City) -> Any:
    """Another one of the city's HR, without whom nothing is agreed."""
    user = open_account(employee_id=city.add_staff(1, unit="BKPSDM")[0].pk, actor=None, now=NOW)
    RoleAssignment.objects.create(user=user, role=Role.CITY_HR, valid=ALWAYS)
    city.users["bkpsdm2"] = user
    return city.viewer("bkpsdm2")


def activated(name: str, code: str, password: str = NEW, **sent: str) -> HttpResponse:
    return Client(REMOTE_ADDR="10.9.1.1").post(
        "/masuk/aktivasi/", {"username": name, "code": code, "new_password": password, "repeated": password}, **sent
    )


class TestSlips:
    def test_everybody_of_the_unit_who_was_never_in_gets_one_and_nobody_else(self, city: City) -> None:
        run = slips_of(city)
        people = {city.users[f"staf{n}"].pk for n in range(1, 12)}
        assert {slip.user_id for slip in run.slips} == people
        assert all(CODE.fullmatch(slip.code) for slip in run.slips)
        assert len({slip.code for slip in run.slips}) == len(people)
        assert Event.objects.filter(action="employees.access.slips", actor=city.users["pengelola"].pk).count() == 1

    def test_a_code_is_neither_stored_nor_logged_in_plain(self, city: City) -> None:
        code = code_for(city, "staf3")
        stored = str(list(AccessCode.objects.values())) + str(list(Event.objects.values()))
        assert code not in stored
        assert code.replace("-", "") not in stored

    def test_printing_again_replaces_the_open_codes(self, city: City) -> None:
        first = code_for(city, "staf3")
        second = code_for(city, "staf3")
        with pytest.raises(Unacceptable):
            redeem_code(name=city.users["staf3"].username, code=first, new_password=NEW, now=NOW)
        assert redeem_code(name=city.users["staf3"].username, code=second, new_password=NEW, now=NOW).check_password(NEW)

    def test_a_pengelola_reaches_his_opd_alone_and_an_employee_none(self, city: City) -> None:
        for who, unit in (("pengelola", "DINKES"), ("pengelola", "BKT"), ("pegawai", "DPMPTSP.IZIN.YAN"), ("dpmptsp", "DPMPTSP")):
            with pytest.raises(NotVisible):
                slips_of(city, unit, who)
        assert len(slips_of(city, "BKT", "bkpsdm").slips) > len(slips_of(city, "DPMPTSP", "pengelola").slips) - 1

    def test_an_account_with_a_special_role_gets_no_slip_from_one_person(self, city: City) -> None:
        RoleAssignment.objects.create(user=city.users["staf4"], role=Role.AUDITOR, valid=ALWAYS)
        tomorrow = timezone.now().date() + dt.timedelta(days=3)
        RoleAssignment.objects.create(user=city.users["staf5"], role=Role.AUDITOR, valid=DateRange(tomorrow, None))
        run = slips_of(city)
        assert run.skipped == 2
        assert not {city.users["staf4"].pk, city.users["staf5"].pk} & {slip.user_id for slip in run.slips}

    def test_a_unit_where_all_are_in_has_nothing_to_print(self, city: City) -> None:
        User.objects.filter(pk__in=[city.users[f"staf{n}"].pk for n in range(1, 12)]).update(is_active=False)
        with pytest.raises(NotNow):
            slips_of(city)

    def test_the_page_of_slips_is_kept_by_no_cache_and_names_the_site(self, city: City) -> None:
        page = city.client("pengelola").post("/akun/slip/", {"unit": city.units["DPMPTSP.IZIN.YAN"].pk})
        text = page.content.decode()
        assert page["Cache-Control"] == "no-store"
        assert len(CODE.findall(text)) == 11
        assert "testserver/masuk/aktivasi/" in text


class TestRedeeming:
    def test_a_slip_opens_a_fresh_session_and_the_password_holds(self, city: City) -> None:
        code = code_for(city, "staf3")
        answer = activated(city.users["staf3"].username, f" {code.lower().replace('-', ' ')} ")
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert "sessionid" in answer.cookies
        user = User.objects.get(pk=city.users["staf3"].pk)
        assert user.check_password(NEW)
        assert AccessCode.objects.filter(user=user).open().count() == 0
        assert Event.objects.filter(action="employees.access.redeemed", actor=user.pk).count() == 1

    def test_a_weak_password_leaves_the_code_unused(self, city: City) -> None:
        code, name = code_for(city, "staf3"), city.users["staf3"].username
        for weak in ("12345678", "pendek", name):
            assert "sessionid" not in activated(name, code, weak).cookies
        assert "sessionid" in activated(name, code).cookies

    def test_redeeming_ends_sessions_and_tokens(self, city: City) -> None:
        browser = city.client("luar")
        assert browser.get("/profil/").status_code == 200
        slip = hand_code(user_id=city.users["luar"].pk, viewer=city.viewer("bkpsdm"), now=NOW)
        assert browser.get("/profil/").status_code == 200, "until then nothing is locked"
        redeem_code(name="luar", code=slip.code, new_password=NEW, now=NOW)
        assert browser.get("/profil/").status_code == 302


class TestFaceToFace:
    def test_a_pengelola_hands_a_code_to_somebody_of_his_opd_and_the_owner_hears_of_it(self, city: City) -> None:
        slip = hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)
        assert slip.purpose == CodePurpose.RESET
        assert User.objects.get(username="pegawai").check_password(PASSWORD)
        assert Notice.objects.filter(recipient=city.users["pegawai"].pk, kind="access_code_made").count() == 1
        assert redeem_code(name="pegawai", code=slip.code, new_password=NEW, now=NOW).check_password(NEW)

    @pytest.mark.parametrize(
        ("who", "whom", "refusal"),
        [
            ("pengelola", "luar", NotVisible),
            ("pengelola", "bkpsdm", NotVisible),
            ("pengelola", "pengelola", NotNow),
            ("bkpsdm", "pengelola", NotAllowed),
            ("bkpsdm", "inspektorat", NotAllowed),
            ("bkpsdm", "pimpinan", NotAllowed),
            ("bkpsdm", "bkpsdm", NotNow),
            ("atasan", "pegawai", NotVisible),
            ("inspektorat", "pegawai", NotVisible),
        ],
    )
    def test_nobody_hands_a_code_beyond_his_reach_to_himself_or_to_a_special_role(
        self, city: City, who: str, whom: str, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            hand_code(user_id=city.users[whom].pk, viewer=city.viewer(who), now=NOW)
        assert not AccessCode.objects.exists()

    def test_staff_and_superusers_are_special_without_any_role(self, city: City) -> None:
        for field in ("is_staff", "is_superuser"):
            User.objects.filter(username="pegawai").update(is_staff=False, is_superuser=False)
            User.objects.filter(username="pegawai").update(**{field: True})
            with pytest.raises(NotAllowed):
                hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)

    def test_a_role_given_later_voids_a_code_that_one_person_handed_out(self, city: City) -> None:
        slip = hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)
        give_role(
            user_id=city.users["pegawai"].pk, role=Role.AUDITOR, unit_id=None, valid_from=NOW.date(), valid_to=None,
            reason="SK", actor=None, now=NOW,
        )  # fmt: skip
        with pytest.raises(Unacceptable):
            redeem_code(name="pegawai", code=slip.code, new_password=NEW, now=NOW)
        assert not User.objects.get(username="pegawai").has_usable_password(), "he gets in anew by two people"

    def test_a_role_that_ended_lately_still_takes_two_people(self, city: City) -> None:
        user = city.users["pegawai"]
        for days, special in ((89, True), (91, False)):
            ended = DateRange(NOW.date() - dt.timedelta(days=days + 30), NOW.date() - dt.timedelta(days=days))
            RoleAssignment.objects.filter(user=user).delete()
            RoleAssignment.objects.create(user=user, role=Role.AUDITOR, valid=ended, reason="SK")
            assert bool(privileged_among([user.pk], on=NOW.date())) is special

    def test_a_closed_account_gets_no_code_and_its_open_one_ends(self, city: City) -> None:
        slip = hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)
        for active in (False, True):
            switch_account(user_id=city.users["pegawai"].pk, active=active, reason="-", actor=None, now=NOW)
            with pytest.raises(Unacceptable):
                redeem_code(name="pegawai", code=slip.code, new_password=NEW, now=NOW)

    def test_the_page_asks_whether_the_card_was_looked_at(self, city: City) -> None:
        browser, page = city.client("pengelola"), f"/akun/{city.users['pegawai'].pk}/"
        assert browser.post(page, {"aksi": "kode"}).status_code == 400
        assert not AccessCode.objects.exists()
        answer = browser.post(page, {"aksi": "kode", "diperiksa": "1"})
        assert (answer.status_code, answer["Cache-Control"], len(CODE.findall(answer.content.decode()))) == (200, "no-store", 1)


class TestTwoPeople:
    def asked(self, city: City, whom: str = "inspektorat", kind: ResetKind = ResetKind.CREDENTIAL) -> ResetRequest:
        return request_reset(user_id=city.users[whom].pk, kind=kind, reason="Lupa", viewer=city.viewer("bkpsdm"), now=NOW)

    def test_one_asks_and_another_one_gets_the_code(self, city: City) -> None:
        asked, second = self.asked(city), second_officer(city)
        slip = confirm_reset(request_id=asked.pk, viewer=second, now=NOW)
        assert slip is not None
        assert redeem_code(name="inspektorat", code=slip.code, new_password=NEW, now=NOW).check_password(NEW)
        told = Notice.objects.filter(recipient=city.users["inspektorat"].pk).values_list("kind", flat=True)
        assert set(told) == {"reset_requested", "reset_confirmed", "access_code_used"}

    def test_neither_who_asked_nor_the_owner_nor_another_role_confirms(self, city: City) -> None:
        asked = self.asked(city)
        for who in ("bkpsdm", "pengelola", "pimpinan", "inspektorat"):
            with pytest.raises(NotAllowed):
                confirm_reset(request_id=asked.pk, viewer=city.viewer(who), now=NOW)
        second_officer(city)
        own = self.asked(city, "bkpsdm2")
        with pytest.raises(NotAllowed):
            confirm_reset(request_id=own.pk, viewer=city.viewer("bkpsdm2"), now=NOW)

    def test_what_is_settled_is_not_settled_again(self, city: City) -> None:
        asked, second = self.asked(city), second_officer(city)
        withdraw_reset(request_id=asked.pk, viewer=city.viewer("bkpsdm"), now=NOW)
        with pytest.raises(NotNow):
            confirm_reset(request_id=asked.pk, viewer=second, now=NOW)

    def test_the_same_is_asked_once_and_never_for_oneself(self, city: City) -> None:
        self.asked(city)
        with pytest.raises(Unacceptable):
            self.asked(city)
        with pytest.raises(NotNow):
            self.asked(city, "bkpsdm")
        with pytest.raises(NotAllowed):
            request_reset(user_id=city.users["pegawai"].pk, kind=ResetKind.CREDENTIAL, reason="-", viewer=city.viewer("pengelola"), now=NOW)

    def test_by_the_screens_the_code_is_seen_by_the_second_person_alone(self, city: City) -> None:
        second_officer(city)
        first, second = city.client("bkpsdm"), city.client("bkpsdm2")
        page = f"/akun/{city.users['inspektorat'].pk}/"
        assert first.post(page, {"aksi": "minta", "kind": "KATA_SANDI", "reason": "Lupa"}).status_code == 302
        asked = ResetRequest.objects.get()
        assert first.post(f"/akun/permintaan/{asked.pk}/", {"aksi": "setujui"}).status_code == 403
        answers = [second.post(f"/akun/permintaan/{asked.pk}/", {"aksi": "setujui"}) for _tab in range(2)]
        assert [answer.status_code for answer in answers] == [200, 409]
        assert len(CODE.findall(answers[0].content.decode())) == 1
        assert answers[0]["Cache-Control"] == "no-store"


class TestConstraints:
    def code(self, city: City, **fields: Any) -> AccessCode:
        given = {
            "user": city.users["pegawai"], "purpose": "RESET", "digest": digest_of(1, str(fields)), "created_at": NOW,
            "expires_at": NOW + dt.timedelta(hours=1), "created_by": city.users["bkpsdm"],
        }  # fmt: skip
        return AccessCode(**{**given, "purpose": CodePurpose.RESET.value, **fields})

    def test_one_open_code_for_each_purpose(self, city: City) -> None:
        self.code(city).save()
        self.code(city, used_at=NOW).save()
        refused(self.code(city, digest="b" * 64), "Akun ini sudah mempunyai kode yang belum dipakai.")

    def test_a_code_ends_after_it_was_made(self, city: City) -> None:
        refused(self.code(city, expires_at=NOW), "Kode harus berakhir sesudah dibuat.")
        self.code(city).full_clean()

    def request(self, city: City, **fields: Any) -> ResetRequest:
        users = {name: city.users[who] for name, who in (("user", "luar"), ("requested_by", "bkpsdm"))}
        return ResetRequest(**{**users, "kind": "KATA_SANDI", "reason": "Lupa", "requested_at": NOW, **fields})

    def test_a_reset_takes_two_who_are_not_the_owner(self, city: City) -> None:
        sentence = "Yang meminta, yang menyetujui dan pemilik akun harus tiga orang berbeda."
        for wrong in (
            {"requested_by": city.users["luar"]},
            {"confirmed_by": city.users["bkpsdm"], "confirmed_at": NOW},
            {"confirmed_by": city.users["luar"], "confirmed_at": NOW},
            {"confirmed_by": city.users["pimpinan"]},
            {"confirmed_at": NOW},
        ):
            refused(self.request(city, **wrong), sentence)
        self.request(city, confirmed_by=city.users["pimpinan"], confirmed_at=NOW).save()

    def test_one_open_request_for_each_kind(self, city: City) -> None:
        self.request(city).save()
        refused(self.request(city), "Permintaan untuk akun ini masih menunggu persetujuan.")
        self.request(city, kind="FAKTOR_KEDUA").save()

    def test_one_access_policy_for_each_day_with_lengths_that_end(self, city: City) -> None:
        day = dt.date(2030, 1, 1)
        refused(AccessPolicy(code="x", valid=DateRange(day, None), reason="-"), "Sudah ada aturan akses yang berlaku pada tanggal itu.")
        refused(
            AccessPolicy(code="x", valid=DateRange(day, None), reason="-", draft=True, slip_days=0),
            "Kode aktivasi berlaku 1 sampai 90 hari, kode atur ulang 1 sampai 168 jam.",
        )
        AccessPolicy(code="x", valid=DateRange(day, None), reason="-", draft=True).save()


def refused(row: Any, sentence: str) -> None:
    """By ``full_clean`` with the sentence, and by the database without it."""
    with pytest.raises(ValidationError) as told:
        row.full_clean()
    assert sentence in str(told.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


class TestPolicy:
    def test_the_length_of_codes_is_read_from_the_version_of_the_day(self, city: City) -> None:
        today = NOW.astimezone(JAKARTA).date()
        adopt_access_policy(
            slip_days=3, reset_hours=2, factor_roles=[], valid_from=today, decree_number="", reason="Uji", actor=None, now=NOW
        )
        assert {slip.expires_at - NOW for slip in slips_of(city).slips} == {dt.timedelta(days=3)}
        slip = hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)
        assert slip.expires_at - NOW == dt.timedelta(hours=2)

    def test_a_version_never_begins_in_the_past_and_two_of_one_day_leave_the_later(self, city: City) -> None:
        today = NOW.astimezone(JAKARTA).date()
        words: dict[str, Any] = {"reset_hours": 2, "factor_roles": [], "decree_number": "", "reason": "Uji", "actor": None, "now": NOW}
        with pytest.raises(Unacceptable):
            adopt_access_policy(slip_days=3, valid_from=today - dt.timedelta(days=1), **words)
        for days in (3, 4):
            adopt_access_policy(slip_days=days, valid_from=today, **words)
        assert AccessPolicy.objects.in_force(on=today).get().slip_days == 4


class TestScreens:
    def test_progress_counts_accounts_by_opd_and_a_pengelola_sees_his_own(self, city: City) -> None:
        text = city.client("bkpsdm").get("/akun/").content.decode()
        assert "Dinas Kesehatan" in text
        own = city.client("pengelola").get("/akun/").content.decode()
        assert "Dinas Kesehatan" not in own
        assert "5 dari 16 akun sudah aktif" in own

    def test_lists_ask_a_fixed_number_of_queries(self, city: City, django_assert_max_num_queries: Any) -> None:
        browser = city.client("bkpsdm")
        counts = []
        for more in (0, 60):
            for person in city.add_staff(more):
                open_account(employee_id=person.pk, actor=None, now=NOW)
            browser.get("/akun/")
            for page in ("/akun/", "/akun/daftar/?unit=DPMPTSP"):
                with django_assert_max_num_queries(12) as asked:
                    assert browser.get(page).status_code == 200
                counts.append(len(asked.captured_queries))
        assert counts[:2] == counts[2:]

    def test_a_name_is_searched_for_by_post_within_reach(self, city: City) -> None:
        browser = city.client("pengelola")
        found = browser.post("/akun/daftar/", {"cari": "ratnasari"}).content.decode()
        assert "Desi Ratnasari" in found
        assert "Citra Lestari" not in found
        nip = city.people["staf2"].nip or ""
        assert "Citra Lestari" in browser.post("/akun/daftar/", {"cari": f"{nip[:8]} {nip[8:]}"}).content.decode()
        assert "Mardiana" not in browser.post("/akun/daftar/", {"cari": "Mardiana"}).content.decode().partition("<table")[2]

    def test_the_menu_offers_accounts_to_hr_alone(self, city: City) -> None:
        offered = {
            who: 'href="/akun/"' in city.client(who).get("/profil/").content.decode()
            for who in ("bkpsdm", "pengelola", "pegawai", "inspektorat")
        }
        assert offered == {"bkpsdm": True, "pengelola": True, "pegawai": False, "inspektorat": False}
