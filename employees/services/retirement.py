"""Who retires when, and whose contract runs out."""

from __future__ import annotations

import datetime as dt

from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import MovePolicy
from employees.queries.handover import city_hr, keepers_of
from employees.queries.retirement import contracts_ending

CONTRACT_DAYS = 90


def remind_of_contracts(*, now: dt.datetime) -> int:
    """One notice for each contract that ends within the days of the policy, to the pengelola and HR of the city."""
    today = local_date(now)
    policy = MovePolicy.objects.in_force(on=today).first()
    until = today + dt.timedelta(days=policy.contract_days if policy else CONTRACT_DAYS)
    office = city_hr(on=today)
    sent = 0
    for term in contracts_ending(today, until):
        sent += notify(
            recipients={*office, *keepers_of(term.path, on=today)},
            kind="contract_ends",
            data={"name": term.name, "last_day": term.last_day},
            link="/pensiun/",
            once=f"contract_ends:{term.contract}",
            event=None,
            now=now,
        )
    return sent
