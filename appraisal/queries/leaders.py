"""Who agrees a plan: the superior by the posting; where his post is vacant, the next one above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from employees.models import ActingAppointment, Posting


def leaders_of(postings: Iterable[Posting], *, on: dt.date) -> dict[int, int | None]:
    """Posting id -> who agrees the plan of that post on a day. Three queries, whatever the number of posts.

    A superior counts while he holds a post that day, or somebody holds his mandate. After him comes the head of the
    nearest unit above, never the person himself. Whoever has no superior at all, because none is above, has none.
    """
    posts = list(postings)
    named = {post.supervisor_id for post in posts if post.supervisor_id}
    present = set(Posting.objects.in_force(on=on).filter(employee__in=named).values_list("employee_id", flat=True))
    present |= set(ActingAppointment.objects.in_force(on=on).filter(principal__in=named - present).values_list("principal_id", flat=True))
    vacant = [post for post in posts if post.supervisor_id not in present]
    heads = _heads_on(vacant, on)
    found: dict[int, int | None] = {post.pk: post.supervisor_id for post in posts if post.supervisor_id in present}
    for post in vacant:
        above = (heads.get(path) for path in reversed(_ancestry(post.unit.path)))
        found[post.pk] = next((head for head in above if head is not None and head != post.employee_id), None)
    return found


def leader_of(posting: Posting, *, on: dt.date) -> int | None:
    return leaders_of([posting], on=on)[posting.pk]


def _heads_on(posts: Iterable[Posting], on: dt.date) -> dict[str, int]:
    """Path of a unit -> who heads it, for the units of these posts and all above them."""
    paths = {path for post in posts for path in _ancestry(post.unit.path)}
    if not paths:
        return {}
    heads = Posting.objects.in_force(on=on).filter(heads_unit=True, unit__path__in=paths)
    return dict(heads.values_list("unit__path", "employee_id"))


def _ancestry(path: str) -> list[str]:
    """The unit and all above it, the root first."""
    codes = path.strip("/").split("/")
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
