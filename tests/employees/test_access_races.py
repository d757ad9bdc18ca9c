"""Two at once, on two real connections: a code opens once, a request is agreed to once, a digit of the app counts once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pyotp
import pytest
from django.db import connection
from django.utils import timezone

from bukittinggi_kinerja.common.errors import Refusal
from bukittinggi_kinerja.common.models import Event
from employees.models import AccessCode, RoleAssignment
from employees.rules.access import ResetKind
from employees.rules.viewing import Role
from employees.services.access_codes import hand_code, issue_slips, redeem_code
from employees.services.second_factor import confirm_factor, passes_second_step, secret_of, start_factor
from employees.services.two_person import confirm_reset, request_reset
from tests.people import ALWAYS, PASSWORD, City

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def together(*acts: Callable[[], object]) -> list[object]:
    """Results or refusals of acts started at the same moment, each on its own connection."""
    gate = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            gate.wait()
            found[number] = acts[number]()
        except Refusal as refusal:
            found[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def won(found: list[object]) -> int:
    return sum(not isinstance(result, Refusal) for result in found)


def test_of_two_who_redeem_one_code_at_once_one_gets_in(city: City) -> None:
    slip = hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)
    words = ("danau-maninjau-88", "ngarai-sianok-77")
    acts = [lambda word=word: redeem_code(name="pegawai", code=slip.code, new_password=word, now=NOW) for word in words]
    assert won(together(*acts)) == 1
    assert Event.objects.filter(action="employees.access.redeemed").count() == 1


def test_of_two_tabs_that_agree_to_one_request_one_makes_the_code(city: City) -> None:
    for who in ("pimpinan", "atasan"):
        RoleAssignment.objects.create(user=city.users[who], role=Role.CITY_HR, valid=ALWAYS)
    asked = request_reset(
        user_id=city.users["inspektorat"].pk, kind=ResetKind.CREDENTIAL, reason="-", viewer=city.viewer("bkpsdm"), now=NOW
    )
    viewers = [city.viewer(who) for who in ("pimpinan", "atasan")]
    acts = [lambda viewer=viewer: confirm_reset(request_id=asked.pk, viewer=viewer, now=NOW) for viewer in viewers]
    assert won(together(*acts)) == 1
    assert AccessCode.objects.count() == 1


def test_two_prints_of_one_unit_leave_one_open_code_each(city: City) -> None:
    viewer, unit = city.viewer("bkpsdm"), city.units["DPMPTSP"].pk
    acts = [lambda: issue_slips(unit_id=unit, viewer=viewer, now=NOW)] * 2
    assert won(together(*acts)) == 2
    open_codes = AccessCode.objects.open()
    assert open_codes.count() == open_codes.values("user").distinct().count() == 11


def test_one_code_of_the_app_passes_once(city: City) -> None:
    user = city.users["pegawai"].pk
    start_factor(user_id=user, password=PASSWORD, now=NOW)
    app = pyotp.TOTP(secret_of(user) or "")
    confirm_factor(user_id=user, code=app.at(NOW - dt.timedelta(seconds=30)), now=NOW)
    acts = [lambda: passes_second_step(user_id=user, code=app.at(NOW), now=NOW)] * 2
    assert sorted(map(bool, together(*acts))) == [False, True]
