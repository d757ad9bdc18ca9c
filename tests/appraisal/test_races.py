"""Two at once, on two real connections: exactly one wins, and nobody is overwritten unseen."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection, transaction

from appraisal.models import AppraisalPolicy, Cycle, Evidence, ProgressEntry
from appraisal.rules.vocabulary import Measure
from appraisal.services.plans import agree_plan
from appraisal.services.progress import MeasuredFigure, correct_progress, record_measured_progress, record_progress
from bukittinggi_kinerja.common.errors import NotNow, Refusal, Stale, Unacceptable
from bukittinggi_kinerja.common.models import Event, Seal
from bukittinggi_kinerja.common.period import Period
from bukittinggi_kinerja.common.seal import seal_new, verify
from tests.people import City

from .planning import NOW, OCTOBER, make_cycle, make_indicator, make_plan, make_result, pdf

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Results or refusals of acts started at the same moment, each on its own connection."""
    gate = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            gate.wait()
            found[number] = acts[number]()
        except Refusal as refusal:
            found[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def enter(city: City, indicator_id: int, **values: object) -> ProgressEntry:
    return record_progress(
        **{
            "viewer": city.viewer("pegawai", on=NOW.date()), "indicator_id": indicator_id, "period": OCTOBER, "value": Decimal(1),
            "realised_on": None, "note": "", "links": [], "files": [], "now": NOW, **values,
        }
    )  # fmt: skip


def test_a_figure_that_meets_the_closing_of_its_cycle_waits_and_is_refused(city: City) -> None:
    cycle = make_cycle(city)
    indicator = make_indicator(make_plan(city.people["pegawai"]))
    found: list[object] = []

    def late() -> None:
        found.extend(together(lambda: enter(city, indicator.pk)))

    with transaction.atomic():
        closing = Cycle.objects.select_for_update().get(pk=cycle.pk)
        closing.state = "DITUTUP"
        closing.save()
        thread = threading.Thread(target=late)
        thread.start()
        time.sleep(0.5)
        assert found == []
    thread.join(30)
    assert isinstance(found[0], NotNow)
    assert not ProgressEntry.objects.exists()


def test_of_two_signatures_on_one_plan_one_counts(city: City) -> None:
    plan = make_plan(city.people["pegawai"], state="DIAJUKAN")
    make_result(plan, kind="TAMBAHAN")
    make_indicator(plan)
    plan.signed_by_employee_at = NOW
    plan.save()
    leader = city.viewer("penilai", on=NOW.date())

    def sign() -> object:
        return agree_plan(viewer=leader, plan_id=plan.pk, version=plan.version, now=NOW)

    found = together(sign, sign)
    assert sum(isinstance(f, Stale) for f in found) == 1
    assert Event.objects.filter(action="appraisal.plan.moved").count() == 1


def test_two_uploads_at_once_do_not_pass_the_quota_together(city: City) -> None:
    make_cycle(city)
    AppraisalPolicy.objects.update(evidence_quota_bytes=len(pdf().read()))
    indicator = make_indicator(make_plan(city.people["pegawai"]))
    found = together(*[lambda: enter(city, indicator.pk, files=[pdf()])] * 2)
    assert sum(isinstance(f, Unacceptable) for f in found) == 1
    assert Evidence.objects.count() == 1


def test_of_two_corrections_of_one_entry_one_counts_and_the_other_sees_it(city: City) -> None:
    make_cycle(city)
    entry = enter(city, make_indicator(make_plan(city.people["pegawai"])).pk)

    def correct(value: int) -> Callable[[], object]:
        return lambda: correct_progress(
            viewer=city.viewer("pegawai", on=NOW.date()), entry_id=entry.pk, value=Decimal(value), realised_on=None, note="", reason="x",
            links=[], files=[], now=NOW,
        )  # fmt: skip

    found = together(correct(2), correct(3))
    assert sum(isinstance(f, Stale) for f in found) == 1
    assert ProgressEntry.objects.current().count() == 1


def test_two_feeds_of_one_period_leave_one_measured_figure_each(city: City) -> None:
    make_cycle(city)
    for who in city.staff[:5]:
        make_indicator(make_plan(who), measure=Measure.ON_TIME_SHARE.value, accumulation="LAST")

    def feed(value: int) -> Callable[[], object]:
        figures = [MeasuredFigure(who.pk, Measure.ON_TIME_SHARE, Decimal(value), [{"ref": "a"}]) for who in city.staff[:5]]
        return lambda: record_measured_progress(period=Period.parse(OCTOBER), figures=figures, now=NOW)

    assert not any(isinstance(f, Refusal) or f is None for f in together(feed(80), feed(90)))
    assert ProgressEntry.objects.current().count() == 5
    assert len(set(ProgressEntry.objects.current().values_list("value", flat=True))) == 1


def test_two_sealers_and_a_writer_make_one_chain(city: City) -> None:
    def write() -> None:
        for number in range(40):
            Event.objects.create(at=NOW, action="uji", subject_type="uji", subject_id=str(number))

    def seal() -> None:
        for _time in range(8):
            seal_new(now=NOW)

    together(write, write, seal, seal)
    seal_new(now=NOW)
    report = verify()
    assert report.broken is None
    assert report.unsealed == 0
    chain = list(Seal.objects.order_by("id").values_list("previous", "digest"))
    assert all(after[0] == before[1] for before, after in pairwise(chain))
