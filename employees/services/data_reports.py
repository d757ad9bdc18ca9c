"""Reports of wrong data: a number and a day for the employee, a worklist for who keeps the records."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify, withdraw_kinds, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_text
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.models import WAITING_REPORTS, DataReport, MovePolicy, ReportState, ReportSubject
from employees.policies import may_answer_report
from employees.queries import managed_paths, posting_of
from employees.queries.desks import accounts_of
from employees.queries.handover import city_hr, keepers_of, superiors_of
from employees.rules.viewing import Viewer

TEXT_LENGTH = 600
MOST_OPEN = 5
WORKDAYS = 5
LIST = "/laporan-data/{}/"


@transaction.atomic
def report_data(*, viewer: Viewer, subject: str, text: str, now: dt.datetime) -> DataReport:
    """A new report of the viewer about his own data. Raises NotVisible without a person, NotNow with too many open, Unacceptable."""
    if viewer.employee_id is None:
        raise NotVisible(_("Akun ini tidak terhubung dengan pegawai."))
    words = clean_text(text, limit=TEXT_LENGTH + 1)
    problems: dict[str, list[str]] = {}
    if subject not in ReportSubject.values:
        problems["subject"] = [_("Pilih data yang keliru.")]
    if not words:
        problems["text"] = [_("Tulis apa yang keliru dan apa yang benar.")]
    elif len(words) > TEXT_LENGTH:
        problems["text"] = [_("Tulis paling banyak %(n)s huruf.") % {"n": TEXT_LENGTH}]
    if problems:
        raise Unacceptable(_("Laporan belum terkirim. Periksa isian yang ditandai."), errors=problems)
    # One at a time: the number is the count of the year.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('employees.data_reports'))")
    if DataReport.objects.filter(employee_id=viewer.employee_id, state=ReportState.OPEN).count() >= MOST_OPEN:
        raise NotNow(_("Laporan Anda yang lain masih menunggu jawaban."))
    posting = posting_of(viewer.employee_id, on=viewer.on)
    today = local_date(now)
    made = DataReport.objects.create(
        number=_number(today),
        employee_id=viewer.employee_id,
        unit=posting.unit if posting else None,
        subject=subject,
        text=words,
        created_at=now,
        due_on=_after_workdays(today, "report_workdays"),
    )
    event = record_event(action="employees.report.made", subject=made, actor=viewer.user_id, now=now, new={"subject": subject})
    keepers = keepers_of(posting.unit.path, on=viewer.on) if posting else []
    notify(
        recipients={*keepers, *city_hr(on=viewer.on)} - {viewer.user_id},
        kind="data_report_made",
        data={"number": made.number, "due": made.due_on},
        link=LIST.format(made.pk),
        once=f"data_report:{made.pk}",
        event=event,
        now=now,
    )
    return made


def _number(today: dt.date) -> str:
    return f"LD-{today.year}-{DataReport.objects.filter(number__startswith=f'LD-{today.year}-').count() + 1:04}"


def _after_workdays(today: dt.date, number: str) -> dt.date:
    """So many working days from today as the policy says; outside the loaded calendar plain ones."""
    policy = MovePolicy.objects.in_force(on=today).first()
    days = getattr(policy, number) if policy else WORKDAYS
    try:
        return working_calendar().add(today, days)
    except OutsideCalendar:
        return today + dt.timedelta(days=days)


def get_report(viewer: Viewer, report_id: int) -> DataReport:
    found = DataReport.objects.visible_to(viewer, managed_paths(viewer)).select_related("employee", "unit").filter(pk=report_id).first()
    if found is None:
        raise NotVisible(_("Laporan ini tidak ada, atau bukan untuk Anda."))
    return found


def _held(viewer: Viewer, report_id: int, refusal: str) -> DataReport:
    """The report, locked until the transaction ends: of two who settle it at once the second hears of the first."""
    get_report(viewer, report_id)
    report = DataReport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report_id)
    if not may_answer_report(viewer, report, managed_paths(viewer)):
        raise NotAllowed(refusal)
    return report


@transaction.atomic
def answer_report(*, viewer: Viewer, report_id: int, accepted: bool, answer: str, now: dt.datetime) -> DataReport:
    """Accept, which starts the clock until it is mended, or refuse with the reason; the reporter hears of it.

    Raises NotVisible, NotAllowed (also for one's own report), NotNow once answered, Unacceptable without words.
    """
    report = _held(viewer, report_id, _("Laporan dijawab oleh pengelola kepegawaian atau BKPSDM, bukan oleh pelapornya."))
    if report.state != ReportState.OPEN:
        raise NotNow(_("Laporan ini sudah dijawab."))
    words = clean_text(answer, limit=TEXT_LENGTH)
    if not words:
        raise Unacceptable(_("Isi jawaban."), errors={"answer": [_("Tulis jawaban untuk pelapor.")]})
    report.state = (ReportState.ACCEPTED if accepted else ReportState.REFUSED).value
    report.answer, report.answered_by, report.answered_at = words, viewer.user_id, now
    report.mend_by = _after_workdays(local_date(now), "mending_workdays") if accepted else None
    report.save(update_fields=["state", "answer", "answered_by", "answered_at", "mend_by"])
    event = record_event(
        action="employees.report.answered", subject=report, actor=viewer.user_id, now=now, new={"state": report.state}, reason=words
    )
    _tell_reporter(report, "data_report_answered", event, now)
    _done_with(report, "data_report", now)
    if accepted:
        notify(
            recipients=set(city_hr(on=local_date(now))) - {viewer.user_id},
            kind="data_report_to_mend",
            data={"number": report.number, "due": report.mend_by},
            link=LIST.format(report.pk),
            once=f"data_report_to_mend:{report.pk}",
            event=event,
            now=now,
        )
    return report


@transaction.atomic
def mend_report(*, viewer: Viewer, report_id: int, mending: str, now: dt.datetime) -> DataReport:
    """The data are right now: who saw to it, when, and what was done; the reporter hears of it.

    Raises NotVisible, NotAllowed (also for one's own report), NotNow unless it was accepted and not mended yet, Unacceptable.
    """
    report = _held(viewer, report_id, _("Laporan dibetulkan oleh pengelola kepegawaian atau BKPSDM, bukan oleh pelapornya."))
    if report.state != ReportState.ACCEPTED:
        raise NotNow(_("Hanya laporan yang diterima dan belum dibetulkan yang dapat ditandai."))
    words = clean_text(mending, limit=TEXT_LENGTH)
    if not words:
        raise Unacceptable(_("Isi yang dibetulkan."), errors={"mending": [_("Tulis apa yang dibetulkan.")]})
    report.state, report.mending, report.mended_by, report.mended_at = ReportState.MENDED.value, words, viewer.user_id, now
    report.save(update_fields=["state", "mending", "mended_by", "mended_at"])
    old, new = {"state": ReportState.ACCEPTED.value}, {"state": report.state}
    event = record_event(action="employees.report.mended", subject=report, actor=viewer.user_id, now=now, old=old, new=new, reason=words)
    _tell_reporter(report, "data_report_mended", event, now)
    _done_with(report, "data_report_to_mend", now)
    return report


def escalate_reports(*, now: dt.datetime) -> int:
    """Reports past the day of their step: HR of the city hears of it, and the superiors of who should have acted; once a step.

    Who only hears and may not open the report is led home. The new notices.
    """
    today = local_date(now)
    waiting = DataReport.objects.filter(state__in=WAITING_REPORTS).select_related("unit")
    late = [report for report in waiting.order_by("pk") if report.deadline < today]
    office = set(city_hr(on=today)) if late else set()
    sent = 0
    for report in late:
        keepers = set(keepers_of(report.unit.path, on=today)) if report.unit and report.state == ReportState.OPEN else set()
        above = set(superiors_of(keepers or office, on=today)) - office - keepers
        for recipients, link in ((office | keepers, LIST.format(report.pk)), (above, "/")):
            sent += notify(
                recipients=recipients,
                kind="data_report_overdue",
                data={
                    "number": report.number,
                    "due": report.deadline,
                    "step": report.state,
                    "unit": report.unit.name if report.unit else "",
                },
                link=link,
                once=_overdue(report),
                event=None,
                now=now,
            )
    return sent


def _overdue(report: DataReport) -> str:
    return f"data_report_overdue:{report.pk}:{report.state}"


def _tell_reporter(report: DataReport, kind: str, event: Event, now: dt.datetime) -> None:
    notify(
        recipients=accounts_of([report.employee_id]),
        kind=kind,
        data={"number": report.number},
        link=LIST.format(report.pk),
        once=f"{kind}:{report.pk}",
        event=event,
        now=now,
    )


def _done_with(report: DataReport, occasion: str, now: dt.datetime) -> None:
    """Nobody is asked any more for the step that is done, nor told that it is overdue."""
    on = local_date(now)
    staff = {*(keepers_of(report.unit.path, on=on) if report.unit else []), *city_hr(on=on)}
    withdraw_notice(once=f"{occasion}:{report.pk}", recipients=staff, now=now)
    told = {*staff, *superiors_of(staff, on=on)}
    withdraw_kinds(kinds=["data_report_overdue"], data={"number": report.number}, recipients=told, now=now)
