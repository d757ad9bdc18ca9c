"""New versions of the appraisal rule: drafted from an older one, tried, then adopted from a date on."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from appraisal.models import AppraisalPolicy
from appraisal.models.policy import YearRule
from bukittinggi_kinerja.common import policy_versions
from bukittinggi_kinerja.common.errors import Unacceptable

EVENT = "appraisal.policy"


def draft_version(*, actor: int, source_id: int, code: str, reason: str, now: dt.datetime) -> AppraisalPolicy:
    """A draft with the numbers of an existing version; it rules nothing until it is adopted."""
    return policy_versions.draft_version(AppraisalPolicy, event=EVENT, actor=actor, source_id=source_id, code=code, reason=reason, now=now)


def adopt_version(
    *,
    actor: int,
    policy_id: int,
    start: dt.date,
    decree_number: str,
    decided_on: dt.date | None,
    reason: str,
    now: dt.datetime,
    year_rule: str = "",
) -> AppraisalPolicy:
    """Let a draft rule from ``start`` on; the version before it ends there. Cycles already open keep theirs.

    A start in the past needs the number and the date of its decree: published periods keep their version until two
    people decide on new ones. Raises NotNow for a version that rules already, Unacceptable with sentences per field.
    """
    if year_rule and year_rule not in YearRule.values:
        problems = {"year_rule": [_("Pilih aturan bagi tahun perubahan dari daftar.")]}
        raise Unacceptable(_("Versi belum ditetapkan."), errors=problems)
    return policy_versions.adopt_version(
        AppraisalPolicy,
        event=EVENT,
        actor=actor,
        policy_id=policy_id,
        start=start,
        decree_number=decree_number,
        decided_on=decided_on,
        reason=reason,
        now=now,
        words={"year_rule": year_rule},
    )
