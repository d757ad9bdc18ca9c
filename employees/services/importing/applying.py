"""Writing a plan: a fixed number of statements for each chunk of people, inside the caller's transaction."""

from __future__ import annotations

import datetime as dt

from bukittinggi_kinerja.common.cells import squeezed
from employees.models import Employee, Position, StaffGroup
from employees.rules.posts import GENERAL_STAFF, staff_group
from employees.services.accounts import lay_accounts
from employees.services.postings import NewPosting, lay_postings

from .catalogue import Catalogue, position_key
from .checks import Chain, chunks
from .planning import Plan, Post

UPDATED = ("name", "kind", "sex", "birth_date", "grade", "email", "status", "updated_at")


def apply_plan(plan: Plan, catalogue: Catalogue, chain: Chain, *, reason: str, now: dt.datetime) -> list[Position]:
    """Returns the positions that the catalogue did not know."""
    for chunk in chunks(plan.people.values()):
        Employee.objects.bulk_create(chunk)
        lay_accounts(chunk)
        chain.ids.update((person.nip or "", person.pk) for person in chunk)
    _update_people(plan, chain, now)
    fresh = _add_positions(plan, catalogue)
    for posts in chunks(plan.posts.values()):
        lay_postings([_posting(post, catalogue, chain, reason) for post in posts], now=now)
    return fresh


def _update_people(plan: Plan, chain: Chain, now: dt.datetime) -> None:
    for people in chunks(plan.changed.values()):
        for person in people:
            person.updated_at = now
        Employee.objects.bulk_update(people, UPDATED, batch_size=500)
    # Whoever only changes his post is a changed person too for those who ask what is new.
    moved = [chain.ids[nip] for nip in plan.posts if nip not in plan.people and nip not in plan.changed]
    for ids in chunks(moved):
        Employee.objects.filter(pk__in=ids).update(updated_at=now)


def _add_positions(plan: Plan, catalogue: Catalogue) -> list[Position]:
    missing = {
        position_key(post.row.title, post.row.post_kind): post.row for post in plan.posts.values() if catalogue.position(post.row) is None
    }
    if not missing:
        return []
    groups = {group.code: group for group in StaffGroup.objects.all()}
    made = Position.objects.bulk_create(
        Position(
            title=squeezed(row.title),
            kind=row.post_kind,
            group=groups.get(staff_group(title=row.title, kind=row.post_kind)) or groups[GENERAL_STAFF],
        )
        for row in missing.values()
    )
    catalogue.positions.update((key, position.pk) for key, position in zip(missing, made, strict=True))
    return made


def _posting(post: Post, catalogue: Catalogue, chain: Chain, reason: str) -> NewPosting:
    position = catalogue.position(post.row)
    assert position is not None
    assert post.span.start is not None
    return NewPosting(
        employee_id=chain.ids[post.row.nip],
        unit_id=post.unit_id,
        position_id=position,
        supervisor_id=chain.id_of(post.supervisor),
        heads_unit=post.leads,
        valid_from=post.span.start,
        valid_to=post.span.end,
        reason=reason,
    )
