"""What waits for a second person, or for whoever answers: he is asked, finds it at home and in the control room, and its end is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Cycle, Indicator, ProgressEntry, Recomputation
from appraisal.queries.decisions import Pending, pending
from appraisal.rules.late_changes import Cause, ProposalState
from appraisal.services.proposal_notices import lapse_proposals
from appraisal.services.recomputation import approve_proposal, revoke_proposal
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.models import ImportBatch, Notice
from bukittinggi_kinerja.common.templatetags.kinerja import notis
from employees.models import ResetRequest, RoleAssignment, User
from employees.rules.access import ResetKind
from employees.rules.viewing import Role
from employees.services.accounts import open_account
from employees.services.data_reports import report_data
from employees.services.two_person import confirm_reset, lapse_requests, request_reset, withdraw_reset
from tests.months import fill_team
from tests.people import ALWAYS, City

NOW = timezone.now()
LATE = NOW + dt.timedelta(days=14, minutes=1)


@pytest.fixture
def two(city: City) -> City:
    """Two of the city's HR: ``bkpsdm`` and ``bkpsdm2``."""
    user = open_account(employee_id=city.add_staff(1, unit="BKPSDM")[0].pk, actor=None, now=NOW)
    RoleAssignment.objects.create(user=user, role=Role.CITY_HR, valid=ALWAYS)
    city.users["bkpsdm2"] = user
    return city


def asked(city: City, *, now: dt.datetime = NOW) -> ResetRequest:
    words = {"user_id": city.users["inspektorat"].pk, "kind": ResetKind.CREDENTIAL, "reason": "Ponsel hilang"}
    return request_reset(**words, viewer=city.viewer("bkpsdm"), now=now)  # type: ignore[arg-type]


def proposal(city: City, *, now: dt.datetime = NOW) -> Recomputation:
    """A proposal as it waits; what it would change is of no account here."""
    return Recomputation.objects.create(cause=Cause.POLICY, reason="Uji", proposed_by=city.users["bkpsdm"], proposed_at=now)


def told(user: User, kind: str) -> str:
    notice = Notice.objects.unread_by(user.pk).filter(kind=kind).first()
    return str(notis(notice)) if notice else ""


def home(city: City, who: str) -> str:
    return city.client_anew(who).get("/").content.decode()


class TestARequestForTwo:
    def test_reaches_the_other_officers_and_neither_the_asker_nor_the_owner(self, two: City) -> None:
        asked(two)
        assert {n.recipient for n in Notice.objects.filter(kind="reset_waits")} == {two.users["bkpsdm2"].pk}
        assert "menunggu persetujuan Anda sampai" in told(two.users["bkpsdm2"], "reset_waits")

    def test_is_a_task_of_the_second_person_and_a_state_for_the_first(self, two: City) -> None:
        asked(two)
        assert "1 permintaan atur ulang akun menunggu Anda sebagai orang kedua." in home(two, "bkpsdm2")
        assert "sebagai orang kedua" not in home(two, "bkpsdm")
        assert "Perlu putusan: 1" in two.client("bkpsdm2").get("/kendali/").content.decode()
        room = two.client("bkpsdm").get("/kendali/").content.decode()
        assert "Tidak ada yang perlu Anda putuskan." in room
        assert "1 usulan Anda menunggu orang kedua." in room

    def test_ends_as_a_notice_for_who_asked_and_takes_the_question_back(self, two: City) -> None:
        confirm_reset(request_id=asked(two).pk, viewer=two.viewer("bkpsdm2"), now=NOW)
        assert "disetujui petugas lain" in told(two.users["bkpsdm"], "reset_agreed")
        assert told(two.users["bkpsdm2"], "reset_waits") == ""
        page = two.client_anew("bkpsdm").get("/akun/").content.decode()
        assert "Permintaan Anda" in page
        assert "disetujui" in page

    def test_taken_back_by_oneself_is_no_news(self, two: City) -> None:
        withdraw_reset(request_id=asked(two).pk, viewer=two.viewer("bkpsdm"), now=NOW)
        assert not Notice.objects.filter(kind="reset_withdrawn").exists()

    def test_lapses_after_fourteen_days_and_says_so_once(self, two: City) -> None:
        one = asked(two)
        with pytest.raises(NotNow, match="gugur"):
            confirm_reset(request_id=one.pk, viewer=two.viewer("bkpsdm2"), now=LATE)
        assert pending(two.viewer("bkpsdm2"), now=LATE) == Pending()
        assert lapse_requests(now=LATE - dt.timedelta(minutes=2)) == 0
        assert lapse_requests(now=LATE) == 1
        assert lapse_requests(now=LATE) == 0
        one.refresh_from_db()
        assert one.has_lapsed
        assert "gugur: tidak ada petugas kedua dalam 14 hari" in told(two.users["bkpsdm"], "reset_lapsed")
        assert "Gugur" in two.client_anew("bkpsdm").get("/akun/").content.decode()
        assert asked(two, now=LATE).pk != one.pk, "asked again"


class TestAProposalOfVersions:
    def test_is_a_task_of_everybody_of_city_hr_but_its_proposer(self, two: City) -> None:
        proposal(two)
        assert pending(two.viewer("bkpsdm2"), now=NOW).proposals == 1
        assert pending(two.viewer("bkpsdm"), now=NOW) == Pending(own=1)
        for who in ("pengelola", "inspektorat", "pegawai", "pimpinan"):
            assert pending(two.viewer(who), now=NOW).total == 0
        assert "1 usulan versi baru menunggu Anda sebagai orang kedua." in home(two, "bkpsdm2")

    def test_revoked_by_a_colleague_is_told_to_who_proposed(self, two: City) -> None:
        one = proposal(two)
        revoke_proposal(viewer=two.viewer("bkpsdm2"), proposal_id=one.pk, now=NOW)
        assert f"nomor {one.pk} ditarik orang BKPSDM lain" in told(two.users["bkpsdm"], "proposal_settled")

    def test_approved_is_told_to_who_proposed(self, two: City) -> None:
        one = proposal(two)
        approve_proposal(viewer=two.viewer("bkpsdm2"), proposal_id=one.pk, now=NOW)
        assert f"nomor {one.pk} disetujui" in told(two.users["bkpsdm"], "proposal_settled")

    def test_lapses_after_fourteen_days_and_says_so_once(self, two: City) -> None:
        one = proposal(two)
        with pytest.raises(NotNow, match="gugur"):
            approve_proposal(viewer=two.viewer("bkpsdm2"), proposal_id=one.pk, now=LATE)
        assert (lapse_proposals(now=LATE), lapse_proposals(now=LATE)) == (1, 0)
        one.refresh_from_db()
        assert one.state == ProposalState.LAPSED
        assert "gugur" in told(two.users["bkpsdm"], "proposal_settled")
        page = two.client("bkpsdm").get(f"/kendali/susulan/usulan/{one.pk}/").content.decode()
        assert "tidak ada yang menyetujuinya dalam 14 hari" in page
        assert "Setujui usulan" not in page


class TestTheLineOfDecisions:
    def test_counts_reports_for_who_may_answer_them_and_names_the_late_ones(self, two: City) -> None:
        report_data(viewer=two.viewer("pegawai"), subject="ATASAN", text="Atasan saya sudah lain", now=NOW)
        report_data(viewer=two.viewer("pengelola"), subject="ATASAN", text="Atasan saya sudah lain", now=NOW)
        assert pending(two.viewer("bkpsdm"), now=NOW).reports == 2
        assert pending(two.viewer("pengelola"), now=NOW).reports == 1, "nobody answers his own"
        month_later = NOW + dt.timedelta(days=30)
        assert pending(two.viewer("pengelola"), now=month_later).late_reports == 1

    def test_counts_disputed_figures_for_the_pengelola_of_the_unit(self, two: City) -> None:
        fill_team(two)
        indicator = Indicator.objects.filter(plan__employee=two.people["pegawai"]).first()
        assert indicator is not None
        target = indicator.period_targets.get(period=Cycle.objects.get(state="BERJALAN").period)
        ProgressEntry.objects.create(
            target=target,
            employee=two.people["pegawai"],
            value=8,
            source="KERTAS",
            entered_at=NOW,
            disputed_at=NOW,
            dispute_reason="Bukan 8",
        )
        assert pending(two.viewer("pengelola"), now=NOW).disputes == 1
        assert pending(two.viewer("bkpsdm"), now=NOW).disputes == 0, "figures of an OPD are its pengelola's"
        page = two.client("pengelola").get("/kinerja/formulir/").content.decode()
        assert "Dipersoalkan pegawainya" in page
        assert "Bukan 8" in page

    def test_counts_only_the_own_checked_imports_that_bring_something(self, two: City) -> None:
        words = {"kind": "pegawai", "name": "a.csv", "file": "impor/a", "created_at": NOW, "state": "TERUJI"}
        for owner, new in (("bkpsdm", 3), ("bkpsdm", 0), ("bkpsdm2", 1)):
            ImportBatch.objects.create(owner=two.users[owner].pk, new=new, **words)
        assert pending(two.viewer("bkpsdm"), now=NOW) == Pending(imports=1)

    def test_costs_one_query_whatever_waits(self, two: City) -> None:
        viewer = two.viewer("bkpsdm2")
        for _n in range(3):
            proposal(two)
        with CaptureQueriesContext(connection) as seen:
            pending(viewer, now=NOW)
        assert len(seen) == 1
