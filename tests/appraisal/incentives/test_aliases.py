"""Whose account is whose: open periods are credited at once, closed ones are only listed."""

import datetime as dt
from decimal import Decimal

import pytest

from appraisal.incentives.models import AccountAlias, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.queries.cases import unknown_accounts
from appraisal.incentives.services.aliases import end_alias, settle_alias
from appraisal.models import Cycle, ProgressEntry
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event
from employees.models import Employee
from tests.appraisal.planning import make_cycle, make_indicator, make_plan
from tests.people import City

from .logs import NOW, issued, mapping, step, take

pytestmark = pytest.mark.usefixtures("services")


def settle(city: City, who: Employee, *, account: str = "loket1", viewer: str = "bkpsdm", days: tuple = (None, None), reason: str = "SK 7"):
    return settle_alias(
        viewer=city.viewer(viewer),
        source_id=EventSource.objects.get().pk,
        account=account,
        employee_id=who.pk,
        valid_from=days[0],
        valid_to=days[1],
        reason=reason,
        now=NOW,
    )


@pytest.fixture
def october(city: City) -> Cycle:
    """Two files of loket1 finished in October, one of them late; the first of the staff is measured."""
    cycle = make_cycle(city)
    make_indicator(make_plan(city.staff[0]), measure="LAYANAN_TEPAT_WAKTU", accumulation="LAST", target="90")
    take(
        [
            *issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="loket1", officer="loket1"),
            *issued("2", "2026-10-01 09:00", "2026-10-19 10:00", responsible="loket1", officer="loket1"),
        ]
    )
    return cycle


def test_settling_an_account_credits_its_steps_cases_and_the_open_month(city: City, october: Cycle) -> None:
    report = settle(city, city.staff[0])
    assert (report.steps, report.cases, report.differences) == (4, 2, ())
    assert set(ServiceCase.objects.values_list("responsible_id", "version")) == {(city.staff[0].pk, 2)}
    entry = ProgressEntry.objects.current().get()
    assert (entry.value, entry.source) == (Decimal("50.0000"), "TERUKUR")
    assert [row["ref"] for row in entry.sources] == ["simpel/1", "simpel/2"]


@pytest.mark.parametrize("state", ["DITUTUP", "TERBIT"])
def test_a_closed_month_is_listed_and_left_alone(city: City, october: Cycle, state: str) -> None:
    Cycle.objects.update(state=state)
    (difference,) = settle(city, city.staff[0]).differences
    assert (difference.period, difference.stored, difference.found) == ("2026-10", None, Decimal("50.00"))
    assert not ProgressEntry.objects.exists()


def test_the_worklist_names_unknown_accounts_and_loses_the_settled_one(city: City, october: Cycle) -> None:
    take([step("3", "DITERIMA", "2026-10-06 09:00", "loket2")])
    assert [(row.account, row.steps, row.cases) for row in unknown_accounts()] == [("loket1", 4, 2), ("loket2", 1, 0)]
    settle(city, city.staff[0])
    assert [row.account for row in unknown_accounts()] == ["loket2"]


def test_an_account_has_one_person_on_a_day(city: City, october: Cycle) -> None:
    settle(city, city.staff[0])
    with pytest.raises(Unacceptable, match="sudah dihubungkan"):
        settle(city, city.staff[1])


def test_an_account_handed_over_credits_each_for_his_days(city: City, october: Cycle) -> None:
    alias = settle(city, city.staff[0]).alias
    end_alias(viewer=city.viewer("bkpsdm"), alias_id=alias.pk, on=dt.date(2026, 10, 10), reason="Pindah loket", now=NOW)
    settle(city, city.staff[1], days=(dt.date(2026, 10, 10), None))
    assert dict(ServiceCase.objects.values_list("case_id", "responsible_id")) == {"1": city.staff[0].pk, "2": city.staff[1].pk}
    assert ProgressEntry.objects.current().get().value == 100
    finished = ServiceEvent.objects.filter(activity="TERBIT").values_list("case__case_id", "officer_id")
    assert dict(finished) == {"1": city.staff[0].pk, "2": city.staff[1].pk}


def test_an_alias_ends_within_its_days(city: City, october: Cycle) -> None:
    alias = settle(city, city.staff[0], days=(dt.date(2026, 10, 2), None)).alias
    with pytest.raises(Unacceptable, match="masa berlaku"):
        end_alias(viewer=city.viewer("bkpsdm"), alias_id=alias.pk, on=dt.date(2026, 10, 2), reason="x", now=NOW)


@pytest.mark.parametrize("who", ["pegawai", "penilai", "luar", "pimpinan", "inspektorat"])
def test_only_keepers_of_services_settle_accounts(city: City, october: Cycle, who: str) -> None:
    with pytest.raises(NotAllowed):
        settle(city, city.staff[1], viewer=who)


@pytest.mark.parametrize("who", ["bkpsdm", "pengelola", "dpmptsp"])
def test_nobody_settles_an_account_for_himself(city: City, october: Cycle, who: str) -> None:
    with pytest.raises(NotAllowed, match="Anda dihitung"):
        settle(city, city.people[who], viewer=who)
    EventSource.objects.update(owner=city.units["DPMPTSP"])
    assert settle(city, city.staff[0], viewer=who).cases == 2


def test_pengelola_credits_only_people_he_may_see(city: City, october: Cycle) -> None:
    with pytest.raises(NotVisible):
        settle(city, city.people["luar"], viewer="pengelola")


def test_a_reason_is_asked_and_remembered(city: City, october: Cycle) -> None:
    with pytest.raises(Unacceptable):
        settle(city, city.staff[0], reason="  ")
    settle(city, city.staff[0], reason="SK Kepala Dinas 12/2026")
    event = Event.objects.get(action="incentives.alias.settled")
    assert (event.reason, event.actor, event.new["cases"]) == ("SK Kepala Dinas 12/2026", city.users["bkpsdm"].pk, 2)
    assert AccountAlias.objects.get().reason == "SK Kepala Dinas 12/2026"


def test_where_each_step_counts_the_steps_decide(city: City) -> None:
    make_cycle(city)
    for person in city.staff[:2]:
        make_indicator(make_plan(person), measure="LAYANAN_MEDIAN_HARI", accumulation="LAST", target="5")
    take(
        [
            step("1", "DITERIMA", "2026-10-01 09:00", "loket1"),
            step("1", "PENETAPAN", "2026-10-02 09:00", "loket2"),
            step("1", "TERBIT", "2026-10-06 09:00", "loket1"),
        ],
        mapping(credit="step"),
    )
    settle(city, city.staff[0])
    settle(city, city.staff[1], account="loket2")
    found = dict(ProgressEntry.objects.current().values_list("employee_id", "value"))
    assert found == {city.staff[0].pk: Decimal("3.0000"), city.staff[1].pk: Decimal("3.0000")}
    assert [len(entry.sources) for entry in ProgressEntry.objects.current()] == [1, 1]
