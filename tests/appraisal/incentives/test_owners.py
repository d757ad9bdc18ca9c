"""Whose source it is: its events, accounts and corrections are for the unit that owns it and for HR of the city."""

from __future__ import annotations

import datetime as dt

import pytest

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceEvent
from appraisal.incentives.policies import may_keep_source
from appraisal.incentives.services.aliases import end_alias, settle_alias
from appraisal.incentives.services.corrections import EventChange, correct_event, settle_conflict
from appraisal.incentives.services.delivery import deliver_events
from appraisal.incentives.services.sources import hand_source, register_source
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from bukittinggi_kinerja.common.models import Event
from employees.models import RoleAssignment
from employees.rules.viewing import Role
from employees.services.units import Decree, UnitPart, move_unit, rename_unit, split_unit
from tests.people import ALWAYS, City

from .logs import NOW, issued, mapping, take

pytestmark = pytest.mark.usefixtures("services")
TODAY = dt.date(2026, 10, 20)
CHANGED_ON = dt.date(2026, 7, 1)
STEP = {"case_id": "9", "activity": "DITERIMA", "timestamp": "2026-10-12T10:15:00+07:00"}


@pytest.fixture
def desk(city: City) -> City:
    """The source of DPMPTSP, with a file that a person of Dinas Kesehatan handled; ``kadinkes`` is HR of that office too."""
    owner = city.units["DPMPTSP"]
    EventSource.objects.create(code="simpel", mapping=mapping().as_stored(), owner=owner)
    RoleAssignment.objects.create(user=city.users["kadinkes"], role=Role.UNIT_HR, unit=city.units["DINKES"], valid=ALWAYS)
    AccountAlias.objects.create(source=source(), account="dokter", employee=city.people["luar"], valid=(dt.date(2026, 1, 1), None))
    rows = issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="dokter")
    take(rows)
    take([rows[1] | {"timestamp": "2026-10-06 10:00"}])
    return city


def source() -> EventSource:
    return EventSource.objects.get(code="simpel")


def decree() -> Decree:
    return Decree(on=CHANGED_ON, number="Perda 3/2026", reason="Penataan", actor=None, now=NOW)


def keeps(city: City, who: str, *, on: dt.date = TODAY) -> bool:
    return may_keep_source(city.viewer(who, on=on), source())


def test_a_source_is_kept_by_its_office_and_by_hr_of_the_city(desk: City) -> None:
    everybody = ("bkpsdm", "pengelola", "dpmptsp", "kadinkes", "atasan", "penilai", "pegawai", "luar", "pimpinan", "inspektorat")
    assert {who for who in everybody if keeps(desk, who)} == {"bkpsdm", "pengelola", "dpmptsp"}


def test_a_source_without_an_owner_is_kept_by_hr_of_the_city_alone(desk: City) -> None:
    EventSource.objects.update(owner=None)
    assert {who for who in ("bkpsdm", "pengelola", "dpmptsp", "kadinkes") if keeps(desk, who)} == {"bkpsdm"}


def test_events_for_a_source_of_another_office_are_not_taken(desk: City) -> None:
    before = ServiceEvent.objects.count()
    for code in ("simpel", "tidak-ada"):
        with pytest.raises(NotVisible, match="bukan milik unit Anda"):
            deliver_events(viewer=desk.viewer("kadinkes"), source=code, events=[STEP], now=NOW)
    assert ServiceEvent.objects.count() == before
    assert deliver_events(viewer=desk.viewer("pengelola"), source="simpel", events=[STEP], now=NOW).new_cases == 1


def test_accounts_of_another_office_are_not_settled_or_ended(desk: City) -> None:
    viewer, alias = desk.viewer("kadinkes"), AccountAlias.objects.get()
    with pytest.raises(NotVisible, match="bukan milik unit Anda"):
        settle_alias(
            viewer=viewer, source_id=source().pk, account="loket", employee_id=desk.people["luar"].pk, valid_from=None, valid_to=None,
            reason="SK 7", now=NOW,
        )  # fmt: skip
    with pytest.raises(NotVisible):
        end_alias(viewer=viewer, alias_id=alias.pk, on=dt.date(2026, 6, 1), reason="Pindah", now=NOW)
    assert list(AccountAlias.objects.all()) == [alias]


def test_a_source_that_is_not_there_answers_like_one_of_another_office(desk: City) -> None:
    with pytest.raises(NotVisible, match="bukan milik unit Anda"):
        settle_alias(
            viewer=desk.viewer("bkpsdm"), source_id=2**40, account="loket", employee_id=desk.people["luar"].pk, valid_from=None,
            valid_to=None, reason="SK 7", now=NOW,
        )  # fmt: skip


def test_a_file_that_is_seen_is_still_corrected_by_the_office_of_its_source(desk: City) -> None:
    event, conflict = ServiceEvent.objects.get(activity="TERBIT"), EventConflict.objects.get()
    change = EventChange(at=NOW)
    for who in ("kadinkes", "atasan"):
        with pytest.raises((NotAllowed, NotVisible)):
            correct_event(viewer=desk.viewer(who), event_id=event.pk, change=change, reason="Salah cap", now=NOW)
    with pytest.raises(NotAllowed, match="unit lain"):
        correct_event(viewer=desk.viewer("kadinkes"), event_id=event.pk, change=change, reason="Salah cap", now=NOW)
    with pytest.raises(NotAllowed, match="unit lain"):
        settle_conflict(viewer=desk.viewer("kadinkes"), conflict_id=conflict.pk, outcome="DIPAKAI", reason="Arsip", now=NOW)
    assert ServiceEvent.objects.count() == 2


def test_a_source_goes_with_its_office_through_renames(desk: City) -> None:
    renamed = rename_unit(unit_id=desk.units["DPMPTSP"].pk, name="Dinas Layanan Terpadu", code=None, decree=decree())
    rename_unit(unit_id=renamed.pk, name="Dinas Layanan Satu Pintu", code=None, decree=decree_later())
    assert {who for who in ("bkpsdm", "pengelola", "dpmptsp", "kadinkes") if keeps(desk, who)} == {"bkpsdm", "pengelola", "dpmptsp"}
    assert keeps(desk, "pengelola", on=CHANGED_ON - dt.timedelta(days=1))


def decree_later() -> Decree:
    return Decree(on=CHANGED_ON + dt.timedelta(days=30), number="Perda 4/2026", reason="Penataan", actor=None, now=NOW)


def test_a_source_of_a_section_follows_it_into_another_office(desk: City) -> None:
    EventSource.objects.update(owner=desk.units["DPMPTSP.IZIN"])
    assert keeps(desk, "pengelola")
    move_unit(unit_id=desk.units["DPMPTSP.IZIN"].pk, parent_id=desk.units["DINKES"].pk, code=None, decree=decree())
    assert keeps(desk, "kadinkes")
    assert not keeps(desk, "pengelola")
    assert keeps(desk, "pengelola", on=CHANGED_ON - dt.timedelta(days=1))


def test_after_a_split_every_part_keeps_the_source(desk: City) -> None:
    parts = [UnitPart("PM", "Dinas Penanaman Modal"), UnitPart("PTSP", "Dinas PTSP")]
    made = split_unit(unit_id=desk.units["DPMPTSP"].pk, parts=parts, decree=decree())
    RoleAssignment.objects.filter(user=desk.users["pengelola"], unit=made[0]).delete()
    assert keeps(desk, "pengelola")
    assert not keeps(desk, "kadinkes")


def test_an_office_registers_sources_of_its_own_only(desk: City) -> None:
    words = {"accept": ["MASUK"]}
    given = {"credit": "step", "words": words, "reason": "Integrasi", "now": NOW}
    for owner in (None, desk.units["DINKES"].pk):
        with pytest.raises(NotAllowed, match="milik unit Anda"):
            register_source(viewer=desk.viewer("pengelola"), code="simbg", owner_id=owner, **given)
    made = register_source(viewer=desk.viewer("pengelola"), code="simbg", owner_id=desk.units["DPMPTSP.IZIN"].pk, **given)
    assert made.owner == desk.units["DPMPTSP.IZIN"]
    assert register_source(viewer=desk.viewer("bkpsdm"), code="kota", **given).owner is None


def test_hr_of_the_city_says_whose_a_source_is(desk: City) -> None:
    with pytest.raises(NotAllowed):
        hand_source(viewer=desk.viewer("pengelola"), source_id=source().pk, owner_id=None, reason="Alih", now=NOW)
    page = f"/admin/incentives/eventsource/{source().pk}/pemilik/"
    client = desk.client("bkpsdm")
    assert client.post(page, {"owner": desk.units["DINKES"].pk, "reason": "Alih kelola"}).status_code == 302
    assert source().owner == desk.units["DINKES"]
    event = Event.objects.get(action="incentives.source.handed")
    assert (event.old, event.new, event.reason) == ({"owner": "DPMPTSP"}, {"owner": "DINKES"}, "Alih kelola")
    assert client.post(page, {"owner": "", "reason": "Milik kota"}).status_code == 302
    assert source().owner is None


def test_the_page_of_a_file_names_accounts_to_the_office_of_its_source(desk: City) -> None:
    ServiceEvent.objects.filter(activity="DITERIMA").update(account="loket-x")
    address = f"/izin/{ServiceEvent.objects.first().case_id}/"
    assert "loket-x" in desk.client("bkpsdm").get(address).content.decode()
    assert "loket-x" not in desk.client("kadinkes").get(address).content.decode()
    EventSource.objects.update(owner=desk.units["DINKES"])
    assert "loket-x" in desk.client("kadinkes").get(address).content.decode()
