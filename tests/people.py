"""Standing people of all tests: a small city with one chain of supervisors and one person for each role.

    walikota (not ASN)
      pimpinan, Sekretaris Daerah
        dpmptsp, Kepala Dinas DPMPTSP
          atasan, Kepala Bidang
            penilai, Kepala Seksi
              staff[0..11], the first of them is pegawai
          pengelola, HR of DPMPTSP
        bkpsdm · inspektorat · kadinkes
                                 luar, at Dinas Kesehatan

Everything holds from 2025-01-01 on and was known from that day on, so any clock of a test will do.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.test import Client

from bukittinggi_kinerja.common.period import JAKARTA, start_of_day
from employees.models import Employee, Grade, OrgUnit, Position, Posting, RoleAssignment, StaffGroup, User
from employees.queries import viewer_of
from employees.rules.posts import leads_unit
from employees.rules.viewing import Role, Viewer
from employees.services.reference import load_reference

FIRST_DAY = dt.date(2025, 1, 1)
PASSWORD = "jam-gadang-1926"
BACKEND = "employees.services.sign_in.NipOrUsernameBackend"
LOGINS = ("bkpsdm", "pengelola", "penilai", "pegawai", "atasan", "dpmptsp", "pimpinan", "inspektorat", "luar")
ALWAYS = DateRange(FIRST_DAY, None)
ALWAYS_KNOWN = DateTimeTZRange(start_of_day(FIRST_DAY), None)

# code: name, kind, code of the parent
UNITS = {
    "BKT": ("Pemerintah Kota Bukittinggi", "KOTA", None),
    "SETDA": ("Sekretariat Daerah", "OPD", "BKT"),
    "ITKO": ("Inspektorat", "OPD", "BKT"),
    "BKPSDM": ("Badan Kepegawaian dan Pengembangan SDM", "OPD", "BKT"),
    "DPMPTSP": ("Dinas Penanaman Modal dan PTSP", "OPD", "BKT"),
    "DPMPTSP.SEK": ("Sekretariat", "BIDANG", "DPMPTSP"),
    "DPMPTSP.IZIN": ("Bidang Perizinan", "BIDANG", "DPMPTSP"),
    "DPMPTSP.IZIN.YAN": ("Seksi Pelayanan", "SEKSI", "DPMPTSP.IZIN"),
    "DINKES": ("Dinas Kesehatan", "OPD", "BKT"),
    "DINKES.YAN": ("Seksi Pelayanan", "SEKSI", "DINKES"),
}

# key: name, title, kind of post, unit, supervisor, grade
PEOPLE = {
    "walikota": ("Datuk Rajo Basa", "Wali Kota", "PEJABAT_NEGARA", "BKT", None, None),
    "pimpinan": ("Syafril Koto", "Sekretaris Daerah", "JPT_PRATAMA", "SETDA", "walikota", "IV/d"),
    "dpmptsp": ("Asril Chaniago", "Kepala Dinas", "JPT_PRATAMA", "DPMPTSP", "pimpinan", "IV/b"),
    "atasan": ("Yusnidar Piliang", "Kepala Bidang Perizinan", "ADMINISTRATOR", "DPMPTSP.IZIN", "dpmptsp", "IV/a"),
    "penilai": ("Darwis Sikumbang", "Kepala Seksi Pelayanan", "PENGAWAS", "DPMPTSP.IZIN.YAN", "atasan", "III/d"),
    "pengelola": ("Rosmawati Jambak", "Analis SDM Aparatur Ahli Muda", "FUNGSIONAL", "DPMPTSP.SEK", "dpmptsp", "III/c"),
    "bkpsdm": ("Hendra Guci", "Analis SDM Aparatur Ahli Madya", "FUNGSIONAL", "BKPSDM", "pimpinan", "IV/a"),
    "inspektorat": ("Zulfahmi Tanjung", "Auditor Ahli Madya", "FUNGSIONAL", "ITKO", "pimpinan", "IV/a"),
    "kadinkes": ("Nurhayati Caniago", "Kepala Dinas", "JPT_PRATAMA", "DINKES", "pimpinan", "IV/b"),
    "luar": ("Mardiana Bodi", "Pengelola Layanan Kesehatan", "PELAKSANA", "DINKES.YAN", "kadinkes", "III/a"),
}
STAFF_NAMES = (
    "Ahmad Fauzi", "Budi Hartono", "Citra Lestari", "Desi Ratnasari", "Erman Malay", "Fitri Handayani",
    "Gusti Ramli", "Hasnah Koto", "Ilham Sutan", "Joni Pili", "Kartini Selayan", "Lukman Guguak",
)  # fmt: skip


@dataclass
class City:
    """People, accounts, units and positions by key; ``staff`` are the twelve whom ``penilai`` rates."""

    units: dict[str, OrgUnit] = field(default_factory=dict)
    positions: dict[tuple[str, str], Position] = field(default_factory=dict)
    people: dict[str, Employee] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    staff: list[Employee] = field(default_factory=list)
    group: StaffGroup = None  # type: ignore[assignment]

    def viewer(self, key: str, *, on: dt.date | None = None) -> Viewer:
        return viewer_of(self.users[key], on=on or dt.datetime.now(JAKARTA).date())

    def client(self, key: str) -> Client:
        """A browser that is signed in as one of the people."""
        browser = Client()
        browser.force_login(self.users[key], backend=BACKEND)
        return browser

    def client_anew(self, key: str) -> Client:
        """As ``client``, after something has ended the sessions of before."""
        self.users[key].refresh_from_db()
        return self.client(key)

    def add_staff(self, count: int, *, unit: str = "DPMPTSP.IZIN.YAN", supervisor: str | None = "penilai") -> list[Employee]:
        """More people of one unit, for lists that must not slow down."""
        start = Employee.objects.count()
        people = Employee.objects.bulk_create(
            Employee(nip=nip_of(start + n), name=f"Pegawai {start + n:05}", kind="PNS", sex="L", birth_date=dt.date(1990, 1, 1))
            for n in range(count)
        )
        boss = self.people[supervisor] if supervisor else None
        self._post([(person, "Pengadministrasi", "PELAKSANA", unit, boss) for person in people])
        return people

    def position(self, title: str, kind: str, group: StaffGroup | None = None) -> Position:
        if (title, kind) not in self.positions:
            self.positions[title, kind] = Position.objects.create(title=title, kind=kind, group=group or self.group)
        return self.positions[title, kind]

    def _post(self, rows: list[tuple[Employee, str, str, str, Employee | None]]) -> None:
        Posting.objects.bulk_create(
            Posting(
                employee=person,
                unit=self.units[unit],
                position=self.position(title, kind),
                supervisor=boss,
                heads_unit=leads_unit(title=title, kind=kind, unit_name=self.units[unit].name),
                valid=ALWAYS,
                known=ALWAYS_KNOWN,
            )
            for person, title, kind, unit, boss in rows
        )


def nip_of(number: int) -> str:
    """A lawful NIP of a man born on 1 January 1990, appointed in some month of 2012 to 2020."""
    months, serial = divmod(number, 999)
    return f"19900101{2012 + months // 12}{months % 12 + 1:02}1{serial + 1:03}"


def build_city() -> City:
    load_reference()
    city = City(group=StaffGroup.objects.get(code="UMUM"))
    for code, (name, kind, parent) in UNITS.items():
        above = city.units.get(parent or "")
        city.units[code] = OrgUnit.objects.create(
            code=code,
            name=name,
            kind=kind,
            parent=above,
            path=f"{above.path if above else ''}{code}/",
            full_name=f"{above.full_name} / {name}" if above and above.parent_id else name,
            valid=ALWAYS,
        )
    _settle(city)
    _open_accounts(city)
    return city


def _settle(city: City) -> None:
    grades = {grade.code: grade for grade in Grade.objects.all()}
    rows: dict[str, tuple[str, str, str, str, str | None, str | None]] = dict(PEOPLE)
    for n, name in enumerate(STAFF_NAMES):
        rows[f"staf{n}"] = (name, "Pengelola Perizinan", "PELAKSANA", "DPMPTSP.IZIN.YAN", "penilai", "III/a")
    people = [
        Employee(
            nip=None if key == "walikota" else nip_of(n),
            name=name,
            kind="NON_ASN" if key == "walikota" else "PNS",
            sex="L",
            birth_date=None if key == "walikota" else dt.date(1990, 1, 1),
            grade=grades.get(grade or ""),
        )
        for n, (key, (name, *_post, grade)) in enumerate(rows.items())
    ]
    city.people = dict(zip(rows, Employee.objects.bulk_create(people), strict=True))
    city.staff = [city.people[f"staf{n}"] for n in range(len(STAFF_NAMES))]
    city.people["pegawai"] = city.staff[0]
    officials = StaffGroup.objects.get(code="PEJABAT")
    city.position("Wali Kota", "PEJABAT_NEGARA", officials)
    city._post(
        [
            (city.people[key], title, kind, unit, city.people[boss] if boss else None)
            for key, (_name, title, kind, unit, boss, _grade) in rows.items()
        ]
    )


def _open_accounts(city: City) -> None:
    secret, none = make_password(PASSWORD), make_password(None)
    people = {key: person for key, person in city.people.items() if key != "staf0"}
    users = [
        User(
            username=key if key in LOGINS else person.nip or key,
            employee=person,
            password=secret if key in LOGINS else none,
            is_staff=key == "bkpsdm",
        )
        for key, person in people.items()
    ]
    city.users = dict(zip(people, User.objects.bulk_create(users), strict=True))
    city.users["staf0"] = city.users["pegawai"]
    given = {"bkpsdm": Role.CITY_HR, "pengelola": Role.UNIT_HR, "pimpinan": Role.LEADER, "inspektorat": Role.AUDITOR}
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=city.users[key], role=role, unit=city.units["DPMPTSP"] if role == Role.UNIT_HR else None, valid=ALWAYS)
        for key, role in given.items()
    )
    city.users["bkpsdm"].groups.add(Group.objects.get(name="BKPSDM"))


@pytest.fixture
def city(db: None) -> City:
    """The small city, fresh for each test."""
    return build_city()
