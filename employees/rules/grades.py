"""Golongan ruang and pangkat of civil servants; contract staff have seventeen grades without a rank. Pure."""

from __future__ import annotations

import re

from bukittinggi_kinerja.common.numbers import whole_number

CIVIL_GRADES: tuple[tuple[str, str], ...] = (
    ("I/a", "Juru Muda"),
    ("I/b", "Juru Muda Tingkat I"),
    ("I/c", "Juru"),
    ("I/d", "Juru Tingkat I"),
    ("II/a", "Pengatur Muda"),
    ("II/b", "Pengatur Muda Tingkat I"),
    ("II/c", "Pengatur"),
    ("II/d", "Pengatur Tingkat I"),
    ("III/a", "Penata Muda"),
    ("III/b", "Penata Muda Tingkat I"),
    ("III/c", "Penata"),
    ("III/d", "Penata Tingkat I"),
    ("IV/a", "Pembina"),
    ("IV/b", "Pembina Tingkat I"),
    ("IV/c", "Pembina Utama Muda"),
    ("IV/d", "Pembina Utama Madya"),
    ("IV/e", "Pembina Utama"),
)
CONTRACT_GRADES: tuple[str, ...] = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
)  # fmt: skip

_CIVIL = re.compile(r"(?<![A-Z])(IV|I{1,3})\s*[/.\-]?\s*([A-E])(?![A-Z])")
_WORDS = re.compile(r"\b(?:GOLONGAN|GOL|RUANG|PPPK)\b\.?")


def grade_code(text: str, *, contract: bool = False) -> str:
    """The code a clerk meant by ``iii / C``, ``Penata (III/c)``, ``ix`` or ``9``; what cannot be read comes back in upper case."""
    plain = _WORDS.sub("", text.upper()).strip()
    if contract:
        number = whole_number(plain) or 0
        return CONTRACT_GRADES[number - 1] if 1 <= number <= len(CONTRACT_GRADES) else plain
    found = _CIVIL.search(plain)
    return f"{found[1]}/{found[2].lower()}" if found else plain
