"""The pages of the yearly plan: written, handed in, returned, agreed and revised as plain forms."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Indicator, PerformancePlan, WorkResult
from bukittinggi_kinerja.common.period import local_date
from employees.models import Posting
from tests.people import City

from .planning import make_indicator, make_plan, make_result

YEAR = local_date(timezone.now()).year
THIS_YEAR = {"start": timezone.datetime(YEAR, 1, 1).date(), "end": timezone.datetime(YEAR + 1, 1, 1).date()}  # type: ignore[attr-defined]
INDICATOR = {
    "name": "Berkas selesai", "aspect": "KUANTITAS", "measure": "", "form": "TUNGGAL", "target": "1.200,5", "unit_name": "berkas",
    "direction": "NAIK", "accumulation": "SUM", "weight": "2", "order": "1",
}  # fmt: skip


@pytest.fixture
def leader_result(city: City) -> WorkResult:
    return make_result(make_plan(city.people["penilai"], **THIS_YEAR), "Layanan perizinan cepat")


@pytest.fixture
def draft(city: City, leader_result: WorkResult) -> PerformancePlan:
    plan = make_plan(city.people["pegawai"], state="DRAF", **THIS_YEAR)
    make_result(plan, parent=leader_result)
    make_indicator(plan)
    return plan


def post(city: City, who: str, path: str, **data: str):  # type: ignore[no-untyped-def]
    return city.client(who).post(path, data)


def test_an_employee_drafts_writes_and_hands_in_and_the_leader_agrees(city: City, leader_result: WorkResult) -> None:
    posting = Posting.objects.known().get(employee=city.people["pegawai"])
    first = city.client("pegawai").get("/kinerja/skp/")
    assert f'value="{posting.pk}"' in first.content.decode()
    path = post(city, "pegawai", "/kinerja/skp/", penempatan=str(posting.pk))["Location"]
    answer = post(
        city, "pegawai", f"{path}rhk/", kind="UTAMA", title="Izin tepat waktu", parent_id=str(leader_result.pk), share="33,3", order="1"
    )
    assert (answer.status_code, answer["Location"]) == (302, path)
    result = WorkResult.objects.get(plan__employee=city.people["pegawai"])
    assert result.share == Decimal("33.30")
    assert post(city, "pegawai", f"{path}rhk/{result.pk}/iki/", **INDICATOR).status_code == 302
    indicator = Indicator.objects.get(work_result=result)
    assert (indicator.target, indicator.weight) == (Decimal("1200.5"), 2)
    assert post(city, "pegawai", path, aksi="ajukan").status_code == 302
    team = city.client("penilai").get("/tim/skp/").content.decode()
    assert f"/tim/skp/{result.plan_id}/" in team
    assert post(city, "penilai", f"/tim/skp/{result.plan_id}/", aksi="tetapkan").status_code == 302
    result.plan.refresh_from_db()
    assert result.plan.state == "DITETAPKAN"
    page = city.client("pegawai").get(path).content.decode()
    assert "1.200,5 berkas" in page
    assert "Tambah RHK" not in page


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(city: City, draft: PerformancePlan) -> None:
    path = f"/kinerja/skp/{draft.pk}/rhk/{draft.work_results.get().pk}/iki/"
    answer = post(city, "pegawai", path, **INDICATOR | {"form": "RENTANG", "target": "95", "target_max": "90", "name": "Waktu tunggu"})
    seen = answer.content.decode()
    assert answer.status_code == 400
    assert "<title>Galat:" in seen
    assert "Waktu tunggu" in seen
    assert "Isi target sesuai bentuknya" in seen


def test_an_incomplete_plan_says_what_is_missing(city: City, leader_result: WorkResult) -> None:
    plan = make_plan(city.people["pegawai"], state="DRAF", **THIS_YEAR)
    make_result(plan, "Tanpa induk", parent=leader_result)
    answer = post(city, "pegawai", f"/kinerja/skp/{plan.pk}/", aksi="ajukan")
    assert answer.status_code == 400
    assert "Tambahkan paling sedikit satu RHK" in answer.content.decode()


def test_a_reason_is_asked_for_returning_and_revising(city: City, draft: PerformancePlan) -> None:
    post(city, "pegawai", f"/kinerja/skp/{draft.pk}/", aksi="ajukan")
    path = f"/tim/skp/{draft.pk}/"
    assert "Tulis alasannya." in post(city, "penilai", path, aksi="kembalikan", reason="").content.decode()
    assert post(city, "penilai", path, aksi="kembalikan", reason="Target rendah").status_code == 302
    draft.refresh_from_db()
    assert draft.state == "DRAF"


def test_a_revision_shows_the_old_figure_and_the_proposed_one(city: City, leader_result: WorkResult) -> None:
    plan = make_plan(city.people["pegawai"], **THIS_YEAR)
    result = make_result(plan, parent=leader_result)
    indicator = make_indicator(plan)
    assert post(city, "pegawai", f"/kinerja/skp/{plan.pk}/", aksi="revisi", reason="Beban berkurang").status_code == 302
    path = f"/kinerja/skp/{plan.pk}/rhk/{result.pk}/iki/{indicator.pk}/"
    assert post(city, "pegawai", path, **INDICATOR | {"target": "96"}).status_code == 302
    seen = city.client("penilai").get(f"/tim/skp/{plan.pk}/").content.decode()
    assert "120 berkas" in seen
    assert "96" in seen
    assert "Perubahan diusulkan" in seen
    assert 'value="96"' in city.client("pegawai").get(path).content.decode()
    targets = city.client("pegawai").get(f"/kinerja/skp/{plan.pk}/iki/{indicator.pk}/target/").content.decode()
    assert targets.count('value="8"') == 12


def test_period_targets_are_edited_as_a_form(city: City, draft: PerformancePlan) -> None:
    indicator = draft.indicators.get()
    path = f"/kinerja/skp/{draft.pk}/iki/{indicator.pk}/target/"
    boxes = {f"value:{YEAR}-{month:02}": "10" for month in range(1, 13)}
    wrong = post(city, "pegawai", path, **boxes | {f"value:{YEAR}-01": "9"})
    assert wrong.status_code == 400
    assert "harus sama dengan target tahunan" in wrong.content.decode()
    assert post(city, "pegawai", path, **boxes | {f"value:{YEAR}-01": "9,5", f"value:{YEAR}-12": "10,5"}).status_code == 302
    assert indicator.period_targets.get(period=f"{YEAR}-01").target == Decimal("9.5")


def test_removing_asks_the_service_not_the_form(city: City, draft: PerformancePlan) -> None:
    indicator = draft.indicators.get()
    path = f"/kinerja/skp/{draft.pk}/rhk/{indicator.work_result_id}/iki/{indicator.pk}/"
    assert post(city, "pegawai", path, hapus="1").status_code == 302
    assert not draft.indicators.exists()


def test_an_old_form_does_not_overwrite_the_other_side(city: City, draft: PerformancePlan) -> None:
    result = draft.work_results.get()
    path = f"/kinerja/skp/{draft.pk}/rhk/{result.pk}/"
    data = {"kind": "UTAMA", "title": "Baru", "parent_id": str(result.parent_id), "order": "1", "version": "1"}
    assert post(city, "penilai", path, **data | {"title": "Dari penilai"}).status_code == 302
    answer = post(city, "pegawai", path, **data)
    assert answer.status_code == 400
    assert "sudah diubah" in answer.content.decode()
    result.refresh_from_db()
    assert result.title == "Dari penilai"


def test_the_leader_writes_his_expectations(city: City, draft: PerformancePlan) -> None:
    path = f"/tim/skp/{draft.pk}/ekspektasi/"
    assert post(city, "penilai", path, BP="Sapa pemohon lebih dulu").status_code == 302
    assert "Sapa pemohon lebih dulu" in city.client("pegawai").get(f"/kinerja/skp/{draft.pk}/").content.decode()
    assert post(city, "pegawai", path, BP="x").status_code == 403


def test_a_button_nobody_offers_does_nothing(city: City, draft: PerformancePlan) -> None:
    for act in ("", "hapus_semua", "__class__"):
        assert post(city, "pegawai", f"/kinerja/skp/{draft.pk}/", aksi=act).status_code == 400
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("DRAF", 1)


@pytest.mark.parametrize(
    ("who", "seen", "edits"),
    [
        ("pegawai", 200, 200), ("penilai", 200, 200), ("atasan", 200, 403), ("dpmptsp", 200, 403), ("pengelola", 200, 403),
        ("bkpsdm", 200, 403), ("inspektorat", 200, 403), ("pimpinan", 404, 404), ("luar", 404, 404), ("staf1", 404, 404),
    ],
)  # fmt: skip
def test_each_role_sees_and_edits_what_is_its_own(city: City, draft: PerformancePlan, who: str, seen: int, edits: int) -> None:
    browser = city.client(who)
    indicator = draft.indicators.get()
    for path in (f"/kinerja/skp/{draft.pk}/", f"/tim/skp/{draft.pk}/"):
        assert browser.get(path).status_code == seen
    item = f"/kinerja/skp/{draft.pk}/rhk/"
    for path in (
        item, f"{item}{indicator.work_result_id}/", f"{item}{indicator.work_result_id}/iki/",
        f"{item}{indicator.work_result_id}/iki/{indicator.pk}/", f"/kinerja/skp/{draft.pk}/iki/{indicator.pk}/target/",
    ):  # fmt: skip
        assert browser.get(path).status_code == edits
        if edits != 200:
            assert browser.post(path, {"hapus": "1"}).status_code == edits
    if edits == 200:
        return
    for act in ("ajukan", "tetapkan", "kembalikan", "revisi", "ratakan"):
        answer = browser.post(f"/kinerja/skp/{draft.pk}/", {"aksi": act, "reason": "x"})
        assert answer.status_code == edits
    draft.refresh_from_db()
    assert (draft.state, draft.version, draft.work_results.count()) == ("DRAF", 1, 1)


def test_signed_out_everything_leads_to_signing_in(city: City, draft: PerformancePlan, client) -> None:  # type: ignore[no-untyped-def]
    for path in ("/kinerja/skp/", f"/kinerja/skp/{draft.pk}/", "/tim/skp/", f"/tim/skp/{draft.pk}/ekspektasi/"):
        assert client.get(path)["Location"].startswith("/masuk/?next=")


def test_the_team_list_is_for_raters_and_its_queries_do_not_grow(city: City, leader_result: WorkResult) -> None:
    assert city.client("luar").get("/tim/skp/").status_code == 403
    city.client("penilai").get("/tim/skp/")
    counts = []
    for people in (city.staff[:2], city.add_staff(30)):
        for who in people:
            make_plan(who, state="DIAJUKAN", **THIS_YEAR)
        browser = city.client("penilai")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/tim/skp/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_plan_page_costs_as_much_with_many_indicators(city: City, draft: PerformancePlan) -> None:
    city.client("pegawai").get("/kinerja/skp/")
    counts = []
    for more in (1, 8):
        for _time in range(more):
            make_indicator(draft)
        browser = city.client("pegawai")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/kinerja/skp/{draft.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
