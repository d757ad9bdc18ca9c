"""What a sheet wants of one person's draft, beside what the draft holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from appraisal.models import WorkResult
from appraisal.rules.drafts import IndicatorDraft, ResultDraft, same_words
from bukittinggi_kinerja.common.importing import Change
from bukittinggi_kinerja.common.period import Period

from .reading import PlanLine

#: Field of a draft -> column of the sheet.
INDICATOR_COLUMNS = {
    "aspect": "aspek", "unit_name": "satuan", "form": "bentuk", "direction": "arah", "accumulation": "cara_jumlah", "target": "target",
    "target_max": "target_maks", "target_date": "target_tanggal", "statement": "target", "weight": "bobot",
}  # fmt: skip
RESULT_COLUMNS = {"kind": "jenis", "leader_title": "rhk_pimpinan", "share": "bagian"}


@dataclass(frozen=True)
class LineChanges:
    """``known`` when the draft holds this indicator already."""

    known: bool
    fields: tuple[Change, ...] = ()
    reworded: bool = False


def results_of(lines: Sequence[PlanLine], signed: Mapping[str, WorkResult]) -> list[ResultDraft]:
    """Lines of one result together, in the order of the sheet. What does not fit becomes a fault or a warning of its line."""
    results: dict[str, ResultDraft] = {}
    for line in lines:
        if line.indicator is None:
            continue
        key = same_words(line.title)
        leader = _leader_title(line, signed)
        before = results.get(key)
        if before is None:
            results[key] = ResultDraft(line.title, line.kind, leader, line.share, (line.indicator,))
            continue
        pairs = {"jenis": (before.kind, line.kind), "rhk_pimpinan": (before.leader_title, leader), "bagian": (before.share, line.share)}
        for column, (old, new) in pairs.items():
            if old != new:
                line.faults.append((column, _("RHK ini sudah ada di baris lain dengan isian %(kolom)s yang berbeda.") % {"kolom": column}))
        if any(same_words(one.name) == same_words(line.indicator.name) for one in before.indicators):
            line.faults.append(("indikator", _("Indikator ini sudah ada untuk RHK yang sama. Hapus salah satu baris.")))
            continue
        results[key] = replace(before, indicators=(*before.indicators, line.indicator))
    return list(results.values())


def months_fit(lines: Sequence[PlanLine], periods: Sequence[Period]) -> None:
    """Targets by month are given for every open month of the plan, or for none."""
    keys = {period.key for period in periods}
    for line in lines:
        if line.indicator is not None and line.indicator.targets and set(line.indicator.targets) != keys:
            names = f"{min(keys)} – {max(keys)}"
            line.faults.append(("t01", _("Isi target bulan untuk periode %(periode)s saja, atau kosongkan semuanya.") % {"periode": names}))


def _leader_title(line: PlanLine, signed: Mapping[str, WorkResult]) -> str:
    """The leader's own words for his result; as written where his plan does not hold it yet."""
    if not line.leader:
        if line.share is not None:
            line.faults.append(("bagian", _("Bagian target diisi hanya bila RHK mendukung RHK pimpinan.")))
        return ""
    found = signed.get(same_words(line.leader))
    if found is not None:
        return found.title
    if line.leader.isdigit():
        line.faults.append(("rhk_pimpinan", _("SKP atasan tidak mempunyai RHK nomor %(nomor)s. Tulis judulnya.") % {"nomor": line.leader}))
    else:
        line.warnings.append(("rhk_pimpinan", _("RHK pimpinan belum ditemukan. Draf dapat ditautkan setelah SKP atasan ada.")))
    return line.leader


def merged(wanted: Sequence[ResultDraft], stored: Sequence[ResultDraft]) -> list[ResultDraft]:
    """What no column of the sheet says stays as the draft has it: the source of measured figures, targets by month
    where the year's target is the same, and that a copied line has not been looked at."""
    return [replace(one, indicators=tuple(_merged(indicator, _find(stored, one.title)) for indicator in one.indicators)) for one in wanted]


def _merged(new: IndicatorDraft, before: ResultDraft | None) -> IndicatorDraft:
    old = _named(before, new.name)
    if old is None:
        return new
    new = replace(new, measure=old.measure, unchecked_from=old.unchecked_from)
    if old.measure:
        new = replace(new, accumulation=old.accumulation)
    return replace(new, targets=old.targets) if not new.targets and new.yearly == old.yearly else new


def changes_of(line: PlanLine, results: Sequence[ResultDraft], stored: Sequence[ResultDraft] | None) -> LineChanges:
    """Field by field, old beside new."""
    wanted = _find(results, line.title)
    before = _find(stored or [], line.title)
    new = _named(wanted, line.indicator.name) if line.indicator else None
    old = _named(before, new.name) if new else None
    if wanted is None or before is None or old is None or new is None:
        return LineChanges(known=False, fields=_of_new(wanted, new))
    changes = [_change(column, getattr(before, name), getattr(wanted, name)) for name, column in RESULT_COLUMNS.items()]
    changes += [_change(column, getattr(old, name), getattr(new, name)) for name, column in INDICATOR_COLUMNS.items()]
    changes += _months(old, new)
    words = before.title != wanted.title or old.name != new.name
    return LineChanges(True, tuple(c for c in changes if c is not None), reworded=words)


def _of_new(wanted: ResultDraft | None, new: IndicatorDraft | None) -> tuple[Change, ...]:
    """What a new line holds, beside nothing."""
    if wanted is None or new is None:
        return ()
    values = {column: _text(getattr(wanted, name)) for name, column in RESULT_COLUMNS.items()}
    values |= {column: text for name, column in INDICATOR_COLUMNS.items() if (text := _text(getattr(new, name)))}
    return tuple(Change(column, "", text) for column, text in values.items() if text)


def _months(old: IndicatorDraft, new: IndicatorDraft) -> list[Change | None]:
    return [_change(f"t{key[-2:]}", old.targets[key].value if key in old.targets else None, t.value) for key, t in new.targets.items()]


def _find(results: Sequence[ResultDraft], title: str) -> ResultDraft | None:
    return next((one for one in results if same_words(one.title) == same_words(title)), None)


def _named(result: ResultDraft | None, name: str) -> IndicatorDraft | None:
    return next((one for one in result.indicators if same_words(one.name) == same_words(name)), None) if result else None


def _change(column: str, old: object, new: object) -> Change | None:
    return None if old == new else Change(column, _text(old), _text(new))


def _text(value: object) -> str:
    return "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)
