"""All lists that can be imported, in the order of the page; each app says its own."""

from __future__ import annotations

from bukittinggi_kinerja.common.importing import ImportKind
from employees.services.importing import PeopleKind
from employees.services.importing.headcount_kind import HeadcountKind
from employees.services.importing.unit_kind import UnitKind

KINDS: dict[str, ImportKind] = {kind.code: kind for kind in (PeopleKind(), UnitKind(), HeadcountKind())}
