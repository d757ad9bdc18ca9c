"""What the hand-over list offers can be done by who reads it, also when the official is gone for good."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from appraisal.models import PerformancePlan
from appraisal.services.cases import ensure_assessments
from bukittinggi_kinerja.moves.reading import HandOver
from employees.models import ActingAppointment, Posting, User
from employees.queries import viewer_of
from employees.queries.substitutes import officials_left
from tests.appraisal.month import IN_WINDOW, Month
from tests.home.test_handover import NOVEMBER_3, left, rating, totals
from tests.people import City

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_WINDOW)


@pytest.fixture
def orphaned(month: Month) -> Month:
    """The rater of the twelve left without a word: no post since yesterday, no account, and nobody took over."""
    rating(month)
    held = Posting.objects.filter(employee=month.city.people["penilai"])
    held.update(valid=DateRange(held.get().valid.lower, NOVEMBER_3 - DAY))
    User.objects.filter(pk=month.city.users["penilai"].pk).update(is_active=False)
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)
    PerformancePlan.objects.filter(employee=month.city.staff[2]).update(state="REVISI", revision_reason="Target berubah")
    return month


def group(found: HandOver, code: str) -> list[str]:
    return [row.what for one in found.groups if one.code == code for row in one.rows]


@pytest.mark.parametrize("who", ["bkpsdm", "pengelola", "atasan", "dpmptsp", "inspektorat"])
def test_every_way_that_is_offered_is_open_to_who_is_offered_it(orphaned: Month, who: str) -> None:
    client = orphaned.city.client(who)
    page = client.get("/serah-terima/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    links = set(re.findall(r'href="(/[^"#]+)', main))
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert ("Tunjuk pengganti" in main) is (who != "inspektorat")
    assert ("/impor/penempatan/" in main) is (who == "bkpsdm")


@pytest.mark.parametrize("who", ["pengelola", "atasan"])
def test_who_led_or_kept_an_official_that_is_gone_names_who_finishes_his_ratings(orphaned: Month, who: str) -> None:
    city = orphaned.city
    gone, taker = city.people["penilai"], city.staff[5]
    assert totals(left(city, who))["penilaian"] == 12
    address = f"/pengganti/untuk/{gone.pk}/"
    form = {
        "substitute": taker.pk,
        "kind": "PLT",
        "valid_from": "2026-11-03",
        "valid_until": "2026-11-30",
        "letter_number": "800/1",
        "reason": "Jabatan kosong",
    }
    found = city.client(who).post(address, {**form, "nama": taker.name, "cari": "1"})
    assert taker.name in found.content.decode()
    assert city.client(who).post(address, form).status_code == 302
    assert totals(left(city, who))["penilaian"] == 1, "his own rating is nobody's whom he stands in for"
    grid = city.client("staf5").get("/tim/?periode=2026-10").content.decode()
    assert city.staff[0].name in grid
    mandate = ActingAppointment.objects.get()
    assert f'id="m{mandate.pk}"' in city.client(who).get("/pengganti/").content.decode()


def test_nobody_else_appoints_for_who_left(orphaned: Month) -> None:
    city = orphaned.city
    address = f"/pengganti/untuk/{city.people['penilai'].pk}/"
    assert city.client("luar").get(address).status_code in {403, 404}
    assert city.client("inspektorat").get(address).status_code == 403
    reach = {who: officials_left(viewer_of(city.users[who], on=NOVEMBER_3)).exists() for who in ("pengelola", "atasan", "luar", "pegawai")}
    assert reach == {"pengelola": True, "atasan": True, "luar": False, "pegawai": False}


def test_who_went_to_another_office_is_replaced_by_those_he_is_with_now(month: Month) -> None:
    city = month.city
    held = Posting.objects.filter(employee=city.people["penilai"]).get()
    Posting.objects.filter(pk=held.pk).update(valid=DateRange(held.valid.lower, NOVEMBER_3))
    Posting.objects.create(
        employee=held.employee, unit=city.units["DINKES.YAN"], position=held.position, supervisor=city.people["kadinkes"],
        valid=DateRange(NOVEMBER_3, None), known=held.known, reason="Mutasi",
    )  # fmt: skip
    assert not officials_left(viewer_of(city.users["pengelola"], on=NOVEMBER_3)).filter(pk=held.employee_id).exists()


def test_a_plan_under_revision_is_listed_beside_those_that_wait_for_a_signature(orphaned: Month) -> None:
    PerformancePlan.objects.filter(employee=orphaned.city.staff[3]).update(state="DIAJUKAN", signed_by_assessor_at=None)
    rows = group(left(orphaned.city), "skp")
    assert len(rows) == 2
    assert sum("sedang direvisi" in row for row in rows) == 1


def test_a_mandate_whose_holder_left_is_revoked_where_it_stands(city: City) -> None:
    mandate = ActingAppointment.objects.create(
        principal=city.people["atasan"], substitute=city.staff[4], kind="PLH", reason="Cuti", letter_number="1",
        valid=DateRange(NOVEMBER_3 - DAY, NOVEMBER_3 + 5 * DAY),
    )  # fmt: skip
    city.staff[4].status = "CUTI"
    city.staff[4].save()
    for who, link in (("pengelola", f"/pengganti/#m{mandate.pk}"), ("inspektorat", "")):
        [row] = next(one.rows for one in left(city, who).groups if one.code == "mandat")
        assert row.link == link
