"""The first version of the appraisal rule. Safe to repeat."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.models import AppraisalPolicy, DeadlinePolicy, DepthPolicy
from employees.services.reference import allow_city_hr

FIRST_DAY = dt.date(2025, 1, 1)
FIRST_CODE = "aturan-2025"

FIRST_DEADLINE_CODE = "batas-2025"
UNCONFIRMED_DEADLINES = (
    "outage_least_minutes", "outage_reach_workdays", "remind_days_before", "remind_days_after", "quiet_from", "quiet_until",
    "quiet_on_days_off",
)  # fmt: skip

FIRST_DEPTH_CODE = "kedalaman-2025"
UNCONFIRMED_DEPTH = ("leave_kinds", "least_workdays", "dialogue_at_plan", "dialogue_below_good")

#: Numbers that no regulation at hand prints: the legal office confirms them before they rule for real.
UNCONFIRMED = (
    "achievement_cap",
    "result_above",
    "result_meets",
    "behaviour_above",
    "behaviour_meets",
    "behaviour_minimum",
    "behaviour_depth",
    "example_required",
    "links_support_above",
    "progress_workdays",
    "rating_workdays",
    "evidence_max_bytes",
    "evidence_quota_bytes",
    "dispute_workdays",
    "smallest_cell",
)

#: Cases are looked at in the admin; of the rule only drafts are changed there.
CITY_HR_RIGHTS = (
    "change_appraisalpolicy",
    "delete_appraisalpolicy",
    "change_deadlinepolicy",
    "delete_deadlinepolicy",
    "change_depthpolicy",
    "delete_depthpolicy",
    *(
        f"view_{model}"
        for model in (
            "appraisalpolicy", "cycle", "performanceplan", "workresult", "indicator", "assessment", "score", "progressentry", "feedback",
            "deadlinepolicy", "depthpolicy", "deadlinechange", "importedresult", "recomputation", "serviceoutage", "plantemplate", "resultsource",
        )
    ),
)  # fmt: skip


@transaction.atomic
def load_reference() -> None:
    """Write the first version where none is adopted yet; versions that exist are left alone."""
    allow_city_hr([("appraisal", codename) for codename in CITY_HR_RIGHTS])
    if not DeadlinePolicy.objects.adopted().exists():
        DeadlinePolicy.objects.create(
            code=FIRST_DEADLINE_CODE,
            valid=DateRange(FIRST_DAY, None),
            reason=_("Aturan awal batas waktu dan pengingat; angkanya menunggu keputusan kota."),
            to_confirm=list(UNCONFIRMED_DEADLINES),
        )
    if not DepthPolicy.objects.adopted().exists():
        DepthPolicy.objects.create(
            code=FIRST_DEPTH_CODE,
            valid=DateRange(FIRST_DAY, None),
            reason=_("Aturan awal cuti dan dialog dalam penilaian; menunggu keputusan kota."),
            to_confirm=list(UNCONFIRMED_DEPTH),
        )
    if AppraisalPolicy.objects.adopted().exists():
        return
    AppraisalPolicy.objects.create(
        code=FIRST_CODE,
        valid=DateRange(FIRST_DAY, None),
        reason=_("Aturan awal menurut Permenpan RB 6 Tahun 2022; angka yang ditandai menunggu keputusan kota."),
        to_confirm=list(UNCONFIRMED),
    )
