"""After a month closed: who was missed is rated late, and a published result is corrected, each as a new version."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse

from appraisal.models import Assessment, Feedback, RatingExample
from appraisal.policies import get_assessment
from appraisal.queries.explanation import explain
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.late_rating import IncompleteRating, correct_result, rate_late
from appraisal.services.publishing import close_cycle
from appraisal.services.rating import set_example, set_marks
from appraisal.services.recompute import differences, recompute
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Refusal, Stale, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from employees.models import ActingAppointment, User
from employees.queries import viewer_of
from tests.appraisal.month import AFTER_DEADLINE, IN_WINDOW, Month
from tests.appraisal.test_cycle import tamper

DAY = AFTER_DEADLINE.date()
LATER = AFTER_DEADLINE + dt.timedelta(days=2)
VALUES = ("bp", "ak", "ko", "ha", "lo", "ad", "kl")


@pytest.fixture
def closed(month: Month) -> Month:
    """Nobody was rated in time but the second of the twelve."""
    month.rate(month.city.staff[1])
    month.publish()
    return month


def sheet(
    note: str | None = None, reasons: dict[str, str] | None = None, examples: dict[str, str] | None = None, **marks: int
) -> RatingSheet:
    words = {code: ExampleText(text) for code, text in (examples or {}).items()}
    return RatingSheet(changes={"result": 2, "behaviour": 2, **marks}, examples=words, reasons=reasons or {}, note=note)


def late(month: Month, who: str = "penilai", *, place: int = 0, now: dt.datetime = AFTER_DEADLINE, **given: Any) -> Assessment:
    return rate_late(
        viewer=month.city.viewer(who, on=DAY), assessment_id=month.case(month.city.staff[place]).pk,
        sheet=sheet(**given), reason="Penilai dirawat", now=now,
    )  # fmt: skip


def correct(
    month: Month, who: str = "atasan", *, place: int = 1, now: dt.datetime = LATER, reason: str = "Salah ketik", **given: Any
) -> Assessment:
    return correct_result(
        viewer=month.city.viewer(who, on=DAY), assessment_id=month.case(month.city.staff[place]).pk,
        sheet=sheet(**given), reason=reason, now=now,
    )  # fmt: skip


def page_of(month: Month, who: str, case: Assessment, **posted: str) -> HttpResponse:
    address = f"/tim/nilai/{case.pk}/"
    return month.city.client(who).post(address, posted) if posted else month.city.client(who).get(address)


def posted(case: Assessment, button: str = "terlambat", **more: str) -> dict[str, str]:
    form = {"revision": str(case.revision), button: "1", "why": "Penilai dirawat", "n-result": "2", "n-behaviour": "2", "note": ""}
    return {**form, **{f"n-{key}": "2" for key in VALUES}, **more}


class TestRatingLate:
    def test_by_the_rater_or_his_superior_publishes_a_version_of_its_own_date(self, closed: Month) -> None:
        for who, place in (("penilai", 0), ("atasan", 2)):
            new = late(closed, who, place=place, now=LATER)
            assert (new.version, new.state, new.published_at, new.rated_at) == (2, "TERBIT", LATER, LATER)
            assert (new.rated_by, new.state_reason) == (closed.city.people[who], "Penilai dirawat")
            assert (new.assessor, new.score_row.predicate) == (closed.city.people["penilai"], 4)
        assert differences(period="2026-10") == []

    def test_by_a_substitute_of_the_rater(self, closed: Month) -> None:
        ActingAppointment.objects.create(
            principal=closed.city.people["penilai"], substitute=closed.city.people["pengelola"], kind="PLH",
            valid=DateRange(DAY, DAY + dt.timedelta(3)), letter_number="800/12", reason="sakit",
        )  # fmt: skip
        assert late(closed, "pengelola").rated_by == closed.city.people["pengelola"]

    def test_counts_only_what_is_on_the_sheet(self, month: Month) -> None:
        """A draft of the rater does not become part of what his superior declares."""
        case = month.case(month.city.staff[0])
        Assessment.objects.filter(pk=case.pk).update(result_rating=3, mark_ak=1, note="draf", rated_by=month.city.people["penilai"])
        RatingExample.objects.create(assessment=case, aspect="AK", text="draf", written_at=IN_WINDOW)
        month.publish()
        new = late(month, "atasan")
        assert (new.result_rating, new.mark_ak, new.note, new.examples.count()) == (2, None, "", 0)

    def test_names_the_advice_only_once_the_marks_are_given(self, closed: Month) -> None:
        with pytest.raises(Unacceptable) as refusal:
            rate_late(
                viewer=closed.city.viewer("penilai", on=DAY), assessment_id=closed.case(closed.city.staff[0]).pk,
                sheet=RatingSheet({"result": 1}, {}, {}, None), reason="Sakit", now=LATER,
            )  # fmt: skip
        assert not isinstance(refusal.value, IncompleteRating)
        with pytest.raises(IncompleteRating) as gaps:
            late(closed, result=1)
        assert set(gaps.value.missing) == {("example", "HASIL"), ("reason", "HASIL")}
        assert gaps.value.advice.result == 2
        kept = late(closed, result=1, examples={"HASIL": "Berkas hilang"}, reasons={"result": "Capaian tertolong bulan lalu"})
        assert (kept.version, kept.result_reason) == (2, "Capaian tertolong bulan lalu")

    def test_takes_the_words_of_feedback_for_an_example(self, closed: Month) -> None:
        note = Feedback.objects.create(
            employee=closed.city.staff[0], author=closed.city.people["penilai"], text="Lalai mengarsipkan", tone="PERBAIKAN",
            happened_on=dt.date(2026, 10, 7), created_at=IN_WINDOW,
        )  # fmt: skip
        told = RatingSheet({"result": 2, "behaviour": 2, "ak": 1}, {"AK": ExampleText("", note.pk)}, {}, None)
        new = rate_late(
            viewer=closed.city.viewer("penilai", on=DAY), assessment_id=closed.case(closed.city.staff[0]).pk, sheet=told,
            reason="Sakit", now=LATER,
        )  # fmt: skip
        assert (new.examples.get().text, new.examples.get().feedback) == ("Lalai mengarsipkan", note)

    def test_needs_a_reason_and_leaves_nothing_half_written(self, closed: Month) -> None:
        before = Event.objects.count()
        for reason in ("", " \n"):
            with pytest.raises(Unacceptable, match="alasan"):
                rate_late(
                    viewer=closed.city.viewer("penilai", on=DAY), assessment_id=closed.case(closed.city.staff[0]).pk, sheet=sheet(),
                    reason=reason, now=LATER,
                )  # fmt: skip
        with pytest.raises(IncompleteRating):
            late(closed, ak=1)
        assert (closed.case(closed.city.staff[0]).version, Event.objects.count()) == (1, before)

    def test_without_a_plan_has_a_predicate_and_no_score(self, closed: Month) -> None:
        person = closed.city.people["luar"]
        case = closed.case(person)
        new = rate_late(
            viewer=closed.city.viewer("kadinkes", on=DAY), assessment_id=case.pk, sheet=sheet(), reason="Penilai baru", now=LATER
        )
        assert (case.plan, new.score_row.predicate, new.score_row.result_score) == (None, 4, None)

    def test_by_the_leader_whose_rater_missed_somebody(self, closed: Month) -> None:
        """He reads the case because nobody rated it, and afterwards because he did."""
        case = closed.case(closed.city.people["atasan"])
        assert case.reviewer == closed.city.people["pimpinan"]
        answer = page_of(closed, "pimpinan", case, **posted(case))
        assert answer.status_code == 302
        assert closed.city.client("pimpinan").get(answer["Location"]).status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_once_the_second_hears_what_the_first_has_set(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        gate, found = threading.Barrier(2), []

        def rate(who: str, mark: int) -> None:
            viewer = viewer_of(closed.city.users[who], on=DAY)
            told = sheet(bp=mark, examples={"BP": "Contoh"} if mark != 2 else None)
            gate.wait(10)
            try:
                found.append(rate_late(viewer=viewer, assessment_id=case.pk, sheet=told, reason=who, now=LATER).mark_bp)
            except Refusal as refusal:
                found.append(refusal)
            finally:
                connection.close()

        threads = [threading.Thread(target=rate, args=given) for given in (("penilai", 1), ("atasan", 2))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        [refusal] = [outcome for outcome in found if isinstance(outcome, Refusal)]
        assert isinstance(refusal, Stale)
        assert refusal.current["bp"] == closed.case(closed.city.staff[0]).mark_bp
        assert Assessment.objects.filter(replaces=case).count() == 1


class TestNotices:
    def test_a_closing_tells_rater_and_superior_once(self, closed: Month) -> None:
        city = closed.city
        assert close_cycle(cycle=closed.cycle, now=LATER) is None
        told = dict(Notice.objects.filter(kind__startswith="not_rated").values_list("recipient", "kind"))
        assert told[city.users["penilai"].pk] == "not_rated"
        raters = set(User.objects.filter(employee__assessing__state="BELUM_DINILAI").values_list("pk", flat=True))
        superiors = set(User.objects.filter(employee__reviewing__state="BELUM_DINILAI").values_list("pk", flat=True))
        assert set(told) == raters | superiors
        assert Notice.objects.filter(kind__startswith="not_rated").count() == len(told)
        assert {told[person] for person in superiors - raters} <= {"not_rated_escalated"}

    def test_nobody_is_told_where_everybody_was_rated(self, month: Month) -> None:
        Assessment.objects.exclude(employee=month.city.staff[0]).delete()
        month.rate(month.city.staff[0])
        month.publish()
        assert not Notice.objects.filter(kind__startswith="not_rated").exists()

    def test_the_notice_ends_when_nobody_is_left(self, closed: Month) -> None:
        Assessment.objects.exclude(employee__in=[closed.city.staff[0], closed.city.staff[2]]).update(state="TIDAK_DINILAI")
        open_notices = Notice.objects.filter(kind__startswith="not_rated", withdrawn_at=None, recipient=closed.city.users["penilai"].pk)
        late(closed)
        assert open_notices.count() == 1
        late(closed, place=2)
        assert open_notices.count() == 0

    def test_the_owner_hears_of_his_late_result_and_the_rater_of_what_his_superior_did(self, closed: Month) -> None:
        new = late(closed, "atasan")
        told = set(Notice.objects.filter(link__endswith=f"/{new.pk}/").values_list("recipient", "kind", "link"))
        assert told == {
            (closed.city.users["pegawai"].pk, "assessment_published", f"/kinerja/nilai/{new.pk}/"),
            (closed.city.users["penilai"].pk, "rating_versioned", f"/tim/nilai/{new.pk}/"),
        }

    def test_nobody_is_sent_to_a_page_that_he_may_not_open(self, closed: Month) -> None:
        """The leader is the superior of this rater, and reads persons only where he rates."""
        case = closed.case(closed.city.staff[0])
        Assessment.objects.filter(pk=case.pk).update(reviewer=closed.city.people["pimpinan"])
        new = late(closed)
        assert not Notice.objects.filter(kind="rating_versioned", link__endswith=f"/{new.pk}/").exists()


class TestThePage:
    def test_offers_the_whole_form_to_the_chain_and_no_advice_before_the_marks(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        for who in ("penilai", "atasan"):
            page = page_of(closed, who, case).content.decode()
            assert 'name="terlambat"' in page
            assert 'name="why"' in page
            assert page.count('<fieldset class="aspek') == 9
            assert "Saran dari" not in page
            assert "data-draf=" not in page

    def test_the_superior_does_not_start_from_the_draft_of_the_rater(self, month: Month) -> None:
        case = month.case(month.city.staff[0])
        Assessment.objects.filter(pk=case.pk).update(result_rating=3, behaviour_rating=2, rated_by=month.city.people["penilai"])
        month.publish()
        pages = {who: page_of(month, who, case).content.decode() for who in ("penilai", "atasan")}
        assert 'name="n-result" value="3" checked' in pages["penilai"]
        assert 'name="n-result" value="3" checked' not in pages["atasan"]
        assert "Saran dari capaian" not in pages["atasan"]
        assert not [page for page in pages.values() if "data-p=" in page]

    def test_shows_nothing_of_a_draft_to_others_than_its_author(self, month: Month) -> None:
        case = month.case(month.city.staff[0])
        rater = month.city.viewer("penilai", on=DAY)
        set_marks(viewer=rater, assessment_id=case.pk, changes={"result": 3, "ak": 1}, revision=None, now=IN_WINDOW)
        set_example(viewer=rater, assessment_id=case.pk, aspect="AK", text="Draf contoh", feedback_id=None, now=IN_WINDOW)
        Assessment.objects.filter(pk=case.pk).update(note="Draf catatan", result_reason="Draf alasan")
        month.publish()
        words = ("Draf contoh", "Draf catatan", "Draf alasan", "Saran dari capaian", "Hasil kerja 3")
        page = page_of(month, "penilai", case).content.decode()
        assert [word for word in words if word not in page] == []
        wrong = posted(case, "perbaiki", why="")
        for answer in (page_of(month, "atasan", case), page_of(month, "atasan", case, **wrong)):
            assert [word for word in words if word in answer.content.decode()] == []

    def test_one_post_leads_to_the_published_version_and_the_old_one_stays_readable(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        answer = page_of(closed, "penilai", case, **posted(case))
        new = closed.case(closed.city.staff[0])
        assert (answer.status_code, answer["Location"]) == (302, f"/tim/nilai/{new.pk}/")
        page = page_of(closed, "penilai", new).content.decode()
        for text in ("Dinilai terlambat", "Penilai dirawat", f"/tim/nilai/{case.pk}/", "data-p="):
            assert text in page
        old = page_of(closed, "penilai", case).content.decode()
        assert "Ini versi 1" in old
        assert f"/tim/nilai/{new.pk}/" in old
        assert 'name="why"' not in old

    def test_a_refusal_keeps_every_word_and_shows_the_advice_it_is_about(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        sent = posted(case, **{"n-result": "1", "n-ak": "3", "ex-AK": "Menjaga arsip", "note": "Bicarakan dulu"})
        answer = page_of(closed, "penilai", case, **sent)
        page = answer.content.decode()
        assert answer.status_code == 400
        for text in ("Menjaga arsip", "Bicarakan dulu", "Penilai dirawat", "Saran dari capaian 95,63%", 'name="reason-result"'):
            assert text in page, text
        assert 'name="n-result" value="1" checked' in page
        assert 'href="#ex-HASIL"' in page
        for missing in ("why", "n-result"):
            answer = page_of(closed, "penilai", case, **{**sent, missing: ""})
            assert answer.status_code == 400
            assert "Saran dari" not in answer.content.decode()
        assert closed.case(closed.city.staff[0]).version == 1

    def test_whoever_comes_second_reads_what_stands_beside_his_own_words(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        page_of(closed, "atasan", case, **posted(case))
        answer = page_of(closed, "penilai", case, **posted(case, **{"n-ak": "1", "ex-AK": "Arsip hilang"}))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Arsip hilang" in page
        assert "Yang tersimpan sekarang: Sesuai ekspektasi." in page
        assert f"/tim/nilai/{closed.case(closed.city.staff[0]).pk}/" in page

    def test_what_was_being_written_when_the_month_closed_is_not_lost(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        answer = page_of(closed, "penilai", case, **{"revision": "1", "n-ak": "1", "ex-AK": "Arsip hilang"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Arsip hilang" in page
        assert 'name="terlambat"' in page

    @pytest.mark.parametrize(("who", "status"), [("pegawai", 403), ("dpmptsp", 403), ("bkpsdm", 403), ("luar", 404)])
    def test_nobody_else_opens_it_or_rates_late(self, closed: Month, who: str, status: int) -> None:
        case = closed.case(closed.city.staff[0])
        assert page_of(closed, who, case).status_code == status
        assert page_of(closed, who, case, **posted(case)).status_code == status
        assert closed.case(closed.city.staff[0]).version == 1

    def test_who_once_marked_the_draft_reads_without_a_form(self, month: Month) -> None:
        case = month.case(month.city.staff[0])
        Assessment.objects.filter(pk=case.pk).update(result_rating=2, rated_by=month.city.people["pengelola"])
        month.publish()
        page = page_of(month, "pengelola", case).content.decode()
        assert 'name="why"' not in page
        assert page_of(month, "pengelola", case, **posted(case)).status_code == 403

    def test_asks_only_for_both_ratings_where_the_values_are_yearly(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[0])
        policy = case.cycle.policy
        policy.behaviour_depth = "TAHUNAN"
        policy.save()
        assert page_of(closed, "penilai", case).content.decode().count('<fieldset class="aspek') == 2


class TestTheExplanation:
    def test_says_when_by_whom_and_why_it_was_rated_late(self, closed: Month) -> None:
        new = late(closed, "atasan", now=LATER)
        page = closed.city.client("pegawai").get(f"/kinerja/nilai/{new.pk}/").content.decode()
        assert "Dinilai terlambat" in page
        assert f"versi 2, 18 November 2026, oleh {closed.city.people['atasan'].name}" in page
        assert "Alasan: Penilai dirawat" in page
        assert f"/kinerja/nilai/{new.replaces_id}/" in page
        old = closed.city.client("pegawai").get(f"/kinerja/nilai/{new.replaces_id}/").content.decode()
        assert "Belum dinilai" in old
        assert f"/kinerja/nilai/{new.pk}/" in old

    def test_says_so_over_rest(self, closed: Month) -> None:
        late(closed, now=LATER)
        new = correct(closed, place=0, now=LATER + dt.timedelta(1), ak=1, examples={"AK": "Berkas tertukar"})
        case = get_assessment(closed.city.viewer("pegawai", on=DAY), new.pk)
        told = [(row["kind"], row["version"], row["by"], row["title"]) for row in explain(case).evidence]
        names = [closed.city.people[who].name for who in ("penilai", "atasan")]
        assert told == [("TERLAMBAT", 2, names[0], "Penilai dirawat"), ("PERBAIKAN", 3, names[1], "Salah ketik")]
        assert explain(case).evidence[0]["at"] == LATER.isoformat()


class TestCorrecting:
    def test_makes_a_published_version_with_its_reason_and_keeps_the_old_one(self, closed: Month) -> None:
        old = closed.case(closed.city.staff[1])
        new = correct(closed, ak=1, examples={"AK": "Berkas tertukar"})
        old.refresh_from_db()
        assert (new.version, new.state, new.published_at, new.mark_ak, new.mark_bp) == (2, "TERBIT", LATER, 1, 2)
        assert (old.state, old.published_at, old.mark_ak, old.score_row.behaviour_score) == ("DIGANTI", AFTER_DEADLINE, 2, 2)
        assert set(new.examples.values_list("aspect", flat=True)) == {"AK", "HASIL"}
        assert new.score_row.result_score == old.score_row.result_score
        assert differences(period="2026-10") == []

    def test_is_told_to_the_owner_and_in_the_explanation(self, closed: Month) -> None:
        new = correct(closed, behaviour=1, examples={"PERILAKU": "Dua kali mangkir"}, reasons={"behaviour": "Pelanggaran"})
        owner = User.objects.get(employee=closed.city.staff[1])
        assert Notice.objects.get(recipient=owner.pk, kind="assessment_revised").link == f"/kinerja/nilai/{new.pk}/"
        page = closed.city.client("penilai").get(f"/kinerja/nilai/{new.pk}/").content.decode()
        assert "Diperbaiki" in page
        assert "Alasan: Salah ketik" in page
        assert new.received_at is None

    def test_of_nothing_is_refused(self, closed: Month) -> None:
        with pytest.raises(Unacceptable, match="Belum ada yang berubah"):
            correct(closed)
        with pytest.raises(Unacceptable, match="alasan"):
            correct(closed, ko=1, reason=" ")
        assert closed.case(closed.city.staff[1]).version == 1

    @pytest.mark.parametrize(
        ("who", "refusal"), [("pegawai", NotVisible), ("dpmptsp", NotAllowed), ("bkpsdm", NotAllowed), ("inspektorat", NotAllowed)]
    )
    def test_is_for_nobody_else(self, closed: Month, who: str, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            correct(closed, who, ko=3)

    def test_never_touches_oneself_or_what_a_superior_has_set(self, closed: Month) -> None:
        correct(closed, "penilai", ak=1, examples={"AK": "Berkas tertukar"})
        correct(closed, "atasan", ak=2, reason="Bukti tidak cukup")
        with pytest.raises(NotAllowed):
            correct(closed, "penilai", ak=1, examples={"AK": "Berkas tertukar"})
        late(closed)
        Assessment.objects.filter(employee=closed.city.staff[0], is_current=True).update(reviewer=closed.city.staff[0])
        with pytest.raises(NotAllowed):
            correct(closed, "pegawai", place=0, ak=3)

    def test_of_a_case_that_is_not_published_waits(self, closed: Month) -> None:
        with pytest.raises(NotNow):
            correct(closed, "atasan", place=0, ak=3)

    def test_starts_from_what_is_published_and_publishes_by_its_own_button_alone(self, closed: Month) -> None:
        case = closed.case(closed.city.staff[1])
        page = page_of(closed, "atasan", case).content.decode()
        assert "Perbaiki hasil terbit" in page
        assert 'name="n-ak" value="2" checked' in page
        assert "Menutup tunggakan berkas" in page
        stale = {key: value for key, value in posted(case, **{"n-ak": "1", "ex-AK": "Tertukar"}).items() if key != "terlambat"}
        assert page_of(closed, "penilai", case, **stale).status_code == 409
        assert closed.case(closed.city.staff[1]).version == 1
        answer = page_of(closed, "atasan", case, **stale, perbaiki="1", **{"ex-HASIL": "Menutup tunggakan berkas"})
        assert answer["Location"] == f"/tim/nilai/{closed.case(closed.city.staff[1]).pk}/"
        assert page_of(closed, "atasan", case, **stale, perbaiki="1").status_code == 409
        assert closed.case(closed.city.staff[1]).version == 2


def test_a_recomputed_version_is_published_when_it_is_made_and_its_owner_hears_of_it(closed: Month) -> None:
    old = closed.case(closed.city.staff[1])
    tamper("appraisal_score", "result_score = 99.99 WHERE assessment_id = %s", old.pk)
    recompute(period="2026-10", now=LATER)
    new = closed.case(closed.city.staff[1])
    old.refresh_from_db()
    assert (new.version, new.published_at, new.rated_at, old.published_at) == (2, LATER, old.rated_at, AFTER_DEADLINE)
    owner = User.objects.get(employee=closed.city.staff[1])
    assert Notice.objects.get(recipient=owner.pk, kind="assessment_revised").link == f"/kinerja/nilai/{new.pk}/"
    assert [row["kind"] for row in explain(new).evidence] == ["HITUNG_ULANG"]
    assert "Dihitung ulang" in closed.city.client("penilai").get(f"/kinerja/nilai/{new.pk}/").content.decode()
