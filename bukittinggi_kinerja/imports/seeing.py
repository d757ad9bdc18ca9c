"""Whose imports a viewer sees: his own, and those of others who keep what he keeps; the file itself stays its owner's."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bukittinggi_kinerja.common.models import ImportBatch
from bukittinggi_kinerja.import_kinds import KINDS
from employees.models import User
from employees.queries import fellow_keepers
from employees.rules.viewing import Viewer


def own_batches(viewer: Viewer) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(owner=viewer.user_id) if viewer.user_id is not None else ImportBatch.objects.none()


def seen_batches(viewer: Viewer) -> QuerySet[ImportBatch]:
    """HR of the city: all of the city; a pengelola: those of his own unit; each only of lists that are open to him."""
    open_lists = [code for code, kind in KINDS.items() if kind.may(viewer)]
    others = Q(kind__in=open_lists)
    if not viewer.is_city_hr:
        others &= Q(owner__in=fellow_keepers(viewer).values("pk"))
    return ImportBatch.objects.filter(Q(owner=viewer.user_id) | others)


def may_take_back(viewer: Viewer, batch: ImportBatch) -> bool:
    return batch.owner == viewer.user_id or viewer.is_city_hr


def with_owners(batches: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
    """``owner_name``: the person, or the account where it has none."""
    users = User.objects.filter(pk=OuterRef("owner"))
    return batches.annotate(owner_name=Subquery(users.values(called=Coalesce("employee__name", "username"))[:1]))
