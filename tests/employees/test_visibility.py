"""Who may see whom."""

from __future__ import annotations

import pytest

from employees.models import Employee
from tests.people import City

EVERYBODY = {
    *["walikota", "pimpinan", "dpmptsp", "atasan", "penilai", "pengelola", "bkpsdm", "inspektorat", "kadinkes", "luar"],
    *(f"staf{n}" for n in range(12)),
}
STAFF = {f"staf{n}" for n in range(12)}
OFFICE = {"dpmptsp", "atasan", "penilai", "pengelola"} | STAFF


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("pegawai", {"staf0"}),
        ("luar", {"luar"}),
        ("penilai", {"penilai"} | STAFF),
        ("atasan", {"atasan", "penilai"} | STAFF),
        ("dpmptsp", OFFICE),
        ("pengelola", OFFICE),
        ("pimpinan", {"pimpinan", "dpmptsp", "bkpsdm", "inspektorat", "kadinkes"}),
        ("bkpsdm", EVERYBODY),
        ("inspektorat", EVERYBODY),
        ("walikota", EVERYBODY),
    ],
)
def test_everyone_sees_the_people_of_his_role(city: City, who: str, sees: set[str]) -> None:
    names = {person.pk: key for key, person in city.people.items() if key != "pegawai"}
    seen = Employee.objects.visible_to(city.viewer(who))
    assert {names[pk] for pk in seen.values_list("pk", flat=True)} == sees
