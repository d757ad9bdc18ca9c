"""Units and posts of a city of a given size: leaders first, everyone after his superior.

Small cities keep the offices of the nine logins and the largest others; large ones add working groups, so that nobody
leads more people than he can judge.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice, zip_longest

from employees.models import PositionKind, UnitKind

from .agencies import CITY, FIRST_AGENCIES, OTHER_AGENCIES, PERMIT_SECTION, Agency, Division
from .draws import Weighted, draws, largest_remainder
from .jobs import FAMILIES, LEADS, YOUNG, Job, Lead

SMALLEST = 45
FULL_SIZE = 3000
#: People of an office for whom it is worth standing in a small city.
WORTH_AN_OFFICE = 7
PER_SECTION = 8
WIDEST_SPAN = 18
GROUP_SIZE = 13
TEAM_OF_PENILAI = 12
ADVISERS = ("Pemerintahan, Hukum dan Politik", "Ekonomi, Keuangan dan Pembangunan", "Kemasyarakatan dan Sumber Daya Manusia")
LEAST = {"SETDA": 5, "DPMPTSP": 20, "BKPSDM": 5, "ITKO": 5, "DUKCAPIL": 5}
_SENIOR = ("IV/b", "IV/c")
_GROUP_LEAD = Lead("Koordinator Kelompok Kerja", PositionKind.FUNCTIONAL, 9, YOUNG, "SEKSI")

#: Section and job of the logins that are staff; the others lead a unit.
STAFF_LOGINS = {
    "pegawai": ("DPMPTSP.01.01", "Penata Perizinan Ahli Pertama"),
    "pengelola": ("DPMPTSP.02.01", "Analis SDM Aparatur Ahli Muda"),
    "bkpsdm": ("BKPSDM.01.01", "Analis SDM Aparatur Ahli Muda"),
    "inspektorat": ("ITKO.01", "Auditor Ahli Madya"),
    "luar": ("DUKCAPIL.01.01", "Pranata Komputer Terampil"),
}
LEADER_LOGINS = {"SETDA": "pimpinan", "DPMPTSP": "dpmptsp", "DPMPTSP.01": "atasan", "DPMPTSP.01.01": "penilai"}


@dataclass(slots=True)
class Unit:
    id: int
    code: str
    name: str
    kind: str
    parent: Unit | None
    path: str
    full_name: str


@dataclass(slots=True, eq=False)
class Post:
    """A chair: ``boss`` is the chair of the superior; the person sitting there has the same id."""

    id: int
    unit: Unit
    title: str
    kind: PositionKind
    job_class: int
    grades: tuple[str, ...]
    boss: Post | None
    level: str
    work: str
    contract: str = ""
    degrees: tuple[str, ...] = ()
    women: float = 0.35
    group: str = "UMUM"
    heads: bool = False
    login: str = ""


@dataclass
class Tree:
    units: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def add_unit(self, code: str, name: str, kind: str, parent: Unit | None) -> Unit:
        path = f"{parent.path if parent else ''}{code}/"
        full = f"{parent.full_name} / {name}" if parent and parent.parent else name
        unit = Unit(len(self.units) + 1, code, name, kind, parent, path, full)
        self.units.append(unit)
        return unit

    def add_leader(self, unit: Unit, lead: Lead, boss: Post | None, level: str) -> Post:
        title = lead.title.format(name=unit.name.partition(" ")[2])
        work = "sekolah" if lead.title == "Kepala Sekolah" else level
        post = Post(len(self.posts) + 1, unit, title, lead.kind, lead.job_class, lead.grades, boss, level, work, heads=True)
        post.login = LEADER_LOGINS.get(unit.code, "")
        if lead.title == "Kepala Sekolah":
            post.group, post.degrees, post.women = "GURU", ("S.Pd.", "S.Pd., M.Pd."), 0.6
        elif lead.kind == PositionKind.FUNCTIONAL:
            post.women = 0.6
        self.posts.append(post)
        return post

    def add_staff(self, unit: Unit, job: Job, boss: Post, login: str = "") -> Post:
        post = Post(len(self.posts) + 1, unit, job.title, job.kind, job.job_class, job.grades, boss, "staf", job.work)
        post.contract, post.degrees, post.women, post.group, post.login = job.contract, job.degrees, job.women, job.group, login
        self.posts.append(post)
        return post

    def leader_of(self, code: str) -> Post:
        return next(post for post in self.posts if post.heads and post.unit.code == code)


def grow(total: int, *, seed: int) -> Tree:
    """The city of exactly ``total`` people. ``total`` is at least SMALLEST."""
    tree = Tree()
    city = tree.add_unit(CITY[0], CITY[1], UnitKind.CITY, None)
    mayor = Post(1, city, "Wali Kota", PositionKind.ELECTED, 17, (), None, "walikota", "walikota", heads=True, group="PEJABAT")
    tree.posts.append(mayor)
    agencies = [*FIRST_AGENCIES, *(a for a in OTHER_AGENCIES if a.weight * total >= WORTH_AN_OFFICE * FULL_SIZE)]
    for agency, size in zip(agencies, _sizes(agencies, total - 1), strict=True):
        boss = mayor if agency.under == "CITY" else tree.leader_of(agency.under)
        _grow_agency(tree, agency, city, boss, size, seed, whole=total >= FULL_SIZE)
    return tree


def _sizes(agencies: list[Agency], total: int) -> list[int]:
    """People of each office; the least needed first, what is left by weight."""
    least = [LEAST.get(agency.code, 0) for agency in agencies]
    wished = [max(0.0, total * a.weight / sum(b.weight for b in agencies) - kept) + 0.001 for a, kept in zip(agencies, least, strict=True)]
    return [kept + more for kept, more in zip(least, largest_remainder(total - sum(least), wished), strict=True)]


def _grow_agency(tree: Tree, agency: Agency, city: Unit, boss: Post, size: int, seed: int, *, whole: bool) -> None:
    top = tree.add_unit(agency.code, agency.name, UnitKind.AGENCY, city)
    grades = _SENIOR if agency.rank == PositionKind.JPT_PRATAMA else ("IV/a", "IV/b")
    head = tree.add_leader(top, Lead(agency.head, PositionKind(agency.rank), 14, grades, "OPD"), boss, "kepala")
    left = size - 1
    if agency.code == "SETDA" and size > 4 * PER_SECTION:
        left -= _add_advisers(tree, top, boss)
    sections: list[tuple[Unit, Post, Division]] = []
    numbers = count(1)
    for division, names in _kept(agency.divisions, sys.maxsize if whole else max(1, left // PER_SECTION)):
        unit, leader, inner = top, head, numbers
        if division.name:
            unit = tree.add_unit(f"{agency.code}.{next(numbers):02}", division.name, _lead(division.name).unit_kind, top)
            leader, inner = tree.add_leader(unit, _lead(division.name), head, "kabid"), count(1)
            left -= 1
        for name in names:
            section = tree.add_unit(f"{unit.code}.{next(inner):02}", name, _lead(name).unit_kind, unit)
            sections.append((section, tree.add_leader(section, _lead(name), leader, "kasi"), division))
            left -= 1
    for (section, leader, division), people in zip(sections, _staffing(sections, left), strict=True):
        _staff(tree, section, leader, FAMILIES[_family(agency, division, section.name)], people, seed)


def _add_advisers(tree: Tree, unit: Unit, mayor: Post) -> int:
    for name in ADVISERS:
        post = tree.add_leader(unit, Lead(f"Staf Ahli Bidang {name}", PositionKind.JPT_PRATAMA, 13, _SENIOR, ""), mayor, "ahli")
        post.heads, post.login = False, ""
    return len(ADVISERS)


def _lead(name: str) -> Lead:
    return LEADS[name.partition(" ")[0]]


def _kept(divisions: tuple[Division, ...], wanted: int) -> list[tuple[Division, list[str]]]:
    """``wanted`` sections, one of each division by turns, in the order of the office."""
    turns: Iterator[tuple[int, str]] = (
        (n, name) for row in zip_longest(*(d.sections for d in divisions)) for n, name in enumerate(row) if name is not None
    )
    taken: dict[int, list[str]] = {}
    for n, name in islice(turns, wanted):
        taken.setdefault(n, []).append(name)
    return [(divisions[n], taken[n]) for n in sorted(taken)]


def _staffing(sections: list[tuple[Unit, Post, Division]], people: int) -> list[int]:
    """Staff of each section; the team of the login ``penilai`` is always twelve."""
    weights = [0.0 if unit.name == PERMIT_SECTION else float(division.size or 6) for unit, _leader, division in sections]
    fixed = TEAM_OF_PENILAI if any(unit.name == PERMIT_SECTION for unit, _leader, _division in sections) else 0
    shares = largest_remainder(people - fixed, weights)
    return [fixed if unit.name == PERMIT_SECTION else share for (unit, _l, _d), share in zip(sections, shares, strict=True)]


def _family(agency: Agency, division: Division, section: str) -> str:
    word = section.partition(" ")[0]
    if word == "Subbagian":
        return "kantor"
    if word == "Seksi" and division.family == "guru":
        return "kantor"
    return division.family or agency.family


def _staff(tree: Tree, section: Unit, leader: Post, jobs: tuple[Job, ...], people: int, seed: int) -> None:
    dice, chance = draws(seed, "jobs", section.code), Weighted(jobs, [job.share for job in jobs])
    login = next((login for login, (code, _title) in STAFF_LOGINS.items() if code == section.code), "")
    first = _job_of(login) if login else jobs[0] if jobs[0].share == 0 else None
    teams = [(section, leader, people)]
    if people > WIDEST_SPAN:
        teams = list(_groups(tree, section, leader, people))
    for unit, boss, size in teams:
        for _n in range(size):
            tree.add_staff(unit, first or chance.pick(dice), boss, login)
            first, login = None, ""


def _groups(tree: Tree, section: Unit, leader: Post, people: int) -> Iterator[tuple[Unit, Post, int]]:
    groups = -(-people // (GROUP_SIZE + 1))
    for n, size in enumerate(largest_remainder(people - groups, [1] * groups), 1):
        unit = tree.add_unit(f"{section.code}.{n:02}", f"Kelompok Kerja {n}", UnitKind.SECTION, section)
        yield unit, tree.add_leader(unit, _GROUP_LEAD, leader, "kasi"), size


def _job_of(login: str) -> Job:
    title = STAFF_LOGINS[login][1]
    return next(job for jobs in FAMILIES.values() for job in jobs if job.title == title)
