"""Lists of the admin ask the same few questions for fifty people and for five hundred."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.models import Cycle
from employees.models import Employee, User
from tests.months import add_figures, agreed_plans, open_cases, open_cycle, recent_months
from tests.people import City

LISTS = (
    "employees/employee", "employees/posting", "employees/user", "appraisal/performanceplan", "appraisal/assessment",
    "appraisal/progressentry", "appraisal/score", "appraisal/feedback", "appraisal/cycle", "common/event",
)  # fmt: skip
MOST_QUERIES = 12


def more_people(city: City, count: int) -> None:
    people = city.add_staff(count)
    none = make_password(None)
    User.objects.bulk_create(User(username=person.nip, employee=person, password=none) for person in people)
    month = recent_months(1)[0]
    plans = agreed_plans(people, year=month.start.year)
    cycle = Cycle.objects.filter(period=month.key).first() or open_cycle(city, month)
    open_cases(cycle, plans)
    add_figures(plans, month)


def queries(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def test_lists_ask_the_same_few_questions_however_many_people_there_are(city: City) -> None:
    hr = city.client("bkpsdm")
    more_people(city, 50)
    pages = [f"/admin/{name}/" for name in LISTS]
    for page in pages:
        hr.get(page)
    few = {page: queries(hr, page) for page in pages}
    assert max(few.values()) <= MOST_QUERIES, few
    more_people(city, 450)
    assert {page: queries(hr, page) for page in pages} == few


def found(browser: Client, name: str, words: str) -> str:
    return str(browser.post(f"/admin/{name}/", {"q": words, "cari": "1"})["Location"])


def test_people_are_found_by_part_of_a_name_or_the_beginning_of_a_number_in_every_list(city: City) -> None:
    hr, person = city.client("bkpsdm"), city.people["pegawai"]
    more_people(city, 20)
    nip = str(person.nip)
    grouped = f"{nip[:8]} {nip[8:14]} {nip[14:]}"
    for name in ("employees/employee", "employees/posting", "employees/user"):
        for words in (person.name, nip, grouped):
            page = hr.get(found(hr, name, words)).content.decode()
            assert person.name in page, (name, words)
        assert person.name not in hr.get(found(hr, name, "tidak-ada-nama-ini")).content.decode()
    assert "dpmptsp" in hr.get(found(hr, "employees/user", "DPMPT")).content.decode()


def test_a_search_asks_as_few_questions_as_the_list(city: City) -> None:
    hr = city.client("bkpsdm")
    more_people(city, 20)
    for name in LISTS:
        address = found(hr, name, "a")
        hr.get(address)
        assert queries(hr, address) <= MOST_QUERIES, name


def test_a_part_of_a_name_has_its_index(city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Employee.objects.filter(name__icontains="ardia").order_by().explain()
    assert "employee_name_parts" in plan
