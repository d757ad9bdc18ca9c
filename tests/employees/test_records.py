"""Substitutes, accounts, roles, units and regimes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import (
    AccessToken,
    AppraisalRegime,
    Employee,
    Grade,
    OrgUnit,
    Posting,
    RoleAssignment,
    StaffGroup,
    UnitSuccession,
    User,
)
from employees.queries import viewer_of
from employees.rules.viewing import Role
from employees.services.accounts import end_role, give_role, open_account, switch_account
from employees.services.acting import appoint_substitute, revoke_substitute
from employees.services.postings import post_employee
from employees.services.reference import load_reference
from employees.services.regimes import adopt_regime
from employees.services.units import Decree, UnitPart, create_unit, merge_units, move_unit, rename_unit, split_unit
from tests.people import City

NOW = dt.datetime(2026, 5, 20, 9, tzinfo=JAKARTA)
JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)
MID_JUNE = dt.date(2026, 6, 15)


# --- substitutes


def appoint(city: City, who: str, **words: Any) -> Any:
    given: dict[str, Any] = {
        "viewer": city.viewer(who),
        "principal_id": city.people["penilai"].pk,
        "substitute_id": city.staff[5].pk,
        "kind": "PLH",
        "valid_from": JUNE,
        "valid_to": JULY,
        "letter_number": "090/1",
        "letter_due": None,
        "reason": "Cuti tahunan",
        "now": NOW,
    }
    return appoint_substitute(**{**given, **words})


@pytest.mark.parametrize("who", ["atasan", "dpmptsp", "pengelola", "bkpsdm"])
def test_superior_pengelola_and_city_hr_appoint_a_substitute(city: City, who: str) -> None:
    appoint(city, who)
    assert Event.objects.get(action="employees.substitute.appointed").actor == city.users[who].pk


@pytest.mark.parametrize(
    ("who", "refusal"), [("penilai", NotAllowed), ("inspektorat", NotAllowed), ("pegawai", NotVisible), ("luar", NotVisible)]
)
def test_nobody_else_appoints_a_substitute(city: City, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        appoint(city, who)


@pytest.mark.parametrize("who", ["atasan", "dpmptsp", "pengelola", "bkpsdm"])
def test_nobody_appoints_himself_as_the_substitute(city: City, who: str) -> None:
    before = city.viewer(who, on=MID_JUNE).rates
    with pytest.raises(NotAllowed, match="diri sendiri"):
        appoint(city, who, substitute_id=city.people[who].pk)
    assert city.viewer(who, on=MID_JUNE).rates == before


@pytest.mark.parametrize("who", ["bkpsdm", "pengelola", "penilai"])
def test_nobody_appoints_a_substitute_for_himself_not_even_hr_of_the_city(city: City, who: str) -> None:
    with pytest.raises(NotAllowed, match="ditunjuk oleh atasan"):
        appoint(city, who, principal_id=city.people[who].pk, substitute_id=city.people["luar"].pk)


def test_a_substitute_rates_in_the_days_of_his_mandate_and_never_himself(city: City) -> None:
    appoint(city, "atasan")
    user = city.users["staf5"]
    assert viewer_of(user, on=dt.date(2026, 5, 31)).rates == frozenset()
    assert viewer_of(user, on=JUNE).rates == {person.pk for person in city.staff} - {city.staff[5].pk}
    assert viewer_of(user, on=JULY).rates == frozenset()


def test_a_revoked_mandate_ends_at_once(city: City) -> None:
    appointment = appoint(city, "atasan")
    revoke_substitute(viewer=city.viewer("atasan"), appointment_id=appointment.pk, reason="Batal cuti", now=NOW)
    assert viewer_of(city.users["staf5"], on=MID_JUNE).rates == frozenset()
    with pytest.raises(NotNow):
        revoke_substitute(viewer=city.viewer("atasan"), appointment_id=appointment.pk, reason="Lagi", now=NOW)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"valid_to": JUNE}, "satu hari"),
        ({"letter_number": ""}, "nomor surat"),
        ({"kind": "PJ"}, "Plt"),
        ({"substitute_id": 0}, "tidak ditemukan"),
    ],
)
def test_an_incomplete_mandate_is_refused_with_its_sentence(city: City, words: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Unacceptable, match=sentence):
        appoint(city, "atasan", **words)


def test_a_letter_may_follow_by_a_due_date(city: City) -> None:
    assert appoint(city, "atasan", letter_number="", letter_due=MID_JUNE).letter_due == MID_JUNE


def test_a_second_substitute_in_the_same_days_is_refused(city: City) -> None:
    appoint(city, "atasan")
    with pytest.raises(Unacceptable, match="sudah mempunyai pengganti"):
        appoint(city, "atasan", substitute_id=city.staff[6].pk, valid_from=MID_JUNE)


def test_somebody_on_leave_is_no_substitute(city: City) -> None:
    Employee.objects.filter(pk=city.staff[5].pk).update(status="CUTI")
    with pytest.raises(Unacceptable, match="tidak aktif"):
        appoint(city, "atasan")


# --- accounts and roles


def test_an_account_begins_without_a_password(city: City) -> None:
    person = Employee.objects.create(nip="199205172018041777", name="Baru", kind="PNS")
    user = open_account(employee_id=person.pk, actor=None, now=NOW)
    assert (user.username, user.has_usable_password()) == (person.nip, False)
    with pytest.raises(NotNow):
        open_account(employee_id=person.pk, actor=None, now=NOW)


def test_a_closed_account_loses_sessions_and_tokens_for_good(city: City) -> None:
    browser, user = city.client("luar"), city.users["luar"]
    token = AccessToken.objects.create(user=user, digest="a" * 64, scopes=[], created_at=NOW, expires_at=NOW + dt.timedelta(days=90))
    assert browser.get("/profil/").status_code == 200
    switch_account(user_id=user.pk, active=False, reason="Pensiun", actor=None, now=NOW)
    assert browser.get("/profil/").status_code == 302
    switch_account(user_id=user.pk, active=True, reason="Keliru", actor=None, now=NOW)
    assert browser.get("/profil/").status_code == 302
    assert not AccessToken.objects.usable(now=NOW).filter(pk=token.pk).exists()


def test_nobody_closes_his_own_account(city: City) -> None:
    with pytest.raises(NotNow):
        switch_account(user_id=city.users["bkpsdm"].pk, active=False, reason="x", actor=city.users["bkpsdm"].pk, now=NOW)


def give(city: City, who: str, role: Role, **words: Any) -> RoleAssignment:
    given: dict[str, Any] = {"unit_id": None, "valid_from": JUNE, "valid_to": None, "reason": "SK", "actor": None, "now": NOW}
    return give_role(**{"user_id": city.users[who].pk, "role": role, **given, **words})


def test_a_pengelola_sees_his_agency_in_the_days_of_his_role(city: City) -> None:
    give(city, "luar", Role.UNIT_HR, unit_id=city.units["DPMPTSP"].pk, valid_to=JULY)
    seen = {day: Employee.objects.visible_to(viewer_of(city.users["luar"], on=day)).count() for day in (dt.date(2026, 5, 31), JUNE, JULY)}
    assert list(seen.values()) == [1, 17, 1]


def test_a_role_of_city_hr_opens_the_administration(city: City) -> None:
    give(city, "luar", Role.CITY_HR)
    assert User.objects.get(pk=city.users["luar"].pk).is_staff
    assert User.objects.get(pk=city.users["luar"].pk).has_perm("employees.view_employee")


@pytest.mark.parametrize(
    ("role", "words", "refusal"),
    [
        (Role.UNIT_HR, {}, Unacceptable),  # a pengelola of nowhere
        (Role.AUDITOR, {"unit_id": "DPMPTSP"}, Unacceptable),
        (Role.AUDITOR, {"valid_to": JUNE}, Unacceptable),
        (Role.AUDITOR, {"actor": "luar"}, NotNow),  # to himself
        (Role.AUDITOR, {"user_id": 0}, NotVisible),
    ],
)
def test_a_role_that_cannot_be_is_refused(city: City, role: Role, words: dict[str, Any], refusal: type[Exception]) -> None:
    real = dict(words)
    if "unit_id" in real:
        real["unit_id"] = city.units[real["unit_id"]].pk
    if "actor" in real:
        real["actor"] = city.users[real["actor"]].pk
    with pytest.raises(refusal):
        give(city, "luar", role, **real)


def test_the_same_role_is_given_once_and_ended_once(city: City) -> None:
    assignment = give(city, "luar", Role.AUDITOR)
    with pytest.raises(NotNow):
        give(city, "luar", Role.AUDITOR, valid_from=JULY)
    end_role(assignment_id=assignment.pk, on=JULY, reason="Mutasi", actor=None, now=NOW)
    assert Role.AUDITOR in viewer_of(city.users["luar"], on=MID_JUNE).roles
    assert Role.AUDITOR not in viewer_of(city.users["luar"], on=JULY).roles
    with pytest.raises(NotNow):
        end_role(assignment_id=assignment.pk, on=JULY, reason="Lagi", actor=None, now=NOW)


# --- units


DECREE = Decree(on=JUNE, number="Perwali 7/2026", reason="SOTK baru", actor=None, now=NOW)


def unit_of(person: Employee, on: dt.date) -> str:
    return Posting.objects.in_force(on=on).get(employee=person).unit.code


def test_a_renamed_unit_lives_on_in_a_successor_with_its_people_and_what_is_below(city: City) -> None:
    new = rename_unit(unit_id=city.units["DPMPTSP"].pk, name="DPMPTSP dan Tenaga Kerja", code=None, decree=DECREE)
    assert (new.code, new.path, new.full_name) == ("DPMPTSP-2", "BKT/DPMPTSP-2/", "DPMPTSP dan Tenaga Kerja")
    section = OrgUnit.objects.get(code="DPMPTSP.IZIN.YAN-2")
    assert section.path == "BKT/DPMPTSP-2/DPMPTSP.IZIN-2/DPMPTSP.IZIN.YAN-2/"
    assert section.full_name == "DPMPTSP dan Tenaga Kerja / Bidang Perizinan / Seksi Pelayanan"
    assert [unit_of(city.staff[0], day) for day in (dt.date(2026, 5, 31), JUNE)] == ["DPMPTSP.IZIN.YAN", "DPMPTSP.IZIN.YAN-2"]
    assert Posting.objects.in_force(on=JUNE).get(employee=city.people["penilai"]).heads_unit
    assert set(OrgUnit.objects.in_force(on=JUNE).below("BKT/DPMPTSP/")) == set()
    assert OrgUnit.objects.in_force(on=dt.date(2026, 5, 31)).below("BKT/DPMPTSP/").count() == 4


def test_whoever_saw_the_old_unit_sees_the_new_one(city: City) -> None:
    rename_unit(unit_id=city.units["DPMPTSP"].pk, name="DPMPTSP Baru", code=None, decree=DECREE)
    for who in ("dpmptsp", "pengelola", "penilai"):
        before = Employee.objects.visible_to(viewer_of(city.users[who], on=dt.date(2026, 5, 31))).count()
        assert Employee.objects.visible_to(viewer_of(city.users[who], on=JUNE)).count() == before


def test_as_known_before_the_decree_the_old_unit_held(city: City) -> None:
    rename_unit(unit_id=city.units["DINKES"].pk, name="Dinas Kesehatan Kota", code=None, decree=DECREE)
    then = Posting.objects.in_force(on=JUNE, known_at=NOW - dt.timedelta(days=1)).get(employee=city.people["luar"])
    assert then.unit.code == "DINKES.YAN"


def test_a_moved_unit_stands_under_its_new_parent(city: City) -> None:
    new = move_unit(unit_id=city.units["DINKES.YAN"].pk, parent_id=city.units["DPMPTSP"].pk, code="DPMPTSP.KES", decree=DECREE)
    assert new.path == "BKT/DPMPTSP/DPMPTSP.KES/"
    assert unit_of(city.people["luar"], JUNE) == "DPMPTSP.KES"
    assert city.people["luar"] in Employee.objects.visible_to(viewer_of(city.users["dpmptsp"], on=JUNE))


def test_a_unit_cannot_move_below_itself(city: City) -> None:
    with pytest.raises(Unacceptable):
        move_unit(unit_id=city.units["DPMPTSP"].pk, parent_id=city.units["DPMPTSP.IZIN"].pk, code=None, decree=DECREE)


def test_merged_units_become_one_and_two_heads_lead_none(city: City) -> None:
    olds = [city.units["DINKES"].pk, city.units["DPMPTSP"].pk]
    new = merge_units(unit_ids=olds, code="DPK", name="Dinas Gabungan", kind="OPD", parent_id=city.units["BKT"].pk, decree=DECREE)
    assert unit_of(city.people["kadinkes"], JUNE) == unit_of(city.people["dpmptsp"], JUNE) == "DPK"
    assert not Posting.objects.in_force(on=JUNE).filter(unit=new, heads_unit=True).exists()
    assert unit_of(city.people["luar"], JUNE) == "DINKES.YAN-2"
    assert UnitSuccession.objects.filter(successor=new, kind="GABUNG").count() == 2


def test_a_split_unit_leaves_its_people_to_the_parts(city: City) -> None:
    chosen = frozenset({city.staff[1].pk, city.staff[2].pk})
    parts = [UnitPart("YAN1", "Seksi Pelayanan I"), UnitPart("YAN2", "Seksi Pelayanan II", chosen)]
    split_unit(unit_id=city.units["DPMPTSP.IZIN.YAN"].pk, parts=parts, decree=DECREE)
    assert [unit_of(city.staff[n], JUNE) for n in range(4)] == ["YAN1", "YAN2", "YAN2", "YAN1"]
    assert set(city.units["DPMPTSP.IZIN.YAN"].successions.values_list("successor__code", flat=True)) == {"YAN1", "YAN2"}


def test_a_person_with_a_later_post_in_the_unit_is_carried_over_twice(city: City) -> None:
    post_employee(
        employee_id=city.people["luar"].pk,
        unit_id=city.units["DINKES"].pk,
        position_id=city.position("Analis", "FUNGSIONAL").pk,
        supervisor_id=city.people["kadinkes"].pk,
        heads_unit=False,
        valid_from=JULY,
        valid_to=None,
        decided_on=None,
        decree="",
        reason="",
        actor=None,
        now=NOW - dt.timedelta(days=1),
    )
    rename_unit(unit_id=city.units["DINKES"].pk, name="Dinas Kesehatan Kota", code=None, decree=DECREE)
    assert [unit_of(city.people["luar"], day) for day in (MID_JUNE, JULY)] == ["DINKES.YAN-2", "DINKES-2"]


@pytest.mark.parametrize(
    ("code", "name"), [("DINKES", "Ganda"), ("dinkes", "Ganda"), ("A/B", "Garis miring"), ("", "Kosong"), ("BARU", "  ")]
)
def test_a_unit_without_a_proper_code_or_name_is_refused(city: City, code: str, name: str) -> None:
    with pytest.raises(Unacceptable):
        create_unit(code=code, name=name, kind="OPD", parent_id=city.units["BKT"].pk, decree=DECREE)


def test_a_unit_that_has_ended_cannot_be_changed_again(city: City) -> None:
    rename_unit(unit_id=city.units["DINKES"].pk, name="Dinas Kesehatan Kota", code=None, decree=DECREE)
    with pytest.raises(NotNow):
        rename_unit(unit_id=city.units["DINKES"].pk, name="Lagi", code=None, decree=DECREE)


def test_a_new_unit_is_an_event(city: City) -> None:
    unit = create_unit(code="DAMKAR", name=" Dinas  Pemadam Kebakaran ", kind="OPD", parent_id=city.units["BKT"].pk, decree=DECREE)
    assert (unit.name, unit.path, unit.valid.lower) == ("Dinas Pemadam Kebakaran", "BKT/DAMKAR/", JUNE)
    assert Event.objects.get(action="employees.unit.created").reason == "SOTK baru"


# --- reference and regimes


def test_reference_data_twice_is_the_same_as_once(db: None) -> None:
    def rows() -> tuple[list[Any], ...]:
        return tuple(list(table.objects.order_by("pk").values_list()) for table in (Grade, StaffGroup, AppraisalRegime))

    load_reference()
    once = rows()
    load_reference()
    assert rows() == once
    assert [len(table) for table in once] == [34, 3, 3]


def test_what_hr_has_changed_is_left_alone(db: None) -> None:
    load_reference()
    StaffGroup.objects.filter(code="GURU").update(name="Tenaga pendidik")
    load_reference()
    assert StaffGroup.objects.get(code="GURU").name == "Tenaga pendidik"


def adopt(group: StaffGroup, **words: Any) -> AppraisalRegime:
    given: dict[str, Any] = {"regime": "LOCAL", "cycle_kind": "TRIWULAN", "valid_from": JULY, "decree_number": "SK 1", "decided_on": None}
    return adopt_regime(group_id=group.pk, reason="Kesepakatan", actor=None, now=NOW, **{**given, **words})


def test_a_new_regime_ends_the_old_one_and_leaves_its_past(city: City) -> None:
    group = StaffGroup.objects.get(code="GURU")
    adopt(group)
    assert AppraisalRegime.objects.in_force(on=MID_JUNE).get(group=group).regime == "IMPORTED"
    assert AppraisalRegime.objects.in_force(on=JULY).get(group=group).regime == "LOCAL"


def test_a_regime_never_reaches_into_a_month_that_is_over(city: City) -> None:
    with pytest.raises(Unacceptable):
        adopt(city.group, valid_from=dt.date(2026, 4, 30))


def test_a_regime_before_a_later_version_is_refused(city: City) -> None:
    adopt(city.group, valid_from=dt.date(2026, 9, 1))
    with pytest.raises(Unacceptable, match="sudah mempunyai cara penilaian"):
        adopt(city.group, valid_from=JULY)
