"""What a token may carry: a scope narrows what its user sees and never widens it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from employees.rules.viewing import Scope, Viewer


def scopes_open_to(viewer: Viewer) -> frozenset[Scope]:
    """Scopes a user may hold today; ``admin`` belongs to the city's HR alone."""
    return frozenset(Scope) if viewer.is_city_hr else frozenset(Scope) - {Scope.ADMIN}


#: What changes nothing, whatever door asks for it.
READING = frozenset({Scope.READ_PEOPLE, Scope.READ_REPORTS})


def effective(held: Iterable[str], viewer: Viewer, *, only_reads: bool = False) -> tuple[str, ...]:
    """Of the scopes written on a token those that still hold, after a role has ended too; of who ``only_reads`` the reading ones."""
    allowed = scopes_open_to(viewer) & READING if only_reads else scopes_open_to(viewer)
    return tuple(scope for scope in held if scope in allowed)
