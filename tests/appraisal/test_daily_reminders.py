"""One bundled reminder a person and day, outside quiet hours; by e-mail only who asked, without names and marks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core import mail

from appraisal.models import Assessment
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cycles import move_cycle
from appraisal.services.daily_reminders import send_daily_reminders
from appraisal.services.escalation import escalate_raters
from bukittinggi_kinerja.common.errors import NotAllowed
from bukittinggi_kinerja.common.mail.channels import MailChannel, Message, SwitchedOff
from bukittinggi_kinerja.common.mail.sending import ask_for_mail, send_pending
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import JAKARTA
from tests.appraisal.month import IN_WINDOW, Month

EVENING = IN_WINDOW.replace(hour=19)
SATURDAY = dt.datetime(2026, 10, 31, 10, 0, tzinfo=JAKARTA)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def rating(month: Month) -> Month:
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=IN_WINDOW)
    return month


def standing(who: int) -> list[Notice]:
    return list(Notice.objects.unread_by(who).filter(kind="daily_reminder"))


def test_a_rater_with_own_figures_to_enter_gets_one_notice_for_both(rating: Month) -> None:
    rater = rating.city.users["penilai"].pk
    assert send_daily_reminders(now=IN_WINDOW) > 0
    (one,) = standing(rater)
    assert [item["what"] for item in one.data["items"]] == ["nilai"]
    assert one.data["items"][0]["n"] == 12
    assert send_daily_reminders(now=IN_WINDOW + HOUR) == 0
    text = rating.city.client("penilai").get("/").content.decode()
    assert "12 penilaian Oktober 2026 menunggu Anda" in text


@pytest.mark.parametrize("now", [EVENING, SATURDAY])
def test_in_quiet_hours_and_on_days_off_nothing_is_sent(rating: Month, now: dt.datetime) -> None:
    assert send_daily_reminders(now=now) == 0


def test_who_is_done_is_reminded_no_more(rating: Month) -> None:
    rater = rating.city.users["penilai"].pk
    send_daily_reminders(now=IN_WINDOW)
    for person in rating.city.staff:
        rating.rate(person)
    send_daily_reminders(now=IN_WINDOW + HOUR)
    assert standing(rater) == []


def test_tomorrow_takes_the_place_of_today(rating: Month) -> None:
    rater = rating.city.users["penilai"].pk
    for days in (0, 1):
        send_daily_reminders(now=IN_WINDOW + dt.timedelta(days=days))
    assert len(standing(rater)) == 1


def test_mail_goes_to_who_asked_once_and_names_nobody(rating: Month, settings: object) -> None:
    rater = rating.city.users["penilai"]
    ask_for_mail(recipient=rater.pk, address="penilai@contoh.go.id", now=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW)
    assert [send_pending(now=IN_WINDOW), send_pending(now=IN_WINDOW)] == [1, 0]
    (letter,) = mail.outbox
    assert letter.to == ["penilai@contoh.go.id"]
    words = f"{letter.subject} {letter.body}"
    assert "12 penilaian Oktober 2026" in words
    assert not [person.name for person in rating.city.people.values() if person.name in words]
    assert rater.username not in letter.subject
    ask_for_mail(recipient=rater.pk, address="", now=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW + dt.timedelta(days=1))
    assert send_pending(now=IN_WINDOW + dt.timedelta(days=1)) == 0


class Dying:
    """Sends, and the worker is gone before it can mark that it did."""

    def send(self, message: Message) -> bool:
        MailChannel().send(message)
        raise KeyboardInterrupt


def test_a_worker_killed_between_sending_and_marking_sends_the_same_letter_again(rating: Month) -> None:
    ask_for_mail(recipient=rating.city.users["penilai"].pk, address="penilai@contoh.go.id", now=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW)
    with pytest.raises(KeyboardInterrupt):
        send_pending(now=IN_WINDOW, by=Dying())
    assert send_pending(now=IN_WINDOW + dt.timedelta(minutes=5)) == 0
    assert send_pending(now=IN_WINDOW + dt.timedelta(minutes=20)) == 1
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1


class Blocked:
    def send(self, message: Message) -> bool:
        raise ConnectionRefusedError(message.to)


def test_a_blocked_way_is_tried_again_and_leaves_no_address_in_the_log(rating: Month, caplog: pytest.LogCaptureFixture) -> None:
    ask_for_mail(recipient=rating.city.users["penilai"].pk, address="penilai@contoh.go.id", now=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW)
    assert send_pending(now=IN_WINDOW, by=Blocked()) == 0
    assert "contoh.go.id" not in caplog.text
    assert send_pending(now=IN_WINDOW + dt.timedelta(minutes=20)) == 1


def test_channels_without_a_contract_take_nothing(tmp_path: Path) -> None:
    assert not SwitchedOff().send(Message("a", "62812", "Pengingat", "teks"))


def test_the_superior_hears_once_a_day_with_the_names(rating: Month) -> None:
    words = {"period": "2026-10", "rater": rating.city.people["penilai"].pk, "now": IN_WINDOW}
    first = escalate_raters(viewer=rating.city.viewer("bkpsdm"), **words)
    again = escalate_raters(viewer=rating.city.viewer("bkpsdm"), **words)
    assert (first.sent, again.sent, again.already) == (1, 0, 1)
    (told,) = Notice.objects.filter(kind="raters_escalated")
    assert told.recipient == rating.city.users["atasan"].pk
    assert told.data["names"] == [{"name": rating.city.people["penilai"].name, "n": 12}]
    assert Event.objects.filter(action="appraisal.raters.escalated").count() == 2
    assert rating.city.people["penilai"].name in rating.city.client("atasan").get("/").content.decode()
    with pytest.raises(NotAllowed):
        escalate_raters(viewer=rating.city.viewer("atasan"), **words)


def test_the_printed_list_repeats_its_head_and_stays_in_reach(rating: Month) -> None:
    Assessment.objects.filter(employee=rating.city.people["luar"]).update(state="DRAF")
    page = rating.city.client("pengelola").get("/kendali/cetak/?periode=2026-10").content.decode()
    assert "<thead>" in page
    assert rating.city.staff[0].name in page
    assert rating.city.people["luar"].name not in page


def test_a_changed_address_is_remembered_without_the_address(rating: Month) -> None:
    rater = rating.city.users["penilai"]
    for address in ("satu@contoh.go.id", "satu@contoh.go.id", "dua@contoh.go.id", "", ""):
        ask_for_mail(recipient=rater.pk, address=address, now=IN_WINDOW)
    events = list(Event.objects.filter(action="mail.address.changed", actor=rater.pk, subject_id=str(rater.pk)).order_by("id"))
    assert [(one.old["by_mail"], one.new["by_mail"]) for one in events] == [(False, True), (True, True), (True, False)]
    assert "contoh.go.id" not in str([(one.old, one.new, one.reason) for one in events])
