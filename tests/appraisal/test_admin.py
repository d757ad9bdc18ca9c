"""The admin of appraisal: looked at as on the site, changed only by drafting and adopting rule versions."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.models import AppraisalPolicy, Assessment, Feedback, ProgressEntry, Score
from appraisal.services.policy_versions import adopt_version, draft_version
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event, Seal
from bukittinggi_kinerja.common.seal import seal_new
from tests.people import City

from .planning import NOW, RATED, make_case, make_cycle, make_indicator, make_plan, make_policy

MODELS = ("appraisalpolicy", "cycle", "performanceplan", "assessment", "score", "progressentry", "feedback")


def page(name: str, *args: int) -> str:
    return reverse(f"admin:appraisal_{name}", args=args)


@pytest.fixture
def case(city: City) -> Assessment:
    cycle = make_cycle(city)
    plan = make_plan(city.people["pegawai"])
    indicator = make_indicator(plan)
    target = indicator.period_targets.get(period=cycle.period)
    ProgressEntry.objects.create(target=target, employee=plan.employee, value=5, entered_at=NOW)
    Feedback.objects.create(
        employee=plan.employee, author=city.people["penilai"], source="PIMPINAN", behaviour="BP", tone="APRESIASI",
        happened_on=NOW.date(), text="Rahasia berdua", created_at=NOW,
    )  # fmt: skip
    return make_case(cycle, plan, rated_by=city.people["penilai"], **{**RATED, "result_rating": 3})


@pytest.mark.parametrize("model", MODELS)
def test_hr_of_the_city_reads_every_list_and_nobody_else_enters(city: City, case: Assessment, model: str) -> None:
    assert city.client("bkpsdm").get(page(f"{model}_changelist")).status_code == 200
    for who in ("pengelola", "penilai", "pegawai", "inspektorat", "pimpinan", "luar"):
        assert city.client(who).get(page(f"{model}_changelist")).status_code == 403


@pytest.mark.parametrize("model", ["cycle", "performanceplan", "assessment", "progressentry", "feedback"])
def test_what_has_a_life_is_looked_at_only(city: City, case: Assessment, model: str) -> None:
    browser = city.client("bkpsdm")
    row = {"cycle": case.cycle, "performanceplan": case.plan, "assessment": case}.get(model) or (
        ProgressEntry if model == "progressentry" else Feedback
    ).objects.get()
    assert browser.get(page(f"{model}_change", row.pk)).status_code == 200
    assert browser.post(page(f"{model}_change", row.pk), {}).status_code == 403
    assert browser.get(page(f"{model}_add")).status_code == 403
    assert browser.post(page(f"{model}_delete", row.pk), {"post": "yes"}).status_code == 403


def test_marks_that_are_not_published_are_not_in_the_admin(city: City, case: Assessment) -> None:
    seen = city.client("bkpsdm").get(page("assessment_change", case.pk)).content.decode()
    assert "belum terbit" in seen
    assert "Di atas ekspektasi" not in seen
    Assessment.objects.update(state="TERBIT", published_at=NOW)
    assert "Di atas ekspektasi" in city.client("bkpsdm").get(page("assessment_change", case.pk)).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "appraisal/assessment/?result_rating=3&id={id}",
        "appraisal/assessment/?result_rating__gte=3",
        "appraisal/assessment/?behaviour_rating__isnull=False",
        "appraisal/assessment/?mark_ak__in=1,2",
        "appraisal/assessment/?note__contains=a",
        "appraisal/assessment/?examples__text__contains=a",
        "appraisal/assessment/?cycle__assessments__result_rating=3",
        "appraisal/cycle/?assessments__result_rating=3",
        "appraisal/feedback/?text__startswith=R",
        "common/event/?new__icontains=3",
        "common/event/?old__result_rating=3",
        "common/event/?subject_type__regex=a",
    ],
)
def test_no_filter_of_a_list_asks_for_what_the_page_keeps_back(city: City, case: Assessment, path: str) -> None:
    assert city.client("bkpsdm").get(f"/admin/{path.format(id=case.pk)}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "appraisal/assessment/?state__exact=%00",
        "appraisal/assessment/?cycle__period=2026-01%00",
        "common/closedday/?date__year=9999",
        "common/closedday/?date__year=²",
    ],
)
def test_no_filter_takes_a_value_that_breaks_its_list(city: City, case: Assessment, path: str) -> None:
    assert city.client("bkpsdm").get(f"/admin/{path}").status_code == 400


def test_every_filter_that_a_list_offers_is_answered(city: City, case: Assessment) -> None:
    record_event(action="appraisal.plan.moved", subject=case, actor=1, now=NOW, new={"state": "terbuka"})
    load_calendar([2026])
    browser, followed = city.client("bkpsdm"), 0
    for model in site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for link in sorted(set(re.findall(r'href="(\?[^"]*)"', browser.get(address).content.decode()))):
            assert browser.get(address + unescape(link)).status_code == 200, (address, link)
            followed += "__" in link
    assert browser.get(page("assessment_changelist"), {"id": case.pk}).status_code == 200
    assert followed > 40


def test_events_about_marks_show_who_and_when_but_not_the_marks(city: City, case: Assessment) -> None:
    kept = record_event(action="appraisal.assessment.marked", subject=case, actor=1, now=NOW, old={}, new={"result_rating": "rahasia-3"})
    told = record_event(action="appraisal.plan.moved", subject=case, actor=1, now=NOW, old={}, new={"state": "terbuka"})
    browser = city.client("bkpsdm")
    seen = browser.get(reverse("admin:common_event_change", args=[kept.pk])).content.decode()
    assert "appraisal.assessment.marked" in seen
    assert "rahasia-3" not in seen
    assert "terbuka" in browser.get(reverse("admin:common_event_change", args=[told.pk])).content.decode()


def test_a_seal_is_shown_without_its_thousands_of_digests(city: City) -> None:
    seal_new(now=NOW)
    seal = Seal.objects.latest("id")
    page_of_seal = city.client("bkpsdm").get(reverse("admin:common_seal_change", args=[seal.pk]))
    assert seal.digest in page_of_seal.content.decode()
    assert "row_digests" not in page_of_seal.content.decode()


def test_a_score_appears_with_its_publication(city: City, case: Assessment) -> None:
    Score.objects.create(assessment=case, policy=case.cycle.policy, marks=[None] * 7, predicate=4, computed_at=NOW)
    browser = city.client("bkpsdm")
    assert "0 hasil hitung" in browser.get(page("score_changelist")).content.decode()
    Assessment.objects.update(state="TERBIT", published_at=NOW)
    assert "1 hasil hitung" in browser.get(page("score_changelist")).content.decode()


def test_the_words_of_feedback_are_not_in_the_admin(city: City, case: Assessment) -> None:
    browser = city.client("bkpsdm")
    for path in (page("feedback_changelist"), page("feedback_change", Feedback.objects.get().pk)):
        assert "Rahasia berdua" not in browser.get(path).content.decode()


@pytest.mark.parametrize("model", ["performanceplan", "assessment", "progressentry"])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(city: City, case: Assessment, model: str) -> None:
    city.client("bkpsdm").get("/profil/")  # what is remembered for a while is no query of the list
    counts = []
    for people in (city.staff[1:3], city.add_staff(40)):
        for who in people:
            plan = make_plan(who)
            make_case(case.cycle, plan)
            target = make_indicator(plan).period_targets.get(period=case.cycle.period)
            ProgressEntry.objects.create(target=target, employee=who, value=5, entered_at=NOW)
        browser = city.client("bkpsdm")
        with CaptureQueriesContext(connection) as queries:
            browser.get(page(f"{model}_changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


class TestRuleVersions:
    def draft(self, city: City, code: str = "aturan-2027") -> AppraisalPolicy:
        return draft_version(actor=city.users["bkpsdm"].pk, source_id=make_policy().pk, code=code, reason="Hasil evaluasi", now=NOW)

    def adopt(self, city: City, draft: AppraisalPolicy, start: dt.date = dt.date(2027, 1, 1)) -> AppraisalPolicy:
        return adopt_version(
            actor=city.users["bkpsdm"].pk,
            policy_id=draft.pk,
            start=start,
            decree_number="800/1/2026",
            decided_on=None,
            reason="SK",
            now=NOW,
        )

    def test_a_draft_takes_over_the_numbers_and_rules_nothing(self, city: City) -> None:
        draft = self.draft(city)
        assert draft.draft
        assert draft.achievement_cap == make_policy().achievement_cap
        assert AppraisalPolicy.objects.in_force(on=dt.date(2026, 10, 1)).get().code == "aturan-2025"

    def test_adopting_ends_the_version_before_and_open_cycles_keep_theirs(self, city: City) -> None:
        cycle = make_cycle(city)
        self.adopt(city, self.draft(city))
        assert AppraisalPolicy.objects.in_force(on=dt.date(2026, 12, 31)).get().code == "aturan-2025"
        assert AppraisalPolicy.objects.in_force(on=dt.date(2027, 1, 1)).get().code == "aturan-2027"
        cycle.refresh_from_db()
        assert cycle.policy.code == "aturan-2025"
        assert Event.objects.get(action="appraisal.policy.adopted").old == {"ended": ["aturan-2025"]}

    def test_a_start_that_is_not_in_the_future_needs_the_day_of_its_decree(self, city: City) -> None:
        with pytest.raises(Unacceptable) as refusal:
            self.adopt(city, self.draft(city), start=NOW.date())
        assert set(refusal.value.errors) == {"decided_on"}

    def test_a_version_that_rules_is_neither_adopted_nor_edited_again(self, city: City) -> None:
        adopted = self.adopt(city, self.draft(city))
        with pytest.raises(NotNow):
            self.adopt(city, adopted)
        with pytest.raises(NotNow):
            self.adopt(city, self.draft(city, "aturan-2027b"))
        browser = city.client("bkpsdm")
        assert browser.post(page("appraisalpolicy_change", adopted.pk), {"achievement_cap": "200"}).status_code == 403
        assert browser.post(page("appraisalpolicy_delete", adopted.pk), {"post": "yes"}).status_code == 403

    def test_hr_drafts_edits_and_adopts_by_the_pages(self, city: City) -> None:
        source = make_policy()
        browser = city.client("bkpsdm")
        answer = browser.post(page("appraisalpolicy_rancangan", source.pk), {"code": "aturan-uji", "reason": "Uji coba"})
        assert answer.status_code == 302
        draft = AppraisalPolicy.objects.get(code="aturan-uji")
        form = browser.get(page("appraisalpolicy_change", draft.pk)).context["adminform"].form
        values = {name: field.initial if form.initial.get(name) is None else form.initial[name] for name, field in form.fields.items()}
        values |= {
            "rating_workdays": 6,
            "to_confirm": ["smallest_cell"],
            "achievement_cap": "112,5",
            "alasan_perubahan": "Rapat 12 November",
        }
        values = {name: value for name, value in values.items() if value not in (None, False)}
        assert browser.post(page("appraisalpolicy_change", draft.pk), values).status_code == 302
        draft.refresh_from_db()
        assert (draft.rating_workdays, draft.achievement_cap, draft.to_confirm) == (6, Decimal("112.5"), ["smallest_cell"])
        again = browser.get(page("appraisalpolicy_change", draft.pk)).content.decode()
        assert 'value="112,50"' in again
        refused = browser.post(page("appraisalpolicy_penetapan", draft.pk), {"start": "2020-01-01", "reason": "SK"})
        assert "paling cepat besok" in refused.content.decode()
        assert browser.post(page("appraisalpolicy_penetapan", draft.pk), {"start": "2126-01-01", "reason": "SK"}).status_code == 302
        draft.refresh_from_db()
        assert not draft.draft

    def test_a_version_is_read_in_days_and_by_the_names_of_its_numbers(self, city: City) -> None:
        policy = make_policy()
        AppraisalPolicy.objects.filter(pk=policy.pk).update(to_confirm=["achievement_cap", "behaviour_depth", "example_required"])
        browser = city.client("bkpsdm")
        for address in (page("appraisalpolicy_changelist"), page("appraisalpolicy_change", policy.pk)):
            seen = browser.get(address).content.decode()
            assert f"sejak {policy.valid.lower:%d-%m-%Y}" in seen
            assert "None)" not in seen
        assert "<div>batas atas capaian (%): 120,00</div>" in seen
        assert "<div>contoh wajib untuk di atas/di bawah: ya</div>" in seen
        assert "[&quot;achievement_cap" not in seen

    @pytest.mark.parametrize("who", ["pegawai", "pengelola", "inspektorat"])
    def test_nobody_else_reaches_the_pages(self, city: City, who: str) -> None:
        draft = self.draft(city)
        assert (
            city.client(who).post(page("appraisalpolicy_penetapan", draft.pk), {"start": "2126-01-01", "reason": "SK"}).status_code == 403
        )
        draft.refresh_from_db()
        assert draft.draft
