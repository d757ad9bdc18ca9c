"""May this viewer do this to this object: one answer for every door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from employees.models import PERSONAL, DataReport, Employee, Kept, Posting, User
from employees.queries import managed_paths, privileged_among
from employees.queries.substitutes import appointable
from employees.rules.registers import Register, Relation, Sight, may_write, sight_of
from employees.rules.viewing import Role, Viewer


def may_administer(viewer: Viewer) -> bool:
    """Record keeping of people, units and posts: HR of the city, by a role in force today."""
    return viewer.is_city_hr


def may_appoint_substitute(viewer: Viewer, principal_id: int) -> bool:
    """The superior of the absent one, the head or the pengelola above him, or HR of the city; nobody for himself.

    Of somebody who left, those who led and kept him last.
    """
    if not viewer.signed_in or principal_id == viewer.employee_id:
        return False
    return viewer.is_city_hr or principal_id in appointable(viewer, [principal_id])


def official_to_replace(viewer: Viewer, principal_id: int) -> Employee:
    """The official for whom the viewer may appoint. Raises NotVisible, NotAllowed where he only sees him."""
    found = Employee.objects.filter(pk=principal_id).first()
    if found is not None and may_appoint_substitute(viewer, principal_id):
        return found
    if found is None or not Employee.objects.visible_to(viewer).filter(pk=principal_id).exists():
        raise NotVisible(_("Pejabat tidak ditemukan."))
    raise NotAllowed(_("Pengganti ditunjuk oleh atasan pejabat itu atau pengelola kepegawaian."))


def may_open_accounts(viewer: Viewer) -> bool:
    """The list of accounts: HR of the city, and the pengelola of an OPD."""
    return viewer.is_city_hr or viewer.is_unit_hr


def may_ask_for_two(viewer: Viewer) -> bool:
    """Acts on an account that two people do together: HR of the city alone."""
    return viewer.is_city_hr


def account_paths(viewer: Viewer) -> tuple[str, ...]:
    """Paths of the units whose accounts the viewer looks after; the whole city is one empty path, nobody's reach is none."""
    if viewer.is_city_hr:
        return ("",)
    return managed_paths(viewer)


def may_manage_account(viewer: Viewer, user: User) -> bool:
    """Whether this account is in his reach: by the post of its person today; an account without a post is the city's."""
    if viewer.is_city_hr:
        return True
    if user.employee_id is None:
        return False
    posted = Posting.objects.in_force(on=viewer.on).filter(employee_id=user.employee_id)
    return posted.under(account_paths(viewer)).exists()


def may_hand_code_alone(viewer: Viewer, user: User) -> bool:
    """One person suffices for an account without a special role, and never for the own one."""
    return user.pk != viewer.user_id and not privileged_among([user.pk], on=viewer.on)


def may_answer_report(viewer: Viewer, report: DataReport, managed: Sequence[str]) -> bool:
    """HR of the city, or the pengelola of the unit it came from; nobody his own."""
    if viewer.employee_id is not None and viewer.employee_id == report.employee_id:
        return False
    path = report.unit.path if report.unit else ""
    return viewer.is_city_hr or (bool(path) and path.startswith(tuple(managed)))


def may_open_reports(viewer: Viewer) -> bool:
    """The worklist of all reports: who keeps records, and the auditor who reads them."""
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR, Role.AUDITOR})


def may_open_handover(viewer: Viewer) -> bool:
    """What moves left without an owner: who keeps records, the auditor, and leaders for their own people."""
    return may_open_reports(viewer) or viewer.is_rater or bool(viewer.headed_paths)


def may_open_substitutes(viewer: Viewer) -> bool:
    """Whoever may have somebody to appoint for; for whom, each appointment asks again."""
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR}) or viewer.is_rater or bool(viewer.headed_paths)


@dataclass(frozen=True)
class Access:
    """A person's registers as one viewer stands to them."""

    person: Employee
    relations: frozenset[Relation]

    def sight(self, register: Register) -> Sight:
        return sight_of(register, self.relations)

    def writes(self, register: Register) -> bool:
        return may_write(register, self.relations)

    @property
    def owns(self) -> bool:
        return Relation.OWNER in self.relations

    @property
    def sees_rows(self) -> bool:
        """More than the days of absence."""
        return any(self.sight(register) > Sight.DAYS for register in Register)

    def open_to(self, row: Kept) -> bool:
        """Whether all of a row is seen without a reason."""
        return self.sight(row.register) == Sight.FULL or not row.closed

    @property
    def roles(self) -> list[str]:
        """For the memory: in which capacity somebody looked."""
        return sorted(relation.value for relation in self.relations)


def may_open_registers(viewer: Viewer) -> bool:
    """The list of people with their registers: HR, and the auditor who only reads."""
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR, Role.AUDITOR})


def registers_of(viewer: Viewer, employee_id: int) -> Access:
    """How this viewer stands to a person's registers.

    Raises NotVisible for somebody he does not see, NotAllowed where he sees the person and no register.
    """
    person = Employee.objects.visible_to(viewer).filter(pk=employee_id).first()
    if person is None:
        raise NotVisible(_("Pegawai ini tidak ada, atau bukan untuk Anda."))
    relations = _relations(viewer, employee_id)
    if not relations:
        raise NotAllowed(_("Data pegawai ini hanya untuk yang bersangkutan, pengelola kepegawaiannya, dan penilainya."))
    return Access(person, relations)


def _relations(viewer: Viewer, employee_id: int) -> frozenset[Relation]:
    found = set()
    if viewer.employee_id == employee_id:
        found.add(Relation.OWNER)
    if Role.CITY_HR in viewer.roles:
        found.add(Relation.CITY_HR)
    if Role.AUDITOR in viewer.roles:
        found.add(Relation.AUDITOR)
    if employee_id in viewer.rates:
        found.add(Relation.RATER)
    paths = managed_paths(viewer)
    if paths and Posting.objects.in_force(on=viewer.on).filter(employee_id=employee_id).under(paths).exists():
        found.add(Relation.UNIT_HR)
    return frozenset(found)


def get_record(access: Access, register: Register, record_id: int, *, standing: bool = True, locked: bool = False) -> Kept:
    """A row of a person's register. Raises NotAllowed where its rows are not for this viewer, NotVisible where there is none."""
    if access.sight(register) <= Sight.DAYS:
        raise NotAllowed(_("Daftar ini bukan untuk peran Anda."))
    rows = PERSONAL[register].objects.of_people([access.person.pk])
    rows = rows.standing() if standing else rows
    found: Kept | None = (rows.select_for_update() if locked else rows).filter(pk=record_id).first()
    if found is None:
        raise NotVisible(_("Catatan ini tidak ada, atau sudah diganti."))
    return found
