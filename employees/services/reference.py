"""Reference data of people: grades, groups of staff and their regimes, rights of the city's HR. Safe to repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from employees.models import (
    AccessPolicy,
    AppraisalRegime,
    CycleKind,
    Grade,
    MovePolicy,
    PositionKind,
    Regime,
    RetirementAge,
    StaffGroup,
)
from employees.rules.grades import CIVIL_GRADES, CONTRACT_GRADES
from employees.rules.posts import GENERAL_STAFF, OFFICIALS, TEACHERS

CITY_HR_GROUP = "BKPSDM"
FIRST_DAY = dt.date(2025, 1, 1)

_GROUPS = {GENERAL_STAFF: "Pegawai umum", TEACHERS: "Guru", OFFICIALS: "Pejabat negara"}
_REGIMES = {GENERAL_STAFF: Regime.LOCAL, TEACHERS: Regime.IMPORTED, OFFICIALS: Regime.NONE}

# Records with a life of their own are looked at here and changed by services.
_MAINTAINED = (
    "position", "roleassignment", "appraisalregime", "staffgroup", "grade", "closedday", "calendaryear", "contractterm",
)  # fmt: skip
_LOOKED_AT = (
    "employee", "orgunit", "unitsuccession", "posting", "actingappointment", "user", "accesstoken", "event", "job", "seal",
    "serviceend", "datareport", "accesspolicy", "importbatch", "columnmapping",
)  # fmt: skip
#: A version that rules is never edited: drafts are made by a page, changed and thrown away here.
_DRAFTED = ("retirementage", "movepolicy")
_REGISTERS = ("leave", "officialtravel", "discipline", "education", "bankaccount", "taxcategory", "jobclass", "allowancebase")


@transaction.atomic
def load_reference() -> None:
    """Fill what is missing; rows that exist are left as HR made them."""
    _load_grades()
    _load_groups()
    _load_access_policy()
    _load_move_rules()
    allow_city_hr(
        Q(content_type__app_label__in=["employees", "common"])
        & (
            Q(codename__in=[f"{verb}_{model}" for verb in ("view", "add", "change") for model in _MAINTAINED])
            | Q(codename__in=[f"view_{model}" for model in (*_LOOKED_AT, *_REGISTERS)])
            | Q(codename__in=[f"{verb}_{model}" for verb in ("view", "change", "delete") for model in _DRAFTED])
            | Q(codename__in=["change_employee", "delete_closedday"])
        )
    )


def allow_city_hr(permissions: Q | Iterable[tuple[str, str]]) -> Group:
    """Give the group of the city's HR further rights in the admin; other apps pass (app label, codename) pairs."""
    group, _created = Group.objects.get_or_create(name=CITY_HR_GROUP)
    wanted = permissions if isinstance(permissions, Q) else Q(pk__in=[])
    if not isinstance(permissions, Q):
        for label, codename in permissions:
            wanted |= Q(content_type__app_label=label, codename=codename)
    group.permissions.add(*Permission.objects.filter(wanted))
    return group


def _load_grades() -> None:
    civil = [Grade(code=code, rank=rank, order=n, contract=False) for n, (code, rank) in enumerate(CIVIL_GRADES, 1)]
    contract = [Grade(code=code, rank="", order=n, contract=True) for n, code in enumerate(CONTRACT_GRADES, 1)]
    Grade.objects.bulk_create([*civil, *contract], ignore_conflicts=True)


def _load_groups() -> None:
    known = set(StaffGroup.objects.values_list("code", flat=True))
    StaffGroup.objects.bulk_create([StaffGroup(code=code, name=name) for code, name in _GROUPS.items() if code not in known])
    ruled = set(AppraisalRegime.objects.values_list("group__code", flat=True))
    groups = {group.code: group for group in StaffGroup.objects.filter(code__in=_REGIMES)}
    AppraisalRegime.objects.bulk_create(
        AppraisalRegime(
            code=f"cara-{code.lower()}-{FIRST_DAY.year}",
            group=groups[code],
            regime=regime,
            cycle_kind=CycleKind.MONTH,
            valid=DateRange(FIRST_DAY, None),
            reason=_("Data awal; ganti dengan keputusan kota."),
            to_confirm=["regime", "cycle_kind"],
        )
        for code, regime in _REGIMES.items()
        if code not in ruled
    )


def _load_access_policy() -> None:
    """Nobody needs a second factor until the city adopts a version that says so."""
    if AccessPolicy.objects.adopted().exists():
        return
    AccessPolicy.objects.create(
        code=f"akses-{FIRST_DAY.year}",
        valid=DateRange(FIRST_DAY, None),
        reason=_("Data awal; ganti dengan keputusan kota."),
        to_confirm=["slip_days", "reset_hours", "factor_roles"],
    )


#: Kind of post, words of the title, age. The legal office confirms them before they rule for real.
_AGES = (
    (PositionKind.JPT_PRATAMA, "", 60),
    (PositionKind.ADMINISTRATOR, "", 58),
    (PositionKind.SUPERVISOR, "", 58),
    (PositionKind.STAFF, "", 58),
    (PositionKind.FUNCTIONAL, "", 58),
    (PositionKind.FUNCTIONAL, "Guru", 60),
    (PositionKind.FUNCTIONAL, "Ahli Madya", 60),
    (PositionKind.FUNCTIONAL, "Ahli Utama", 65),
)


def _load_move_rules() -> None:
    """First numbers of retirement, of answering reports and of reading after the end of service."""
    days = DateRange(FIRST_DAY, None)
    if not RetirementAge.objects.exists():
        RetirementAge.objects.bulk_create(
            RetirementAge(
                code=f"bup-{kind.lower()}-{word.lower().replace(' ', '-') or 'umum'}",
                kind=kind,
                title_word=word,
                age=age,
                valid=days,
                reason=_("Data awal; ganti dengan keputusan kota."),
                to_confirm=["age"],
            )
            for kind, word, age in _AGES
        )
    if not MovePolicy.objects.exists():
        numbers = ["report_workdays", "reading_days", "contract_days"]
        MovePolicy.objects.create(
            code=f"mutasi-{FIRST_DAY.year}", valid=days, reason=_("Data awal; ganti dengan keputusan kota."), to_confirm=numbers
        )
