"""The menu of a viewer: the screens of his roles, the ones he needs most first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.incentives.policies import may_open_board
from appraisal.policies import may_see_control_room
from bukittinggi_kinerja.import_kinds import may_import
from employees.policies import may_open_accounts, may_open_registers, may_open_reports
from employees.rules.viewing import Role, Viewer

PHONE_ITEMS = 4
#: So many stand side by side in the header of a desk; with more, the rest unfolds.
DESK_ITEMS = 6
#: Who handles permits changes rarely; the board itself asks again at every opening.
BOARD_SECONDS = 600


@dataclass(frozen=True)
class MenuItem:
    path: str
    label: str | Promise
    icon: str
    short: str | Promise = ""
    current: bool = False
    #: Beginnings of other addresses that belong to the same screens.
    also: tuple[str, ...] = ()


#: Other screens under the entry of moves.
OF_MOVES = ("/pengganti/", "/pensiun/", "/pegawai/", "/laporan-data/")
HOME = MenuItem("/", _("Beranda"), "rumah", _("Beranda"))
ACCOUNT = MenuItem("/profil/", _("Akun"), "orang", _("Akun"))


@dataclass(frozen=True)
class Menu:
    """``desktop`` lists everything; ``phone`` the four at the bottom by their short names, the account last."""

    desktop: tuple[MenuItem, ...]
    phone: tuple[MenuItem, ...]

    @property
    def shown(self) -> tuple[MenuItem, ...]:
        """What stands in the header of a desk at once."""
        return self.desktop if len(self.desktop) <= DESK_ITEMS else self.desktop[: DESK_ITEMS - 1]

    @property
    def folded(self) -> tuple[MenuItem, ...]:
        return self.desktop[len(self.shown) :]

    @property
    def here_is_folded(self) -> bool:
        return any(item.current for item in self.folded)


def menu_for(viewer: Viewer, path: str, *, staff: bool = False) -> Menu:
    wanted = [HOME, *screens_of(viewer, staff=staff)]
    met = [(begins, item.path) for item in (*wanted, ACCOUNT) for begins in (item.path, *item.also) if path.startswith(begins)]
    here = max(met, key=lambda one: len(one[0]), default=("", ""))[1]
    marked = [replace(item, current=item.path == here) for item in wanted]
    account = replace(ACCOUNT, current=ACCOUNT.path == here)
    return Menu(tuple(marked), (*marked[: PHONE_ITEMS - 1], account))


def screens_of(viewer: Viewer, *, staff: bool = False) -> list[MenuItem]:
    """Every screen of the viewer but home, most needed first."""
    office = viewer.is_city_hr or viewer.is_unit_hr
    own = MenuItem("/kinerja/", _("Kinerja Saya"), "kinerja", pgettext_lazy("menu", "Kinerja"))
    found = [
        (viewer.is_rater, MenuItem("/tim/", _("Penilaian Tim"), "tim", pgettext_lazy("menu", "Tim"))),
        (may_see_control_room(viewer), MenuItem("/kendali/", _("Ruang kendali"), "kendali", pgettext_lazy("menu", "Kendali"))),
        (may_open_registers(viewer), MenuItem("/pegawai/", _("Pegawai"), "orang", pgettext_lazy("menu", "Pegawai"))),
        (_opens_board(viewer), MenuItem("/izin/", _("Papan izin"), "izin", pgettext_lazy("menu", "Izin"))),
        (
            viewer.employee_id is not None,
            MenuItem("/kinerja/umpan-balik/", _("Umpan balik"), "bukti", pgettext_lazy("menu", "Umpan balik")),
        ),
        (may_import(viewer), MenuItem("/impor/", _("Impor"), "unduh", pgettext_lazy("menu", "Impor"))),
        (may_open_accounts(viewer), MenuItem("/akun/", _("Akun pegawai"), "gembok", pgettext_lazy("menu", "Akun pegawai"))),
        (
            may_open_reports(viewer),
            MenuItem("/serah-terima/", _("Mutasi & serah terima"), "tim", pgettext_lazy("menu", "Mutasi"), also=OF_MOVES),
        ),
        (
            viewer.is_rater and not may_open_reports(viewer),
            MenuItem("/pengganti/", _("Pengganti"), "tim", pgettext_lazy("menu", "Pengganti")),
        ),
        (staff, MenuItem("/admin/", _("Administrasi"), "admin", pgettext_lazy("menu", "Administrasi"))),
    ]
    items = [item for shown, item in found if shown]
    if viewer.employee_id is None:
        return items
    first = office or Role.LEADER in viewer.roles or Role.AUDITOR in viewer.roles
    return [*items[:1], own, *items[1:]] if first and items else [own, *items]


def _opens_board(viewer: Viewer) -> bool:
    """Whether the service board is worth an entry; remembered for a while, so that a page costs no query for it."""
    if viewer.sees_all_aggregates or viewer.user_id is None:
        return viewer.sees_all_aggregates
    return bool(cache.get_or_set(f"menu:izin:{viewer.user_id}", lambda: may_open_board(viewer), BOARD_SECONDS))
