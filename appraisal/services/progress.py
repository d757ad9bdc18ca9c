"""Progress (realisasi): entered, corrected and withdrawn by people; measured figures stand in ``measured``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Cycle, PerformancePlan, PeriodTarget, ProgressEntry
from appraisal.policies import manages_unit, may_enter_progress
from appraisal.queries.cycles import held_cycle
from appraisal.queries.deadlines import takes_progress
from appraisal.rules.figures import Figure, problems_of
from appraisal.rules.lifecycle import AssessmentState, CycleState
from appraisal.rules.vocabulary import Origin, TargetForm
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import Period, local_date
from bukittinggi_kinerja.common.texts import clean_line, clean_text
from employees.rules.viewing import Viewer

from .evidence import Papers, attach, carry_over, links_of, prepare, stored
from .measured import MeasuredFigure, MeasuredReport, record_measured_progress
from .on_behalf import dispute_progress, last_day_to_dispute, tell_owner

__all__ = [
    "MeasuredFigure",
    "MeasuredReport",
    "correct_progress",
    "dispute_progress",
    "record_measured_progress",
    "record_progress",
    "withdraw_progress",
]

NOTE_LENGTH = 4000
REASON_LENGTH = 300


@dataclass(frozen=True)
class _Place:
    """Where a figure goes: the target of one period, and the open cycle that takes it."""

    target: PeriodTarget
    cycle: Cycle
    on_behalf: bool

    @property
    def plan(self) -> PerformancePlan:
        return self.target.indicator.plan


def record_progress(
    *,
    viewer: Viewer,
    indicator_id: int,
    period: str,
    value: Decimal | None,
    realised_on: dt.date | None,
    note: str,
    links: Sequence[str],
    files: Sequence[UploadedFile[bytes]],
    now: dt.datetime,
    source: str = Origin.TYPED,
    sensitive: bool = False,
) -> ProgressEntry:
    """One realised figure of an indicator in a period, with its evidence.

    The owner enters it, or the pengelola of his OPD on his behalf with a scan of the form. Raises NotVisible,
    NotAllowed, NotNow (no open cycle, past the deadline, already rated) and Unacceptable with sentences per field.
    """
    place = _place(viewer, _target(viewer, indicator_id, period), now)
    figure = Figure(value, realised_on, clean_text(note, limit=NOTE_LENGTH))
    papers = _checked(place, figure, prepare(files=files, links=links, policy=place.cycle.policy, sensitive=sensitive), now)
    with stored(papers) as kept, transaction.atomic():
        _hold(place, now)
        entry = _write(place, figure, source=source, actor=viewer.user_id, now=now)
        attach(entry=entry, papers=kept, policy=place.cycle.policy, uploaded_by=viewer.user_id, now=now)
        event = record_event(
            action="appraisal.progress.recorded",
            subject=entry,
            actor=viewer.user_id,
            now=now,
            new={**_told(entry), "on_behalf": place.on_behalf, "evidence": [f.sha256 for f in kept.files] + list(kept.links)},
        )
        if place.on_behalf:
            tell_owner(entry, event=event, now=now)
    return entry


def correct_progress(
    *,
    viewer: Viewer,
    entry_id: int,
    value: Decimal | None,
    realised_on: dt.date | None,
    note: str,
    reason: str,
    links: Sequence[str],
    files: Sequence[UploadedFile[bytes]],
    now: dt.datetime,
    sensitive: bool = False,
) -> ProgressEntry:
    """A new row in place of an entry; the old one and its evidence stay readable.

    Its origin is that of the correction: the owner's own figure is typed, whatever stood there, and what the pengelola
    writes stands on a signed form, so that the owner can dispute it and no later file writes over it.

    Raises as ``record_progress`` does, and Stale when the entry was replaced or withdrawn meanwhile.
    """
    old = _entry(viewer, entry_id)
    place = _place(viewer, old.target, now)
    figure = Figure(value, realised_on, clean_text(note, limit=NOTE_LENGTH))
    given = prepare(files=files, links=links, policy=place.cycle.policy, sensitive=sensitive, kept_links=links_of(old))
    papers = _checked(place, figure, given, now)
    why = _reason(reason)
    with stored(papers) as kept, transaction.atomic():
        _hold(place, now)
        _withdraw(old, why, now)
        source = Origin.TYPED if old.source in {Origin.PAPER, Origin.IMPORTED} else old.source
        entry = _write(place, figure, source=source, actor=viewer.user_id, now=now, replaces=old)
        carry_over(old=old, new=entry)
        attach(entry=entry, papers=kept, policy=place.cycle.policy, uploaded_by=viewer.user_id, now=now)
        event = record_event(
            action="appraisal.progress.corrected",
            subject=entry,
            actor=viewer.user_id,
            now=now,
            old={"entry": old.pk, **_told(old)},
            new={**_told(entry), "on_behalf": place.on_behalf},
            reason=why,
        )
        if place.on_behalf:
            tell_owner(entry, event=event, now=now)
    return entry


@transaction.atomic
def withdraw_progress(*, viewer: Viewer, entry_id: int, reason: str, now: dt.datetime) -> ProgressEntry:
    """Take back an entry that should not have been made; it stays readable and counts no more."""
    entry = _entry(viewer, entry_id)
    place = _place(viewer, entry.target, now)
    why = _reason(reason)
    _hold(place, now)
    _withdraw(entry, why, now)
    record_event(action="appraisal.progress.withdrawn", subject=entry, actor=viewer.user_id, now=now, old=_told(entry), reason=why)
    return entry


def _target(viewer: Viewer, indicator_id: int, period: str) -> PeriodTarget:
    """The period's target of an indicator that the viewer sees."""
    visible = PerformancePlan.objects.visible_to(viewer).values("id")
    targets = PeriodTarget.objects.select_related("indicator__plan__position", "indicator__plan__unit")
    found = targets.filter(indicator_id=indicator_id, indicator__plan__in=visible)
    target = found.filter(period=_period_key(period)).first()
    if target is not None:
        return target
    if not found.exists() and not _indicator_is_visible(viewer, indicator_id):
        raise NotVisible(_("Indikator ini tidak ada, atau bukan untuk Anda."))
    raise _without_target()


def _without_target() -> Unacceptable:
    sentence = _("Indikator ini tidak mempunyai target pada periode itu.")
    return Unacceptable(_("Realisasi belum tersimpan."), errors={"period": [sentence]})


def _indicator_is_visible(viewer: Viewer, indicator_id: int) -> bool:
    return PerformancePlan.objects.visible_to(viewer).filter(indicators=indicator_id).exists()


def _period_key(period: str) -> str:
    try:
        return Period.parse(period).key
    except ValueError as wrong:
        sentence = _("Tulis periode seperti 2026-10, 2026-Q4, 2026-S2, atau 2026.")
        raise Unacceptable(_("Realisasi belum tersimpan."), errors={"period": [sentence]}) from wrong


def _entry(viewer: Viewer, entry_id: int) -> ProgressEntry:
    entries = ProgressEntry.objects.visible_to(viewer).select_related("target__indicator__plan__position", "target__indicator__plan__unit")
    entry = entries.filter(pk=entry_id).first()
    if entry is None:
        raise NotVisible(_("Realisasi ini tidak ada, atau bukan untuk Anda."))
    return entry


def _place(viewer: Viewer, target: PeriodTarget, now: dt.datetime) -> _Place:
    """Rights and times, before any file is read; asked again under the lock."""
    indicator = target.indicator
    plan = indicator.plan
    on_behalf = not may_enter_progress(viewer, plan.employee_id)
    if on_behalf and not manages_unit(viewer, plan.unit):
        raise NotAllowed(_("Realisasi diisi oleh pegawai sendiri, atau oleh pengelola OPD-nya."))
    if indicator.measure:
        raise NotAllowed(_("Angka indikator ini diukur dari berkas layanan, jadi tidak diisi dengan tangan."))
    if not PerformancePlan.objects.agreed().filter(pk=plan.pk).exists():
        raise NotNow(_("SKP ini belum ditetapkan. Realisasi diisi setelah kedua pihak menyetujui."))
    cycle = Cycle.objects.select_related("policy").filter(group_id=plan.position.group_id, period=target.period).first()
    if cycle is None:
        raise NotNow(_("Periode ini belum dibuka."))
    _require_open(cycle, _case_of(plan, cycle).first(), now)
    return _Place(target, cycle, on_behalf)


def _case_of(place: PerformancePlan, cycle: Cycle) -> QuerySet[Assessment]:
    return Assessment.objects.current().filter(cycle=cycle, plan=place)


def _require_open(cycle: Cycle, case: Assessment | None, now: dt.datetime) -> None:
    """``case`` may have a deadline of its own, later than its cycle's."""
    if takes_progress(cycle, case, now):
        return
    if cycle.state in {CycleState.CLOSED, CycleState.PUBLISHED}:
        raise NotNow(
            _(
                "Periode ini sudah ditutup, jadi realisasinya tidak berubah lagi. Penilaiannya dapat diperbaiki pejabat penilai atau atasannya."
            )
        )
    raise NotNow(_("Batas realisasi periode ini sudah lewat. Hubungi pengelola kepegawaian OPD Anda."))


def _hold(place: _Place, now: dt.datetime) -> None:
    """Keep the plan, the cycle and the rating as they are until the figure is written.

    A signature that was waited for may have ended the indicator, and its targets with it.
    """
    PerformancePlan.objects.select_for_update(no_key=True).only("pk").get(pk=place.plan.pk)
    if not PeriodTarget.objects.filter(pk=place.target.pk).exists():
        raise _without_target()
    cycle = held_cycle(place.cycle.pk)
    case = _case_of(place.plan, place.cycle).select_for_update().first()
    _require_open(cycle, case, now)
    if case is not None and case.state == AssessmentState.RATED:
        raise NotNow(_("Penilaian periode ini sudah selesai. Minta penilai membukanya kembali, lalu perbaiki realisasi."))


def _checked(place: _Place, figure: Figure, papers: Papers, now: dt.datetime) -> Papers:
    """All sentences at once, so that a form is corrected in one go."""
    indicator = place.target.indicator
    problems = {
        field: [_(text) for text in texts] for field, texts in problems_of(figure, TargetForm(indicator.form), local_date(now)).items()
    }
    for name, texts in papers.problems.items():
        problems.setdefault(name, []).extend(texts)
    if place.on_behalf and not papers.files:
        problems.setdefault("files", []).append(_("Lampirkan pindaian formulir yang ditandatangani pegawai."))
    if problems:
        raise Unacceptable(_("Realisasi belum tersimpan. Periksa isian yang ditandai."), errors=problems)
    return papers


def _write(
    place: _Place, figure: Figure, *, source: str, actor: int | None, now: dt.datetime, replaces: ProgressEntry | None = None
) -> ProgressEntry:
    return ProgressEntry.objects.create(
        target=place.target,
        employee_id=place.plan.employee_id,
        value=figure.value,
        realised_on=figure.realised_on,
        note=figure.note,
        source=Origin.PAPER if place.on_behalf else Origin(source),
        entered_by=actor,
        entered_at=now,
        dispute_until=last_day_to_dispute(place.cycle.policy, now) if place.on_behalf else None,
        replaces=replaces,
    )


def _withdraw(entry: ProgressEntry, reason: str, now: dt.datetime) -> None:
    stored_now = ProgressEntry.objects.select_for_update().get(pk=entry.pk)
    if stored_now.withdrawn_at is not None:
        newer = ProgressEntry.objects.filter(replaces=entry).order_by("-id").first()
        shown = newer or stored_now
        raise Stale(_("Realisasi ini sudah diperbaiki. Bandingkan sebelum menyimpan."), current=_told(shown), version=shown.pk)
    stored_now.withdrawn_at, stored_now.withdrawal_reason = now, reason
    stored_now.save(update_fields=["withdrawn_at", "withdrawal_reason", "updated_at"])
    entry.withdrawn_at, entry.withdrawal_reason = now, reason


def _reason(reason: str) -> str:
    why = clean_line(reason, limit=REASON_LENGTH)
    if not why:
        raise Unacceptable(_("Realisasi belum tersimpan."), errors={"reason": [_("Tulis alasan perbaikan.")]})
    return why


def _told(entry: ProgressEntry) -> dict[str, object]:
    return {"target": entry.target_id, "value": entry.value, "realised_on": entry.realised_on, "note": entry.note}
