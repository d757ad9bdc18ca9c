"""Own performance, the page that explains a result, and the form for progress, through the web."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.models import Assessment, Cycle, Evidence, Indicator, ProgressEntry
from appraisal.queries.explanation import explain
from appraisal.rules.derivation import Node
from appraisal.services.versions import new_version
from appraisal.web.derivation import formula, story_of
from bukittinggi_kinerja.common.models import Event
from tests.months import fill_team, running_period
from tests.people import City

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
MOST_QUERIES = 12


@pytest.fixture
def month(city: City) -> City:
    fill_team(city, published=2)
    return city


def published(city: City, who: int = 0) -> Assessment:
    return Assessment.objects.filter(employee=city.staff[who], state="TERBIT").latest("cycle__start")


def running(city: City, who: int = 0) -> Assessment:
    return Assessment.objects.get(employee=city.staff[who], cycle__state="BERJALAN")


def indicator(city: City, place: int, who: int = 0) -> Indicator:
    return Indicator.objects.get(plan=running(city, who).plan, order=place + 1)


def address(city: City, place: int, who: int = 0) -> str:
    return reverse("realisasi", args=[indicator(city, place, who).pk, running_period().key])


class TestOwnPerformance:
    def test_it_shows_targets_live_figures_and_the_months_behind(self, month: City) -> None:
        page = month.client("pegawai").get("/kinerja/").content.decode()
        assert "86,25%" in page
        assert "95,83%" in page
        assert "100 berkas" in page
        assert page.count("Mengapa begini?") == 2

    def test_marks_before_publication_are_the_raters_alone(self, month: City) -> None:
        Assessment.objects.filter(pk=running(month).pk).update(result_rating=1, behaviour_rating=1)
        page = month.client("pegawai").get("/kinerja/").content.decode()
        assert "Di bawah ekspektasi" not in page

    def test_an_unrated_month_is_named_and_never_zero(self, month: City) -> None:
        Assessment.objects.filter(pk=running(month).pk).update(state="BELUM_DINILAI", state_reason="Batas penilaian lewat")
        Cycle.objects.filter(state="BERJALAN").update(state="TERBIT")
        page = month.client("pegawai").get("/kinerja/").content.decode()
        assert "Belum dinilai" in page
        assert "Batas penilaian lewat" in page

    def test_it_costs_at_most_twelve_queries(self, month: City) -> None:
        browser = month.client("pegawai")
        browser.get("/kinerja/")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/kinerja/")
        assert len(seen) <= MOST_QUERIES

    def test_a_person_without_plan_reads_what_to_do(self, month: City) -> None:
        assert "Belum ada periode yang dibuka untuk Anda" in month.client("luar").get("/kinerja/").content.decode()


class TestExplanation:
    def test_every_step_is_told_with_its_numbers(self, month: City) -> None:
        page = month.client("pegawai").get(reverse("nilai", args=[published(month).pk])).content.decode()
        for text in ("(83,5 + 89) ÷ 2 = 86,25%", "64 + 47 = 111 berkas", "(2 × 3 − 2,5) ÷ 3 × 100 = 116,6667%", "10.454,90 ÷ 100"):
            assert text in page, text
        for text in ("104,55%", "P = 15 ÷ 7", "2,14", "aturan-2025", "Menemukan dan memperbaiki selisih"):
            assert text in page, text

    def test_the_lines_shown_add_up_to_the_stored_total_for_everybody(self, month: City) -> None:
        cases = Assessment.objects.filter(state="TERBIT").select_related("cycle__policy", "score_row")
        assert len(cases) >= len(month.staff)
        for case in cases:
            story = story_of(explain(case))
            assert (story.weighted_sum / story.weights).quantize(Decimal("0.01")) == case.score_row.result_score
            assert (Decimal(story.mark_sum) / len(story.mark_values)).quantize(Decimal("0.01")) == case.score_row.behaviour_score

    def test_it_costs_at_most_twelve_queries(self, month: City) -> None:
        browser = month.client("pegawai")
        case = published(month)
        browser.get(reverse("nilai", args=[case.pk]))
        with CaptureQueriesContext(connection) as seen:
            browser.get(reverse("nilai", args=[case.pk]))
        assert len(seen) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in seen)

    def test_before_publication_the_owner_sees_figures_and_no_marks(self, month: City) -> None:
        case = running(month)
        Assessment.objects.filter(pk=case.pk).update(result_rating=3, behaviour_rating=1, note="rahasia dulu")
        page = month.client("pegawai").get(reverse("nilai", args=[case.pk])).content.decode()
        assert "86,25%" in page
        assert "Belum terbit" in page
        assert not [word for word in ("Di atas ekspektasi", "di atas ekspektasi", "Di bawah ekspektasi", "rahasia dulu") if word in page]

    def test_a_departure_from_the_advice_shows_its_reason(self, month: City) -> None:
        case = published(month)
        node = explain(Assessment.objects.select_related("cycle__policy", "score_row").get(pk=case.pk))
        assert story_of(node).result.departs is False
        changes = {"result_rating": 3, "result_reason": "Menangani dua loket sekaligus."}
        new = new_version(assessment_id=case.pk, changes=changes, reason="Putusan keberatan", actor=None, now=case.published_at)
        page = month.client("pegawai").get(reverse("nilai", args=[new.pk])).content.decode()
        assert "Rating ini berbeda dari saran." in page
        assert "Menangani dua loket sekaligus." in page

    @pytest.mark.parametrize(("login", "status"), [("pegawai", 200), ("penilai", 200), ("atasan", 200), ("bkpsdm", 200), ("luar", 404)])
    def test_it_opens_for_the_owner_and_the_chain_and_not_for_strangers(self, month: City, login: str, status: int) -> None:
        assert month.client(login).get(reverse("nilai", args=[published(month).pk])).status_code == status

    def test_a_colleague_does_not_see_it(self, month: City) -> None:
        assert month.client("pegawai").get(reverse("nilai", args=[published(month, 4).pk])).status_code == 404


class TestReceipt:
    def received(self, case: Assessment) -> bool:
        return Assessment.objects.get(pk=case.pk).received_at is not None

    def test_the_owners_first_opening_is_the_receipt_once(self, month: City) -> None:
        case, browser = published(month), month.client("pegawai")
        browser.get(reverse("nilai", args=[case.pk]))
        assert self.received(case)
        browser.get(reverse("nilai", args=[case.pk]))
        assert Event.objects.filter(action="appraisal.assessment.received", subject_id=str(case.pk)).count() == 1

    def test_looking_ahead_is_no_receipt(self, month: City) -> None:
        case, browser = published(month), month.client("pegawai")
        path = reverse("nilai", args=[case.pk])
        browser.head(path)
        for header in ({"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}):
            assert browser.get(path, headers=header).status_code == 200
        assert not self.received(case)

    def test_others_opening_it_is_no_receipt(self, month: City) -> None:
        case = published(month)
        for login in ("penilai", "bkpsdm"):
            month.client(login).get(reverse("nilai", args=[case.pk]))
        assert not self.received(case)

    def test_lists_and_home_are_no_receipt(self, month: City) -> None:
        browser = month.client("pegawai")
        browser.get("/")
        browser.get("/kinerja/")
        assert not self.received(published(month))


class TestAddingProgress:
    def fields(self, browser: Client, path: str, **given: object) -> dict[str, object]:
        key = re.search(r'name="kunci" value="([^"]+)"', browser.get(path).content.decode())
        assert key
        return {"kunci": key[1], "value": "86,5", "note": "Rekap minggu ke-3", "links": ""} | given

    def test_a_figure_with_a_file_is_kept_with_its_seal(self, month: City) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        sent = self.fields(browser, path, paper=SimpleUploadedFile("rekap.pdf", PDF), links="https://contoh.go.id/rekap")
        answer = browser.post(path, sent, follow=True)
        entry = ProgressEntry.objects.latest("id")
        assert entry.value == Decimal("86.5")
        assert sorted(Evidence.objects.filter(entry=entry).values_list("kind", flat=True)) == ["BERKAS", "TAUTAN"]
        assert "Realisasi tersimpan: 86,5 berkas." in answer.content.decode()

    def test_sending_the_same_form_twice_is_one_act(self, month: City) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        sent, before = self.fields(browser, path), ProgressEntry.objects.count()
        assert [browser.post(path, sent).status_code for _n in range(2)] == [302, 302]
        assert ProgressEntry.objects.count() == before + 1

    def test_an_old_form_with_other_words_is_not_a_second_act(self, month: City) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        sent, before = self.fields(browser, path), ProgressEntry.objects.count()
        browser.post(path, sent)
        page = browser.post(path, sent | {"value": "90"})
        assert page.status_code == 400
        assert "Formulir ini sudah tersimpan." in page.content.decode()
        assert ProgressEntry.objects.count() == before + 1

    @pytest.mark.parametrize(
        ("typed", "kept"), [("86,5", "86.5"), ("1.250", "1250"), ("1.250,25", "1250.25"), ("86.5", "86.5"), (" 12 ", "12")]
    )
    def test_numbers_are_read_as_people_here_write_them(self, month: City, typed: str, kept: str) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        browser.post(path, self.fields(browser, path, value=typed))
        assert ProgressEntry.objects.latest("id").value == Decimal(kept)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"value": ""}, "Isi realisasi."),
            ({"value": "delapan"}, "Tulis angka saja, misalnya 86,5."),
            ({"value": "-3"}, "Realisasi tidak boleh kurang dari nol. Tulis 0 atau lebih."),
            ({"value": "-0"}, "Realisasi tidak boleh kurang dari nol. Tulis 0 atau lebih."),
            ({"value": "-"}, "Tulis angka saja, misalnya 86,5."),
            ({"value": "-tiga"}, "Tulis angka saja, misalnya 86,5."),
            ({"links": "javascript:alert(1)"}, "Tautan harus berawalan http:// atau https://"),
        ],
    )
    def test_a_refused_form_keeps_what_was_typed_and_says_what_to_do(self, month: City, fields: dict[str, str], sentence: str) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        page = browser.post(path, self.fields(browser, path, **fields)).content.decode()
        assert sentence in page
        assert "<title>Galat: " in page
        assert "Rekap minggu ke-3" in page

    def test_a_file_is_judged_by_its_content(self, month: City) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        page = browser.post(path, self.fields(browser, path, paper=SimpleUploadedFile("rekap.pdf", b"<svg onload=alert(1)>")))
        assert page.status_code == 400
        assert "tidak dapat diterima" in page.content.decode()

    def test_a_colleagues_indicator_is_not_there(self, month: City) -> None:
        assert month.client("pegawai").get(address(month, 1, who=5)).status_code == 404

    def test_the_rater_reads_it_but_has_no_form(self, month: City) -> None:
        page = month.client("penilai").get(address(month, 0)).content.decode()
        assert "Rekap paruh ke-1 bulan ini" in page
        assert 'name="kunci"' not in page

    def test_after_the_deadline_there_is_no_form_and_no_way_round(self, month: City) -> None:
        browser, path = month.client("pegawai"), address(month, 1)
        sent, before = self.fields(browser, path), ProgressEntry.objects.count()
        cycle = Cycle.objects.get(state="BERJALAN")
        Cycle.objects.filter(pk=cycle.pk).update(progress_due=cycle.published_at or "2026-01-01T00:00:00Z")
        assert 'name="kunci"' not in browser.get(path).content.decode()
        assert browser.post(path, sent).status_code == 400
        assert ProgressEntry.objects.count() == before

    def test_a_correction_replaces_and_the_old_row_stays(self, month: City) -> None:
        browser = month.client("pegawai")
        old = ProgressEntry.objects.current().filter(target__indicator=indicator(month, 0)).latest("id")
        path = reverse("realisasi-catatan", args=[old.pk])
        browser.post(path, self.fields(browser, path, value="91", reason="Salah baca rekap"))
        new = ProgressEntry.objects.latest("id")
        assert (new.value, new.replaces_id) == (Decimal(91), old.pk)
        assert ProgressEntry.objects.get(pk=old.pk).withdrawn_at is not None

    def test_taking_back_an_entry_needs_a_reason(self, month: City) -> None:
        browser = month.client("pegawai")
        old = ProgressEntry.objects.current().filter(target__indicator=indicator(month, 0)).latest("id")
        path = reverse("realisasi-catatan", args=[old.pk])
        assert "Tulis alasan perbaikan." in browser.post(path, self.fields(browser, path, tarik="1")).content.decode()
        browser.post(path, self.fields(browser, path, tarik="1", reason="Ganda"))
        assert ProgressEntry.objects.get(pk=old.pk).withdrawal_reason == "Ganda"


class TestFormulas:
    def node(self, raw: str, manner: str, found: str, target: str) -> Node:
        leaf = Node("r", "realisation", "input", found, "v"), Node("t", "target", "input", target, "v")  # type: ignore[arg-type]
        return Node("a", "achievement", "achievement", raw, "v", children=leaf, manner=manner)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("raw", "manner", "found", "target", "told"),
        [
            ("95.833333333333", "TUNGGAL/NAIK", "86.25", "90", "86,25 ÷ 90 × 100 = 95,8333%"),
            ("116.666666666667", "TUNGGAL/TURUN", "2.5", "3", "(2 × 3 − 2,5) ÷ 3 × 100 = 116,6667%"),
            ("80", "TUNGGAL/TEPAT", "125", "100", "100 ÷ 125 × 100 = 80%"),
            ("100", "RENTANG/NAIK", "92", "90..95", "92 berada di dalam target, jadi 100%"),
            ("50", "RENTANG/NAIK", "45", "90..95", "45 ÷ 90 × 100 = 50%"),
            ("95", "RENTANG/TEPAT", "100", "90..95", "95 ÷ 100 × 100 = 95%"),
            ("100", "TANGGAL/NAIK", "2026-06-30", "2026-06-30", "Selesai tidak melewati tanggal target, jadi 100%"),
            ("90", "TANGGAL/NAIK", "2026-07-10", "2026-06-30", "Terlambat 10 hari kalender, jadi 90%"),
        ],
    )
    def test_each_manner_is_told_by_its_own_formula(self, raw: str, manner: str, found: str, target: str, told: str) -> None:
        node = self.node(raw, manner, found, target)
        assert formula(node, *node.children) == told
