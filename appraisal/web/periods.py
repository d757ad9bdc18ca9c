"""A period as people and addresses write it; the database might not even take what names none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.period import Period


def period_in_path(text: str) -> str:
    """The key of a period that is part of a path; raises NotVisible: there is no such place."""
    try:
        return Period.parse(text).key
    except ValueError:
        raise NotVisible(_("Periode ini tidak dikenal.")) from None


def period_asked(text: str) -> str:
    """The key of a period that was sent or chosen; raises Unacceptable."""
    try:
        return Period.parse(text).key
    except ValueError:
        raise Unacceptable(_("Periode ini tidak dikenal.")) from None
