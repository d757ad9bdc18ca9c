"""Two at once, on two real connections: exactly one wins, and nobody is overwritten unseen."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection, transaction

from appraisal.models import AppraisalPolicy, Assessment, Cycle, Evidence, Indicator, PerformancePlan, ProgressEntry, WorkResult
from appraisal.rules.vocabulary import Measure
from appraisal.services.cases import ensure_assessments
from appraisal.services.lists import ProgressKind
from appraisal.services.plans import agree_plan
from appraisal.services.progress import MeasuredFigure, correct_progress, record_measured_progress, record_progress
from appraisal.services.rating import set_marks
from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Refusal, Stale, Unacceptable
from bukittinggi_kinerja.common.importing import ImportContext, ImportResult
from bukittinggi_kinerja.common.models import Event, Seal
from bukittinggi_kinerja.common.period import Period
from bukittinggi_kinerja.common.seal import seal_new, verify
from employees.models import Posting
from employees.services.postings import post_employee
from tests.people import City

from .month import IN_OCTOBER, IN_WINDOW, build_month
from .planning import NOW, OCTOBER, make_cycle, make_indicator, make_plan, make_result, pdf
from .test_imported_results import brought

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


def while_another_holds(hold: Callable[[], object], act: Callable[[], object]) -> object:
    """Result or refusal of an act that begins once the other has written, and waits until it has committed."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend(together(act)))
    with transaction.atomic():
        hold()
        thread.start()
        time.sleep(0.5)
        assert found == []
    thread.join(30)
    return found[0]


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

    def close() -> None:
        closing = Cycle.objects.select_for_update().get(pk=cycle.pk)
        closing.state = "DITUTUP"
        closing.save()

    assert isinstance(while_another_holds(close, lambda: enter(city, indicator.pk)), NotNow)
    assert not ProgressEntry.objects.exists()


def test_a_figure_that_meets_the_end_of_its_indicator_is_refused(city: City) -> None:
    make_cycle(city)
    plan = make_plan(city.people["pegawai"])
    make_indicator(plan)
    ending = make_indicator(plan)
    Indicator.objects.filter(pk=ending.pk).update(proposal={"retire": True})
    PerformancePlan.objects.filter(pk=plan.pk).update(state="DIAJUKAN", revision=1, revision_reason="x", signed_by_employee_at=NOW)
    WorkResult.objects.filter(plan=plan).update(kind="TAMBAHAN")
    leader = city.viewer("penilai", on=NOW.date())
    told = while_another_holds(lambda: agree_plan(viewer=leader, plan_id=plan.pk, now=NOW), lambda: enter(city, ending.pk))
    assert isinstance(told, Unacceptable)
    assert "period" in told.errors
    assert not ProgressEntry.objects.exists()


def test_a_mark_that_meets_the_change_of_leader_is_refused(city: City) -> None:
    month = build_month(city)
    person, rater = city.staff[4], city.viewer("penilai", on=IN_WINDOW.date())
    case, held = month.case(person), Posting.objects.known().get(employee=person)
    post_employee(
        employee_id=person.pk, unit_id=city.units["DINKES.YAN"].pk, position_id=held.position_id, supervisor_id=city.people["kadinkes"].pk,
        heads_unit=False, valid_from=dt.date(2026, 9, 1), valid_to=None, decided_on=None, decree="", reason="x", actor=None, now=IN_OCTOBER,
    )  # fmt: skip
    told = while_another_holds(
        lambda: ensure_assessments(cycle=month.cycle, now=IN_OCTOBER),
        lambda: set_marks(viewer=rater, assessment_id=case.pk, changes={"ak": 3}, revision=None, now=IN_WINDOW),
    )
    assert isinstance(told, NotVisible)
    assert Assessment.objects.get(pk=case.pk).mark_ak is None


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


@pytest.mark.parametrize("undone", [False, True])
def test_figures_by_file_wait_for_a_rating_that_is_being_finished_and_meet_it(city: City, undone: bool) -> None:
    month = build_month(city)
    rows = [{"nip": city.people["staf3"].nip, "indikator": "Berkas selesai", "periode": "2026-10", "nilai": "86,5"}]

    def bring() -> ImportResult:
        with transaction.atomic():
            return brought(ProgressKind(), city, rows, "pengelola", now=IN_OCTOBER)

    def take_back() -> bool:
        viewer = city.viewer("pengelola", on=IN_OCTOBER.date())
        context = ImportContext(viewer=viewer, actor=viewer.user_id, as_of=IN_OCTOBER.date(), now=IN_OCTOBER)
        with transaction.atomic():
            return ProgressKind().take_back("appraisal.progressentry", written, {}, context)

    written = list(bring().writes) if undone else []
    found = while_another_holds(lambda: month.rate(city.people["staf3"]), take_back if undone else bring)
    assert isinstance(found, NotNow) if undone else [row.state.value for row in found.rows] == ["SALAH"]  # type: ignore[attr-defined]
