"""What follows from a job title: who leads a unit, and to which group of staff a post belongs. Pure.

A person leads his unit when the post is structural (JPT Pratama, Administrator, Pengawas) or an elected office and its
title begins with Kepala, Camat, Lurah, Inspektur, Direktur, Wali Kota or, in a unit called Sekretariat, with Sekretaris.
"""

from __future__ import annotations

LEADING_KINDS = frozenset({"JPT_PRATAMA", "ADMINISTRATOR", "PENGAWAS", "PEJABAT_NEGARA"})
LEADING_WORDS = ("Kepala", "Camat", "Lurah", "Inspektur", "Direktur", "Wali Kota")
SECRETARY = "sekretaris"
SECRETARIAT = "sekretariat"

GENERAL_STAFF = "UMUM"
TEACHERS = "GURU"
OFFICIALS = "PEJABAT"


def leads_unit(*, title: str, kind: str, unit_name: str) -> bool:
    """Whether somebody posted to ``unit_name`` under this title leads it."""
    if kind not in LEADING_KINDS:
        return False
    wanted = title.casefold().strip()
    if wanted.startswith(SECRETARY):
        return unit_name.casefold().strip().startswith(SECRETARIAT)
    return any(_begins_with_word(wanted, word.casefold()) for word in LEADING_WORDS)


def staff_group(*, title: str, kind: str) -> str:
    """Code of the group whose regime appraises the post, for a title the catalogue does not know yet."""
    if kind == "PEJABAT_NEGARA":
        return OFFICIALS
    if kind == "FUNGSIONAL" and _begins_with_word(title.casefold().strip(), "guru"):
        return TEACHERS
    return GENERAL_STAFF


def _begins_with_word(text: str, word: str) -> bool:
    return text == word or text.startswith(word + " ")
