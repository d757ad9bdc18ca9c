"""The rating screens behind their doors: what a rater sees, saves and sends, and who is turned away."""

from __future__ import annotations

import gzip
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.models import AppraisalPolicy, Assessment, Cycle, Feedback, ProgressEntry, RatingExample
from bukittinggi_kinerja.common.models import Event
from employees.models import ActingAppointment
from tests.months import DAY, open_case, open_cycle, running_period, today
from tests.people import ALWAYS, City
from tests.teams import open_team, running_case

GRID_BYTES = 14 * 1024
MOST_QUERIES = 12


@pytest.fixture
def team(city: City) -> City:
    """Twelve people with a running month."""
    open_team(city)
    return city


@pytest.fixture
def rater(team: City) -> Client:
    return team.client("penilai")


def patch(browser: Client, *rows: dict[str, object]) -> tuple[int, list[dict[str, object]]]:
    answer = browser.patch("/tim/nilai/", {"rows": list(rows)}, content_type="application/json")
    return answer.status_code, answer.json()["rows"]


def write_example(browser: Client, case: Assessment, **sent: object) -> HttpResponse:
    """The dialog of the grid, opened on ``case`` as the caller last saw it."""
    body = {"aspect": "AK", "revision": case.revision, **sent}
    return browser.post(f"/tim/nilai/{case.pk}/contoh/", body, headers={"Accept": "application/json"})


def queries_of(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


class TestTheGrid:
    def test_shows_every_person_of_the_team_once(self, team: City, rater: Client) -> None:
        page = rater.get("/tim/").content.decode()
        rows = re.findall(r'<tr data-id="(\d+)"', page)
        assert len(rows) == len(set(rows)) == 12
        assert page.count('class="sel"') == 12 * 9

    def test_keeps_its_order_at_every_visit(self, rater: Client) -> None:
        orders = [re.findall(r'<tr data-id="(\d+)"', rater.get("/tim/").content.decode()) for _visit in range(3)]
        assert orders[0] == orders[1] == orders[2]

    def test_holds_no_earlier_rating_and_no_predicate_before_the_own_mark(self, team: City, rater: Client) -> None:
        last = open_cycle(team, running_period().previous(), state="TERBIT")
        for case in Assessment.objects.filter(cycle__state="BERJALAN"):
            open_case(
                last, case.plan, state="TERBIT", result_rating=3, behaviour_rating=3, rated_by_id=case.assessor_id,
                note="Rahasia bulan lalu", published_at=last.rating_due,
            )  # fmt: skip
        page = re.sub(r"<(script|template)\b.*?</\1>", "", rater.get("/tim/").content.decode(), flags=re.S)
        table = page[page.index("<tbody>") :]
        assert "data-p=" not in table
        assert not re.search(r"Sangat Baik|Butuh Perbaikan|Kurang \(|Rahasia bulan lalu|Saran dari", table)
        assert re.findall(r'<input class="sel"[^>]* (?:value|data-v)=', table) == []

    def test_shows_the_advice_of_a_half_only_after_the_own_mark_of_that_half(self, team: City, rater: Client) -> None:
        case = running_case(team)
        _status, (row,) = patch(rater, {"assessment": case.pk, "changes": {"result": 3}, "revision": case.revision})
        assert "Saran dari capaian" in row["advice"]["result"]["text"]
        assert row["advice"]["behaviour"] is None
        assert row["predicate"] is None
        assert rater.get("/tim/").content.decode().count("Saran dari capaian") == 1

    def test_asks_two_ratings_where_the_policy_marks_values_once_a_year(self, team: City, rater: Client) -> None:
        AppraisalPolicy.objects.update(behaviour_depth="TAHUNAN")
        page = rater.get("/tim/").content.decode()
        due = running_period().start.month == 12
        assert page.count('class="sel"') == (12 * 9 if due else 12 * 2)
        assert ("Berorientasi Pelayanan" in page) == due

    def test_is_light(self, team: City, rater: Client) -> None:
        for case in Assessment.objects.filter(cycle__state="BERJALAN"):
            patch(rater, {"assessment": case.pk, "changes": {"result": 3, "behaviour": 2, "ak": 1}, "revision": case.revision})
        page = rater.get("/tim/").content
        assert len(gzip.compress(page)) <= GRID_BYTES

    def test_asks_the_database_as_often_for_forty_as_for_twelve(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"result": 2}, "revision": case.revision})
        few = queries_of(rater, "/tim/")
        open_team(team, people=team.add_staff(28), cycle=case.cycle)
        assert queries_of(rater, "/tim/") == few <= MOST_QUERIES
        assert len(gzip.compress(rater.get("/tim/").content)) <= GRID_BYTES

    def test_of_a_closed_month_shows_names_and_no_fields(self, city: City) -> None:
        open_team(city, cycle=open_cycle(city, running_period().previous(), state="DITUTUP"))
        rater, team = city.client("penilai"), city
        page = rater.get(f"/tim/?periode={running_period().previous().key}").content.decode()
        assert 'class="sel"' not in page
        assert team.staff[0].name in page

    def test_of_an_unknown_period_is_refused(self, rater: Client) -> None:
        assert rater.get("/tim/?periode=oktober").status_code == 400

    def test_is_for_raters_whatever_period_is_asked(self, team: City) -> None:
        for login in ("pegawai", "luar", "bkpsdm", "inspektorat"):
            assert team.client(login).get("/tim/?periode=oktober").status_code == 403

    def test_of_a_rater_without_an_open_period_says_so(self, team: City) -> None:
        assert b"Tidak ada periode yang terbuka" in team.client("atasan").get("/tim/").content


class TestWhoMayOpenIt:
    @pytest.mark.parametrize("who", ["pegawai", "bkpsdm", "inspektorat", "luar", "pengelola"])
    def test_people_who_rate_nobody_are_turned_away(self, team: City, who: str) -> None:
        assert team.client(who).get("/tim/").status_code == 403

    def test_the_signed_out_go_to_sign_in_and_scripts_hear_401(self, team: City) -> None:
        assert Client().get("/tim/").status_code == 302
        assert Client().patch("/tim/nilai/", {}, content_type="application/json").status_code == 401
        assert Client().post("/tim/nilai/1/contoh/", headers={"Accept": "application/json"}).status_code == 401

    @pytest.mark.parametrize(("who", "expected"), [("luar", 404), ("pegawai", 403), ("atasan", 403), ("bkpsdm", 403)])
    def test_nobody_but_the_rater_saves_a_mark(self, team: City, who: str, expected: int) -> None:
        case = running_case(team)
        status, _rows = patch(team.client(who), {"assessment": case.pk, "changes": {"result": 3}, "revision": 1})
        assert status == expected
        case.refresh_from_db()
        assert case.result_rating is None

    @pytest.mark.parametrize(("who", "expected"), [("luar", 404), ("pegawai", 403), ("atasan", 200), ("penilai", 200), ("bkpsdm", 403)])
    def test_one_assessment_is_for_the_rater_and_his_superior(self, team: City, who: str, expected: int) -> None:
        assert team.client(who).get(f"/tim/nilai/{running_case(team).pk}/").status_code == expected

    def test_the_superior_reads_and_finds_no_form(self, team: City) -> None:
        page = team.client("atasan").get(f"/tim/nilai/{running_case(team).pk}/").content.decode()
        assert 'type="radio"' not in page


class TestSavingByKeys:
    def test_many_rows_are_saved_in_one_request(self, team: City, rater: Client) -> None:
        cases = [running_case(team, n) for n in range(3)]
        rows = [{"assessment": c.pk, "changes": {"ak": 2, "result": 3}, "revision": c.revision} for c in cases]
        status, answers = patch(rater, *rows)
        assert status == 200
        assert [row["revision"] for row in answers] == [2, 2, 2]
        assert {(c.mark_ak, c.result_rating) for c in Assessment.objects.filter(pk__in=[c.pk for c in cases])} == {(2, 3)}

    def test_one_row_may_come_by_itself(self, team: City, rater: Client) -> None:
        case = running_case(team)
        body = {"assessment": case.pk, "changes": {"kl": 1}, "revision": 1}
        assert rater.patch("/tim/nilai/", body, content_type="application/json").status_code == 200
        case.refresh_from_db()
        assert case.mark_kl == 1

    def test_a_cell_changed_meanwhile_is_answered_409_with_both_to_compare(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"ak": 3}, "revision": 1})
        status, (row,) = patch(rater, {"assessment": case.pk, "changes": {"ak": 1}, "revision": 1})
        assert (status, row["stale"], row["marks"]["ak"], row["revision"]) == (409, True, 3, 2)
        assert row["by"] == team.people["penilai"].name
        case.refresh_from_db()
        assert case.mark_ak == 3

    def test_one_stale_row_holds_back_no_other(self, team: City, rater: Client) -> None:
        old, new = running_case(team, 0), running_case(team, 1)
        patch(rater, {"assessment": old.pk, "changes": {"ak": 3}, "revision": 1})
        status, answers = patch(
            rater,
            {"assessment": old.pk, "changes": {"ak": 1}, "revision": 1},
            {"assessment": new.pk, "changes": {"ak": 1}, "revision": 1},
        )
        assert status == 207
        assert [row["status"] for row in answers] == [409, 200]

    def test_the_same_save_twice_is_one_act(self, team: City, rater: Client) -> None:
        case = running_case(team)
        row = {"assessment": case.pk, "changes": {"ak": 3}, "revision": 1}
        assert [patch(rater, row)[0] for _again in range(2)] == [200, 200]
        assert Event.objects.filter(action="appraisal.assessment.marked", subject_id=str(case.pk)).count() == 1

    @pytest.mark.parametrize(
        "row",
        [
            {"assessment": "x", "changes": {"ak": 2}, "revision": 1},
            {"assessment": True, "changes": {"ak": 2}, "revision": 1},
            {"assessment": 1, "changes": [], "revision": 1},
            {"assessment": 1, "changes": {}, "revision": 1},
            {"assessment": 1, "changes": {"ak": 2}},
            {"assessment": 1, "changes": {"ak": 2}, "revision": None},
            {"assessment": 1, "changes": {"ak": 2}, "revision": "1"},
            {"assessment": 1, "changes": {"ak": 2}, "revision": True},
            {"assessment": 1, "changes": {"bp": [1]}, "revision": 1},
            {"assessment": 1, "changes": {"bp": {}}, "revision": 1},
            {"assessment": 1, "changes": {"bp": 2.0}, "revision": 1},
            {"changes": {"ak": 2}, "revision": 1},
        ],
    )
    def test_anything_but_the_agreed_shape_is_refused_in_json(self, rater: Client, row: dict[str, object]) -> None:
        answer = rater.patch("/tim/nilai/", {"rows": [row]}, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["detail"]

    @pytest.mark.parametrize("body", ["[" * 100_000, '{"rows":' * 50_000, '{"assessment": ' + "1" * 5000 + "}", "\xff", "null", "7"])
    def test_a_body_that_nobody_can_read_is_refused_in_json(self, rater: Client, body: str) -> None:
        answer = rater.patch("/tim/nilai/", body.encode("latin-1"), content_type="application/json")
        assert (answer.status_code, answer.json()["detail"]) == (400, "Isian ini tidak terbaca.")

    def test_a_number_beyond_every_key_is_nobodys_assessment(self, rater: Client) -> None:
        assert patch(rater, {"assessment": 10**30, "changes": {"ak": 2}, "revision": 10**30})[0] == 404

    @pytest.mark.parametrize("changes", [{"ak": 4}, {"ak": "2"}, {"ak": True}, {"state": 2}, {"rated_by": 1}])
    def test_no_other_value_and_no_other_column_is_taken(self, team: City, rater: Client, changes: dict[str, object]) -> None:
        status, _rows = patch(rater, {"assessment": running_case(team).pk, "changes": changes, "revision": 1})
        assert status == 400

    def test_nothing_is_saved_after_the_deadline(self, team: City, rater: Client) -> None:
        case = running_case(team)
        type(case.cycle).objects.filter(pk=case.cycle_id).update(rating_due="2025-01-10T00:00:00Z", progress_due="2025-01-09T00:00:00Z")
        status, (row,) = patch(rater, {"assessment": case.pk, "changes": {"ak": 2}, "revision": 1})
        assert (status, row["stale"]) == (409, False)


class TestThePlainForm:
    def test_saves_the_whole_grid(self, team: City, rater: Client) -> None:
        cases = [running_case(team, n) for n in range(12)]
        sent = {"periode": running_period().key} | {f"r-{c.pk}": "1" for c in cases} | {f"n-{c.pk}-ak": "2" for c in cases}
        answer = rater.post("/tim/", sent, follow=True)
        assert answer.redirect_chain[0][0].startswith("/tim/?periode=")
        assert set(Assessment.objects.filter(cycle__state="BERJALAN").values_list("mark_ak", flat=True)) == {2}

    def test_shows_what_is_wrong_and_keeps_what_was_typed(self, team: City, rater: Client) -> None:
        case = running_case(team)
        answer = rater.post("/tim/", {"periode": running_period().key, f"n-{case.pk}-ak": "7", f"r-{case.pk}": "1"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "<title>Galat:" in page
        assert 'value="7"' in page
        assert f'href="#n-{case.pk}-ak"' in page
        assert "Isi 1, 2, atau 3." in page

    def test_overwrites_nothing_that_was_saved_meanwhile(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"ak": 3}, "revision": 1})
        answer = rater.post("/tim/", {"periode": running_period().key, f"n-{case.pk}-ak": "1", f"r-{case.pk}": "1"})
        assert answer.status_code == 400
        assert "Isian Anda: 1." in answer.content.decode()
        case.refresh_from_db()
        assert case.mark_ak == 3

    def test_of_a_stale_page_lists_only_the_cells_he_typed_himself(self, team: City, rater: Client) -> None:
        case = running_case(team)
        page = rater.get("/tim/").content.decode()
        shown = re.search(f'name="w-{case.pk}" value="([^"]*)"', page)
        assert shown is not None
        patch(rater, {"assessment": case.pk, "changes": {"ak": 3, "ko": 2}, "revision": 1})
        sent = {"periode": running_period().key, f"r-{case.pk}": "1", f"w-{case.pk}": shown[1]}
        empty = {f"n-{case.pk}-{key}": "" for key in ("ak", "ko", "lo")}
        answer = rater.post("/tim/", sent | empty | {f"n-{case.pk}-lo": "1"})
        listed = re.findall(f'href="#n-{case.pk}-([a-z]+)"', answer.content.decode())
        assert (answer.status_code, listed) == (400, ["lo"])
        # What he typed and what stands may be the same; and who typed nothing has nothing to compare.
        assert rater.post("/tim/", sent | empty | {f"n-{case.pk}-ak": "3"}).status_code == 302
        assert rater.post("/tim/", sent | empty).status_code == 302
        case.refresh_from_db()
        assert (case.mark_ak, case.mark_ko) == (3, 2)

    def test_of_one_aspect_in_a_closed_month_says_that_it_is_closed(self, team: City, rater: Client) -> None:
        case = running_case(team)
        type(case.cycle).objects.filter(pk=case.cycle_id).update(
            state="TERBIT", rating_due="2025-01-10T00:00:00Z", progress_due="2025-01-09T00:00:00Z"
        )
        page = rater.get(f"/tim/?periode={running_period().key}&aspek=ak").content.decode()
        assert "Penilaian periode ini sudah ditutup" in page
        assert "Tersimpan otomatis" not in page
        assert "Belum ada indikator" not in page

    def test_of_one_aspect_goes_on_to_the_next(self, team: City, rater: Client) -> None:
        case = running_case(team)
        sent = {"periode": running_period().key, "lalu": "ko", f"n-{case.pk}-ak": "2", f"r-{case.pk}": "1"}
        assert rater.post("/tim/?aspek=ak", sent).url.endswith("&aspek=ko")

    def test_of_one_aspect_shows_its_three_anchors(self, rater: Client) -> None:
        page = rater.get("/tim/?aspek=ak").content.decode()
        assert "Laporan terlambat dua kali atau lebih" in page
        assert page.count('type="radio"') == 12 * 4


class TestOneAssessment:
    def test_is_completed_by_a_plain_form(self, team: City, rater: Client) -> None:
        case = running_case(team)
        Feedback.objects.create(
            employee=case.employee, author=team.people["penilai"], source="PIMPINAN", behaviour="AK", tone="APRESIASI",
            happened_on=today(), text="Memperbaiki selisih rekap sebelum diminta.", created_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
        note = Feedback.objects.get(employee=case.employee)
        Feedback.objects.filter(pk=note.pk).update(happened_on=case.cycle.start)
        marks = {f"n-{key}": "2" for key in ("result", "bp", "ko", "ha", "lo", "ad", "kl", "behaviour")}
        sent = {"revision": 1, **marks, "n-ak": "3", "fb-AK": str(note.pk), "note": "Pertahankan."}
        answer = rater.post(f"/tim/nilai/{case.pk}/", {**sent, "periksa": "1"})
        assert answer.url == f"/tim/periksa/?periode={case.cycle.period}"
        case.refresh_from_db()
        assert (case.mark_ak, case.result_rating, case.behaviour_rating, case.note) == (3, 2, 2, "Pertahankan.")
        example = RatingExample.objects.get(assessment=case)
        assert (example.aspect, example.text, example.feedback_id) == ("AK", note.text, note.pk)

    def test_stores_nothing_when_one_part_is_refused(self, team: City, rater: Client) -> None:
        case = running_case(team)
        other = Feedback.objects.create(
            employee=team.staff[1], author=team.people["penilai"], source="PIMPINAN", behaviour="AK", tone="APRESIASI",
            happened_on=today(), text="Tentang orang lain.", created_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
        answer = write_example(rater, case, feedback=other.pk)
        assert answer.status_code == 400
        assert not RatingExample.objects.filter(assessment=case).exists()

    def test_saved_meanwhile_shows_both_values(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"ak": 3}, "revision": 1})
        answer = rater.post(f"/tim/nilai/{case.pk}/", {"revision": 1, "n-ak": "1"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Yang tersimpan sekarang: Di atas ekspektasi" in page
        assert 'value="1" checked' in page
        case.refresh_from_db()
        assert case.mark_ak == 3

    @pytest.mark.parametrize(
        ("sent", "stands"),
        [
            ({"note": "Lebih rapi."}, "Pertahankan."),
            ({"ex-AK": "Dari tab lama."}, "Dari tab baru."),
            ({"ex-AK": ""}, "Dari tab baru."),
            ({"ex-KO": "Aspek yang tidak diubah siapa pun."}, "kosong"),
            ({"reason-result": "Alasan lama."}, "Alasan baru."),
        ],
    )
    def test_a_stale_form_overwrites_no_text(self, team: City, rater: Client, sent: dict[str, str], stands: str) -> None:
        case = running_case(team)
        fresh = {"revision": 1, "ex-AK": "Dari tab baru.", "note": "Pertahankan.", "reason-result": "Alasan baru."}
        assert rater.post(f"/tim/nilai/{case.pk}/", fresh).status_code == 302
        answer = rater.post(f"/tim/nilai/{case.pk}/", {"revision": 1, **sent})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert f"Yang tersimpan sekarang: {stands}" in page
        case.refresh_from_db()
        assert [row.text for row in case.examples.all()] == ["Dari tab baru."]
        assert (case.note, case.result_reason) == ("Pertahankan.", "Alasan baru.")
        assert f'name="revision" value="{case.revision}"' in page

    def test_a_stale_form_that_says_what_stands_is_no_quarrel(self, team: City, rater: Client) -> None:
        case = running_case(team)
        sent = {"revision": 1, "ex-AK": "Baris satu.\r\nBaris dua. ", "note": "Pertahankan."}
        assert [rater.post(f"/tim/nilai/{case.pk}/", sent).status_code for _again in range(2)] == [302, 302]
        assert Event.objects.filter(subject_id=str(case.pk)).count() == 2

    def test_an_emptied_example_is_removed_and_remembered(self, team: City, rater: Client) -> None:
        case = running_case(team)
        rater.post(f"/tim/nilai/{case.pk}/", {"revision": 1, "ex-AK": "Salah orang.", "ex-KO": "Tetap."})
        case.refresh_from_db()
        assert rater.post(f"/tim/nilai/{case.pk}/", {"revision": case.revision, "ex-AK": " \n"}).status_code == 302
        assert [row.aspect for row in case.examples.all()] == ["KO"]
        event = Event.objects.get(action="appraisal.assessment.example_removed")
        assert (event.old["text"], event.new) == ("Salah orang.", {"aspect": "AK"})
        assert "Contoh kejadian dihapus: Akuntabel" in rater.get(f"/tim/nilai/{case.pk}/").content.decode()

    def test_a_finished_rating_that_loses_its_example_is_a_draft_again(self, team: City, rater: Client) -> None:
        case = running_case(team)
        write_example(rater, case, text="Ada.")
        Assessment.objects.filter(pk=case.pk).update(
            state="DINILAI", result_rating=2, behaviour_rating=2, rated_by=team.people["penilai"], revision=7
        )
        case.refresh_from_db()
        assert write_example(rater, case, text="").json()["examples"] == []
        case.refresh_from_db()
        assert case.state == "DRAF"

    def test_a_page_that_shows_no_field_empties_none(self, team: City, rater: Client) -> None:
        case = running_case(team)
        rater.post(f"/tim/nilai/{case.pk}/", {"revision": 1, "ex-AK": "Tetap.", "note": "Tetap."})
        case.refresh_from_db()
        rater.post(f"/tim/nilai/{case.pk}/", {"revision": case.revision, "n-ak": "2"})
        case.refresh_from_db()
        assert (case.note, case.mark_ak, case.examples.count()) == ("Tetap.", 2, 1)

    @pytest.mark.parametrize("revision", [None, "", "x", "²", "9" * 5000])
    def test_the_grids_dialog_says_which_revision_it_saw(self, team: City, rater: Client, revision: str | None) -> None:
        case = running_case(team)
        sent = {"aspect": "AK", "text": "Ada."} | ({} if revision is None else {"revision": revision})
        answer = rater.post(f"/tim/nilai/{case.pk}/contoh/", sent, headers={"Accept": "application/json"})
        assert (answer.status_code, case.examples.count()) == (400, 0)

    def test_the_grids_dialog_overwrites_no_example(self, team: City, rater: Client) -> None:
        case = running_case(team)
        write_example(rater, case, text="Dari tab baru.")
        answer = write_example(rater, case, text="Dari tab lama.")
        told = answer.json()
        assert (answer.status_code, told["revision"], told["current"]) == (409, 2, {"text": "Dari tab baru."})
        assert "Yang tersimpan sekarang: Dari tab baru." in told["detail"]
        assert case.examples.get().text == "Dari tab baru."

    def test_signs_that_nobody_sees_are_not_kept(self, team: City, rater: Client) -> None:
        case = running_case(team)
        sent = {"aspect": "HASIL", "text": "Selisih\0 \u202editemukan.\x07", "reason": "Beban\0 naik."}
        answer = rater.post(f"/tim/nilai/{case.pk}/contoh/", {**sent, "revision": 1}, headers={"Accept": "application/json"})
        assert (answer.json()["text"], answer.json()["reason"]) == ("Selisih ditemukan.", "Beban naik.")

    @pytest.mark.parametrize("sent", [{"text": "a" * 601}, {"text": "Ada.", "reason": "a" * 1001}, {"text": "\0"}, {"feedback": "²"}])
    def test_the_grids_dialog_cuts_no_words_and_takes_none_that_are_empty(self, team: City, rater: Client, sent: dict[str, str]) -> None:
        case = running_case(team)
        answer = rater.post(
            f"/tim/nilai/{case.pk}/contoh/", {"aspect": "HASIL", "revision": 1, **sent}, headers={"Accept": "application/json"}
        )
        case.refresh_from_db()
        assert (answer.status_code, case.examples.count(), case.result_reason) == (400, 0, "")

    def test_takes_an_example_from_the_grids_dialog(self, team: City, rater: Client) -> None:
        case = running_case(team)
        answer = write_example(rater, case, text="Selisih ditemukan.").json()
        assert (answer["examples"], answer["text"], answer["revision"]) == (["AK"], "Selisih ditemukan.", 2)

    def test_tells_what_happened_so_far(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"ak": 3}, "revision": 1})
        page = rater.get(f"/tim/nilai/{case.pk}/").content.decode()
        assert "Nilai diubah" in page
        assert team.people["penilai"].name in page

    def test_asks_the_database_no_more_than_the_page_is_worth(self, team: City, rater: Client) -> None:
        assert queries_of(rater, f"/tim/nilai/{running_case(team).pk}/") <= MOST_QUERIES + 2


class TestCheckingAndSending:
    def all_two(self, team: City, rater: Client) -> None:
        marks = dict.fromkeys(("result", "bp", "ak", "ko", "ha", "lo", "ad", "kl", "behaviour"), 2)
        patch(rater, *[{"assessment": running_case(team, n).pk, "changes": marks, "revision": 1} for n in range(12)])

    def test_lists_what_is_missing_in_sentences(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"result": 3, "ak": 1}, "revision": 1})
        page = rater.get("/tim/periksa/").content.decode()
        assert "Tulis contoh kejadian untuk Hasil kerja dan Akuntabel." in page
        assert "Isi rating Perilaku kerja." in page
        assert "Jelaskan mengapa rating Hasil kerja berbeda dari saran." in page

    def test_asks_for_a_second_look_at_a_uniform_column(self, team: City, rater: Client) -> None:
        self.all_two(team, rater)
        assert "semua nilai sama. Periksa lagi sebelum mengirim." in rater.get("/tim/periksa/").content.decode()

    def test_sends_those_that_are_complete(self, team: City, rater: Client) -> None:
        self.all_two(team, rater)
        assert "Penilaian dapat dikirim mulai" in rater.get("/tim/periksa/").content.decode()
        Cycle.objects.filter(state="BERJALAN").update(start=today() - 30 * DAY, end=today())
        ids = [running_case(team, n).pk for n in range(12)]
        answer = rater.post("/tim/periksa/", {"periode": running_period().key, "id": ids}, follow=True)
        assert "12 penilaian" in answer.content.decode()
        assert Assessment.objects.filter(cycle__state="BERJALAN", state="DINILAI").count() == 12

    def test_sends_nothing_that_lacks_an_example(self, team: City, rater: Client) -> None:
        case = running_case(team)
        patch(rater, {"assessment": case.pk, "changes": {"result": 3, "behaviour": 2}, "revision": 1})
        answer = rater.post("/tim/periksa/", {"periode": running_period().key, "id": [case.pk]}, follow=True)
        assert "belum dapat dikirim" in answer.content.decode()
        case.refresh_from_db()
        assert case.state == "DRAF"

    def test_offers_for_sending_only_what_sending_takes(self, team: City, rater: Client) -> None:
        """A mark above rests on a file or on measured rows; the twelve have links."""
        case = running_case(team)
        Cycle.objects.filter(state="BERJALAN").update(start=today() - 30 * DAY, end=today())
        patch(rater, {"assessment": case.pk, "changes": {"result": 3, "behaviour": 2}, "revision": 1})
        case.refresh_from_db()
        write_example(rater, case, aspect="HASIL", text="Semua berkas lebih cepat.", reason="Beban naik dua kali.")
        sentence = "Rating di atas untuk Hasil kerja perlu bukti berkas atau data terukur, bukan tautan saja."
        box = f'name="id" value="{case.pk}"'

        def asked() -> tuple[bool, bool]:
            page = rater.get("/tim/periksa/").content.decode()
            return sentence in page, box in page

        assert asked() == (True, False)
        AppraisalPolicy.objects.update(links_support_above=True)
        assert asked() == (False, True)
        AppraisalPolicy.objects.update(links_support_above=False)
        typed = ProgressEntry.objects.filter(target__indicator__plan=case.plan).earliest("id")
        typed.pk, typed.source = None, "TERUKUR"
        typed.save(force_insert=True)
        assert asked() == (False, True)
        rater.post("/tim/periksa/", {"periode": running_period().key, "id": [case.pk]})
        case.refresh_from_db()
        assert case.state == "DINILAI"

    def test_a_refused_row_shows_why(self, team: City, rater: Client) -> None:
        self.all_two(team, rater)
        case = running_case(team)
        answer = rater.post("/tim/periksa/", {"periode": running_period().key, "id": [case.pk]})
        rows = answer.content.decode().split('<li class="periksa">')
        assert answer.status_code == 400
        assert [case.employee.name in row for row in rows if "Kirim penilaian setelah periodenya berakhir." in row] == [True]

    @pytest.mark.parametrize("sent", [{"id": "²"}, {"id": "1" * 5000}, {"id": "9" * 18}, {}])
    def test_odd_numbers_send_nothing(self, team: City, rater: Client, sent: dict[str, str]) -> None:
        assert rater.post("/tim/periksa/", {"periode": running_period().key, **sent}).status_code == 302

    def test_an_odd_period_sends_nothing(self, rater: Client) -> None:
        assert rater.post("/tim/periksa/", {"periode": "\0", "id": "1"}).status_code == 400


def test_a_substitute_rates_for_the_rater_he_stands_in_for(team: City) -> None:
    ActingAppointment.objects.create(
        principal=team.people["penilai"],
        substitute=team.people["pengelola"],
        kind="PLH",
        valid=ALWAYS,
        letter_number="1/PLH",
        reason="Cuti",
    )
    browser = team.client("pengelola")
    assert browser.get("/tim/").content.decode().count("<tr data-id=") == 12
    case = running_case(team)
    assert patch(browser, {"assessment": case.pk, "changes": {"ak": 2}, "revision": 1})[0] == 200
    case.refresh_from_db()
    assert case.rated_by == team.people["pengelola"]


def test_the_deadline_that_comes_first_opens_first(team: City, rater: Client) -> None:
    late = open_cycle(team, running_period().previous(), state="PENILAIAN", due=today())
    open_team(team, people=team.add_staff(2), cycle=late)
    page = rater.get("/tim/").content.decode()
    assert page.count("<tr data-id=") == 2
    assert f"?periode={running_period().key}" in page
