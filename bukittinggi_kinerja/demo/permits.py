"""Permit files of the service desk as an event log: what its application would deliver month by month."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from appraisal.incentives.rules.mapping import LogMapping, parse_map
from bukittinggi_kinerja.common.period import Period
from bukittinggi_kinerja.common.workdays import WorkingCalendar

from .clock import at
from .draws import Weighted, draws
from .people import Person
from .timeline import Timeline

SOURCE = "izin-kota"
MAP = f"""
[source]
code = "{SOURCE}"
[columns]
event_id = "nomor"
case_id = "berkas"
activity = "kegiatan"
timestamp = "waktu"
officer = "petugas"
service_type = "jenis"
responsible = "penanggung_jawab"
[format]
timezone = "Asia/Jakarta"
[clock]
calendar = "ID"
accept = ["DITERIMA"]
stop = ["PERBAIKAN"]
resume = ["VERIFIKASI ULANG"]
finish = ["TERBIT"]
refuse = ["DITOLAK"]
withdraw = ["DITARIK"]
credit = "responsible"
"""
_TYPES = Weighted(
    ["SIP-NAKES", "SIP-DR", "SIP-DRG", "REKLAME", "PBG", "SKP-PENELITIAN", "TRAYEK", "KKPR", "PL", "SLF", "PENDIDIKAN", "NIB", "DEFAULT"],
    [28, 8, 4, 16, 7, 14, 4, 5, 4, 4, 3, 4, 9],
)
#: Types that wait for another office.
_TECHNICAL = {"PBG", "KKPR", "PL", "TRAYEK"}
CASES_A_MONTH = 10
#: An account nobody has been named for: its files count for nobody until somebody is.
UNKNOWN_ACCOUNT = "loket-lama"
ORDINARY_DAYS = 7


@dataclass(frozen=True)
class Account:
    name: str
    employee: int


class Desk:
    """Files come in every month and take their time; each goes to one officer."""

    def __init__(self, line: Timeline, people: Sequence[Person], standards: Mapping[str, int], *, seed: int) -> None:
        self.line, self.standards, self.seed = line, standards, seed
        team = [p.id for p in people if (boss := p.stints[0].post.boss) and boss.login == "penilai"]
        self.accounts = [Account(f"bo{number:02}", person) for number, person in enumerate(team, 1)]
        self.pace = {account.name: draws(seed, "pace", account.employee).uniform(0.75, 1.2) for account in self.accounts}
        self._number = self._case = 0
        self._events = self._all_events()

    @property
    def mapping(self) -> LogMapping:
        return parse_map(MAP)

    def delivery(self, month: Period) -> list[dict[str, str]]:
        """The events of a month in the order of time; the second delivery also repeats one event with another time."""
        return self._events.get(month.key, [])

    def _all_events(self) -> dict[str, list[dict[str, str]]]:
        found: list[tuple[dt.datetime, dict[str, str]]] = []
        for month in self.line.months:
            dice = draws(self.seed, "permits", month.key)
            found += [event for _n in range(CASES_A_MONTH * len(self.accounts)) for event in self._file(month, dice)]
        found = [(moment, row) for moment, row in found if moment < self.line.moment]
        found.sort(key=lambda event: (event[0], event[1]["nomor"]))
        months: dict[str, list[dict[str, str]]] = {}
        for moment, row in found:
            months.setdefault(f"{moment:%Y-%m}", []).append(row)
        self._contradict(list(months.values()))
        return months

    def _contradict(self, months: list[list[dict[str, str]]]) -> None:
        if len(months) > 1 and months[0]:
            months[1].append(months[0][0] | {"waktu": f"{months[0][0]['waktu'][:10]} 16:59:00"})

    def _file(self, month: Period, dice: random.Random) -> Iterator[tuple[dt.datetime, dict[str, str]]]:
        kind = _TYPES.pick(dice)
        account = UNKNOWN_ACCOUNT if dice.random() < 0.025 else dice.choice(self.accounts).name
        self._case += 1
        case = f"503/{self._case:05}/{month.start.year}"
        for activity, moment, who in self._steps(month, kind, account, dice):
            self._number += 1
            yield (
                moment,
                {
                    "nomor": f"{self._number:07}",
                    "berkas": case,
                    "kegiatan": activity,
                    "waktu": f"{moment:%Y-%m-%d %H:%M:%S}",
                    "petugas": who,
                    "jenis": kind,
                    "penanggung_jawab": account,
                },
            )

    def _steps(self, month: Period, kind: str, account: str, dice: random.Random) -> Iterator[tuple[str, dt.datetime, str]]:
        calendar, standard = self.line.calendar, self.standards.get(kind, ORDINARY_DAYS)
        day = calendar.on_or_after(month.start + dt.timedelta(days=dice.randrange((month.end - month.start).days)))
        moment = at(day, dice, first=8, last=15)
        yield "DITERIMA", moment, dice.choice(self.accounts).name
        left = _duration(standard, self.pace.get(account, 1.0), dice)
        first = min(left, dice.randint(0, 2))
        moment = _later(moment, first, calendar, dice)
        yield "VERIFIKASI", moment, account
        if dice.random() < 0.14:
            yield "PERBAIKAN", moment + dt.timedelta(minutes=5 + dice.randrange(40)), account
            moment = _later(moment, dice.randint(1, 9), calendar, dice)
            if dice.random() < 0.12:
                yield "DITARIK", moment, account
                return
            yield "VERIFIKASI ULANG", moment, account
        if kind in _TECHNICAL:
            moment = _later(moment, left // 2, calendar, dice)
            yield "REKOMENDASI TEKNIS", moment, "teknis"
            first += left // 2
        moment = _later(moment, max(0, left - first), calendar, dice)
        yield "PENETAPAN", moment, account
        yield ("DITOLAK" if dice.random() < 0.03 else "TERBIT"), moment + dt.timedelta(minutes=10 + dice.randrange(90)), account


def _duration(standard: int, pace: float, dice: random.Random) -> int:
    """Working days a file takes: mostly within its standard, with a long tail."""
    return max(0, round(standard * pace * dice.lognormvariate(-0.42, 0.44)))


def _later(moment: dt.datetime, days: int, calendar: WorkingCalendar, dice: random.Random) -> dt.datetime:
    """Some working days on at office hours; on the same day a little later."""
    if days:
        return at(calendar.add(moment.date(), days), dice, first=8, last=15)
    return moment + dt.timedelta(minutes=10 + dice.randrange(60))
