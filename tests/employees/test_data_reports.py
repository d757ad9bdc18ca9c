"""Reports of wrong data: a number, a clock, a worklist, an answer; and letters of substitutes that are still owed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.common.templatetags.kinerja import notis
from employees.models import ActingAppointment, DataReport, Posting, User
from employees.queries.data_reports import clocks, worklist
from employees.services.acting import appoint_substitute, file_letter, remind_of_letters
from employees.services.data_reports import answer_report, escalate_reports, get_report, mend_report, report_data
from tests.people import City

NOW = dt.datetime(2026, 11, 3, 9, tzinfo=JAKARTA)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)


def report(city: City, who: str = "pegawai", **words: str) -> DataReport:
    given = {"subject": "ATASAN", "text": "Atasan saya sekarang Asril", **words}
    return report_data(viewer=city.viewer(who, on=TODAY), now=NOW, **given)


def test_a_report_has_a_number_and_a_day_in_working_days_and_reaches_who_keeps_the_records(city: City) -> None:
    load_calendar([2026])
    made = report(city)
    assert (made.number, made.due_on) == ("LD-2026-0001", dt.date(2026, 11, 10))
    assert report(city, "luar").number == "LD-2026-0002"
    assert {notice.recipient for notice in Notice.objects.filter(data__number=made.number)} == {
        city.users["pengelola"].pk,
        city.users["bkpsdm"].pk,
    }
    assert "LD-2026-0001 menunggu jawaban sampai 10 November 2026" in notis(Notice.objects.filter(data__number=made.number)[0])


@pytest.mark.parametrize(("words", "field"), [({"subject": "GAJI"}, "subject"), ({"text": " "}, "text"), ({"text": "x" * 601}, "text")])
def test_a_report_says_what_is_wrong(city: City, words: dict[str, str], field: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        report(city, **words)
    assert field in refused.value.errors


def test_only_the_reporter_his_pengelola_city_hr_and_the_auditor_read_it(city: City) -> None:
    made = report(city)
    for who in ("pegawai", "pengelola", "bkpsdm", "inspektorat"):
        assert get_report(city.viewer(who, on=TODAY), made.pk) == made
    for who in ("penilai", "atasan", "dpmptsp", "pimpinan", "luar"):
        with pytest.raises(NotVisible):
            get_report(city.viewer(who, on=TODAY), made.pk)


def test_an_answer_reaches_the_reporter_once_and_nobody_answers_his_own(city: City) -> None:
    made, own = report(city), report(city, "pengelola")
    pengelola = city.viewer("pengelola", on=TODAY)
    with pytest.raises(NotAllowed):
        answer_report(viewer=pengelola, report_id=own.pk, accepted=True, answer="Ya", now=NOW)
    with pytest.raises(NotAllowed):
        answer_report(viewer=city.viewer("inspektorat", on=TODAY), report_id=made.pk, accepted=True, answer="Ya", now=NOW)
    with pytest.raises(Unacceptable):
        answer_report(viewer=pengelola, report_id=made.pk, accepted=True, answer=" ", now=NOW)
    answered = answer_report(viewer=pengelola, report_id=made.pk, accepted=False, answer="SK 821/3 menyebut Darwis.", now=NOW)
    assert answered.state == "DITOLAK"
    assert Notice.objects.unread_by(city.users["pegawai"].pk).get().kind == "data_report_answered"
    assert not Notice.objects.unread_by(city.users["bkpsdm"].pk).filter(data__number=made.number).exists()
    with pytest.raises(NotNow):
        answer_report(viewer=pengelola, report_id=made.pk, accepted=True, answer="Ya", now=NOW)


def test_the_worklist_counts_working_days_and_shows_what_is_overdue_in_red(city: City) -> None:
    load_calendar([2026])
    made = report(city)
    pengelola = city.viewer("pengelola", on=TODAY)
    found = list(worklist(pengelola, settled=False))
    assert clocks(found, today=TODAY)[made.pk].days == 5
    late = clocks(found, today=dt.date(2026, 11, 12))[made.pk]
    assert (late.overdue, late.over) == (True, 2)
    DataReport.objects.filter(pk=made.pk).update(due_on=dt.date(2026, 1, 5))
    assert 'class="chip err">Lewat' in city.client("pengelola").get("/laporan-data/").content.decode()
    assert not worklist(city.viewer("inspektorat", on=TODAY), settled=True).exists()


def test_too_many_open_reports_wait_for_an_answer_first(city: City) -> None:
    for _n in range(5):
        report(city)
    with pytest.raises(NotNow):
        report(city)


def test_a_report_is_open_or_answered_in_words(city: City) -> None:
    made = report(city)
    made.state = "DITERIMA"
    with pytest.raises(ValidationError, match="kata dan waktu"):
        made.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()
    made.answer, made.answered_at = "Dibetulkan", NOW
    made.save()


def accepted(city: City, who: str = "pengelola") -> DataReport:
    load_calendar([2026])
    made = report(city)
    return answer_report(viewer=city.viewer(who, on=TODAY), report_id=made.pk, accepted=True, answer="Benar, SK-nya ada.", now=NOW)


def reached(kind: str, step: str = "") -> set[str]:
    found = Notice.objects.filter(kind=kind, read_at=None, withdrawn_at=None)
    rows = found.filter(data__step=step) if step else found
    return set(User.objects.filter(pk__in=rows.values("recipient")).values_list("username", flat=True))


def names(city: City, *keys: str) -> set[str]:
    return {city.users[key].username for key in keys}


def test_an_accepted_report_has_an_owner_and_a_day_until_the_data_are_right(city: City) -> None:
    made = accepted(city)
    assert (made.state, made.mend_by, made.waits) == ("DITERIMA", dt.date(2026, 11, 10), True)
    assert reached("data_report_to_mend") == names(city, "bkpsdm")
    hr = city.viewer("bkpsdm", on=TODAY)
    assert list(worklist(hr, settled=False)) == [made]
    assert clocks([made], today=dt.date(2026, 11, 12))[made.pk].over == 2
    with pytest.raises(Unacceptable):
        mend_report(viewer=hr, report_id=made.pk, mending=" ", now=NOW)
    mended = mend_report(viewer=hr, report_id=made.pk, mending="Atasan dicatat sejak Oktober", now=NOW + DAY)
    assert (mended.state, mended.mended_by, mended.mended_at, mended.waits) == ("DIBETULKAN", hr.user_id, NOW + DAY, False)
    assert Event.objects.get(action="employees.report.mended").reason == "Atasan dicatat sejak Oktober"
    assert reached("data_report_mended") == names(city, "pegawai")
    assert reached("data_report_to_mend") == set()
    assert list(worklist(hr, settled=True)) == [made]
    with pytest.raises(NotNow):
        mend_report(viewer=hr, report_id=made.pk, mending="Lagi", now=NOW)


def test_only_what_was_accepted_is_mended_and_nobody_mends_his_own(city: City) -> None:
    made, own = report(city), report(city, "pengelola")
    with pytest.raises(NotNow):
        mend_report(viewer=city.viewer("bkpsdm", on=TODAY), report_id=made.pk, mending="Sudah", now=NOW)
    answer_report(viewer=city.viewer("bkpsdm", on=TODAY), report_id=own.pk, accepted=True, answer="Ya", now=NOW)
    for who in ("pengelola", "inspektorat"):
        with pytest.raises(NotAllowed):
            mend_report(viewer=city.viewer(who, on=TODAY), report_id=own.pk, mending="Sudah", now=NOW)


def test_a_report_past_its_day_is_told_upwards_once_for_each_step(city: City) -> None:
    load_calendar([2026])
    made = report(city)
    assert escalate_reports(now=NOW + 7 * DAY) == 0, "the last day is not over"
    assert escalate_reports(now=NOW + 8 * DAY) == 3
    assert reached("data_report_overdue", "BARU") == names(city, "bkpsdm", "pengelola", "dpmptsp")
    assert escalate_reports(now=NOW + 9 * DAY) == 0
    answer_report(viewer=city.viewer("pengelola", on=TODAY), report_id=made.pk, accepted=True, answer="Ya", now=NOW + 9 * DAY)
    assert reached("data_report_overdue") == set()
    assert [escalate_reports(now=NOW + days * DAY) for days in (10, 17, 18)] == [0, 2, 0]
    assert reached("data_report_overdue", "DITERIMA") == names(city, "bkpsdm", "pimpinan")
    text = notis(Notice.objects.filter(kind="data_report_overdue", data__step="DITERIMA")[0])
    assert "belum dibetulkan. Batasnya 19 November 2026" in text
    mend_report(viewer=city.viewer("bkpsdm", on=TODAY), report_id=made.pk, mending="Sudah", now=NOW + 18 * DAY)
    assert reached("data_report_overdue") == set()


def test_who_hears_of_a_late_report_can_follow_where_it_leads(city: City) -> None:
    report(city)
    escalate_reports(now=NOW + 30 * DAY)
    for notice in Notice.objects.filter(kind="data_report_overdue"):
        who = next(key for key, user in city.users.items() if user.pk == notice.recipient)
        assert city.client(who).get(notice.link).status_code == 200


def test_the_page_of_a_report_leads_to_the_posting_as_it_stands_now(city: City) -> None:
    made = accepted(city)
    hr = city.client("bkpsdm")
    page = hr.get(f"/laporan-data/{made.pk}/").content.decode()
    link = f"/admin/employees/posting/tempatkan/?laporan={made.pk}"
    assert link in page
    form = hr.get(link).context["form"]
    post = Posting.objects.get(employee=city.people["pegawai"])
    shown = {name: form.initial.get(name) for name in ("employee", "unit", "position", "supervisor", "on", "reason")}
    assert shown == {
        "employee": post.employee_id, "unit": post.unit_id, "position": post.position_id, "supervisor": post.supervisor_id,
        "on": post.valid.lower, "reason": f"Laporan data {made.number}",
    }  # fmt: skip
    assert hr.get("/admin/employees/posting/tempatkan/").context["form"].initial == {}
    assert "tempatkan" not in city.client("pengelola").get(f"/laporan-data/{made.pk}/").content.decode()
    answer = hr.post(f"/laporan-data/{made.pk}/betul/", {"mending": "Atasan dicatat"}, follow=True)
    assert "Laporan ditandai dibetulkan" in answer.content.decode()
    assert "Atasan dicatat" in city.client("pegawai").get(f"/laporan-data/{made.pk}/").content.decode()


@pytest.mark.parametrize(("state", "at", "good"), [("DIBETULKAN", None, False), ("DITERIMA", NOW, False), ("DIBETULKAN", NOW, True)])
def test_a_mended_report_says_when_and_no_other_does(city: City, state: str, at: dt.datetime | None, good: bool) -> None:
    made = accepted(city)
    made.state, made.mended_at = state, at
    if good:
        made.full_clean()
        made.save()
        return
    with pytest.raises(ValidationError, match="menyebut kapan"):
        made.full_clean()
    with pytest.raises(IntegrityError, match="report_mended_at_a_moment"), transaction.atomic():
        made.save()


# --- letters


def test_a_letter_that_is_still_owed_is_reminded_once_to_who_appointed_and_no_more_when_it_is_there(city: City) -> None:
    atasan = city.viewer("atasan", on=TODAY)
    given = appoint_substitute(
        viewer=atasan, principal_id=city.people["penilai"].pk, substitute_id=city.staff[2].pk, kind="PLH", valid_from=TODAY,
        valid_to=TODAY + 3 * DAY, letter_number="", letter_due=TODAY + 2 * DAY, reason="Sakit", now=NOW,
    )  # fmt: skip
    assert remind_of_letters(now=NOW + 2 * DAY) == 0
    assert remind_of_letters(now=NOW + 3 * DAY) == 1
    assert remind_of_letters(now=NOW + 4 * DAY) == 0
    notice = Notice.objects.unread_by(city.users["atasan"].pk).get()
    assert city.people["penilai"].name in notis(notice)
    file_letter(viewer=atasan, appointment_id=given.pk, letter_number="090/7", now=NOW + 4 * DAY)
    assert ActingAppointment.objects.get().letter_number == "090/7"
    assert not Notice.objects.unread_by(city.users["atasan"].pk).exists()
    with pytest.raises(NotNow):
        file_letter(viewer=atasan, appointment_id=given.pk, letter_number="090/8", now=NOW)
