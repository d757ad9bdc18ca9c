"""Lists of the admin ask the same few questions for fifty people and for five hundred."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.models import Cycle
from employees.models import User
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
