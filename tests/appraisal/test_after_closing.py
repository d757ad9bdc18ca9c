"""Between the closing of a month and its publishing, and what later versions of a result make of the first."""

from __future__ import annotations

import datetime as dt

import pytest

from appraisal.models import Assessment
from appraisal.queries.late import late_periods
from appraisal.queries.own import teams_waiting
from appraisal.rules.lifecycle import CycleState
from appraisal.services.assessment_form import RatingSheet
from appraisal.services.cycles import move_cycle
from appraisal.services.late_rating import rate_late
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from appraisal.services.reminders import remind_raters
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.models import Notice
from tests.appraisal.month import AFTER_DEADLINE, Month

DAY = AFTER_DEADLINE.date()
LATER = AFTER_DEADLINE + dt.timedelta(days=2)


def late(month: Month, who: str = "penilai", *, place: int = 0) -> Assessment:
    return rate_late(
        viewer=month.city.viewer(who, on=DAY), assessment_id=month.case(month.city.staff[place]).pk,
        sheet=RatingSheet({"result": 2, "behaviour": 2}, {}, {}, None), reason="Penilai dirawat", now=LATER,
    )  # fmt: skip


class TestBeforeTheFiguresAreFrozen:
    @pytest.fixture
    def closing(self, month: Month) -> Month:
        """Closed, and not a figure computed yet."""
        move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=AFTER_DEADLINE)
        close_cycle(cycle=month.cycle, now=AFTER_DEADLINE)
        return month

    def test_a_late_rating_waits_until_it_can_rest_on_them(self, closing: Month) -> None:
        with pytest.raises(NotNow, match="setelah hasil periode ini terbit"):
            late(closing)
        while (job := unfinished_jobs().first()) is not None:
            with pytest.raises(NotNow):
                late(closing)
            work_on(job, now=AFTER_DEADLINE)
        new = late(closing)
        assert (new.scored_indicators.count(), new.score_row.result_score is None) == (3, False)

    def test_nobody_is_led_to_a_form_that_would_refuse(self, closing: Month) -> None:
        city, case = closing.city, closing.case(closing.city.staff[0])
        viewer = city.viewer("penilai", on=DAY)
        notices = Notice.objects.filter(kind__in=["not_rated", "not_rated_escalated", "late_rating_reminder"])
        assert 'name="terlambat"' not in city.client("penilai").get(f"/tim/nilai/{case.pk}/").content.decode()
        assert "/kendali/ingatkan/" not in city.client("bkpsdm").get("/kendali/?periode=2026-10").content.decode()
        assert remind_raters(viewer=city.viewer("bkpsdm", on=DAY), period="2026-10", now=LATER).sent == 0
        assert (late_periods(viewer), [team.late for team in teams_waiting(viewer) if team.late]) == ([], [])
        assert notices.count() == 0
        while (job := unfinished_jobs().first()) is not None:
            work_on(job, now=AFTER_DEADLINE)
        assert notices.filter(recipient=city.users["penilai"].pk).count() == 1
        assert late_periods(viewer) != []
