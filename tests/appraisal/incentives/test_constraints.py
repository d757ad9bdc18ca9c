"""What the database itself refuses about services: by the form, by the table, and the good value passes."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent, ServiceStandard, ServiceType
from appraisal.incentives.services.reference import load_reference
from tests.people import City

from .logs import NOW

pytestmark = pytest.mark.usefixtures("services")
FIRST_HALF = DateRange(dt.date(2026, 1, 1), dt.date(2026, 7, 1))
MIDDLE = DateRange(dt.date(2026, 6, 30), dt.date(2026, 8, 1))
SECOND_HALF = DateRange(dt.date(2026, 7, 1), None)


def refused(row: models.Model, sentence: str | None = None) -> None:
    """By ``full_clean`` with its sentence, and by the table even where nobody asked."""
    if sentence:
        with pytest.raises(ValidationError, match=sentence):
            row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.fixture
def source(db: None) -> EventSource:
    return EventSource.objects.create(code="simpel")


@pytest.fixture
def case(source: EventSource) -> ServiceCase:
    return ServiceCase.objects.create(source=source, case_id="1", service_type=ServiceType.objects.get(code="PBG"), accepted_at=NOW)


def test_a_service_has_one_standard_on_a_day() -> None:
    kind = ServiceType.objects.get(code="IMB")

    def standard(code: str, days: DateRange, **more: Any) -> ServiceStandard:
        return ServiceStandard(code=code, service_type=kind, workdays=5, valid=days, reason="SK", **more)

    standard("a", FIRST_HALF).save()
    refused(standard("b", MIDDLE), "sudah mempunyai standar")
    standard("c", MIDDLE, draft=True).save()
    standard("d", SECOND_HALF).save()


def test_an_account_has_one_person_on_a_day(city: City, source: EventSource) -> None:
    def alias(who: int, days: DateRange, name: str = "loket1") -> AccountAlias:
        return AccountAlias(source=source, account=name, employee=city.staff[who], valid=days, reason="SK")

    alias(0, FIRST_HALF).save()
    refused(alias(1, MIDDLE), "sudah dihubungkan")
    alias(1, MIDDLE, name="loket2").save()
    alias(1, SECOND_HALF).save()


def test_a_case_does_not_end_before_it_starts(source: EventSource) -> None:
    kind = ServiceType.objects.get(code="PBG")
    values = {"source": source, "service_type": kind, "accepted_at": NOW}
    refused(ServiceCase(case_id="1", finished_at=NOW - dt.timedelta(seconds=1), **values), "sebelum diterima")
    ServiceCase.objects.create(case_id="1", finished_at=NOW, **values)
    refused(ServiceCase(case_id="1", **values))


def test_an_event_number_stands_once_in_its_source(source: EventSource, case: ServiceCase) -> None:
    other = ServiceCase.objects.create(source=source, case_id="2", service_type=case.service_type, accepted_at=NOW)

    def event(of: ServiceCase, version: int, *, current: bool = True) -> ServiceEvent:
        return ServiceEvent(
            case=of, source=source, key="7", version=version, is_current=current, activity="A", at=NOW, digest="x", recorded_at=NOW
        )

    event(case, 1).save()
    refused(event(case, 1, current=False))
    refused(event(other, 2))
    event(case, 2, current=False).save()


def test_a_contradiction_is_listed_once(source: EventSource) -> None:
    values = {"source": source, "key": "7", "case_id": "1", "content": {}, "noticed_at": NOW}
    EventConflict.objects.create(digest="x", **values)
    refused(EventConflict(digest="x", **values))
    EventConflict.objects.create(digest="y", **values)


# --- the first standards


def test_the_first_standards_name_what_awaits_confirmation() -> None:
    days = dict(ServiceStandard.objects.values_list("service_type__code", "workdays"))
    assert days == {
        "PBG": 28, "SLF": 3, "SIP-DR": 5, "SIP-DRG": 5, "SIP-NAKES": 5, "REKLAME": 5, "SKP-PENELITIAN": 3, "TRAYEK": 7,
        "KKPR": 20, "PL": 10, "NIB": 0, "PENDIDIKAN": 10, "DEFAULT": 7,
    }  # fmt: skip
    assert ServiceType.objects.filter(standards=None).get().code == "IMB"
    sure = ServiceStandard.objects.exclude(to_confirm__contains="workdays").values_list("service_type__code", flat=True)
    assert list(sure) == ["PBG"]


def test_loading_again_keeps_what_hr_made_of_it() -> None:
    ServiceType.objects.filter(code="PBG").update(name="PBG sederhana")
    ServiceStandard.objects.filter(service_type__code="PBG").update(workdays=14)
    ServiceStandard.objects.filter(service_type__code="SLF").update(valid=FIRST_HALF)
    before = list(ServiceStandard.objects.order_by("id").values())
    load_reference()
    assert list(ServiceStandard.objects.order_by("id").values()) == before
    assert ServiceType.objects.get(code="PBG").name == "PBG sederhana"
