"""What an import would change: compared with the database, written nowhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bukittinggi_kinerja.common.cells import squeezed
from bukittinggi_kinerja.common.importing import Facts, facts_of
from employees.models import Employee, Posting, Status
from employees.rules.importing import Fault, Row, completed
from employees.rules.posts import leads_unit, rank_of
from employees.rules.spans import Span

from .catalogue import Catalogue
from .checks import Candidate, Chain, chunks, reference_day
from .reading import Batch
from .recorded import same_post


@dataclass(frozen=True, slots=True)
class Post:
    """A posting to be opened; ``supervisor`` is a key of the chain, since a new person has no id yet."""

    row: Row
    unit_id: int
    supervisor: str | None
    span: Span
    leads: bool


@dataclass
class Plan:
    """``people`` holds new ones without id; ``changed`` known ones with their new values set, ``before`` what these were.

    ``replaced`` is the posting of the day that a new one takes the place of.
    """

    people: dict[str, Employee] = field(default_factory=dict)
    changed: dict[str, Employee] = field(default_factory=dict)
    before: dict[str, Facts] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    replaced: dict[str, Posting] = field(default_factory=dict)
    same: int = 0

    @property
    def changed_count(self) -> int:
        return len((self.changed.keys() | self.posts.keys()) - self.people.keys())


def plan_changes(candidates: Sequence[Candidate], catalogue: Catalogue, chain: Chain, batch: Batch, *, as_of: dt.date) -> Plan:
    """Two queries for each chunk of rows, one more for the heads of units."""
    plan = Plan()
    for chunk in chunks(candidates):
        known = {person.nip: person for person in Employee.objects.filter(nip__in=[one.row.nip for one in chunk])}
        postings: dict[int, list[Posting]] = defaultdict(list)
        for posting in Posting.objects.known().filter(employee_id__in=[person.pk for person in known.values()]):
            postings[posting.employee_id].append(posting)
        for one in chunk:
            person = known.get(one.row.nip)
            if person is None:
                plan.people[one.row.nip] = _newcomer(one)
                plan.posts[one.row.nip] = _post(one, chain.above_of(one.row), None)
            else:
                _compare(plan, one, person, postings[person.pk], catalogue, chain, batch, as_of)
    _settle_heads(plan, batch, chain)
    return plan


def _newcomer(one: Candidate) -> Employee:
    row = one.row
    sex, birth = completed(row)
    return Employee(
        nip=row.nip,
        name=row.name,
        kind=row.kind,
        sex=sex,
        birth_date=birth,
        grade_id=one.grade_id,
        email=row.email or "",
        status=row.status or Status.ACTIVE,
    )


def _compare(
    plan: Plan,
    one: Candidate,
    person: Employee,
    postings: Sequence[Posting],
    catalogue: Catalogue,
    chain: Chain,
    batch: Batch,
    as_of: dt.date,
) -> None:
    row = one.row
    stated: dict[str, object] = {"name": row.name, "kind": row.kind, "sex": row.sex, "birth_date": row.birth_date}
    stated.update(grade_id=one.grade_id, email=row.email, status=row.status)
    differing = {name: value for name, value in stated.items() if value is not None and getattr(person, name) != value}
    if differing:
        plan.changed[row.nip], plan.before[row.nip] = person, facts_of(person, [name.removesuffix("_id") for name in differing])
    for name, value in differing.items():
        setattr(person, name, value)
    day = reference_day(row, as_of)
    current = next((posting for posting in postings if day in posting.valid), None)
    above = chain.above_of(row)
    if current is None or not same_post(row, one.unit, current, batch, catalogue, chain):
        plan.posts[row.nip] = _post(one, above, _next_start(postings, day))
        if current is not None:
            plan.replaced[row.nip] = current
        if current is not None and current.unit_id != one.unit.pk and chain.others.get(row.nip):
            batch.warn(row.line, Fault("unit", "leaves_people", {"count": chain.others[row.nip]}))
        return
    if current.valid.lower is not None and current.valid.lower != row.since:
        values = {"there": f"{row.since:%d-%m-%Y}", "recorded": f"{current.valid.lower:%d-%m-%Y}"}
        batch.warn(row.line, Fault("tmt_jabatan", "since_differs", values))
    if not differing:
        plan.same += 1


def _next_start(postings: Iterable[Posting], day: dt.date) -> dt.date | None:
    """A post already decided for a later day stays decided."""
    return min((posting.valid.lower for posting in postings if posting.valid.lower is not None and posting.valid.lower > day), default=None)


def _post(one: Candidate, above: str | None, until: dt.date | None) -> Post:
    row = one.row
    leads = leads_unit(title=squeezed(row.title), kind=row.post_kind, unit_name=one.unit.name)
    return Post(row, one.unit.pk, above, Span(row.since, until), leads)


def _settle_heads(plan: Plan, batch: Batch, chain: Chain) -> None:
    """A unit has one head a day: who leads it already stays, else the higher post, else the earlier line."""
    claims = sorted((post for post in plan.posts.values() if post.leads), key=lambda post: (rank_of(post.row.post_kind), post.row.line))
    if not claims:
        return
    leaving = {chain.ids[nip]: post.span for nip, post in plan.posts.items() if nip in chain.ids}
    held: dict[int, list[Span]] = defaultdict(list)
    for head in Posting.objects.known().filter(heads_unit=True, unit_id__in={post.unit_id for post in claims}):
        span = Span(head.valid.lower, head.valid.upper)
        held[head.unit_id].extend(span.without(leaving[head.employee_id]) if head.employee_id in leaving else [span])
    for post in claims:
        if any(span.overlaps(post.span) for span in held[post.unit_id]):
            plan.posts[post.row.nip] = Post(post.row, post.unit_id, post.supervisor, post.span, leads=False)
            batch.warn(post.row.line, Fault("jabatan", "unit_has_head"))
        else:
            held[post.unit_id].append(post.span)
