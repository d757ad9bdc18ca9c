"""Small rules of posts, grades, units, spans and chains."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.rules.chains import circle_above, loops
from employees.rules.grades import CIVIL_GRADES, CONTRACT_GRADES, grade_code
from employees.rules.posts import leads_unit, staff_group
from employees.rules.spans import Span
from employees.rules.units import full_name_of, is_code, key_of, next_code, path_of


@pytest.mark.parametrize(
    ("title", "kind", "unit", "leads"),
    [
        ("Kepala Dinas", "JPT_PRATAMA", "Dinas Kesehatan", True),
        ("Kepala Dinas Kesehatan", "JPT_PRATAMA", "Dinas Kesehatan", True),
        ("Kepala Pelaksana", "JPT_PRATAMA", "Badan Penanggulangan Bencana Daerah", True),
        ("Kepala Bidang Perizinan", "ADMINISTRATOR", "Bidang Perizinan", True),
        ("Kepala Seksi Pelayanan", "PENGAWAS", "Dinas Kesehatan", False),  # a section head posted loosely to the whole agency
        ("Kepala Sub Bagian Umum", "PENGAWAS", "Subbagian Umum", True),
        ("Kepala UPTD Puskesmas Guguk Panjang", "PENGAWAS", "Puskesmas Guguk Panjang", True),
        ("Kepala Seksi Pelayanan", "FUNGSIONAL", "Seksi Pelayanan", False),
        ("Sekretaris Dinas", "ADMINISTRATOR", "Sekretariat", True),
        ("Sekretaris Camat", "ADMINISTRATOR", "Kecamatan Guguk Panjang", False),
        ("Sekretaris Daerah", "JPT_PRATAMA", "Sekretariat Daerah", True),
        ("Inspektur", "JPT_PRATAMA", "Inspektorat", True),
        ("Inspektur Pembantu Wilayah I", "ADMINISTRATOR", "Inspektorat", False),
        ("Camat", "ADMINISTRATOR", "Kecamatan Guguk Panjang", True),
        ("Lurah Tarok Dipo", "PENGAWAS", "Kelurahan Tarok Dipo", True),
        ("Direktur", "JPT_PRATAMA", "RSUD Kota Bukittinggi", True),
        ("Wakil Direktur", "ADMINISTRATOR", "RSUD Kota Bukittinggi", False),
        ("Kepalanya Siapa", "PENGAWAS", "Seksi Pelayanan", False),
        ("Pengadministrasi", "PELAKSANA", "Seksi Pelayanan", False),
        ("Wali Kota", "PEJABAT_NEGARA", "Pemerintah Kota Bukittinggi", True),
        ("", "PENGAWAS", "Seksi Pelayanan", False),
    ],
)
def test_who_leads_a_unit_follows_from_kind_and_title(title: str, kind: str, unit: str, leads: bool) -> None:
    assert leads_unit(title=title, kind=kind, unit_name=unit) is leads


@pytest.mark.parametrize(
    ("title", "kind", "group"),
    [
        ("Guru Ahli Pertama", "FUNGSIONAL", "GURU"),
        ("guru ahli muda", "FUNGSIONAL", "GURU"),
        ("Gurun", "FUNGSIONAL", "UMUM"),
        ("Wali Kota", "PEJABAT_NEGARA", "PEJABAT"),
        ("Bidan Terampil", "FUNGSIONAL", "UMUM"),
    ],
)
def test_a_new_title_joins_its_group_of_staff(title: str, kind: str, group: str) -> None:
    assert staff_group(title=title, kind=kind) == group


def test_there_are_seventeen_grades_of_each_kind() -> None:
    assert (len(CIVIL_GRADES), len(CONTRACT_GRADES)) == (17, 17)
    assert dict(CIVIL_GRADES)["IV/c"] == "Pembina Utama Muda"


@pytest.mark.parametrize(
    ("text", "contract", "code"),
    [
        ("III/c", False, "III/c"),
        ("iii / C", False, "III/c"),
        ("III.c", False, "III/c"),
        ("IIIc", False, "III/c"),
        ("Penata (III/c)", False, "III/c"),
        ("Gol. IV/a", False, "IV/a"),
        ("ix", True, "IX"),
        ("9", True, "IX"),
        ("Gol IX", True, "IX"),
        ("18", True, "18"),
        ("V/a", False, "V/A"),
    ],
)
def test_a_grade_is_read_in_the_ways_it_is_written(text: str, contract: bool, code: str) -> None:
    assert grade_code(text, contract=contract) == code


@pytest.mark.realdata
def test_ranks_agree_with_the_published_list(real_data) -> None:  # type: ignore[no-untyped-def]
    lines = (real_data / "golongan_pangkat" / "golongan_pangkat.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [tuple(line.split(",")[:2]) for line in lines] == list(CIVIL_GRADES)


@pytest.mark.parametrize("text", ["Dinas A / Bidang B", "dinas a > bidang  b", "DINAS A/BIDANG B", " Dinas A › Bidang B / "])
def test_two_spellings_of_a_unit_have_one_key(text: str) -> None:
    assert key_of(text) == "dinas a/bidang b"


def test_paths_are_built_from_codes_and_names_from_the_first_level() -> None:
    assert path_of("IZIN", "BKT/DPMPTSP/") == "BKT/DPMPTSP/IZIN/"
    assert full_name_of("Dinas A", parent_full_name="Kota", parent_is_root=True) == "Dinas A"
    assert full_name_of("Bidang B", parent_full_name="Dinas A") == "Dinas A / Bidang B"
    assert is_code("DPMPTSP.IZIN-2")
    assert not is_code("A/B")
    assert not is_code("")


def test_a_successor_has_the_next_code() -> None:
    assert [next_code("DINKES"), next_code("DINKES-2"), next_code("DINKES-10")] == ["DINKES-2", "DINKES-3", "DINKES-11"]


DAY = dt.date(2026, 1, 1)
ENDS = st.one_of(st.none(), st.integers(0, 40).map(lambda n: DAY + dt.timedelta(days=n)))


@given(ENDS, ENDS, ENDS, ENDS)
def test_what_remains_of_a_span_is_every_day_the_new_one_does_not_take(
    a: dt.date | None, b: dt.date | None, c: dt.date | None, d: dt.date | None
) -> None:
    def days(span: Span) -> set[int]:
        first, last = dt.date(2025, 12, 1), dt.date(2026, 4, 1)
        start, end = span.start or first, span.end or last
        return set(range(start.toordinal(), end.toordinal()))

    old, new = Span(a, b), Span(c, d)
    rest = old.without(new)
    assert set().union(*map(days, rest)) == days(old) - (set() if new.empty else days(new))
    assert all(not part.empty for part in rest) or rest == [old]


def test_every_circle_of_supervisors_is_found_once() -> None:
    above = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": None, "g": "h"}
    assert [set(circle) for circle in loops(above)] == [{"a", "b", "c"}, {"e"}]


@given(st.dictionaries(st.integers(0, 12).map(str), st.one_of(st.none(), st.integers(0, 12).map(str))))
def test_circles_are_exactly_those_who_stand_above_themselves(above: dict[str, str | None]) -> None:
    def above_himself(one: str) -> bool:
        here = above.get(one)
        for _step in range(20):
            if here is None or here == one:
                break
            here = above.get(here)
        return here == one

    assert {member for circle in loops(above) for member in circle} == {one for one in above if above_himself(one)}


@given(st.dictionaries(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 12))), st.integers(0, 12))
def test_a_way_up_without_end_has_more_steps_than_people(above: dict[int, int | None], start: int) -> None:
    here: int | None = start
    for _step in range(len(above) + 1):
        here = above.get(here) if here is not None else None
    circle = circle_above(start, above.get)
    assert bool(circle) == (here is not None)
    assert [above[one] for one in circle] == [*circle[1:], *circle[:1]]
