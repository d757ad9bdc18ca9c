"""January: drafts out of last year's plans, out of templates, under a leader who is not there yet."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.models import Indicator, PerformancePlan, PlanTemplate, WorkResult
from appraisal.queries.leaders import leader_of, leaders_of
from appraisal.queries.plan_copy import suggested_parents
from appraisal.rules.drafts import IndicatorDraft, ResultDraft, as_template, for_year, moved_by, of_template, period_targets
from appraisal.rules.targets import Target, sums_back
from appraisal.services.plan_drafts import YearBook, draft_of_post, save_drafts
from appraisal.services.plan_items import IndicatorFields
from appraisal.services.plan_templates import end_template, save_template
from appraisal.services.plans import (
    agree_plan,
    check_lines,
    copy_plan,
    copy_plans,
    create_plan,
    link_parents,
    save_indicator,
    save_work_result,
    start_from_template,
    submit_plan,
)  # fmt: skip
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA, Period
from employees.models import Posting
from tests.appraisal.planning import make_indicator, make_plan, make_policy, make_result
from tests.people import City

NEW_YEAR = dt.date(2027, 1, 5)
NOW = dt.datetime(2027, 1, 5, 9, 0, tzinfo=JAKARTA)
YEAR = Period.parse("2027").months()


@pytest.fixture
def plan(city: City) -> PerformancePlan:
    """The agreed plan of 2026 of one of the twelve, under the agreed plan of his leader."""
    make_policy()
    above = make_plan(city.people["penilai"])
    result = make_result(make_plan(city.people["pegawai"]), parent=make_result(above, "Pelayanan prima"), share=Decimal(60))
    make_indicator(result.plan, target="125")
    make_indicator(result.plan, name="Laporan tahunan", form="TANGGAL", target=None, target_date=dt.date(2026, 2, 20), accumulation="LAST")
    make_indicator(result.plan, name="Tidak dipakai", retired_on=dt.date(2026, 6, 1))
    return result.plan


words = st.text("abcdeé 12", min_size=1, max_size=9)
amounts = st.decimals(min_value=0, max_value=10**6, places=2)
days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


@st.composite
def results(draw: st.DrawFn) -> ResultDraft:
    indicators = []
    for name in draw(st.lists(words, min_size=1, max_size=4, unique=True)):
        low = draw(amounts)
        one = IndicatorDraft(
            name=name,
            accumulation=draw(st.sampled_from(["SUM", "LAST", "MEAN"])),
            target=low,
            target_date=draw(st.none() | days),
            weight=draw(st.integers(1, 100)),
        )
        months = {p.key: t for p, t in period_targets(one, Period.parse("2026").months()).items()}
        indicators.append(IndicatorDraft(**{**vars(one), "targets": draw(st.sampled_from([{}, months]))}))
    share = draw(st.none() | st.decimals(min_value="0.01", max_value=100, places=2))
    return ResultDraft(draw(words), share=share, leader_title="Induk", indicators=tuple(indicators))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(old=st.lists(results(), max_size=4), years=st.integers(1, 3))
def test_a_copy_keeps_shares_weights_and_totals_and_moves_every_date(old: list[ResultDraft], years: int) -> None:
    new = for_year(old, old=2026, new=2026 + years)
    assert [(r.title, r.kind, r.share, r.leader_title) for r in new] == [(r.title, r.kind, r.share, r.leader_title) for r in old]
    periods = Period.parse(str(2026 + years)).months()
    for before, after in zip((i for r in old for i in r.indicators), (i for r in new for i in r.indicators), strict=True):
        assert (after.name, after.weight, after.target, after.unchecked_from) == (before.name, before.weight, before.target, 2026)
        if before.target_date is not None and after.target_date is not None:
            assert after.target_date.year == before.target_date.year + years
            assert (after.target_date.month, after.target_date.day) in {
                (before.target_date.month, before.target_date.day),
                (2, 28),
            }
        targets = period_targets(after, periods)
        assert list(targets) == periods
        assert sums_back(after.yearly, targets)
    assert of_template(as_template(old)) == [
        ResultDraft(r.title, r.kind, r.leader_title, None, tuple(IndicatorDraft(**{**vars(i), "targets": {}}) for i in r.indicators))
        for r in old
    ], "a template holds everything but shares and targets by month"


def test_the_29th_of_february_becomes_the_28th() -> None:
    assert moved_by(dt.date(2028, 2, 29), years=1) == dt.date(2029, 2, 28)


def test_targets_set_by_hand_that_no_longer_fit_are_spread_anew() -> None:
    one = IndicatorDraft("Berkas", target=Decimal(120), targets={"2027-01": Target(Decimal(120))})
    assert set(period_targets(one, YEAR).values()) == {Target(Decimal(10))}


def test_a_copied_plan_is_a_draft_whose_lines_wait_to_be_looked_at(plan: PerformancePlan, city: City) -> None:
    viewer = city.viewer("pegawai", on=NEW_YEAR)
    copy = copy_plan(viewer=viewer, plan_id=plan.pk, now=NOW)
    assert (copy.year, copy.state, copy.valid) == (2027, "DRAF", DateRange(dt.date(2027, 1, 1), dt.date(2028, 1, 1)))
    assert [(i.name, i.target, i.target_date, i.unchecked_from) for i in copy.indicators.order_by("order")] == [
        ("Berkas selesai", Decimal(125), None, 2026),
        ("Laporan tahunan", None, dt.date(2027, 2, 20), 2026),
    ]
    berkas = copy.indicators.get(name="Berkas selesai")
    assert sum(t.target for t in berkas.period_targets.all()) == 125
    result = copy.work_results.get()
    assert (result.parent, result.leader_title, result.share) == (None, "Pelayanan prima", Decimal(60)), "his leader has no plan yet"
    with pytest.raises(NotNow, match="sudah mempunyai SKP"):
        copy_plan(viewer=viewer, plan_id=plan.pk, now=NOW)
    with pytest.raises(NotAllowed):
        copy_plan(viewer=city.viewer("penilai", on=NEW_YEAR), plan_id=plan.pk, now=NOW)


def test_a_draft_waits_for_its_leader_and_hangs_on_his_result_of_the_same_words(plan: PerformancePlan, city: City) -> None:
    viewer = city.viewer("pegawai", on=NEW_YEAR)
    copy = copy_plan(viewer=viewer, plan_id=plan.pk, now=NOW)
    with pytest.raises(NotNow, match="SKP atasan Anda belum ditetapkan"):
        submit_plan(viewer=viewer, plan_id=copy.pk, now=NOW)
    with pytest.raises(NotNow, match="Belum ada RHK pimpinan"):
        link_parents(viewer=viewer, plan_id=copy.pk, now=NOW)
    above = make_plan(city.people["penilai"], start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1))
    prime = make_result(above, "pelayanan  PRIMA")
    assert suggested_parents(copy) == {copy.work_results.get().pk: prime}
    link_parents(viewer=viewer, plan_id=copy.pk, now=NOW)
    linked = copy.work_results.get()
    assert (linked.parent, linked.leader_title) == (prime, "")
    with pytest.raises(Unacceptable) as refused:
        submit_plan(viewer=viewer, plan_id=copy.pk, now=NOW)
    assert len(refused.value.errors["copied"]) == 2
    first, second = copy.indicators.order_by("order")
    fields = IndicatorFields(name=first.name, target=Decimal(130))
    save_indicator(viewer=viewer, plan_id=copy.pk, work_result_id=linked.pk, indicator_id=first.pk, fields=fields, now=NOW)
    check_lines(viewer=viewer, plan_id=copy.pk, indicator_id=second.pk, now=NOW)
    assert not copy.indicators.filter(unchecked_from__isnull=False).exists()
    submit_plan(viewer=viewer, plan_id=copy.pk, now=NOW)
    agreed = agree_plan(viewer=city.viewer("penilai", on=NEW_YEAR), plan_id=copy.pk, now=NOW)
    assert agreed.state == "DITETAPKAN"


def test_only_the_owner_says_that_he_has_looked(plan: PerformancePlan, city: City) -> None:
    copy = copy_plan(viewer=city.viewer("pegawai", on=NEW_YEAR), plan_id=plan.pk, now=NOW)
    with pytest.raises(NotAllowed):
        check_lines(viewer=city.viewer("penilai", on=NEW_YEAR), plan_id=copy.pk, now=NOW)
    check_lines(viewer=city.viewer("pegawai", on=NEW_YEAR), plan_id=copy.pk, now=NOW)
    with pytest.raises(NotNow):
        check_lines(viewer=city.viewer("pegawai", on=NEW_YEAR), plan_id=copy.pk, now=NOW)


def test_a_leader_copies_the_plans_of_his_unit_once_and_leaves_out_who_had_none(plan: PerformancePlan, city: City) -> None:
    for person in city.staff[1:4]:
        make_indicator(make_plan(person))
    viewer = city.viewer("penilai", on=NEW_YEAR)
    unit = city.units["DPMPTSP.IZIN.YAN"]
    report = copy_plans(viewer=viewer, unit_id=unit.pk, year=2027, now=NOW)
    assert (report.copied, report.without_source) == (5, 8), "four of the twelve and the leader himself"
    assert set(PerformancePlan.objects.filter(year=2027).values_list("state", flat=True)) == {"DRAF"}
    again = copy_plans(viewer=viewer, unit_id=unit.pk, year=2027, now=NOW)
    assert (again.copied, again.without_source) == (0, 8)
    assert Event.objects.filter(action="appraisal.plans.copied").count() == 2


def test_copying_a_unit_is_for_its_own_office(plan: PerformancePlan, city: City) -> None:
    unit = city.units["DPMPTSP.IZIN.YAN"]
    for key in ("pegawai", "luar", "inspektorat"):
        with pytest.raises((NotAllowed, NotVisible)):
            copy_plans(viewer=city.viewer(key, on=NEW_YEAR), unit_id=unit.pk, year=2027, now=NOW)
    with pytest.raises(NotVisible):
        copy_plans(viewer=city.viewer("kadinkes", on=NEW_YEAR), unit_id=unit.pk, year=2027, now=NOW)
    with pytest.raises(NotNow):
        copy_plans(viewer=city.viewer("pengelola", on=NEW_YEAR), unit_id=city.units["DPMPTSP"].pk, year=2030, now=NOW)


def test_a_plan_made_by_somebody_else_meanwhile_is_told_in_a_sentence(plan: PerformancePlan, city: City) -> None:
    book = YearBook(2027)
    twice = [draft_of_post(Posting.objects.get(employee=city.staff[0]), leader=None, book=book) for _n in range(2)]
    with pytest.raises(NotNow, match="baru saja dibuat"):
        save_drafts(twice)
    assert not PerformancePlan.objects.filter(year=2027).exists()


def test_copying_a_large_unit_asks_no_more_of_the_database(city: City, plan: PerformancePlan) -> None:
    def asked(year: int, on: dt.date) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            copy_plans(viewer=viewer_of(on), unit_id=city.units["DPMPTSP"].pk, year=year, now=NOW)
        return len(found)

    def viewer_of(on: dt.date) -> Any:
        return city.viewer("pengelola", on=on)

    few = asked(2027, NEW_YEAR)
    PerformancePlan.objects.filter(year=2027).delete()
    for person in city.add_staff(40):
        make_indicator(make_plan(person))
    assert asked(2027, NEW_YEAR) <= few
    assert PerformancePlan.objects.filter(year=2027).count() == 42


def test_a_template_is_kept_by_version_and_starts_an_empty_draft(plan: PerformancePlan, city: City) -> None:
    leader, owner = city.viewer("penilai", on=NEW_YEAR), city.viewer("staf1", on=NEW_YEAR)
    first = save_template(viewer=leader, plan_id=plan.pk, everywhere=False, reason="SKP loket", now=NOW)
    second = save_template(viewer=leader, plan_id=plan.pk, everywhere=False, reason="Target baru", now=NOW)
    assert (first.version, second.version) == (1, 2)
    assert list(PlanTemplate.objects.current()) == [second]
    draft = create_plan(viewer=owner, posting_id=Posting.objects.get(employee=city.staff[1]).pk, year=2027, now=NOW)
    with pytest.raises(NotVisible):
        start_from_template(viewer=owner, plan_id=draft.pk, template_id=first.pk, now=NOW)
    start_from_template(viewer=owner, plan_id=draft.pk, template_id=second.pk, now=NOW)
    assert [(i.name, i.target_date, i.unchecked_from) for i in draft.indicators.order_by("order")] == [
        ("Berkas selesai", None, None),
        ("Laporan tahunan", dt.date(2027, 2, 20), None),
    ]
    assert (draft.work_results.get().share, draft.work_results.get().leader_title) == (None, "Pelayanan prima")
    with pytest.raises(NotNow):
        start_from_template(viewer=owner, plan_id=draft.pk, template_id=second.pk, now=NOW)
    end_template(viewer=leader, template_id=second.pk, reason="Tidak dipakai", now=NOW)
    assert not PlanTemplate.objects.current().exists()


def test_a_template_for_the_whole_city_is_kept_by_its_hr_alone(plan: PerformancePlan, city: City) -> None:
    for key, everywhere in (("penilai", True), ("pengelola", True), ("pegawai", False), ("bkpsdm", True)):
        viewer = city.viewer(key, on=NEW_YEAR)
        if key == "bkpsdm":
            assert save_template(viewer=viewer, plan_id=plan.pk, everywhere=everywhere, reason="Baku", now=NOW).unit is None
            continue
        with pytest.raises(NotAllowed):
            save_template(viewer=viewer, plan_id=plan.pk, everywhere=everywhere, reason="Baku", now=NOW)


def test_one_template_of_a_post_and_unit_is_current(plan: PerformancePlan, city: City) -> None:
    made = save_template(viewer=city.viewer("bkpsdm", on=NEW_YEAR), plan_id=plan.pk, everywhere=True, reason="Baku", now=NOW)
    twin = PlanTemplate(position=made.position, unit=None, version=2, year=2026, content=made.content, made_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    twin.is_current = False
    twin.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTemplate.objects.create(position=made.position, unit=city.units["DINKES"], year=2026, content=[], made_at=NOW)


def test_under_a_vacant_post_the_next_leader_agrees_the_plan(city: City) -> None:
    make_policy()
    post = Posting.objects.get(employee=city.people["pegawai"])
    assert leader_of(post, on=NEW_YEAR) == city.people["penilai"].pk
    Posting.objects.filter(employee=city.people["penilai"]).update(valid=DateRange(dt.date(2025, 1, 1), dt.date(2026, 12, 1)))
    assert leader_of(post, on=NEW_YEAR) == city.people["atasan"].pk
    viewer = city.viewer("pegawai", on=NEW_YEAR)
    plan = create_plan(viewer=viewer, posting_id=post.pk, year=2027, now=NOW)
    above = make_plan(city.people["atasan"], start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1))
    prime = make_result(above)
    result = save_work_result(
        viewer=viewer, plan_id=plan.pk, work_result_id=None, kind="UTAMA", title="Izin terbit", parent_id=prime.pk, now=NOW
    )
    fields = IndicatorFields(name="Berkas", target=Decimal(12))
    save_indicator(viewer=viewer, plan_id=plan.pk, work_result_id=result.pk, indicator_id=None, fields=fields, now=NOW)
    submit_plan(viewer=viewer, plan_id=plan.pk, now=NOW)
    agreed = agree_plan(viewer=city.viewer("atasan", on=NEW_YEAR), plan_id=plan.pk, now=NOW)
    assert agreed.assessor == city.people["atasan"]


def test_leaders_of_many_posts_are_found_in_three_queries(city: City, django_assert_max_num_queries: Any) -> None:
    city.add_staff(30, supervisor=None)
    posts = list(Posting.objects.select_related("unit"))
    with django_assert_max_num_queries(3):
        found = leaders_of(posts, on=NEW_YEAR)
    assert found[Posting.objects.get(employee=city.people["walikota"]).pk] is None
    assert sum(1 for leader in found.values() if leader == city.people["penilai"].pk) == 42


def test_a_result_may_wait_for_a_leader_and_its_line_is_forgotten_once_chosen(plan: PerformancePlan, city: City) -> None:
    viewer = city.viewer("pegawai", on=NEW_YEAR)
    copy = copy_plan(viewer=viewer, plan_id=plan.pk, now=NOW)
    other = make_result(make_plan(city.people["penilai"], start=dt.date(2027, 1, 1), end=dt.date(2028, 1, 1)), "Lain sama sekali")
    assert suggested_parents(copy) == {}
    row = copy.work_results.get()
    save_work_result(
        viewer=viewer, plan_id=copy.pk, work_result_id=row.pk, kind="UTAMA", title=row.title, parent_id=other.pk, share=None, now=NOW
    )
    assert WorkResult.objects.get(pk=row.pk).leader_title == ""
    assert Indicator.objects.filter(plan=copy, unchecked_from=2026).count() == 2
