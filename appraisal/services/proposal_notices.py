"""Who hears of a proposal: those who may approve it, its proposer of what became of it, and of its end unanswered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from appraisal.models import Recomputation
from appraisal.rules.late_changes import ProposalState
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from employees.queries.handover import city_hr

LINK = "/kendali/susulan/usulan/{}/"


def ask_second_person(proposal: Recomputation, event: Event, *, now: dt.datetime) -> None:
    """Everybody of the city's HR but the proposer is asked; one of them answers for all."""
    notify(
        recipients=set(city_hr(on=local_date(now))) - {proposal.proposed_by_id},
        kind="proposal_waits",
        data={"number": proposal.pk, "until": proposal.lapses_at},
        link=LINK.format(proposal.pk),
        once=_occasion(proposal),
        event=event,
        now=now,
    )


def tell_proposer(proposal: Recomputation, event: Event, *, now: dt.datetime) -> None:
    """Nobody is asked any more, and the proposer hears how it went, unless he took it back himself."""
    withdraw_notice(once=_occasion(proposal), recipients=city_hr(on=local_date(now)), now=now)
    notify(
        recipients={proposal.proposed_by_id} - {proposal.decided_by_id},
        kind="proposal_settled",
        data={"number": proposal.pk, "state": proposal.state},
        link=LINK.format(proposal.pk),
        once=f"proposal_settled:{proposal.pk}:{proposal.state}",
        event=event,
        now=now,
    )


@transaction.atomic
def lapse_proposals(*, now: dt.datetime) -> int:
    """End what nobody approved in time, and tell who proposed it; how many ended. Safe to run twice."""
    late = list(Recomputation.objects.lapsed(now=now).select_for_update(skip_locked=True).order_by("pk"))
    for proposal in late:
        old, proposal.state, proposal.decided_at = proposal.state, ProposalState.LAPSED.value, now
        proposal.save(update_fields=["state", "decided_at"])
        event = record_event(
            action="appraisal.recomputation.lapsed", subject=proposal, actor=None, now=now, old={"state": old},
            new={"state": proposal.state}, reason=proposal.reason,
        )  # fmt: skip
        tell_proposer(proposal, event, now=now)
    return len(late)


def _occasion(proposal: Recomputation) -> str:
    return f"proposal_waits:{proposal.pk}"
