"""Splitting a unit: who goes where, by post or one by one, in one act; and what it leaves is shown."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse

from bukittinggi_kinerja.common.models import Event
from employees.models import OrgUnit, Posting, UnitSuccession
from employees.queries.units import seats_of
from tests.people import City

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 1)
PARTS = "DPMPTSP.A; Seksi Pelayanan Satu\nDPMPTSP.B; Seksi Pelayanan Dua"
SHOWN = f"DPMPTSP.A|DPMPTSP.B|{DAY}"


def page(city: City, **words: str) -> HttpResponse:
    """The page of the split with the new units, their day and what else was sent."""
    sent = {"parts": PARTS, "on": "01-12-2026", "decree": "188/9/2026", "reason": "Penataan", **words}
    return city.client("bkpsdm").post(f"/admin/employees/orgunit/{city.units['DPMPTSP.IZIN.YAN'].pk}/pecah/", sent)


def split(city: City, **words: str) -> HttpResponse:
    return page(city, setuju="1", dilihat=SHOWN, **words)


def unit_of(city: City, person: Any) -> str:
    return Posting.objects.in_force(on=DAY).get(employee=person).unit.code


def choice(city: City, person: Any) -> str:
    return f"orang_{person.pk}"


def post_name(city: City, person: Any) -> str:
    return f"jabatan_{Posting.objects.in_force(on=DAY).get(employee=person).position_id}"


def test_everybody_of_the_unit_is_shown_by_post_before_anything_is_done(city: City) -> None:
    text = page(city).content.decode()
    for person in (*city.staff, city.people["penilai"]):
        assert f'name="orang_{person.pk}"' in text
    assert text.count("Seksi Pelayanan Dua</option>") == 13 + len(seats_of(city.units["DPMPTSP.IZIN.YAN"].pk, on=DAY))
    assert not OrgUnit.objects.filter(code="DPMPTSP.A").exists()


def test_a_post_goes_together_and_one_person_of_it_elsewhere(city: City) -> None:
    person, boss = city.staff[3], city.people["penilai"]
    answer = split(city, **{post_name(city, person): "2", choice(city, person): "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/serah-terima/")
    same_post = [one for one in city.staff if post_name_before(one) == post_name_before(person) and one != person]
    assert same_post, "others hold that post as well"
    assert unit_of(city, person) == "DPMPTSP.A"
    assert {unit_of(city, one) for one in same_post} == {"DPMPTSP.B"}
    assert unit_of(city, boss) == "DPMPTSP.A", "nobody chose for his post"


def post_name_before(person: Any) -> int:
    return Posting.objects.filter(employee=person).order_by("pk")[0].position_id


def test_it_is_one_act_with_its_decree_and_the_next_page_shows_what_is_left(city: City) -> None:
    sent = {choice(city, person): "2" for person in city.staff[:6]}
    page_after = (
        city.client("bkpsdm")
        .post(
            f"/admin/employees/orgunit/{city.units['DPMPTSP.IZIN.YAN'].pk}/pecah/",
            {"parts": PARTS, "on": "01-12-2026", "decree": "188/9/2026", "reason": "Penataan", "setuju": "1", "dilihat": SHOWN, **sent},
            follow=True,
        )
        .content.decode()
    )
    assert "Unit dipecah menjadi Seksi Pelayanan Satu, Seksi Pelayanan Dua." in page_after
    assert "Serah terima" in page_after
    assert Event.objects.filter(action="employees.unit.split").count() == 1
    assert set(UnitSuccession.objects.values_list("decree", flat=True)) == {"188/9/2026"}
    assert [unit_of(city, person) for person in city.staff] == ["DPMPTSP.B"] * 6 + ["DPMPTSP.A"] * 6
    moved = Posting.objects.in_force(on=DAY).filter(employee__in=city.staff)
    assert {post.decree for post in moved} == {"188/9/2026"}


def test_other_units_than_those_shown_are_shown_first(city: City) -> None:
    answer = page(city, setuju="1", dilihat=SHOWN, parts=f"{PARTS}\nDPMPTSP.C; Seksi Pelayanan Tiga")
    assert answer.status_code == 200
    assert "Seksi Pelayanan Tiga</option>" in answer.content.decode()
    assert not OrgUnit.objects.filter(code="DPMPTSP.A").exists()


@pytest.mark.parametrize("number", ["3", "0", "-1", "x"])
def test_a_unit_that_is_not_on_the_page_is_refused_and_the_choices_stay(city: City, number: str) -> None:
    first, second = city.staff[:2]
    answer = split(city, **{choice(city, first): number, choice(city, second): "2"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Pilih unit baru dari daftar." in text
    kept = text.partition(f'id="orang_{second.pk}"')[2].partition("</select>")[0]
    assert re.search(r'value="2" selected', kept)
    assert not OrgUnit.objects.filter(code="DPMPTSP.A").exists()


def test_a_code_that_is_taken_is_refused_beside_the_units(city: City) -> None:
    answer = page(city, setuju="1", parts="DPMPTSP.SEK; Satu\nDPMPTSP.B; Dua", dilihat=f"DPMPTSP.SEK|DPMPTSP.B|{DAY}")
    assert "Kode unit ini sudah dipakai." in answer.content.decode()
    assert not OrgUnit.objects.filter(code="DPMPTSP.B").exists()


def test_several_hundred_people_are_placed_in_one_act(city: City, django_assert_max_num_queries: Any) -> None:
    more = city.add_staff(300)
    with django_assert_max_num_queries(1):
        assert sum(len(post.seats) for post in seats_of(city.units["DPMPTSP.IZIN.YAN"].pk, on=DAY)) == 313
    assert split(city, **{choice(city, person): "2" for person in more}).status_code == 302
    assert {unit_of(city, person) for person in (more[0], more[150], more[299])} == {"DPMPTSP.B"}
