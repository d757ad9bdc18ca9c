"""Home by role: what waits, what is watched, and what it costs."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Assessment, Cycle, PerformancePlan, ProgressEntry
from bukittinggi_kinerja.common.notices import notify, unread
from bukittinggi_kinerja.home.reading import Month
from bukittinggi_kinerja.home.views import verdict_of
from tests.months import fill_team
from tests.people import LOGINS, City

MOST_QUERIES = 12


@pytest.fixture
def month(city: City) -> City:
    fill_team(city, published=2)
    return city


@pytest.mark.parametrize("login", LOGINS)
def test_home_opens_for_every_role_within_its_queries(month: City, login: str) -> None:
    cache.clear()
    browser = month.client(login)
    browser.get("/profil/")  # which rules of access hold is remembered for a while
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = browser.get("/")
    assert page.status_code == 200
    assert len(seen) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in seen)


def test_a_larger_team_costs_no_more_queries(month: City) -> None:
    browser = month.client("penilai")
    browser.get("/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/")
    cycle = Cycle.objects.get(state="BERJALAN")
    boss = month.people["penilai"]
    Assessment.objects.bulk_create(
        Assessment(
            cycle=cycle, stretch_start=cycle.start, stretch_end=cycle.end, employee=person, unit=month.units["DPMPTSP.IZIN.YAN"],
            assessor=boss,
        )
        for person in month.add_staff(60)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/").content.decode()
    assert "dari 72 pegawai" in page
    assert len(many) == len(few)


def test_an_employee_reads_what_waits_with_its_deadline(month: City) -> None:
    page = month.client("pegawai").get("/").content.decode()
    assert "2 indikator" in page
    assert "hari lagi" in page
    assert "Tambah realisasi" in page


def test_nothing_to_do_is_said_as_a_fact(month: City) -> None:
    assert "Tidak ada yang perlu dikerjakan hari ini." in month.client("luar").get("/").content.decode()


def test_ratings_wait_only_once_the_month_is_over(month: City) -> None:
    browser = month.client("penilai")
    assert "belum selesai dinilai" not in browser.get("/").content.decode()
    Cycle.objects.filter(state="BERJALAN").update(state="PENILAIAN")
    assert "12 dari 12 pegawai belum selesai dinilai" in browser.get("/").content.decode()


def test_a_submitted_plan_waits_for_its_assessor_alone(month: City) -> None:
    PerformancePlan.objects.filter(employee=month.staff[3]).update(state="DIAJUKAN")
    assert "1 SKP menunggu penetapan Anda." in month.client("penilai").get("/").content.decode()
    assert "menunggu penetapan" not in month.client("atasan").get("/").content.decode()


def test_marks_do_not_show_on_home_before_they_are_published(month: City) -> None:
    case = Assessment.objects.get(employee=month.staff[0], cycle__state="BERJALAN")
    Assessment.objects.filter(pk=case.pk).update(result_rating=1, behaviour_rating=1, rated_by=month.people["penilai"], state="DINILAI")
    page = month.client("pegawai").get("/").content.decode()
    assert "Di bawah ekspektasi" not in page
    assert "Sangat Kurang" not in page


def test_few_results_give_the_leader_no_conclusion(month: City) -> None:
    page = month.client("pimpinan").get("/").content.decode()
    assert "belum dapat disimpulkan" in page
    assert "n = " not in page


def test_the_leader_reads_a_share_with_its_n_once_there_are_enough(month: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bukittinggi_kinerja.home.reading.ENOUGH", 12)
    page = month.client("pimpinan").get("/").content.decode()
    assert "(n = 12)" in page
    assert "100%" in page


def test_thousands_of_people_are_written_with_their_point() -> None:
    months = [Month("2026-10", {4: 1250}, not_rated=2965)]
    told = render_to_string("beranda/pimpinan.html", {"months": months, "verdict": verdict_of(months)})
    assert "(n = 1.250)" in told
    assert "2.965 pegawai belum dinilai" in told


@pytest.mark.parametrize(
    ("good", "before", "told"),
    [
        (957, 961, "September 2026: 96,1%. Selisih -0,4 poin (selang 95%: -2,2 sampai 1,4), jadi naik atau turun belum dapat disimpulkan."),
        (957, 957, "September 2026: 95,7%. Selisih 0,0 poin (selang 95%: -1,8 sampai 1,8), jadi naik atau turun belum dapat disimpulkan."),
        (960, 900, "Lebih tinggi daripada September 2026 (90%): selisih 6,0 poin, selang 95% 3,8 sampai 8,3."),
        (900, 960, "Lebih rendah daripada September 2026 (96%): selisih -6,0 poin, selang 95% -8,3 sampai -3,8."),
    ],
)
def test_a_month_is_better_or_worse_only_beyond_chance(good: int, before: int, told: str) -> None:
    assert verdict_of([Month("2026-10", {4: good, 1: 1000 - good}), Month("2026-09", {4: before, 1: 1000 - before})]) == told


def test_a_leader_sees_no_names_on_home(month: City) -> None:
    page = month.client("pimpinan").get("/").content.decode()
    assert month.people["pimpinan"].name in page, "a name would be found"
    assert not [person.name for person in month.staff if person.name in page]


def test_an_opened_notice_is_read_and_leads_on(month: City) -> None:
    user = month.users["pegawai"]
    entry = ProgressEntry.objects.first()
    assert entry is not None
    notify(
        recipients=[user.pk],
        kind="assessment_published",
        data={"period": "2026-10"},
        link="/kinerja/",
        once="t",
        event=None,
        now=entry.entered_at,
    )
    browser = month.client("pegawai")
    page = browser.get("/").content.decode()
    assert "Hasil penilaian Oktober 2026 sudah terbit." in page
    number = page.split('name="buka" value="')[1].split('"')[0]
    assert browser.post("/pemberitahuan/", {"buka": number}).headers["Location"] == "/kinerja/"
    assert "sudah terbit." not in browser.get("/").content.decode()


@pytest.mark.parametrize("odd", ["²", "x", "9" * 5000])
def test_a_notice_of_an_odd_number_opens_and_reads_nothing(month: City, odd: str) -> None:
    user, now = month.users["luar"], timezone.now()
    notify(recipients=[user.pk], kind="assessment_published", data={"period": "2026-10"}, link="/", once="t", event=None, now=now)
    assert month.client("luar").post("/pemberitahuan/", {"buka": odd}).headers["Location"] == "/"
    assert len(unread(recipient=user.pk, limit=1000)) == 1


def test_the_notice_of_another_person_is_not_opened(month: City) -> None:
    user = month.users["luar"]
    entry = ProgressEntry.objects.first()
    assert entry is not None
    notify(
        recipients=[user.pk],
        kind="assessment_published",
        data={"period": "2026-10"},
        link="/kinerja/",
        once="t",
        event=None,
        now=entry.entered_at,
    )
    browser = month.client("luar")
    number = browser.get("/").content.decode().split('name="buka" value="')[1].split('"')[0]
    assert month.client("pegawai").post("/pemberitahuan/", {"buka": number}).headers["Location"] == "/"
    assert "sudah terbit." in browser.get("/").content.decode()


def test_a_post_without_an_agreed_plan_is_something_to_do(month: City) -> None:
    cycle = Cycle.objects.get(state="BERJALAN")
    case = Assessment.objects.current().get(cycle=cycle, employee=month.people["pegawai"])
    assert "belum ditetapkan" not in month.client("pegawai").get("/").content.decode()
    half = cycle.start.replace(day=16)
    Assessment.objects.filter(pk=case.pk).update(stretch_end=half)
    Assessment.objects.create(
        cycle=cycle, employee=case.employee, unit=month.units["DINKES.YAN"], assessor=month.people["kadinkes"], stretch_start=half,
        stretch_end=cycle.end,
    )  # fmt: skip
    page = month.client("pegawai").get("/").content.decode()
    assert f"SKP Anda di {month.units['DINKES.YAN'].name} belum ditetapkan." in page
    assert "Target saya, 1–15 " in page
