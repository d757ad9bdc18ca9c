"""What follows from a job title: who leads a unit, and to which group of staff a post belongs. Pure.

A person leads his unit when the post is structural (JPT Pratama, Administrator, Pengawas) or an elected office and its
title begins with Kepala, Camat, Lurah, Inspektur, Direktur, Wali Kota or, in a unit called Sekretariat, with Sekretaris.
A title that names a level ("Kepala Seksi …") leads no unit whose name begins with another level ("Dinas …").
"""

from __future__ import annotations

LEADING_KINDS = frozenset({"JPT_PRATAMA", "ADMINISTRATOR", "PENGAWAS", "PEJABAT_NEGARA"})
LEADING_WORDS = ("camat", "lurah", "inspektur", "direktur", "wali kota")
# First word of a unit's name, or second of its leader's title: one level, whatever the spelling.
LEVELS = {
    **{
        word: word
        for word in (
            "dinas", "badan", "satuan", "kantor", "inspektorat", "sekretariat", "kecamatan", "kelurahan", "bidang", "bagian",
            "seksi", "tata",
        )
    },
    **dict.fromkeys(("sub", "subbagian", "subbag", "subbidang", "subbid"), "sub"),
    **dict.fromkeys(("uptd", "upt", "puskesmas"), "uptd"),
}  # fmt: skip

GENERAL_STAFF = "UMUM"
TEACHERS = "GURU"
OFFICIALS = "PEJABAT"

# Where two titles claim one unit, the higher post leads.
_ORDER = {"PEJABAT_NEGARA": 0, "JPT_PRATAMA": 1, "ADMINISTRATOR": 2, "PENGAWAS": 3}


def leads_unit(*, title: str, kind: str, unit_name: str) -> bool:
    """Whether somebody posted to ``unit_name`` under this title leads it."""
    words, unit = title.casefold().split(), unit_name.casefold().split()
    if kind not in LEADING_KINDS or not words or not unit:
        return False
    if words[0] == "sekretaris":
        return unit[0] == "sekretariat"
    if words[0] == "kepala":
        return not _names_another_level(words[1:], unit)
    if words[:2] == ["inspektur", "pembantu"]:
        return unit[:2] == ["inspektur", "pembantu"]
    text = " ".join(words)
    return any(text == word or text.startswith(f"{word} ") for word in LEADING_WORDS)


def rank_of(kind: str) -> int:
    """0 is the highest kind of post; those who never lead come last."""
    return _ORDER.get(kind, len(_ORDER))


def staff_group(*, title: str, kind: str) -> str:
    """Code of the group whose regime appraises the post, for a title the catalogue does not know yet."""
    if kind == "PEJABAT_NEGARA":
        return OFFICIALS
    if kind == "FUNGSIONAL" and title.casefold().split()[:1] == ["guru"]:
        return TEACHERS
    return GENERAL_STAFF


def _names_another_level(rest: list[str], unit: list[str]) -> bool:
    return bool(rest) and rest[0] in LEVELS and unit[0] in LEVELS and LEVELS[rest[0]] != LEVELS[unit[0]]
