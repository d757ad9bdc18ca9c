"""The words of appraisal as values. Pure.

Ratings and predicates are small integers in the database, codes at every border. More is better inside;
exchange formats that count the other way are mapped at their border only.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Rating(IntEnum):
    """Against the leader's expectation (PermenPANRB 6/2022)."""

    BELOW = 1
    MEETS = 2
    ABOVE = 3

    @property
    def code(self) -> str:
        return {1: "DI_BAWAH", 2: "SESUAI", 3: "DI_ATAS"}[self.value]

    @classmethod
    def of_code(cls, code: str) -> Rating:
        return {r.code: r for r in cls}[code]


class Predicate(IntEnum):
    VERY_POOR = 1
    POOR = 2
    NEEDS_IMPROVEMENT = 3
    GOOD = 4
    VERY_GOOD = 5

    @property
    def code(self) -> str:
        return {1: "SANGAT_KURANG", 2: "KURANG", 3: "BUTUH_PERBAIKAN", 4: "BAIK", 5: "SANGAT_BAIK"}[self.value]

    @classmethod
    def of_code(cls, code: str) -> Predicate:
        return {p.code: p for p in cls}[code]


#: (result rating, behaviour rating) -> predicate: the 3 x 3 quadrant of PermenPANRB 6/2022.
#: Never a maximum or a mean: bad behaviour with good results is misconduct.
QUADRANT: dict[tuple[Rating, Rating], Predicate] = {
    (Rating.ABOVE, Rating.ABOVE): Predicate.VERY_GOOD,
    (Rating.ABOVE, Rating.MEETS): Predicate.GOOD,
    (Rating.ABOVE, Rating.BELOW): Predicate.POOR,
    (Rating.MEETS, Rating.ABOVE): Predicate.GOOD,
    (Rating.MEETS, Rating.MEETS): Predicate.GOOD,
    (Rating.MEETS, Rating.BELOW): Predicate.POOR,
    (Rating.BELOW, Rating.ABOVE): Predicate.NEEDS_IMPROVEMENT,
    (Rating.BELOW, Rating.MEETS): Predicate.NEEDS_IMPROVEMENT,
    (Rating.BELOW, Rating.BELOW): Predicate.VERY_POOR,
}


class BehaviourValue(StrEnum):
    """The seven BerAKHLAK values; ``field`` is the column of the mark on an assessment."""

    SERVICE = "BP"
    ACCOUNTABLE = "AK"
    COMPETENT = "KO"
    HARMONIOUS = "HA"
    LOYAL = "LO"
    ADAPTIVE = "AD"
    COLLABORATIVE = "KL"

    @property
    def field(self) -> str:
        return f"mark_{self.value.lower()}"


BEHAVIOUR_FIELDS: tuple[str, ...] = tuple(v.field for v in BehaviourValue)


class TargetForm(StrEnum):
    SINGLE = "TUNGGAL"
    RANGE = "RENTANG"
    DATE = "TANGGAL"
    STATEMENT = "PERNYATAAN"


class Direction(StrEnum):
    UP = "NAIK"
    DOWN = "TURUN"
    EXACT = "TEPAT"


class Accumulation(StrEnum):
    SUM = "SUM"
    LAST = "LAST"
    MEAN = "MEAN"


class Aspect(StrEnum):
    QUANTITY = "KUANTITAS"
    QUALITY = "KUALITAS"
    TIME = "WAKTU"
    COST = "BIAYA"


class Measure(StrEnum):
    """Figures that are measured from source rows and never typed by hand."""

    ON_TIME_SHARE = "LAYANAN_TEPAT_WAKTU"
    MEDIAN_NET_DAYS = "LAYANAN_MEDIAN_HARI"


class Origin(StrEnum):
    """Where a realised figure came from. Paper: typed by the pengelola from a form that its owner signed."""

    TYPED = "MANUAL"
    PAPER = "KERTAS"
    IMPORTED = "IMPOR"
    MEASURED = "TERUKUR"


class Depth(StrEnum):
    """How often the seven values are marked; the two overall ratings stand in every period."""

    MONTHLY = "BULANAN"
    QUARTERLY = "TRIWULANAN"
    YEARLY = "TAHUNAN"
