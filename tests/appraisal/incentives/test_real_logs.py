"""Real event logs against what is published of them."""

import csv
import datetime as dt
import gzip
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.incentives.models import AccountAlias, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.queries.credit import credited_cases
from appraisal.incentives.queries.times import service_times
from appraisal.incentives.rules.mapping import LogMapping, parse_map
from appraisal.incentives.services.intake import IntakeReport, Outcome, take_events
from appraisal.incentives.services.log_files import read_log, read_map
from appraisal.incentives.services.reference import load_reference
from appraisal.models import AppraisalPolicy, Assessment, Cycle, PeriodTarget, ProgressEntry, RatingExample
from appraisal.queries.explanation import explain
from appraisal.rules.derivation import Node
from appraisal.services.publishing import unfinished_jobs, work_on
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.models import ClosedDay
from bukittinggi_kinerja.common.period import JAKARTA, Period
from bukittinggi_kinerja.cycle import run_cycle
from employees.models import AppraisalRegime, Employee, Posting
from tests.appraisal.planning import make_indicator, make_plan, make_policy
from tests.people import City

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]
EXAMPLES = Path(__file__).resolve().parents[3] / "docs/examples"
NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)
IMPOSSIBLE = {"case-10862", "case-8267"}


@pytest.fixture(autouse=True)
def _services() -> None:
    load_reference()
    load_calendar()


def mapped(name: str) -> LogMapping:
    return read_map(EXAMPLES / f"{name}.toml")


def take(path: Path, how: LogMapping, **options: bool) -> IntakeReport:
    _header, rows = read_log(path, how)
    return take_events(mapping=how, rows=rows, actor=None, now=NOW, **options)


@pytest.fixture
def receipt(real_data: Path) -> Path:
    return real_data / "coselog_receipt/receipt.csv.gz"


def test_the_permit_desk_is_read_and_taken_as_published(receipt: Path) -> None:
    how = mapped("coselog_receipt")
    dry = take(receipt, how, dry_run=True)
    assert not EventSource.objects.exists()
    read, taken = dry.read, dry.taken
    assert (read.events, read.cases, read.activities, read.officers, read.closed, read.on_time) == (8577, 1434, 27, 48, 1329, 952)
    assert (taken.events, taken.cases, taken.closed, taken.on_time) == (8573, 1432, 1327, 950)
    assert (read.share, taken.share) == (Decimal("71.63"), Decimal("71.59"))
    assert (read.unjudged, taken.unjudged) == (0, 0)
    assert {row.case_id for row in dry.listed} == IMPOSSIBLE
    assert ["sebelum diterima" in row.reason for row in dry.listed] == [True] * len(dry.listed) != []

    real = take(receipt, how)
    assert (real.read, real.taken, real.new_cases) == (read, taken, 1432)
    before = list(ServiceCase.objects.order_by("id").values()), ServiceEvent.objects.count()
    again = take(receipt, how)
    assert (again.rows(Outcome.DUPLICATE), again.rows(Outcome.ACCEPTED), again.changed_cases) == (8573, 0, 0)
    assert before == (list(ServiceCase.objects.order_by("id").values()), 8573)
    assert not ServiceCase.objects.filter(case_id__in=IMPOSSIBLE).exists()


def test_on_time_by_responsible_officer_is_as_published(receipt: Path, city: City) -> None:
    source = EventSource.objects.create(code="coselog-receipt")
    people = dict(zip(("Resource11", "Resource02"), city.staff, strict=False))
    for account, person in people.items():
        AccountAlias.objects.create(source=source, account=account, employee=person, valid=(None, None))
    take(receipt, mapped("coselog_receipt"))
    found = {}
    for account, person in people.items():
        cases = ServiceCase.objects.filter(responsible=person, state="TERBIT")
        found[account] = (cases.count(), round(100 * cases.filter(on_time=True).count() / cases.count()))
    assert found == {"Resource11": (336, 92), "Resource02": (105, 61)}


def test_net_working_days_of_the_desk_agree_with_a_plain_count(receipt: Path) -> None:
    take(receipt, mapped("coselog_receipt"))
    closed = set(ClosedDay.objects.values_list("date", flat=True))
    cases = ServiceCase.objects.filter(finished_at__isnull=False).order_by("id")[::20]
    assert len(cases) > 60
    for case in cases:
        assert case.net_working_days == _plain_count(case.accepted_at.astimezone(JAKARTA), case.finished_at.astimezone(JAKARTA), closed)


def _plain_count(start: dt.datetime, end: dt.datetime, closed: set[dt.date]) -> int:
    def works(day: dt.date) -> bool:
        return day.weekday() < 5 and day not in closed

    day = start.date() + dt.timedelta(days=int(works(start.date()) and start.time() > dt.time(15)))
    while not works(day):
        day += dt.timedelta(days=1)
    return sum(works(day + dt.timedelta(days=n)) for n in range(1, (end.date() - day).days + 1))


def test_fines_without_an_officer_are_credited_to_nobody(real_data: Path, city: City) -> None:
    """Every account that occurs belongs to the first of the staff; what names no account still counts for nobody."""
    how, path = mapped("traffic_fines"), real_data / "traffic_fines/traffic_fines.csv.gz"
    source = EventSource.objects.create(code=how.source)
    _header, rows = read_log(path, how)
    for account in {row.content["resource"] for row in rows} - {""}:
        AccountAlias.objects.create(source=source, account=account, employee=city.staff[0], valid=(None, None))
    report = take(path, how)
    assert (report.read.events, report.taken.events, report.rows(Outcome.CONFLICT)) == (34724, 34724, 0)
    assert Counter(ServiceEvent.objects.values_list("officer_id", flat=True)) == {None: 24705, city.staff[0].pk: 10019}
    july = {row.case_id for row in credited_cases(Period.parse("2007-07"), employees={city.staff[0].pk})}
    with_officer = set(ServiceEvent.objects.filter(officer__isnull=False).values_list("case__case_id", flat=True))
    assert july
    assert july <= with_officer


def test_two_payments_on_one_day_are_a_conflict_where_nothing_tells_them_apart(real_data: Path) -> None:
    how = parse_map('[columns]\ncase_id = "case_id"\nactivity = "activity"\ntimestamp = "timestamp"\nofficer = "resource"\n')
    report = take(real_data / "traffic_fines/traffic_fines.csv.gz", how, dry_run=True)
    assert (report.read.events, report.rows(Outcome.CONFLICT), report.taken.events) == (34724, 6, 34718)


def test_a_case_called_na_stays_a_case(real_data: Path) -> None:
    report = take(real_data / "hospital_billing/hospital_billing.csv.gz", mapped("hospital_billing"), dry_run=True)
    assert (report.read.events, report.read.cases, report.taken.events, report.taken.cases) == (49951, 10000, 49951, 10000)
    assert [row.outcome for row in report.verdicts if row.case_id == "NA"] == [Outcome.ACCEPTED]


def test_one_row_for_each_permit_is_a_log_as_well(real_data: Path) -> None:
    path = real_data / "calgary_permits/calgary_permits_5000.csv.gz"
    how = parse_map(
        '[columns]\ncase_id = "permitnum"\nactivity = "statuscurrent"\ntimestamp = "applieddate"\n'
        'started = "applieddate"\nended = "issueddate"\nservice_type = "permitclassgroup"\n'
        '[format]\ntimezone = "America/Edmonton"\n',
    )
    report = take(path, how)
    assert (report.read.events, report.read.cases, report.read.closed, report.taken.closed) == (5000, 5000, 4784, 4784)
    unknown = ServiceCase.objects.filter(finished_at__isnull=False, on_time=None).count()
    assert report.taken.share == _half_up(Decimal(100 * report.taken.on_time) / (4784 - unknown))
    with gzip.open(path, "rt", encoding="utf-8", newline="") as log:
        issued = [row for row in csv.DictReader(log) if row["issueddate"]]
    lasted = [(dt.date.fromisoformat(r["issueddate"]) - dt.date.fromisoformat(r["applieddate"])).days for r in issued]
    moments = ServiceCase.objects.filter(finished_at__isnull=False).values_list("accepted_at", "finished_at")
    stored = [(end.astimezone(how.format.zone).date() - start.astimezone(how.format.zone).date()).days for start, end in moments]
    assert Counter(stored) == Counter(lasted)
    assert (median(stored), round(sum(stored) / len(stored), 3)) == (22, 42.243)


# --- a month of the officers of the desk


MAY = Period.parse("2011-05")
AFTER = dt.datetime(2011, 6, 14, 9, 0, tzinfo=JAKARTA)


@pytest.fixture
def may(receipt: Path, city: City) -> dict[str, Employee]:
    """The small city as if it had stood in 2011: two officers with both measured indicators, and the log taken."""
    make_policy()
    since = DateRange(dt.date(2010, 1, 1), None)
    AppraisalPolicy.objects.update(valid=since)
    AppraisalRegime.objects.update(valid=since)
    Posting.objects.update(valid=since)
    people = dict(zip(("Resource11", "Resource02"), city.staff, strict=False))
    source = EventSource.objects.create(code="coselog-receipt")
    for account, person in people.items():
        plan = make_plan(person, start=dt.date(2011, 1, 1), end=dt.date(2012, 1, 1))
        for name, measure, target, direction in (
            ("Berkas tepat waktu", "LAYANAN_TEPAT_WAKTU", "90", "NAIK"),
            ("Median hari kerja", "LAYANAN_MEDIAN_HARI", "40", "TURUN"),
        ):
            make_indicator(plan, name=name, measure=measure, target=target, direction=direction, accumulation="LAST", weight=50)
        AccountAlias.objects.create(source=source, account=account, employee=person, valid=(None, None))
    take(receipt, mapped("coselog_receipt"))
    return people


def rate(city: City, person: Employee) -> None:
    case = Assessment.objects.current().get(employee=person, cycle__period=MAY.key)
    for field in ("result_rating", "behaviour_rating", *(f"mark_{m}" for m in ("bp", "ak", "ko", "ha", "lo", "ad", "kl"))):
        setattr(case, field, 2)
    case.state, case.rated_by, case.rated_at = "DINILAI", city.people["penilai"], AFTER
    case.save()
    RatingExample.objects.create(assessment=case, aspect="HASIL", text="Menutup tunggakan berkas", written_at=AFTER)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def test_a_month_of_the_desk_is_scored_and_explained_with_its_permits_as_evidence(may: dict[str, Employee], city: City) -> None:
    assert len(may) == 2
    run_cycle(period=MAY, as_of=dt.datetime(2011, 6, 1, 9, 0, tzinfo=JAKARTA))
    for person in may.values():
        rate(city, person)
    run_cycle(period=MAY, as_of=AFTER)
    while (job := unfinished_jobs().first()) is not None:
        work_on(job, now=AFTER)
    assert set(Cycle.objects.filter(period=MAY.key).values_list("state", flat=True)) == {"TERBIT"}

    for person in may.values():
        case = Assessment.objects.current().select_related("cycle__policy", "score_row").get(employee=person, cycle__period=MAY.key)
        cases = list(ServiceCase.objects.filter(responsible=person, state="TERBIT", finished_at__range=_bounds(MAY)))
        assert len(cases) > 3
        share = _half_up(Decimal(100 * sum(bool(c.on_time) for c in cases)) / len(cases))
        middle = _half_up(Decimal(str(median(c.net_working_days for c in cases))))
        achieved = [min(_half_up(100 * share / 90), Decimal(120)), max(min(_half_up((80 - middle) / 40 * 100), Decimal(120)), Decimal(0))]
        assert case.score_row.result_score == _half_up(sum(achieved) / 2)
        assert (case.state, case.score_row.predicate) == ("TERBIT", 4)
        told = {row["ref"] for node in nodes(explain(case)) for row in node.evidence if "ref" in row}
        assert told == {f"coselog-receipt/{c.case_id}" for c in cases}


def test_the_figures_of_the_month_are_measured_and_never_typed(may: dict[str, Employee]) -> None:
    run_cycle(period=MAY, as_of=dt.datetime(2011, 6, 1, 9, 0, tzinfo=JAKARTA))
    entries = ProgressEntry.objects.current().filter(target__period=MAY.key)
    assert {(entry.source, entry.entered_by) for entry in entries} == {("TERUKUR", None)}
    assert entries.count() == PeriodTarget.objects.filter(period=MAY.key).count() == 4
    by_person = Counter(row.employee_id for row in credited_cases(MAY, employees={p.pk for p in may.values()}))
    assert {e.employee_id: len(e.sources) for e in entries} == dict(by_person)


def test_the_report_of_the_year_agrees_with_the_log(may: dict[str, Employee]) -> None:
    total = service_times(period=Period.parse("2011")).total
    cases = ServiceCase.objects.filter(finished_at__range=_bounds(Period.parse("2011")))
    days = sorted(cases.values_list("net_working_days", flat=True))
    assert (total.finished, total.on_time) == (cases.count(), cases.filter(on_time=True).count())
    assert total.median == _half_up(Decimal(str(median(days))))


def _bounds(period: Period) -> tuple[dt.datetime, dt.datetime]:
    start, end = (dt.datetime.combine(day, dt.time(), tzinfo=JAKARTA) for day in (period.start, period.end))
    return start, end - dt.timedelta(microseconds=1)


def _half_up(value: Decimal) -> Decimal:
    return Decimal(int(value * 100 + Decimal("0.5"))) / 100
