"""``updated_since`` on results: every write is stamped by the real clock, and a client that follows them loses none."""

from __future__ import annotations

import datetime as dt
import threading
import time
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from appraisal.incentives.models import ServiceCase
from appraisal.incentives.services.reference import load_reference
from appraisal.models import Assessment, Cycle, PerformancePlan, ProgressEntry
from appraisal.services.assessment_form import RatingSheet
from appraisal.services.cases import ensure_assessments
from appraisal.services.late_rating import rate_late
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from employees.models import OrgUnit
from tests.api.conftest import Caller, Callers
from tests.appraisal.incentives.logs import step, take
from tests.appraisal.month import AFTER_DEADLINE, Month

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def changes(client: Caller, since: str, more: str = "") -> list[dict[str, object]]:
    return client.every(f"assessments/?updated_since={quote(since)}{more}")


def test_a_write_is_stamped_when_it_happens_whatever_moment_the_job_stands_for(month: Month) -> None:
    before = timezone.now()
    month.rate(month.city.staff[0])
    ensure_assessments(cycle=month.cycle, now=LONG_AGO)
    month.publish(now=AFTER_DEADLINE)
    late = month.case(month.city.staff[1])
    sheet = RatingSheet({"result": 2, "behaviour": 2}, {}, {}, None)
    rate_late(
        viewer=month.city.viewer("penilai", on=AFTER_DEADLINE.date()), assessment_id=late.pk, sheet=sheet, reason="Sakit", now=LONG_AGO
    )
    Assessment.objects.filter(employee=month.city.staff[2]).update(updated_at=LONG_AGO, note="x")
    stamps = Assessment.objects.filter(cycle=month.cycle).values_list("updated_at", flat=True)
    assert min(stamps) >= before
    assert max(stamps) <= timezone.now()
    assert month.case(month.city.staff[0]).published_at == AFTER_DEADLINE
    assert month.case(month.city.staff[1]).published_at == LONG_AGO


STAMPED = {
    "assessments": Assessment,
    "cycles": Cycle,
    "plans": PerformancePlan,
    "progress": ProgressEntry,
    "units": OrgUnit,
    "service-cases": ServiceCase,
}


@pytest.mark.parametrize("model", STAMPED.values())
def test_nobody_backdates_a_row_whose_list_promises_to_lose_nothing(month: Month, model: type[Model]) -> None:
    before = timezone.now()
    if model is ServiceCase:
        load_reference()
        load_calendar([2026])
        take([step("1", "DITERIMA", "2026-06-08 09:00")])
    rows = model._default_manager.all()
    assert rows.update(updated_at=LONG_AGO) > 0
    assert min(rows.values_list("updated_at", flat=True)) >= before


def test_a_list_names_the_greatest_stamp_as_the_next_beginning_only_where_that_loses_nothing(client: Client) -> None:
    paths = client.get("/api/v1/schema/").json()["paths"]
    told = {
        path.removeprefix("/api/v1/").strip("/"): parameter["description"]
        for path, acts in paths.items()
        for parameter in acts.get("get", {}).get("parameters", ())
        if parameter["name"] == "updated_since"
    }
    assert {path for path, text in told.items() if "pakai updated_at terbesar" in text} == set(STAMPED)
    assert {path for path, text in told.items() if "sehari sebelum updated_at terbesar" in text} == {"employees"}


def test_a_client_that_goes_on_from_the_greatest_stamp_hears_of_a_month_that_closes(caller: Callers, month: Month) -> None:
    hr = caller("bkpsdm")
    known = changes(hr, LONG_AGO.isoformat())
    greatest = max(str(row["updated_at"]) for row in known)
    month.publish(now=AFTER_DEADLINE)
    told = changes(hr, greatest)
    assert {row["id"] for row in told if row["state"] == "BELUM_DINILAI"} == {row["id"] for row in known}


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_told_later_and_not_lost(caller: Callers, month: Month) -> None:
    slow, quick = month.case(month.city.staff[0]), month.case(month.city.staff[1])
    written, read = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            Assessment.objects.filter(pk=slow.pk).update(note="lambat")
            written.set()
            read.wait(20)
        connection.close()

    hr = caller("bkpsdm")
    start = max(str(row["updated_at"]) for row in changes(hr, LONG_AGO.isoformat()))
    # Stamps are told in whole seconds.
    time.sleep(1.1)
    writer = threading.Thread(target=write_slowly)
    writer.start()
    written.wait(20)
    Assessment.objects.filter(pk=quick.pk).update(note="cepat")
    first = changes(hr, start)
    read.set()
    writer.join(20)
    second = changes(hr, max([start, *(str(row["updated_at"]) for row in first)]))
    assert {row["id"] for row in first if str(row["updated_at"]) > start} == set()
    assert {row["id"] for row in second if str(row["updated_at"]) > start} == {slow.pk, quick.pk}


def test_all_pages_of_a_walk_end_at_the_same_moment(caller: Callers, month: Month) -> None:
    hr = caller("bkpsdm")
    page = hr.get(f"assessments/?updated_since={quote(LONG_AGO.isoformat())}&page_size=5")
    last = Assessment.objects.latest("id")
    Assessment.objects.filter(pk=last.pk).update(note="berubah di tengah jalan")
    rows = list(page["results"])
    while page["next"]:
        page = hr.get(page["next"].partition("/api/v1/")[2])
        rows += page["results"]
    assert last.pk not in {row["id"] for row in rows}
    assert len(rows) == len({row["id"] for row in rows}) > 5
    again = changes(hr, max(str(row["updated_at"]) for row in rows))
    assert last.pk in {row["id"] for row in again}
