"""May this viewer do this to services and their cases: one answer for every door."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from appraisal.incentives.models import ServiceCase
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
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
    """HR of the city and of an OPD, and the head of an OPD: who may deliver events and settle accounts and conflicts."""
    heads_agency = any(path.count("/") <= _AGENCY_DEPTH for path in viewer.headed_paths)
    return viewer.is_city_hr or viewer.is_unit_hr or heads_agency


def require_keeper(viewer: Viewer, *, credited: Collection[int | None] = ()) -> None:
    """Raises NotAllowed for others, and for whoever the matter itself counts for."""
    if not may_keep_services(viewer):
        raise NotAllowed(_("Hanya pengelola, BKPSDM, atau kepala OPD yang dapat mengubah data layanan."))
    if viewer.employee_id is not None and viewer.employee_id in credited:
        raise NotAllowed(_("Anda dihitung pada berkas ini. Mintalah petugas lain mengubahnya."))
