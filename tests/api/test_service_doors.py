"""service-cases/: permits one may see, and events delivered in batches, each with its own answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.rules.mapping import LogMapping, parse_map
from appraisal.incentives.services.reference import load_reference
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from tests.api.conftest import Callers
from tests.people import City

MAP = """
[source]
code = "simpel"
[columns]
case_id = "berkas"
activity = "langkah"
timestamp = "waktu"
[clock]
accept = ["DITERIMA"]
stop = ["PERBAIKAN"]
resume = ["VERIFIKASI"]
finish = ["TERBIT"]
"""
NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)


@pytest.fixture
def desk(city: City, clock: Callable[[dt.datetime], None]) -> City:
    """A registered source whose account loket2 is pegawai and loket9 is somebody of another OPD; it is 20 October."""
    clock(NOW)
    load_reference()
    load_calendar([2025, 2026])
    mapping: LogMapping = parse_map(MAP)
    source = EventSource.objects.create(code="simpel", mapping=mapping.as_stored(), credit="responsible", owner=city.units["DPMPTSP"])
    for account, who in (("loket2", "pegawai"), ("loket9", "luar")):
        AccountAlias.objects.create(source=source, account=account, employee=city.people[who], valid=DateRange(dt.date(2025, 1, 1), None))
    return city


def step(number: int, activity: str, day: int, case_id: str = "8841", **values: Any) -> dict[str, Any]:
    return {
        "event_id": f"{case_id}-{number}",
        "case_id": case_id,
        "activity": activity,
        "timestamp": f"2026-10-{day:02}T10:00:00+07:00",
        "officer": "loket2",
        "responsible": "loket2",
        **values,
    }


def batch(*events: dict[str, Any], source: str = "simpel") -> dict[str, Any]:
    return {"source": source, "events": list(events)}


def sender(caller: Callers, who: str = "dpmptsp") -> Any:
    return caller(who, "write:events", "read:reports")


def test_events_become_a_case_with_its_clock(caller: Callers, desk: City) -> None:
    client = sender(caller)
    told = client.post("service-cases/events/", batch(step(1, "DITERIMA", 5), step(2, "TERBIT", 8, service_type="SIP-NAKES")))
    assert (told["accepted"], told["duplicate"], told["conflict"], told["refused"]) == (2, 0, 0, 0)
    assert told["results"][0] == {"position": 1, "event_id": "8841-1", "case_id": "8841", "status": "accepted", "reason": None}
    [row] = client.get("service-cases/")["results"]
    assert (row["source"], row["case_id"], row["service_type"], row["state"]) == ("simpel", "8841", "SIP-NAKES", "TERBIT")
    assert (row["accepted_at"], row["finished_at"]) == ("2026-10-05T10:00:00+07:00", "2026-10-08T10:00:00+07:00")
    assert (row["net_working_days"], row["on_time"]) == (3, True)
    assert row["responsible"] == desk.people["pegawai"].nip
    detail = client.get(f"service-cases/{row['id']}/")
    assert [(s["event_id"], s["activity"], s["officer"]) for s in detail["steps"]] == [
        ("8841-1", "DITERIMA", desk.people["pegawai"].nip),
        ("8841-2", "TERBIT", desk.people["pegawai"].nip),
    ]


def test_the_same_event_again_is_a_duplicate_and_changes_nothing(caller: Callers, desk: City) -> None:
    client = sender(caller)
    events = batch(step(1, "DITERIMA", 5), step(2, "TERBIT", 8))
    client.post("service-cases/events/", events)
    before = (ServiceCase.objects.get().version, ServiceEvent.objects.count(), Event.objects.count())
    again = client.post("service-cases/events/", events)
    assert [result["status"] for result in again["results"]] == ["duplicate", "duplicate"]
    assert (ServiceCase.objects.get().version, ServiceEvent.objects.count(), Event.objects.count()) == before


def test_the_same_number_with_other_content_is_a_conflict_that_is_listed(caller: Callers, desk: City) -> None:
    client = sender(caller)
    client.post("service-cases/events/", batch(step(1, "DITERIMA", 5)))
    told = client.post("service-cases/events/", batch(step(1, "DITERIMA", 6)))
    assert (told["accepted"], told["conflict"]) == (0, 1)
    assert told["results"][0]["reason"]
    assert EventConflict.objects.count() == 1
    assert ServiceCase.objects.get().accepted_at.day == 5


def test_a_bad_item_is_refused_with_its_reason_and_the_good_ones_are_taken(caller: Callers, desk: City) -> None:
    told = sender(caller).post(
        "service-cases/events/",
        batch(
            step(1, "DITERIMA", 5), step(1, "DITERIMA", 5, "A", timestamp="31/02/2026"), step(1, "", 5, "B"), step(1, "DITERIMA", 5, "NA")
        ),
    )
    assert [result["status"] for result in told["results"]] == ["accepted", "refused", "refused", "accepted"]
    assert all(result["reason"].endswith(".") for result in told["results"] if result["status"] == "refused")
    assert set(ServiceCase.objects.values_list("case_id", flat=True)) == {"8841", "NA"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"timestamp": "2026-10-05T10:00:00"}, "tanpa selisih waktu"),
        ({"timestamp": "2026-10-05"}, "tanpa selisih waktu"),
        ({"timestamp": "05-10-2026 10:00"}, "tanpa selisih waktu"),
        ({"deadline": "2026-10-30"}, "tanpa selisih waktu"),
        ({"timestamp": "2026-10-20T09:06:00+07:00"}, "belum tiba"),
        ({"ended": "2026-10-20T02:06:00Z"}, "belum tiba"),
        ({"started": "2027-10-05T10:00:00+07:00"}, "belum tiba"),
    ],
)
def test_a_time_without_offset_or_still_to_come_is_refused_by_its_row(
    caller: Callers, desk: City, values: dict[str, str], words: str
) -> None:
    told = sender(caller).post("service-cases/events/", batch(step(1, "DITERIMA", 5, **values), step(1, "DITERIMA", 5, "9000")))
    assert [result["status"] for result in told["results"]] == ["refused", "accepted"]
    assert words in told["results"][0]["reason"]
    assert next(iter(values)) in told["results"][0]["reason"]


def test_times_with_an_offset_are_taken_whatever_the_offset_and_a_deadline_may_lie_ahead(caller: Callers, desk: City) -> None:
    events = batch(step(1, "DITERIMA", 5, timestamp="2026-10-20T02:03:00Z", deadline="2026-11-30T23:59:59+07:00"))
    assert sender(caller).post("service-cases/events/", events)["accepted"] == 1


def test_two_ends_of_one_case_are_refused_and_told(caller: Callers, desk: City) -> None:
    ends = [f"2026-10-0{day}T10:00:00+07:00" for day in (8, 9)]
    told = sender(caller).post("service-cases/events/", batch(*(step(n, "X", 7, ended=end) for n, end in enumerate(ends))))
    assert (told["refused"], "ended" in told["results"][0]["reason"]) == (2, True)


def test_a_case_that_ends_before_it_starts_is_refused(caller: Callers, desk: City) -> None:
    told = sender(caller).post("service-cases/events/", batch(step(1, "DITERIMA", 8), step(2, "X", 9, ended="2026-10-05T10:00:00+07:00")))
    assert told["refused"] == 2
    assert not ServiceCase.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "source"),
        ({"source": "simpel"}, "events"),
        ({"source": "simpel", "events": []}, "events"),
        ({"source": "simpel", "events": {}}, "events"),
        ({"source": "tidak-terdaftar", "events": [step(1, "A", 1)]}, "source"),
        ({"source": "simpel", "events": [step(1, "A", 1)], "actor": 1}, "actor"),
        ({"source": "simpel", "events": [step(n, "A", 1) for n in range(1001)]}, "events"),
    ],
)
def test_a_batch_of_the_wrong_shape_is_400_as_a_whole(caller: Callers, desk: City, body: Any, field: str) -> None:
    told = sender(caller, "bkpsdm").post("service-cases/events/", body, 400)
    assert field in told.get("errors", {}), told
    assert not ServiceEvent.objects.exists()


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ([], "objek JSON"),
        (None, "objek JSON"),
        ("langkah", "objek JSON"),
        ({}, "case_id kosong"),
        ({"case_id": "1", "activity": "A"}, "timestamp kosong"),
        (step(1, "A", 1, "1", credit="saya"), "Isian credit tidak dikenal"),
        (step(1, "A", 1, "1", **{"n\x00": "saya"}), "Isian n? tidak dikenal"),
        (step(1, "A\x00", 1, "1"), "tanda yang tidak dapat disimpan"),
        (step(1, "A", 1, "1", officer={"x": 1}), "Isian officer harus berupa teks"),
        (step(1, "A", 1, "1", officer=True), "Isian officer harus berupa teks"),
        (step(1, "A", 1, "1" * 121), "case_id lebih dari 120 huruf"),
    ],
)
def test_an_item_of_the_wrong_form_is_refused_with_its_case_and_the_others_are_taken(
    caller: Callers, desk: City, item: Any, words: str
) -> None:
    told = sender(caller).post("service-cases/events/", batch(step(1, "A", 2), item, step(2, "A", 2, "1")))
    assert words in told["results"][1]["reason"]
    assert [result["status"] for result in told["results"][:2]] == ["accepted", "refused"]
    named = isinstance(item, dict) and item.get("case_id") == "1"
    assert told["results"][2]["status"] == ("refused" if named else "accepted")
    assert set(ServiceCase.objects.values_list("case_id", flat=True)) == ({"8841"} if named else {"8841", "1"})


@pytest.mark.parametrize("name", ["id", "noticed_at", "case", "state", "due_on", "in_time", "net_working_days", "version"])
def test_an_item_cannot_set_what_is_not_its_own(caller: Callers, desk: City, name: str) -> None:
    told = sender(caller).post("service-cases/events/", batch(step(1, "DITERIMA", 5, **{name: "1"})))
    assert (told["refused"], ServiceEvent.objects.count(), ServiceCase.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize("number", [12, "12", " 12 "])
def test_a_number_stands_for_its_digits(caller: Callers, desk: City, number: Any) -> None:
    sender(caller).post("service-cases/events/", batch(step(1, "A", 2, case_id=number)))
    assert ServiceCase.objects.get().case_id == "12"


def test_a_thousand_events_are_taken_at_once_in_few_queries(caller: Callers, desk: City) -> None:
    client = sender(caller)
    events = [step(n, "DITERIMA" if n == 0 else "VERIFIKASI", 5 + n, f"B{case}") for case in range(200) for n in range(5)]
    with CaptureQueriesContext(connection) as seen:
        assert client.post("service-cases/events/", batch(*events))["accepted"] == 1000
    assert len(seen) <= 40


@pytest.mark.parametrize("who", ["pegawai", "penilai", "luar", "pimpinan", "inspektorat"])
def test_who_does_not_keep_services_may_not_deliver_events(caller: Callers, desk: City, who: str) -> None:
    sender(caller, who).post("service-cases/events/", batch(step(1, "DITERIMA", 5)), 403)


@pytest.mark.parametrize("who", ["bkpsdm", "pengelola", "dpmptsp"])
def test_keepers_of_services_deliver_events(caller: Callers, desk: City, who: str) -> None:
    assert sender(caller, who).post("service-cases/events/", batch(step(1, "DITERIMA", 5)))["accepted"] == 1


def test_a_source_of_another_office_is_not_there_like_one_that_nobody_registered(caller: Callers, desk: City) -> None:
    EventSource.objects.create(code="kesehatan", owner=desk.units["DINKES"])
    sent = [batch(step(1, "DITERIMA", 5), source=code) for code in ("kesehatan", "tidak-terdaftar")]
    assert len({sender(caller).post("service-cases/events/", body, 404)["detail"] for body in sent}) == 1
    assert not ServiceEvent.objects.exists()


def test_intake_needs_its_own_scope_and_offers_post_alone(caller: Callers, desk: City) -> None:
    caller("bkpsdm", "read:reports").call("POST", "service-cases/events/", 403, body=b"{")
    caller("bkpsdm", "write:events").get("service-cases/events/", 405)
    caller("bkpsdm", "write:events").get("service-cases/", 403)
    caller("bkpsdm", "read:people").get("service-cases/", 403)


def delivered(caller: Callers) -> None:
    events = [
        *(step(1, "DITERIMA", 5), step(2, "TERBIT", 8)),
        *(step(1, "DITERIMA", 5, "9000", officer="loket9", responsible="loket9"), step(2, "VERIFIKASI", 6, "9000", responsible="loket9")),
        step(1, "DITERIMA", 5, "9001", officer="", responsible=""),
    ]
    sender(caller).post("service-cases/events/", batch(*events))


@pytest.mark.parametrize(
    ("who", "cases", "named"),
    [
        ("pegawai", {"8841", "9000"}, {"8841"}),
        ("penilai", {"8841", "9000"}, {"8841"}),
        ("luar", {"9000"}, {"9000"}),
        ("pimpinan", {"8841", "9000", "9001"}, set()),
        ("bkpsdm", {"8841", "9000", "9001"}, {"8841", "9000"}),
        ("inspektorat", {"8841", "9000", "9001"}, {"8841", "9000"}),
    ],
)
def test_cases_are_shown_to_their_people_and_persons_only_to_who_may_see_them(
    caller: Callers, desk: City, who: str, cases: set[str], named: set[str]
) -> None:
    delivered(caller)
    rows = caller(who, "read:reports").every("service-cases/")
    assert {row["case_id"] for row in rows} == cases
    assert {row["case_id"] for row in rows if row["responsible"]} == named


def test_a_case_of_strangers_is_not_there(caller: Callers, desk: City) -> None:
    delivered(caller)
    case = ServiceCase.objects.get(case_id="8841")
    caller("luar", "read:reports").get(f"service-cases/{case.pk}/", 404)
    # An officer of a step sees the case, not who else worked on it.
    steps = caller("luar", "read:reports").get(f"service-cases/{ServiceCase.objects.get(case_id='9000').pk}/")["steps"]
    assert [s["officer"] for s in steps] == [desk.people["luar"].nip, None]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=TERBIT", 1),
        ("state=DITERIMA", 1),
        ("on_time=true", 1),
        ("on_time=false", 0),
        ("period=2026-10", 1),
        ("period=2026-Q4", 1),
        ("period=2026-09", 0),
        ("source=simpel", 3),
        ("source=lain", 0),
        ("service_type=DEFAULT", 3),
        ("updated_since=2020-01-01T00:00:00Z", 3),
        ("updated_since=2100-01-01T00:00:00Z", 0),
    ],
)
def test_cases_are_narrowed_by_their_filters(caller: Callers, desk: City, query: str, found: int) -> None:
    delivered(caller)
    assert len(caller("bkpsdm", "read:reports").get(f"service-cases/?{query}")["results"]) == found


def test_the_list_of_cases_takes_the_same_queries_for_any_number(caller: Callers, desk: City) -> None:
    delivered(caller)
    client = sender(caller, "bkpsdm")

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen)

    few = asked("service-cases/?page_size=500")
    client.post("service-cases/events/", batch(*(step(1, "DITERIMA", 5, f"B{n}") for n in range(1000))))
    assert asked("service-cases/?page_size=500") == few <= 6


def test_service_times_report_what_finished_in_the_period(caller: Callers, desk: City) -> None:
    delivered(caller)
    told = caller("pimpinan", "read:reports").get("reports/service-times/?period=2026-10")
    [row] = told["rows"]
    assert (row["service_type"], row["finished"], row["on_time"], row["share"], row["median"], row["open"]) == (
        "DEFAULT", 1, 1, "100.00", "3.00", 2,
    )  # fmt: skip
    assert told["total"]["finished"] == 1
    assert caller("pengelola", "read:reports").get("reports/service-times/?period=2026-10")["total"]["finished"] == 1
    assert caller("bkpsdm", "read:reports").get("reports/service-times/?period=2026-10&unit=DINKES")["total"]["finished"] == 0
