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


#: Other screens under the entry of moves, and of the control room.
OF_MOVES = ("/pengganti/", "/pensiun/", "/laporan-data/")
OF_CONTROL = ("/skp/", "/kinerja/formulir/")
HOME = MenuItem("/", _("Beranda"), "rumah", _("Beranda"))
ACCOUNT = MenuItem("/profil/", _("Akun"), "orang", _("Akun"))


@dataclass(frozen=True)
class Menu:
    """``desktop`` lists everything; ``phone`` the four at the bottom by their short names, the account last.

    A screen that belongs to none of them marks none: home is marked at home alone.
    """

    desktop: tuple[MenuItem, ...]
    phone: tuple[MenuItem, ...]

    @property
    def account(self) -> MenuItem:
        return self.phone[-1]

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
    own = f"/pegawai/{viewer.employee_id}/"
    wanted, account = [HOME, *screens_of(viewer, staff=staff)], replace(ACCOUNT, also=(own, "/laporan-data/", "/pekerjaan/"))
    places = [(begins, item.path) for item in (*wanted, account) for begins in (item.path, *item.also)]
    met = [place for place in places if path.startswith(place[0]) and (place[0] != HOME.path or path == HOME.path)]
    here = max(met, key=lambda one: len(one[0]), default=("", ""))[1]
    marked = [replace(item, current=item.path == here) for item in wanted]
    return Menu(tuple(marked), (*marked[: PHONE_ITEMS - 1], replace(account, current=account.path == here)))


def screens_of(viewer: Viewer, *, staff: bool = False) -> list[MenuItem]:
    """Every screen of the viewer but home, most needed first."""
    office = viewer.is_city_hr or viewer.is_unit_hr
    own = MenuItem("/kinerja/", _("Kinerja Saya"), "kinerja", pgettext_lazy("menu", "Kinerja"))
    found = [
        (viewer.is_rater, MenuItem("/tim/", _("Penilaian Tim"), "tim", pgettext_lazy("menu", "Tim"), also=_of_team(viewer))),
        (
            may_see_control_room(viewer),
            MenuItem("/kendali/", _("Ruang kendali"), "kendali", pgettext_lazy("menu", "Kendali"), also=OF_CONTROL),
        ),
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
            MenuItem("/pengganti/", _("Pengganti"), "tim", pgettext_lazy("menu", "Pengganti"), also=("/serah-terima/",)),
        ),
        (may_import(viewer), MenuItem("/pekerjaan/", _("Pekerjaan"), "jam", pgettext_lazy("menu", "Pekerjaan"))),
        (staff, MenuItem("/admin/", _("Administrasi"), "admin", pgettext_lazy("menu", "Administrasi"))),
    ]
    items = [item for shown, item in found if shown]
    if viewer.employee_id is None:
        return items
    first = office or Role.LEADER in viewer.roles or Role.AUDITOR in viewer.roles
    return [*items[:1], own, *items[1:]] if first and items else [own, *items]


def _of_team(viewer: Viewer) -> tuple[str, ...]:
    """Screens a rater comes to from his team, where no entry of the office has them."""
    plans = () if may_see_control_room(viewer) else ("/skp/",)
    return plans if may_open_registers(viewer) else (*plans, "/pegawai/")


def _opens_board(viewer: Viewer) -> bool:
    """Whether the service board is worth an entry; remembered for a while, so that a page costs no query for it."""
    if viewer.sees_all_aggregates or viewer.user_id is None:
        return viewer.sees_all_aggregates
    return bool(cache.get_or_set(f"menu:izin:{viewer.user_id}", lambda: may_open_board(viewer), BOARD_SECONDS))
