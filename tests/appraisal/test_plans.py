"""The yearly plan: drafted from a post, hung on the leader's results, signed by both, revised with a reason."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import DepthPolicy, Indicator, PerformancePlan, PeriodTarget, ProgressEntry, WorkResult
from appraisal.queries.plans import cascade_of, leader_results
from appraisal.rules.targets import Target
from appraisal.services import plans
from appraisal.services.dialogues import note_plan_dialogue
from appraisal.services.plans import IndicatorFields
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from employees.models import AppraisalRegime, Posting
from tests.people import City

from .planning import NOW, make_cycle, make_indicator, make_plan, make_result

FILES = IndicatorFields(name="Berkas selesai", unit_name="berkas", target=Decimal(120))


class Desk:
    """One person at his desk: every service of plans with himself as the viewer."""

    def __init__(self, city: City, who: str) -> None:
        self.city, self.viewer = city, city.viewer(who, on=NOW.date())
        self.person = city.people[who]

    def __getattr__(self, service: str):  # type: ignore[no-untyped-def]
        return lambda **values: getattr(plans, service)(viewer=self.viewer, now=NOW, **values)

    def draft(self) -> PerformancePlan:
        return self.create_plan(posting_id=Posting.objects.known().get(employee=self.person).pk, year=2026)

    def result(self, plan: PerformancePlan, parent: WorkResult | None = None, **values: object) -> WorkResult:
        given = {"work_result_id": None, "kind": "UTAMA", "title": "Izin terbit tepat waktu", "parent_id": parent and parent.pk, **values}
        return self.save_work_result(plan_id=plan.pk, **given)

    def indicator(self, plan: PerformancePlan, fields: IndicatorFields = FILES, **values: object) -> Indicator:
        given = {"indicator_id": None, "work_result_id": plan.work_results.get().pk, "fields": fields, **values}
        return self.save_indicator(plan_id=plan.pk, **given)


@pytest.fixture
def leader_result(city: City) -> WorkResult:
    return make_result(make_plan(city.people["penilai"]), "Layanan perizinan cepat")


@pytest.fixture
def owner(city: City) -> Desk:
    return Desk(city, "pegawai")


@pytest.fixture
def leader(city: City) -> Desk:
    return Desk(city, "penilai")


@pytest.fixture
def ready(owner: Desk, leader_result: WorkResult) -> PerformancePlan:
    plan = owner.draft()
    owner.result(plan, leader_result)
    owner.indicator(plan)
    return plan


@pytest.fixture
def agreed(owner: Desk, leader: Desk, ready: PerformancePlan) -> PerformancePlan:
    owner.submit_plan(plan_id=ready.pk)
    return leader.agree_plan(plan_id=ready.pk)


def months(plan: PerformancePlan) -> dict[str, Decimal | None]:
    return dict(PeriodTarget.objects.filter(indicator__plan=plan).order_by("start").values_list("period", "target"))


class TestDrafting:
    def test_a_draft_takes_post_unit_assessor_and_days_from_the_posting(self, city: City, owner: Desk) -> None:
        plan = owner.draft()
        assert (plan.state, plan.assessor, plan.unit) == ("DRAF", city.people["penilai"], city.units["DPMPTSP.IZIN.YAN"])
        assert plan.valid == DateRange(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
        assert Event.objects.get(action="appraisal.plan.created").actor == city.users["pegawai"].pk

    def test_the_pengelola_drafts_for_his_agency_and_for_no_other(self, city: City) -> None:
        desk = Desk(city, "pengelola")
        mine, foreign = (Posting.objects.known().get(employee=city.people[who]).pk for who in ("staf1", "luar"))
        assert desk.create_plan(posting_id=mine, year=2026).employee == city.people["staf1"]
        with pytest.raises(NotVisible):
            desk.create_plan(posting_id=foreign, year=2026)

    @pytest.mark.parametrize("who", ["penilai", "luar", "bkpsdm", "staf1"])
    def test_nobody_else_drafts_for_a_person(self, city: City, owner: Desk, who: str) -> None:
        posting = Posting.objects.known().get(employee=owner.person).pk
        with pytest.raises(NotVisible):
            Desk(city, who).create_plan(posting_id=posting, year=2026)

    def test_a_second_plan_for_the_same_days_is_refused(self, owner: Desk) -> None:
        owner.draft()
        with pytest.raises(NotNow):
            owner.draft()

    def test_a_group_that_is_appraised_elsewhere_has_no_plan_here(self, owner: Desk) -> None:
        AppraisalRegime.objects.update(regime="IMPORTED")
        with pytest.raises(NotNow):
            owner.draft()

    def test_after_a_transfer_the_old_plan_ends_where_the_new_begins(self, city: City, owner: Desk, agreed: PerformancePlan) -> None:
        old = Posting.objects.known().get(employee=owner.person)
        old.valid = DateRange(old.valid.lower, dt.date(2026, 10, 12))
        old.save()
        new = Posting.objects.create(
            employee=owner.person, unit=city.units["DPMPTSP.SEK"], position=old.position, supervisor=city.people["dpmptsp"],
            valid=DateRange(dt.date(2026, 10, 12), None), known=old.known,
        )  # fmt: skip
        later = owner.create_plan(posting_id=new.pk, year=2026)
        agreed.refresh_from_db()
        assert (agreed.state, agreed.valid.upper) == ("DITUTUP", dt.date(2026, 10, 12))
        assert later.valid.lower == dt.date(2026, 10, 12)
        assert max(months(agreed)) == "2026-10"

    def test_a_plan_may_be_drafted_before_the_leaders_but_not_handed_in(self, owner: Desk) -> None:
        plan = owner.draft()
        owner.result(plan)
        owner.indicator(plan)
        with pytest.raises(NotNow, match="SKP atasan"):
            owner.submit_plan(plan_id=plan.pk)
        assert PerformancePlan.objects.get().state == "DRAF"

    def test_a_plan_without_assessor_stays_a_draft(self, owner: Desk, ready: PerformancePlan) -> None:
        Posting.objects.filter(employee=owner.person).update(supervisor=None)
        Posting.objects.filter(heads_unit=True).update(heads_unit=False)
        with pytest.raises(NotNow, match="Pejabat penilai"):
            owner.submit_plan(plan_id=ready.pk)


class TestContents:
    def test_a_main_result_hangs_on_a_result_of_the_assessor_only(self, city: City, owner: Desk, leader_result: WorkResult) -> None:
        plan = owner.draft()
        foreign = make_result(make_plan(city.people["kadinkes"]))
        with pytest.raises(Unacceptable) as refusal:
            owner.result(plan, foreign)
        assert set(refusal.value.errors) == {"parent_id"}
        assert owner.result(plan, leader_result, share=Decimal("33.33")).parent == leader_result

    @pytest.mark.parametrize("share", [Decimal(0), Decimal(-1), Decimal("100.01")])
    def test_a_share_is_more_than_nothing_and_at_most_everything(self, owner: Desk, leader_result: WorkResult, share: Decimal) -> None:
        with pytest.raises(Unacceptable) as refusal:
            owner.result(owner.draft(), leader_result, share=share)
        assert set(refusal.value.errors) == {"share"}

    def test_the_leaders_draft_offers_nothing_yet(self, city: City, owner: Desk) -> None:
        make_result(make_plan(city.people["penilai"], state="DRAF"))
        assert not leader_results(owner.draft()).exists()

    def test_a_yearly_sum_is_spread_as_soon_as_it_is_written_and_again_when_it_changes(self, owner: Desk, ready: PerformancePlan) -> None:
        assert set(months(ready).values()) == {Decimal(10)}
        owner.indicator(ready, IndicatorFields(name="Berkas", target=Decimal(100)), indicator_id=ready.indicators.get().pk)
        assert list(months(ready).values()) == [Decimal("8.33")] * 11 + [Decimal("8.37")]

    @pytest.mark.parametrize(
        ("field", "fields"),
        [
            ("target", IndicatorFields(name="x")),
            ("target", IndicatorFields(name="x", form="RENTANG", target=Decimal(95), target_max=Decimal(90))),
            ("target", IndicatorFields(name="x", form="TANGGAL")),
            ("target", IndicatorFields(name="x", form="PERNYATAAN")),
            ("target", IndicatorFields(name="x", target=Decimal(-1))),
            ("target", IndicatorFields(name="x", target=Decimal("0.00001"))),
            ("target", IndicatorFields(name="x", target=Decimal(1), weight=0)),
            ("name", IndicatorFields(name=" ", target=Decimal(1))),
            ("aspect", IndicatorFields(name="x", aspect="RASA", target=Decimal(1))),
            ("measure", IndicatorFields(name="x", measure="BEBAS", target=Decimal(1))),
            ("direction", IndicatorFields(name="x", direction="SAMPING", target=Decimal(1))),
        ],
    )
    def test_an_indicator_that_does_not_fit_is_named_at_its_field(
        self, owner: Desk, leader_result: WorkResult, field: str, fields: IndicatorFields
    ) -> None:
        plan = owner.draft()
        owner.result(plan, leader_result)
        with pytest.raises(Unacceptable) as refusal:
            owner.indicator(plan, fields)
        assert set(refusal.value.errors) == {field}
        assert not Indicator.objects.exists()

    def test_a_measured_indicator_takes_the_last_figure_of_its_period(self, owner: Desk, ready: PerformancePlan) -> None:
        fields = IndicatorFields(name="Tepat waktu", measure="LAYANAN_TEPAT_WAKTU", target=Decimal(90), unit_name="%")
        assert owner.indicator(ready, fields).accumulation == "LAST"

    def test_targets_edited_by_hand_must_still_add_up_to_the_year(self, owner: Desk, ready: PerformancePlan) -> None:
        indicator = ready.indicators.get()
        with pytest.raises(Unacceptable):
            owner.set_period_targets(plan_id=ready.pk, indicator_id=indicator.pk, targets={"2026-01": Target(Decimal(20))})
        uneven = {"2026-01": Target(Decimal(20)), "2026-02": Target(Decimal(0))}
        owner.set_period_targets(plan_id=ready.pk, indicator_id=indicator.pk, targets=uneven)
        assert (months(ready)["2026-01"], months(ready)["2026-02"]) == (20, 0)
        owner.spread_targets(plan_id=ready.pk)
        assert set(months(ready).values()) == {Decimal(10)}

    @pytest.mark.parametrize("wrong", [Target(), Target(Decimal(-10)), Target(Decimal(10), Decimal(20)), Target(date=dt.date(2026, 1, 31))])
    def test_an_edited_target_fits_its_form(self, owner: Desk, ready: PerformancePlan, wrong: Target) -> None:
        with pytest.raises(Unacceptable):
            owner.set_period_targets(plan_id=ready.pk, indicator_id=ready.indicators.get().pk, targets={"2026-01": wrong})

    def test_the_assessor_edits_the_draft_too_and_others_do_not(self, city: City, leader: Desk, ready: PerformancePlan) -> None:
        assert leader.indicator(ready, IndicatorFields(name="Keluhan", direction="TURUN", target=Decimal(3))).pk
        for who, refusal in (("atasan", NotAllowed), ("bkpsdm", NotAllowed), ("luar", NotVisible), ("staf1", NotVisible)):
            with pytest.raises(refusal):
                Desk(city, who).indicator(ready)

    def test_a_result_that_others_support_cannot_be_removed(self, city: City, leader: Desk, ready: PerformancePlan) -> None:
        theirs = PerformancePlan.objects.get(employee=city.people["penilai"])
        theirs.state = "REVISI"
        theirs.save()
        with pytest.raises(NotNow):
            leader.delete_work_result(plan_id=theirs.pk, work_result_id=theirs.work_results.get().pk)

    def test_results_and_indicators_of_a_draft_can_be_removed(self, owner: Desk, ready: PerformancePlan) -> None:
        owner.delete_indicator(plan_id=ready.pk, indicator_id=ready.indicators.get().pk)
        owner.delete_work_result(plan_id=ready.pk, work_result_id=ready.work_results.get().pk)
        assert not ready.work_results.exists()
        assert Event.objects.filter(action__startswith="appraisal.plan.").count() == 5

    def test_ids_of_another_plan_are_not_found(self, city: City, owner: Desk, ready: PerformancePlan) -> None:
        other = make_indicator(make_plan(city.people["staf1"]))
        with pytest.raises(NotVisible):
            owner.indicator(ready, indicator_id=other.pk)
        with pytest.raises(NotVisible):
            owner.delete_work_result(plan_id=ready.pk, work_result_id=other.work_result_id)

    def test_gaps_and_shares_of_a_leader_are_named(self, city: City, leader_result: WorkResult, ready: PerformancePlan) -> None:
        alone = make_result(leader_result.plan, "Arsip rapi")
        ready.work_results.update(share=Decimal(60))
        ready.state = "DIAJUKAN"
        ready.save()
        found = cascade_of(leader_result.plan)
        assert found.gaps == (alone.pk,)
        assert found.uneven == ((leader_result.pk, Decimal(60)),)

    def test_a_save_on_an_old_version_is_stale_and_says_the_new_one(self, owner: Desk, ready: PerformancePlan) -> None:
        with pytest.raises(Stale) as refusal:
            owner.indicator(ready, version=1)
        ready.refresh_from_db()
        assert refusal.value.version == ready.version > 1


class TestSigning:
    def test_both_sign_and_each_is_told(self, city: City, owner: Desk, leader: Desk, ready: PerformancePlan) -> None:
        handed = owner.submit_plan(plan_id=ready.pk)
        assert (handed.state, handed.signed_by_employee_at) == ("DIAJUKAN", NOW)
        assert Notice.objects.get(recipient=city.users["penilai"].pk).kind == "plan_submitted"
        done = leader.agree_plan(plan_id=ready.pk)
        assert (done.state, done.signed_by_assessor_at) == ("DITETAPKAN", NOW)
        assert Notice.objects.get(recipient=city.users["pegawai"].pk).kind == "plan_agreed"
        assert Event.objects.filter(action="appraisal.plan.moved", subject_id=str(ready.pk)).count() == 2

    def test_an_empty_plan_cannot_be_handed_in(self, owner: Desk, leader_result: WorkResult) -> None:
        plan = owner.draft()
        with pytest.raises(Unacceptable) as refusal:
            owner.submit_plan(plan_id=plan.pk)
        assert set(refusal.value.errors) == {"indicators"}
        owner.result(plan, leader_result)
        with pytest.raises(Unacceptable):
            owner.submit_plan(plan_id=plan.pk)

    def test_a_main_result_without_the_leaders_is_named(self, owner: Desk, leader_result: WorkResult) -> None:
        plan = owner.draft()
        owner.result(plan, title="Tanpa induk")
        owner.indicator(plan)
        with pytest.raises(Unacceptable) as refusal:
            owner.submit_plan(plan_id=plan.pk)
        assert "Tanpa induk" in refusal.value.errors["parent_id"][0]

    def test_an_extra_result_needs_no_parent(self, owner: Desk, leader_result: WorkResult) -> None:
        plan = owner.draft()
        owner.result(plan, kind="TAMBAHAN")
        owner.indicator(plan)
        assert owner.submit_plan(plan_id=plan.pk).state == "DIAJUKAN"

    def test_the_head_of_an_agency_and_who_serves_the_mayor_hang_on_nobody(self, city: City) -> None:
        for who in ("dpmptsp", "pimpinan"):
            desk = Desk(city, who)
            plan = desk.draft()
            desk.result(plan)
            desk.indicator(plan)
            assert desk.submit_plan(plan_id=plan.pk).state == "DIAJUKAN"

    def test_the_assessor_returns_with_a_reason(self, owner: Desk, leader: Desk, ready: PerformancePlan) -> None:
        owner.submit_plan(plan_id=ready.pk)
        with pytest.raises(Unacceptable):
            leader.return_plan(plan_id=ready.pk, reason=" ")
        back = leader.return_plan(plan_id=ready.pk, reason="Target terlalu rendah")
        assert (back.state, back.signed_by_employee_at) == ("DRAF", None)
        assert Event.objects.filter(reason="Target terlalu rendah").exists()

    @pytest.mark.parametrize("who", ["pegawai", "atasan", "dpmptsp", "bkpsdm", "pengelola", "inspektorat"])
    def test_only_the_assessor_signs_or_returns(self, city: City, owner: Desk, ready: PerformancePlan, who: str) -> None:
        owner.submit_plan(plan_id=ready.pk)
        desk = Desk(city, who)
        for act in (lambda: desk.agree_plan(plan_id=ready.pk), lambda: desk.return_plan(plan_id=ready.pk, reason="x")):
            with pytest.raises(NotAllowed):
                act()

    @pytest.mark.parametrize("who", ["penilai", "bkpsdm"])
    def test_only_the_owner_hands_in(self, city: City, ready: PerformancePlan, who: str) -> None:
        with pytest.raises(NotAllowed):
            Desk(city, who).submit_plan(plan_id=ready.pk)

    def test_moves_out_of_order_are_not_now(self, owner: Desk, leader: Desk, ready: PerformancePlan) -> None:
        for act in (
            lambda: leader.agree_plan(plan_id=ready.pk),
            lambda: leader.return_plan(plan_id=ready.pk, reason="x"),
            lambda: owner.start_revision(plan_id=ready.pk, reason="x"),
        ):
            with pytest.raises(NotNow):
                act()
        owner.submit_plan(plan_id=ready.pk)
        for act in (lambda: owner.submit_plan(plan_id=ready.pk), lambda: owner.indicator(ready)):
            with pytest.raises(NotNow):
                act()

    def test_a_leader_who_has_left_signs_no_more_his_successor_does(
        self, city: City, owner: Desk, leader: Desk, ready: PerformancePlan
    ) -> None:
        make_result(make_plan(city.people["atasan"]))
        Posting.objects.filter(employee=owner.person).update(supervisor=city.people["atasan"])
        ready.work_results.update(kind="TAMBAHAN")
        assert owner.submit_plan(plan_id=ready.pk).assessor == city.people["atasan"]
        with pytest.raises(NotAllowed):
            leader.agree_plan(plan_id=ready.pk)
        assert Desk(city, "atasan").agree_plan(plan_id=ready.pk).state == "DITETAPKAN"

    def test_a_plan_signed_late_is_valid_from_the_first_open_period(
        self, city: City, owner: Desk, leader: Desk, ready: PerformancePlan
    ) -> None:
        owner.submit_plan(plan_id=ready.pk)
        for month in range(1, 4):
            make_cycle(city, f"2026-{month:02}", state="TERBIT")
        done = leader.agree_plan(plan_id=ready.pk)
        assert done.valid.lower == dt.date(2026, 4, 1)
        assert next(iter(months(done).items())) == ("2026-04", Decimal("13.33"))
        assert sum(months(done).values()) == 120  # type: ignore[arg-type]

    def test_the_database_refuses_an_agreed_plan_without_both_signatures(self, ready: PerformancePlan) -> None:
        ready.state = "DITETAPKAN"
        with pytest.raises(Exception, match="kedua pihak"):
            ready.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            ready.save()
        ready.signed_by_employee_at = ready.signed_by_assessor_at = NOW
        ready.full_clean(exclude=["behaviour_expectations"])

    def test_the_assessor_writes_his_expectations_and_the_owner_does_not(self, owner: Desk, leader: Desk, ready: PerformancePlan) -> None:
        with pytest.raises(NotAllowed):
            owner.save_expectations(plan_id=ready.pk, expectations={"BP": "x"})
        with pytest.raises(Unacceptable):
            leader.save_expectations(plan_id=ready.pk, expectations={"XX": "x"})
        leader.save_expectations(plan_id=ready.pk, expectations={"BP": "Sapa pemohon lebih dulu", "AK": "  "})
        ready.refresh_from_db()
        assert ready.behaviour_expectations == {"BP": "Sapa pemohon lebih dulu"}


class TestRevision:
    @pytest.fixture
    def half(self, city: City, agreed: PerformancePlan) -> PerformancePlan:
        """January to June are published, with 60 of 120 files in their targets."""
        for month in range(1, 7):
            make_cycle(city, f"2026-{month:02}", state="TERBIT")
        return agreed

    def change(self, desk: Desk, plan: PerformancePlan, target: int) -> None:
        fields = IndicatorFields(name="Berkas selesai", unit_name="berkas", target=Decimal(target), weight=3)
        desk.indicator(plan, fields, indicator_id=plan.indicators.get().pk)

    def test_either_side_starts_one_with_a_reason_and_the_other_is_told(
        self, city: City, owner: Desk, leader: Desk, agreed: PerformancePlan
    ) -> None:
        with pytest.raises(Unacceptable):
            leader.start_revision(plan_id=agreed.pk, reason="")
        plan = leader.start_revision(plan_id=agreed.pk, reason="Tugas bertambah")
        assert (plan.state, plan.revision, plan.revision_reason) == ("REVISI", 1, "Tugas bertambah")
        assert Notice.objects.filter(recipient=city.users["pegawai"].pk, kind="plan_revision_started").exists()
        with pytest.raises(NotAllowed):
            Desk(city, "atasan").start_revision(plan_id=agreed.pk, reason="x")

    def test_what_is_proposed_counts_only_when_both_have_signed(self, owner: Desk, leader: Desk, half: PerformancePlan) -> None:
        owner.start_revision(plan_id=half.pk, reason="Beban berkurang")
        self.change(owner, half, 90)
        indicator = half.indicators.get()
        assert (indicator.target, indicator.weight, set(months(half).values())) == (120, 1, {Decimal(10)})
        owner.submit_plan(plan_id=half.pk)
        assert PerformancePlan.objects.agreed().filter(pk=half.pk).exists()
        assert set(months(half).values()) == {Decimal(10)}
        leader.agree_plan(plan_id=half.pk)
        indicator.refresh_from_db()
        assert (indicator.target, indicator.weight, indicator.proposal) == (90, 3, None)

    def test_only_open_periods_change_and_the_year_still_adds_up(self, owner: Desk, leader: Desk, half: PerformancePlan) -> None:
        owner.start_revision(plan_id=half.pk, reason="Beban berkurang")
        self.change(owner, half, 100)
        owner.submit_plan(plan_id=half.pk)
        leader.agree_plan(plan_id=half.pk)
        rows = list(months(half).values())
        assert rows[:6] == [Decimal(10)] * 6
        assert rows[6:] == [Decimal("6.67")] * 5 + [Decimal("6.65")]
        replaced = Event.objects.filter(action="appraisal.plan.moved").latest("id").old["replaced"][0]
        assert (replaced["target"], replaced["targets"]["2026-07"]) == ("120.0000", ["10.0000", None, None])

    def test_a_year_below_what_closed_periods_hold_is_refused(self, owner: Desk, leader: Desk, half: PerformancePlan) -> None:
        owner.start_revision(plan_id=half.pk, reason="Beban berkurang")
        self.change(owner, half, 59)
        owner.submit_plan(plan_id=half.pk)
        with pytest.raises(Unacceptable):
            leader.agree_plan(plan_id=half.pk)
        assert set(months(half).values()) == {Decimal(10)}

    def test_a_returned_revision_goes_on_as_revision(self, owner: Desk, leader: Desk, half: PerformancePlan) -> None:
        owner.start_revision(plan_id=half.pk, reason="Beban berkurang")
        owner.submit_plan(plan_id=half.pk)
        assert leader.return_plan(plan_id=half.pk, reason="Belum jelas").state == "REVISI"

    def test_a_new_indicator_of_a_revision_has_targets_for_open_periods_only(
        self, owner: Desk, leader: Desk, half: PerformancePlan
    ) -> None:
        owner.start_revision(plan_id=half.pk, reason="Tugas bertambah")
        new = owner.indicator(half, IndicatorFields(name="Sosialisasi", target=Decimal(6)))
        assert not new.period_targets.exists()
        owner.submit_plan(plan_id=half.pk)
        leader.agree_plan(plan_id=half.pk)
        assert list(new.period_targets.order_by("start").values_list("period", flat=True)) == [f"2026-{m:02}" for m in range(7, 13)]
        assert new.period_targets.first().target == 1

    def test_an_indicator_that_ends_keeps_closed_periods_and_entered_figures(
        self, city: City, owner: Desk, leader: Desk, half: PerformancePlan
    ) -> None:
        indicator = half.indicators.get()
        owner.start_revision(plan_id=half.pk, reason="Tugas dialihkan")
        owner.indicator(half, IndicatorFields(name="Pengganti", target=Decimal(6)))
        owner.delete_indicator(plan_id=half.pk, indicator_id=indicator.pk)
        assert set(months(half)) == {f"2026-{m:02}" for m in range(1, 13)}
        july = indicator.period_targets.get(period="2026-07")
        ProgressEntry.objects.create(target=july, employee=owner.person, value=1, entered_at=NOW)
        owner.submit_plan(plan_id=half.pk)
        leader.agree_plan(plan_id=half.pk)
        indicator.refresh_from_db()
        assert indicator.retired_on == dt.date(2026, 7, 1)
        assert list(indicator.period_targets.order_by("start").values_list("period", flat=True)) == [f"2026-{m:02}" for m in range(1, 8)]

    def test_targets_edited_in_a_revision_wait_too_and_closed_ones_cannot_be_edited(
        self, owner: Desk, leader: Desk, half: PerformancePlan
    ) -> None:
        owner.start_revision(plan_id=half.pk, reason="Musim ramai")
        number = half.indicators.get().pk
        with pytest.raises(NotNow):
            owner.set_period_targets(plan_id=half.pk, indicator_id=number, targets={"2026-03": Target(Decimal(1))})
        uneven = {"2026-07": Target(Decimal(5)), "2026-12": Target(Decimal(15))}
        owner.set_period_targets(plan_id=half.pk, indicator_id=number, targets=uneven)
        assert set(months(half).values()) == {Decimal(10)}
        owner.submit_plan(plan_id=half.pk)
        leader.agree_plan(plan_id=half.pk)
        assert (months(half)["2026-07"], months(half)["2026-12"], months(half)["2026-08"]) == (5, 15, 10)

    def test_a_period_that_closed_after_the_proposal_is_not_changed_behind_the_back(
        self, city: City, owner: Desk, leader: Desk, half: PerformancePlan
    ) -> None:
        owner.start_revision(plan_id=half.pk, reason="Musim ramai")
        uneven = {"2026-07": Target(Decimal(5)), "2026-12": Target(Decimal(15))}
        owner.set_period_targets(plan_id=half.pk, indicator_id=half.indicators.get().pk, targets=uneven)
        owner.submit_plan(plan_id=half.pk)
        make_cycle(city, "2026-07", state="DITUTUP")
        with pytest.raises(NotNow):
            leader.agree_plan(plan_id=half.pk)
        assert months(half)["2026-12"] == 10

    def test_spreading_anew_in_a_revision_drops_edits_by_hand_at_the_signature(
        self, owner: Desk, leader: Desk, half: PerformancePlan
    ) -> None:
        PeriodTarget.objects.filter(indicator__plan=half, period="2026-07").update(target=5)
        PeriodTarget.objects.filter(indicator__plan=half, period="2026-12").update(target=15)
        owner.start_revision(plan_id=half.pk, reason="Rata lagi")
        owner.spread_targets(plan_id=half.pk)
        assert months(half)["2026-07"] == 5
        owner.submit_plan(plan_id=half.pk)
        leader.agree_plan(plan_id=half.pk)
        assert set(months(half).values()) == {Decimal(10)}


def test_a_plan_is_agreed_after_a_dialogue_where_the_policy_says_so(owner: Desk, leader: Desk, ready: PerformancePlan) -> None:
    words = {"plan_id": ready.pk, "held_on": NOW.date(), "summary": "Membahas target", "agreed": ""}
    DepthPolicy.objects.create(code="dialog", valid=(dt.date(2026, 1, 1), None), reason="SK", dialogue_at_plan=True)
    owner.submit_plan(plan_id=ready.pk)
    with pytest.raises(Unacceptable, match="sebelum SKP ditetapkan"):
        leader.agree_plan(plan_id=ready.pk)
    with pytest.raises(NotAllowed):
        note_plan_dialogue(viewer=owner.viewer, now=NOW, **words)
    note_plan_dialogue(viewer=leader.viewer, now=NOW, **words)
    assert leader.agree_plan(plan_id=ready.pk).state == "DITETAPKAN"
    leader.start_revision(plan_id=ready.pk, reason="Target diturunkan")
    owner.submit_plan(plan_id=ready.pk)
    with pytest.raises(Unacceptable, match="sebelum SKP ditetapkan"):
        leader.agree_plan(plan_id=ready.pk)
    note_plan_dialogue(viewer=leader.viewer, now=NOW, **words)
    assert leader.agree_plan(plan_id=ready.pk).state == "DITETAPKAN"
