"""May this viewer do this to services and their cases: one answer for every door."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from appraisal.incentives.models import EventSource, ServiceCase
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from employees.queries import living_paths
from employees.rules.viewing import Viewer

#: Path of an OPD: the city, then the agency.
_AGENCY_DEPTH = 2


def may_open_board(viewer: Viewer) -> bool:
    """Who sees all aggregates, and whoever handles cases or answers for those who do."""
    return viewer.sees_all_aggregates or ServiceCase.objects.visible_to(viewer).exists()


def get_case(viewer: Viewer, case_id: int) -> ServiceCase:
    """The case with what its page shows, or NotVisible."""
    found = ServiceCase.objects.visible_to(viewer).select_related("source", "service_type", "responsible").filter(pk=case_id).first()
    if found is None:
        raise NotVisible(_("Berkas ini tidak ada, atau bukan untuk Anda."))
    return found


def may_keep_services(viewer: Viewer) -> bool:
    """HR of the city and of an OPD, and the head of an OPD: who has sources whose events and accounts he may settle."""
    return viewer.is_city_hr or viewer.is_unit_hr or bool(_headed_agencies(viewer))


def may_keep_source(viewer: Viewer, source: EventSource) -> bool:
    """HR of the city keeps every source, others those of their units; a source goes with what its unit has become."""
    if viewer.is_city_hr:
        return True
    if source.owner_id is None or not may_keep_services(viewer):
        return False
    kept = viewer.unit_paths if viewer.is_unit_hr else _headed_agencies(viewer)
    return any(path.startswith(kept) for path in living_paths(source.owner_id, on=viewer.on))


def _headed_agencies(viewer: Viewer) -> tuple[str, ...]:
    return tuple(path for path in viewer.headed_paths if path.count("/") <= _AGENCY_DEPTH)


def require_source(viewer: Viewer, source: EventSource | None) -> EventSource:
    """The source for its keeper. Raises NotVisible: one that is not there and one of others answer alike."""
    if source is None or not may_keep_source(viewer, source):
        raise NotVisible(_("Sumber data ini tidak ada, atau bukan milik unit Anda."))
    return source


def require_keeper(viewer: Viewer, *, source: EventSource | None = None, credited: Collection[int | None] = ()) -> None:
    """Raises NotAllowed for others, for a source of others, and for whoever the matter itself counts for."""
    if not may_keep_services(viewer):
        raise NotAllowed(_("Hanya pengelola, BKPSDM, atau kepala OPD yang dapat mengubah data layanan."))
    if source is not None and not may_keep_source(viewer, source):
        raise NotAllowed(_("Berkas ini dari sumber data unit lain. Mintalah pengelolanya yang mengubah."))
    if viewer.employee_id is not None and viewer.employee_id in credited:
        raise NotAllowed(_("Anda dihitung pada berkas ini. Mintalah petugas lain mengubahnya."))
