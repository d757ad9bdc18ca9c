"""One bundled reminder a person and day, outside quiet hours; by e-mail only who asked, without names and marks."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cycles import move_cycle
from appraisal.services.daily_reminders import send_daily_reminders
from appraisal.services.escalation import escalate_raters
from appraisal.services.reminders import remind_raters
from bukittinggi_kinerja.common.errors import NotAllowed
from bukittinggi_kinerja.common.mail.channels import FileChannel, MailChannel, Message, SwitchedOff, open_ways
from bukittinggi_kinerja.common.mail.sending import ask_for_mail, send_pending
from bukittinggi_kinerja.common.models import Event, MailWish, Notice
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import ActingAppointment
from tests.appraisal.month import IN_WINDOW, Month
from tests.people import City

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


def test_channels_without_a_contract_take_nothing_and_are_not_offered(rating: Month) -> None:
    assert not SwitchedOff().send(Message("a", "62812", "Pengingat", "teks"))
    assert open_ways() == ["surel"]
    page = rating.city.client("penilai").get("/profil/pengingat/").content.decode()
    assert "WhatsApp" not in page
    MailWish.objects.create(recipient=rating.city.users["penilai"].pk, channel="sms", address="628123456789", since=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW)
    assert send_pending(now=IN_WINDOW) == 0


@pytest.fixture
def phones(settings: Any, tmp_path: Path) -> Path:
    """WhatsApp writes into files, SMS is off."""
    files = "bukittinggi_kinerja.common.mail.channels.FileChannel"
    settings.NOTICE_CHANNELS = {**settings.NOTICE_CHANNELS, "whatsapp": files}
    settings.NOTICE_FOLDER = tmp_path / "pesan"
    return tmp_path / "pesan"


def test_a_phone_gets_one_text_without_names_scores_or_addresses_of_others(rating: Month, phones: Path) -> None:
    rater = rating.city.users["penilai"]
    browser = rating.city.client("penilai")
    sent = browser.post("/profil/pengingat/", {"way": "whatsapp", "number": "0812-3456 7890"}, follow=True).content.decode()
    assert "Pengingat juga dikirim ke ponsel Anda." in sent
    ask_for_mail(recipient=rater.pk, address="6281234567890", way="whatsapp", now=IN_WINDOW)
    MailWish.objects.update(since=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW)
    assert [send_pending(now=IN_WINDOW), send_pending(now=IN_WINDOW)] == [1, 0]
    assert mail.outbox == []
    (file,) = phones.iterdir()
    message = json.loads(file.read_text())
    assert message["to"] == "6281234567890"
    assert "12 penilaian Oktober 2026" in message["text"]
    assert "https://" not in message["text"]
    assert not [person.name for person in rating.city.people.values() if person.name in message["text"]]
    assert file.stat().st_mode & 0o077 == 0
    FileChannel().send(Message(Notice.objects.get(sent_at=IN_WINDOW).once, "6281234567890", "", message["text"]))
    assert len(list(phones.iterdir())) == 1, "the same occasion lies there once"


@pytest.mark.parametrize(
    "sent", [{"way": "whatsapp", "number": "0812"}, {"way": "sms", "number": "081234567890"}, {"way": "", "number": ""}]
)
def test_a_number_that_is_none_and_a_way_that_is_off_are_refused(rating: Month, phones: Path, sent: dict[str, str]) -> None:
    assert rating.city.client("penilai").post("/profil/pengingat/", sent).status_code == 400
    assert not MailWish.objects.exists()


@pytest.mark.parametrize(
    ("way", "place", "good"),
    [
        ("surel", "a@contoh.go.id", True),
        ("whatsapp", "628123456789", True),
        ("sms", "08123456789", False),
        ("surel", "628123456789", False),
    ],
)
def test_a_wish_goes_where_its_way_leads(city: City, way: str, place: str, good: bool) -> None:
    wish = MailWish(recipient=1, channel=way, address=place, since=IN_WINDOW)
    if good:
        wish.full_clean()
        wish.save()
        return
    with pytest.raises(ValidationError, match="memerlukan"):
        wish.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        wish.save()


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


def mandate(rating: Month, substitute: str, principal: str = "penilai", *, days: int = 14) -> None:
    """A running mandate; ``substitute`` is one of the twelve by number, or a person by key."""
    who = rating.city.staff[int(substitute)] if substitute.isdigit() else rating.city.people[substitute]
    ActingAppointment.objects.create(
        principal=rating.city.people[principal], substitute=who, kind="PLH", letter_number="090/1", reason="Cuti",
        valid=DateRange(IN_WINDOW.date(), IN_WINDOW.date() + dt.timedelta(days=days)),
    )  # fmt: skip


def waiting(who: int) -> list[tuple[str, int]]:
    return [(item["what"], item["n"]) for notice in standing(who) for item in notice.data["items"]]


def test_a_substitute_is_reminded_of_all_but_his_own_rating(rating: Month) -> None:
    mandate(rating, "5")
    send_daily_reminders(now=IN_WINDOW)
    assert ("nilai", 11) in waiting(rating.city.users["staf5"].pk)
    assert waiting(rating.city.users["penilai"].pk) == [("nilai", 12)]


def test_an_official_on_leave_is_not_reminded_beside_his_substitute(rating: Month) -> None:
    mandate(rating, "atasan")
    rating.city.people["penilai"].leaves.create(
        kind="TAHUNAN", valid=DateRange(IN_WINDOW.date(), IN_WINDOW.date() + dt.timedelta(days=3)), recorded_at=IN_WINDOW
    )
    send_daily_reminders(now=IN_WINDOW)
    assert ("nilai", 12 + 1) in waiting(rating.city.users["atasan"].pk), "the twelve, and the official whom he rates anyway"
    assert waiting(rating.city.users["penilai"].pk) == []


def test_the_reminder_of_a_mandate_stops_with_it(rating: Month) -> None:
    mandate(rating, "5", days=1)
    for days in (0, 1):
        send_daily_reminders(now=IN_WINDOW + dt.timedelta(days=days))
    assert "nilai" not in dict(waiting(rating.city.users["staf5"].pk))


def test_an_office_reminds_the_substitute_too(rating: Month) -> None:
    mandate(rating, "5")
    report = remind_raters(viewer=rating.city.viewer("bkpsdm"), period="2026-10", now=IN_WINDOW)
    told = set(Notice.objects.filter(kind="rating_reminder").values_list("recipient", flat=True))
    assert told >= {rating.city.users["staf5"].pk, rating.city.users["penilai"].pk}
    assert report.sent == len(told)


def test_who_stands_in_for_the_superior_hears_which_raters_are_late(rating: Month) -> None:
    mandate(rating, "dpmptsp", principal="atasan")
    escalate_raters(viewer=rating.city.viewer("bkpsdm"), period="2026-10", rater=rating.city.people["penilai"].pk, now=IN_WINDOW)
    told = set(Notice.objects.filter(kind="raters_escalated").values_list("recipient", flat=True))
    assert told == {rating.city.users["atasan"].pk, rating.city.users["dpmptsp"].pk}


def test_a_changed_address_is_remembered_without_the_address(rating: Month) -> None:
    rater = rating.city.users["penilai"]
    for address in ("satu@contoh.go.id", "satu@contoh.go.id", "dua@contoh.go.id", "", ""):
        ask_for_mail(recipient=rater.pk, address=address, now=IN_WINDOW)
    events = list(Event.objects.filter(action="mail.address.changed", actor=rater.pk, subject_id=str(rater.pk)).order_by("id"))
    assert [(one.old["way"], one.new["way"]) for one in events] == [("", "surel"), ("surel", "surel"), ("surel", "")]
    assert "contoh.go.id" not in str([(one.old, one.new, one.reason) for one in events])
