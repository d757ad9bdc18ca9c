"""Two who approve at once, and what the database itself refuses of a proposal."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from appraisal.models import Recomputation, RecomputationItem
from appraisal.services.publishing import unfinished_jobs
from appraisal.services.recomputation import Choice, approve_proposal, propose_postings
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.models import Event, Job
from tests.people import City

from .month import Month, build_month
from .test_late_changes import LATER, post, second_hr
from .test_races import together


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_counts_and_one_job_is_made(city: City) -> None:
    month = build_month(city)
    month.rate(city.staff[0])
    month.publish()
    post(month, city.staff[0])
    second, third = second_hr(month), second_hr(month, "kadinkes")
    proposal = propose_postings(viewer=city.viewer("bkpsdm"), choice=Choice(), reason="SK menyusul", now=LATER)
    found = together(
        lambda: approve_proposal(viewer=second, proposal_id=proposal.pk, now=LATER),
        lambda: approve_proposal(viewer=third, proposal_id=proposal.pk, now=LATER),
    )
    assert {type(one) for one in found} == {Job, NotNow}
    assert unfinished_jobs().count() == 1
    assert Event.objects.filter(action="appraisal.recomputation.approved").count() == 1


def words(month: Month, **more: Any) -> dict[str, Any]:
    users = month.city.users
    return {
        "cause": "PENEMPATAN", "reason": "SK menyusul", "proposed_by": users["bkpsdm"], "proposed_at": LATER, "state": "DISETUJUI",
        "decided_by": users["penilai"], "decided_at": LATER, **more,
    }  # fmt: skip


@pytest.mark.parametrize("by", ["bkpsdm", None])
def test_an_approved_proposal_names_another_person(month: Month, by: str | None) -> None:
    wrong = Recomputation(**words(month, decided_by=month.city.users[by] if by else None))
    with pytest.raises(ValidationError, match="orang lain"):
        wrong.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()
    good = Recomputation(**words(month))
    good.full_clean()
    good.save()


def test_a_case_stands_once_in_a_proposal(month: Month) -> None:
    proposal = Recomputation.objects.create(**words(month))
    case = month.case(month.city.staff[0])
    told = {
        "proposal": proposal,
        "cycle": case.cycle,
        "employee": case.employee,
        "act": "PERBAIKI",
        "before": {"unit": 1},
        "after": {"unit": 2},
    }
    RecomputationItem.objects.create(assessment=case, **told)
    with pytest.raises(ValidationError, match="sudah ada"):
        RecomputationItem(assessment=case, **told).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecomputationItem.objects.create(assessment=case, **told)
    RecomputationItem(assessment=month.case(month.city.staff[1]), **told).full_clean()
