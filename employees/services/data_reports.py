"""Reports of wrong data: a number and a day for the employee, a worklist for who keeps the records."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_text
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.models import DataReport, MovePolicy, ReportState, ReportSubject, User
from employees.policies import may_answer_report
from employees.queries import managed_paths, posting_of
from employees.queries.handover import city_hr, keepers_of
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
        due_on=_due_on(today),
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


def _due_on(today: dt.date) -> dt.date:
    """In working days; outside the loaded calendar in plain ones."""
    policy = MovePolicy.objects.in_force(on=today).first()
    days = policy.report_workdays if policy else WORKDAYS
    try:
        return working_calendar().add(today, days)
    except OutsideCalendar:
        return today + dt.timedelta(days=days)


def get_report(viewer: Viewer, report_id: int) -> DataReport:
    found = DataReport.objects.visible_to(viewer, managed_paths(viewer)).select_related("employee", "unit").filter(pk=report_id).first()
    if found is None:
        raise NotVisible(_("Laporan ini tidak ada, atau bukan untuk Anda."))
    return found


@transaction.atomic
def answer_report(*, viewer: Viewer, report_id: int, accepted: bool, answer: str, now: dt.datetime) -> DataReport:
    """Accept (the records are mended elsewhere) or refuse with the reason; the reporter hears of it.

    Raises NotVisible, NotAllowed (also for one's own report), NotNow once answered, Unacceptable without words.
    """
    get_report(viewer, report_id)
    report = DataReport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report_id)
    if not may_answer_report(viewer, report, managed_paths(viewer)):
        raise NotAllowed(_("Laporan dijawab oleh pengelola kepegawaian atau BKPSDM, bukan oleh pelapornya."))
    if report.state != ReportState.OPEN:
        raise NotNow(_("Laporan ini sudah dijawab."))
    words = clean_text(answer, limit=TEXT_LENGTH)
    if not words:
        raise Unacceptable(_("Isi jawaban."), errors={"answer": [_("Tulis jawaban untuk pelapor.")]})
    report.state = (ReportState.ACCEPTED if accepted else ReportState.REFUSED).value
    report.answer, report.answered_by, report.answered_at = words, viewer.user_id, now
    report.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    event = record_event(
        action="employees.report.answered", subject=report, actor=viewer.user_id, now=now, new={"state": report.state}, reason=words
    )
    reporter = User.objects.filter(employee=report.employee_id).values_list("pk", flat=True)
    notify(
        recipients=list(reporter),
        kind="data_report_answered",
        data={"number": report.number},
        link=LIST.format(report.pk),
        once=f"data_report_answered:{report.pk}",
        event=event,
        now=now,
    )
    staff = [*(keepers_of(report.unit.path, on=viewer.on) if report.unit else []), *city_hr(on=viewer.on)]
    withdraw_notice(once=f"data_report:{report.pk}", recipients=staff, now=now)
    return report
