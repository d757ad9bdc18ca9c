"""Offices, chairs and people before they reach the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from bukittinggi_kinerja.common.workdays import WorkingCalendar
from bukittinggi_kinerja.demo.agencies import DISTRICTS
from bukittinggi_kinerja.demo.people import settle
from bukittinggi_kinerja.demo.timeline import Timeline
from bukittinggi_kinerja.demo.tree import SMALLEST, grow
from employees.rules.nip import parse_nip

LOGINS = {"bkpsdm", "pengelola", "penilai", "pegawai", "atasan", "dpmptsp", "pimpinan", "inspektorat", "luar"}
CALENDAR = WorkingCalendar.of_years(range(2020, 2028), [])
TODAY = dt.date(2026, 6, 15)


def timeline(today: dt.date = TODAY, months: int = 12) -> Timeline:
    return Timeline.of(today, months, progress_workdays=3, rating_workdays=5, calendar=CALENDAR)


@pytest.mark.parametrize("size", [SMALLEST, 100, 120, 777, 3000, 10_000])
def test_every_size_has_exactly_its_people_the_nine_logins_and_the_team_of_twelve(size: int) -> None:
    tree = grow(size, seed=1)
    assert len(tree.posts) == size
    logins = {post.login: post for post in tree.posts if post.login}
    assert set(logins) == LOGINS
    assert logins["pegawai"].boss is logins["penilai"]
    assert logins["penilai"].boss is logins["atasan"]
    assert logins["atasan"].boss is logins["dpmptsp"]
    assert sum(post.boss is logins["penilai"] for post in tree.posts) == 12
    assert len({unit.code for unit in tree.units}) == len(tree.units)


@pytest.mark.parametrize("size", [SMALLEST, 3000, 10_000])
def test_nobody_leads_more_people_than_he_can_judge_and_superiors_come_first(size: int) -> None:
    tree = grow(size, seed=1)
    assert max(Counter(post.boss.id for post in tree.posts if post.boss).values()) <= 20
    assert all(post.boss.id < post.id for post in tree.posts if post.boss)
    heads = [post.unit.code for post in tree.posts if post.heads]
    assert len(heads) == len(set(heads)) == len(tree.units)


def test_the_full_city_has_its_three_districts_and_twenty_four_sub_districts() -> None:
    tree = grow(3000, seed=1)
    names = {unit.name for unit in tree.units}
    assert len(DISTRICTS) == 3
    assert sum(len(names) for names in DISTRICTS.values()) == 24
    assert {f"Kelurahan {name}" for part in DISTRICTS.values() for name in part} | {f"Kecamatan {name}" for name in DISTRICTS} <= names


def test_kinds_of_employment_and_of_posts_stand_in_plausible_shares() -> None:
    tree = grow(3000, seed=1)
    people = settle(tree, timeline(), seed=1)
    kinds, posts = Counter(p.kind.value for p in people), Counter(post.kind.value for post in tree.posts)
    assert 0.6 < kinds["PNS"] / 3000 < 0.78
    assert kinds["PPPK"] > kinds["PPPK_PARUH_WAKTU"] > kinds["CPNS"] > 10
    assert kinds["NON_ASN"] == 1
    assert 0.5 < sum(p.woman for p in people) / 3000 < 0.62
    assert 0.5 < posts["FUNGSIONAL"] / 3000 < 0.68
    assert all(p.kind == "PNS" for p in people if p.stints[0].post.kind in ("JPT_PRATAMA", "ADMINISTRATOR", "PENGAWAS"))


def test_every_number_is_lawful_unique_and_agrees_with_birth_and_sex() -> None:
    people = settle(grow(3000, seed=1), timeline(), seed=1)
    numbers = [person.nip for person in people if person.nip]
    assert len(set(numbers)) == len(numbers) == len(people) - 1
    for person in people[1:]:
        assert person.nip is not None
        read = parse_nip(person.nip, kind=person.kind.value, today=TODAY)
        assert (read.birth, read.sex) == (person.birth, "P" if person.woman else "L")


def test_stretches_of_a_person_follow_each_other_without_gap_or_overlap() -> None:
    people = settle(grow(3000, seed=1), timeline(), seed=1)
    movers = [person for person in people if len(person.stints) > 1]
    assert len(movers) >= 20
    for person in movers:
        first, second = person.stints
        assert first.start < first.end == second.start
        assert first.post.unit is not second.post.unit
        assert first.post.title == second.post.title
    held = Counter(post.id for person in people if (post := person.post_on(TODAY)))
    assert max(held.values()) == 1


@pytest.mark.parametrize(
    ("today", "closed", "rating"),
    [
        (dt.date(2026, 6, 15), ("2026-04", "2026-05"), ()),
        (dt.date(2026, 6, 1), ("2026-03", "2026-04"), ("2026-05",)),
        (dt.date(2026, 6, 5), ("2026-03", "2026-04"), ("2026-05",)),
        (dt.date(2026, 6, 6), ("2026-04", "2026-05"), ()),
    ],
)
def test_a_month_is_closed_once_its_rating_deadline_lies_before_today(
    today: dt.date, closed: tuple[str, ...], rating: tuple[str, ...]
) -> None:
    line = timeline(today, 2)
    assert tuple(month.key for month in line.closed) == closed
    assert tuple(month.key for month in line.rating) == rating
    assert line.running.key == "2026-06"
