"""Where who closed unrated is found: home, the team page, the control room, and the report of lateness."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.models import Assessment, Cycle
from appraisal.queries.late import late_cases, late_periods
from appraisal.queries.reports import rating_lateness
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.late_rating import correct_result, rate_late
from appraisal.services.reminders import remind_raters
from bukittinggi_kinerja.common.models import Notice
from employees.models import Posting
from employees.rules.aggregates import AggregateScope
from tests.appraisal.month import AFTER_DEADLINE, OCTOBER, Month

DAY = AFTER_DEADLINE.date()
LATER = AFTER_DEADLINE + dt.timedelta(days=2)
ADDRESS = "/tim/?periode=2026-10"


@pytest.fixture
def closed(month: Month) -> Month:
    """One of the twelve was rated in time, eleven were not."""
    month.rate(month.city.staff[1])
    month.publish()
    return month


def late(month: Month, who: str = "penilai", *, place: int = 0) -> Assessment:
    sheet = RatingSheet({"result": 2, "behaviour": 2}, {}, {}, None)
    case = month.case(month.city.staff[place])
    return rate_late(viewer=month.city.viewer(who, on=DAY), assessment_id=case.pk, sheet=sheet, reason="Sakit", now=LATER)


def page(month: Month, who: str, address: str) -> str:
    return month.city.client(who).get(address).content.decode()


class TestHome:
    def test_names_how_many_wait_to_the_rater_and_to_his_superior(self, closed: Month) -> None:
        for who, count in (("penilai", 11), ("atasan", 12)):
            text = page(closed, who, "/")
            assert f"{count} penilaian Oktober 2026 belum dinilai, dapat dinilai terlambat." in text, "his own ratee too"
            assert f'href="{ADDRESS}"' in text
        late(closed)
        assert "10 penilaian Oktober 2026 belum dinilai" in page(closed, "penilai", "/")

    def test_says_nothing_to_others(self, closed: Month) -> None:
        for who in ("pegawai", "bkpsdm", "inspektorat", "luar"):
            assert "dapat dinilai terlambat" not in page(closed, who, "/")


class TestTheTeamPage:
    def test_lists_them_for_the_rater(self, closed: Month) -> None:
        text = page(closed, "penilai", ADDRESS)
        assert "Belum dinilai, dapat dinilai terlambat" in text
        assert f"/tim/nilai/{closed.case(closed.city.staff[0]).pk}/" in text

    def test_lists_them_for_a_superior_who_rates_nobody_of_that_period_and_today(self, closed: Month) -> None:
        boss = closed.city.people["atasan"]
        Assessment.objects.filter(assessor=boss).update(assessor=closed.city.people["dpmptsp"])
        Posting.objects.filter(supervisor=boss).update(supervisor=closed.city.people["dpmptsp"])
        text = page(closed, "atasan", ADDRESS)
        assert f"/tim/nilai/{closed.case(closed.city.staff[0]).pk}/" in text
        assert f"penilai: {closed.city.people['penilai'].name}" in text
        assert "Belum ada penilaian pada periode ini" not in text
        assert ADDRESS in page(closed, "atasan", "/tim/")
        Assessment.objects.update(reviewer=closed.city.people["dpmptsp"])
        assert closed.city.client("atasan").get("/tim/").status_code == 403

    def test_never_lists_oneself(self, closed: Month) -> None:
        Assessment.objects.filter(employee=closed.city.people["penilai"]).update(reviewer=closed.city.people["penilai"])
        viewer = closed.city.viewer("penilai", on=DAY)
        assert closed.city.people["penilai"] not in {case.employee for case in late_cases(viewer, "2026-10")}
        assert [(one.total, one.own) for one in late_periods(viewer)] == [(11, 11)]

    def test_asks_the_database_as_often_for_many_as_for_one(self, closed: Month) -> None:
        def queries(browser: Client) -> int:
            browser.get(ADDRESS)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(ADDRESS).status_code == 200
            return len(seen)

        rater = closed.city.client("penilai")
        Assessment.objects.filter(employee__in=closed.city.staff[3:]).update(state="TIDAK_DINILAI")
        few = queries(rater)
        Assessment.objects.filter(employee__in=closed.city.staff[3:]).update(state="BELUM_DINILAI")
        assert queries(rater) == few <= 12


class TestReminding:
    def test_of_a_closed_period_asks_for_a_late_rating(self, closed: Month) -> None:
        text = page(closed, "bkpsdm", "/kendali/?periode=2026-10")
        assert "untuk menilai terlambat" in text
        report = remind_raters(viewer=closed.city.viewer("bkpsdm", on=DAY), period="2026-10", now=LATER)
        notice = Notice.objects.get(kind="late_rating_reminder", recipient=closed.city.users["penilai"].pk)
        assert report.sent == Notice.objects.filter(kind="late_rating_reminder").count()
        assert notice.link == ADDRESS
        assert not Notice.objects.filter(kind="rating_reminder").exists()

    def test_is_not_offered_where_nobody_can_do_anything(self, closed: Month) -> None:
        """The deadline has passed and the closing is still to come: neither rating nor rating late."""
        Cycle.objects.update(state="PENILAIAN")
        Assessment.objects.filter(state="BELUM_DINILAI").update(state="DRAF")
        passed = Cycle.objects.get(period="2026-10").progress_due
        Cycle.objects.update(rating_due=passed)
        assert "/kendali/ingatkan/" not in page(closed, "bkpsdm", "/kendali/?periode=2026-10")
        report = remind_raters(viewer=closed.city.viewer("bkpsdm", on=DAY), period="2026-10", now=LATER)
        assert (report.sent, report.unreachable) == (0, 0)

    def test_ends_with_the_last_late_rating(self, closed: Month) -> None:
        Assessment.objects.exclude(employee__in=closed.city.staff[:2]).update(state="TIDAK_DINILAI")
        late(closed, "atasan")
        assert remind_raters(viewer=closed.city.viewer("bkpsdm", on=DAY), period="2026-10", now=LATER).sent == 0


class TestLateness:
    def counts(self, month: Month) -> tuple[int, int, int]:
        report = rating_lateness(period=OCTOBER, scope=AggregateScope((), names_people=True), now=LATER)
        row = next(row for row in report.rows if row.rater_name == month.city.people["penilai"].name)
        return row.on_time, row.late, row.missing

    def test_a_late_rating_stays_the_raters_lateness_whoever_makes_it(self, closed: Month) -> None:
        assert self.counts(closed) == (1, 0, 11)
        late(closed, "penilai")
        late(closed, "atasan", place=2)
        assert self.counts(closed) == (1, 2, 9)

    def test_a_correction_makes_nobody_late(self, closed: Month) -> None:
        late(closed)
        for place in (0, 1):
            told = RatingSheet({"ak": 1}, {"AK": ExampleText("Arsip hilang")}, {}, None)
            correct_result(
                viewer=closed.city.viewer("penilai", on=DAY), assessment_id=closed.case(closed.city.staff[place]).pk, sheet=told,
                reason="Salah ketik", now=LATER + dt.timedelta(1),
            )  # fmt: skip
        assert self.counts(closed) == (1, 1, 10)
