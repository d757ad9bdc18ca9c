"""A transfer of many people by one decree: planned, shown, and laid in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import squeezed
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import Employee, Position, StaffGroup
from employees.rules.importing import Fault
from employees.rules.posts import GENERAL_STAFF, staff_group
from employees.rules.transfers import Move, Place, Transfer, plan_transfer

from .importing.sentences import sentence
from .postings import NewPosting, lay_postings, one_writer
from .transfer_rows import Line, Names, TransferRow, changes_of, clash_sentence, read_rows

__all__ = ["DecreeFacts", "TransferReport", "TransferRow", "apply_transfer", "plan_decree", "transfer_by_decree"]


@dataclass(frozen=True)
class DecreeFacts:
    """The decree: from which day, its number and date, and why."""

    on: dt.date
    number: str
    decided_on: dt.date | None
    reason: str


@dataclass
class TransferReport:
    """What a decree would do, line by line, and who follows though no row names him."""

    lines: list[Line]
    transfer: Transfer
    names: Names
    new_positions: dict[int, tuple[str, str]] = field(default_factory=dict)
    written: int = 0

    @property
    def bad(self) -> int:
        return sum(1 for line in self.lines if line.faults)

    @property
    def moving(self) -> list[Move]:
        return [move for move in self.transfer.moves if move.changes]

    def followers_of(self, leader: int) -> list[Move]:
        return [move for move in self.transfer.followers if move.before is not None and move.before.supervisor == leader]


@transaction.atomic
def transfer_by_decree(
    *, rows: Sequence[TransferRow], decree: DecreeFacts, apply: bool, good_only: bool = False, actor: int | None, now: dt.datetime
) -> TransferReport:
    """Move everybody of the list from ``decree.on`` on, or only say what that would do.

    With a bad row nothing is written, unless ``good_only``. Raises Unacceptable without a number or without any row.
    """
    if not decree.number.strip():
        raise Unacceptable(_("Isi nomor SK."), errors={"decree": [_("Isi nomor SK.")]})
    report = plan_decree(rows, decree, now=now)
    if not apply:
        return report
    if report.bad and not good_only:
        raise Unacceptable(_("Ada baris yang salah. Perbaiki dahulu, atau terapkan baris yang benar saja."))
    if not report.moving:
        raise Unacceptable(_("Tidak ada penempatan yang berubah."))
    apply_transfer(report, decree, now=now)
    record_event(
        action="employees.transfer.made",
        subject=("employees.transfer", decree.number),
        actor=actor,
        now=now,
        old={str(move.employee): _plain(move.before) for move in (*report.moving, *report.transfer.followers)},
        new={str(move.employee): _plain(move.after) for move in (*report.moving, *report.transfer.followers)}
        | {"decree": decree.number, "decided_on": decree.decided_on, "on": decree.on},
        reason=decree.reason,
    )
    return report


def plan_decree(rows: Iterable[TransferRow], decree: DecreeFacts, *, now: dt.datetime, without: Collection[int] = ()) -> TransferReport:
    """What the good rows would do; takes the writers' lock, writes nothing. Part of a larger service.

    Lines in ``without`` have cells beyond the header: what stands in their columns cannot be trusted.
    """
    one_writer()
    lines, read = read_rows(rows, on=decree.on, now=now)
    for line in lines:
        if line.row.line in without:
            line.faults.append(("", sentence(Fault("", "too_many_cells"))))
    wanted = [line.wanted for line in lines if line.wanted is not None and not line.faults]
    transfer = plan_transfer(wanted, read.places, read.parents)
    by_line = {line.row.line: line for line in lines}
    for clash in transfer.clashes:
        by_line[clash.line].faults.append(clash_sentence(clash, read.names))
    if transfer.clashes:
        good = [line.wanted for line in lines if line.wanted is not None and not line.faults]
        transfer = replace(plan_transfer(good, read.places, read.parents), clashes=transfer.clashes)
    report = TransferReport(lines, transfer, read.names, read.new_positions)
    _tell(report, by_line)
    return report


def _tell(report: TransferReport, by_line: Mapping[int, Line]) -> None:
    """What each row changes, and what it does to people whom the list does not name."""
    count: dict[int, list[Move]] = {}
    for follower in report.transfer.followers:
        if follower.before is not None and follower.before.supervisor is not None:
            count.setdefault(follower.before.supervisor, []).append(follower)
    for move in report.transfer.moves:
        line = by_line[move.line or 0]
        line.move = move
        line.changes = changes_of(move, report.names)
        if move.after.supervisor is None:
            line.warnings.append(("nip_atasan", _("Tidak ada pimpinan di atasnya, jadi belum ada yang menilai. Isi NIP atasannya.")))
        for leader in dict.fromkeys(one.after.supervisor for one in count.get(move.employee, ())):
            people = [one for one in count[move.employee] if one.after.supervisor == leader]
            words = {"n": len(people), "nama": report.names.person(leader)}
            text = _("%(n)s bawahannya beralih kepada %(nama)s.") if leader else _("%(n)s bawahannya tidak mempunyai atasan.")
            line.warnings.append(("", text % {name: words[name] for name in (("n", "nama") if leader else ("n",))}))


def apply_transfer(report: TransferReport, decree: DecreeFacts, *, now: dt.datetime) -> list[int]:
    """Lay the postings of a plan; the people they belong to. Part of a larger service: records no event."""
    positions = _make_positions(report.new_positions)
    moves = [*report.moving, *report.transfer.followers]
    lay_postings(
        [
            NewPosting(
                employee_id=move.employee,
                unit_id=move.after.unit,
                position_id=positions.get(move.after.position, move.after.position),
                supervisor_id=move.after.supervisor,
                heads_unit=move.after.heads,
                valid_from=move.on,
                valid_to=None,
                decree=decree.number,
                decided_on=decree.decided_on,
                reason=decree.reason,
            )
            for move in moves
        ],
        now=now,
    )
    people = [move.employee for move in moves]
    Employee.objects.filter(pk__in=people).update(updated_at=now)
    report.written = len(moves)
    return people


def _make_positions(wanted: Mapping[int, tuple[str, str]]) -> dict[int, int]:
    """Posts that the catalogue did not know: by the number that the plan gave them."""
    if not wanted:
        return {}
    groups = {group.code: group for group in StaffGroup.objects.all()}
    made = Position.objects.bulk_create(
        Position(title=squeezed(title), kind=kind, group=groups.get(staff_group(title=title, kind=kind)) or groups[GENERAL_STAFF])
        for title, kind in wanted.values()
    )
    return {place: position.pk for place, position in zip(wanted, made, strict=True)}


def _plain(place: Place | None) -> dict[str, object]:
    if place is None:
        return {}
    return {"unit": place.unit, "position": place.position, "supervisor": place.supervisor, "heads": place.heads}
