"""How long codes hold and who needs a second factor, from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from employees.models import AccessPolicy


@transaction.atomic
def adopt_access_policy(
    *,
    slip_days: int,
    reset_hours: int,
    factor_roles: Sequence[str],
    valid_from: dt.date,
    decree_number: str,
    reason: str,
    actor: int | None,
    now: dt.datetime,
) -> AccessPolicy:
    """A new version from ``valid_from`` on; the one before ends there.

    Raises Unacceptable for a day that is over, before a later version, or lengths that a constraint refuses.
    """
    if valid_from < local_date(now):
        raise Unacceptable(_("Aturan akses berlaku paling cepat hari ini."), errors={"valid_from": [_("Pilih hari ini atau sesudahnya.")]})
    versions = AccessPolicy.objects.select_for_update()
    for earlier in versions.adopted().filter(valid__contains=valid_from):
        earlier.valid = DateRange(earlier.valid.lower, valid_from)
        # A version that began today is replaced: it rules no day any more.
        earlier.draft = earlier.valid.isempty
        earlier.save(update_fields=["valid", "draft"])
    with refused_by_constraint(AccessPolicy):
        adopted = AccessPolicy.objects.create(
            code=f"akses-{valid_from}-{AccessPolicy.objects.count() + 1}",
            valid=DateRange(valid_from, None),
            slip_days=slip_days,
            reset_hours=reset_hours,
            factor_roles=sorted(set(factor_roles)),
            decree_number=decree_number,
            reason=reason,
        )
    new = {
        "slip_days": slip_days, "reset_hours": reset_hours, "factor_roles": adopted.factor_roles,
        "valid_from": valid_from, "decree": decree_number,
    }  # fmt: skip
    record_event(action="employees.access_policy.adopted", subject=adopted, actor=actor, now=now, new=new, reason=reason)
    return adopted
