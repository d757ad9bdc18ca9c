"""Ongoing feedback: who writes to whom, about what, and for how long it can be taken back."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from appraisal.models import Feedback
from appraisal.services.feedback import give_feedback, mark_seen, reply, withdraw
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from tests.people import City

from .planning import NOW, make_plan, make_result


def give(city: City, author: str, about: str = "pegawai", **values: object) -> Feedback:
    return give_feedback(
        **{
            "viewer": city.viewer(author, on=NOW.date()),
            "employee_id": city.people[about].pk,
            "tone": "APRESIASI",
            "text": "Berkas selesai sehari lebih cepat; pemohon berterima kasih.",
            "happened_on": dt.date(2026, 10, 19),
            "behaviour": "BP",
            "now": NOW,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("author", "about", "source"), [("penilai", "pegawai", "PIMPINAN"), ("staf1", "pegawai", "REKAN"), ("pegawai", "penilai", "BAWAHAN")]
)
def test_leaders_peers_of_the_unit_and_subordinates_give_feedback(city: City, author: str, about: str, source: str) -> None:
    given = give(city, author, about)
    assert (given.source, given.author, given.seen_at) == (source, city.people[author], None)
    assert Event.objects.get(action="appraisal.feedback.given").actor == city.users[author].pk
    assert Notice.objects.get().recipient == city.users[about].pk


@pytest.mark.parametrize("author", ["luar", "atasan", "bkpsdm", "inspektorat", "pengelola", "pimpinan"])
def test_others_cannot_write_to_a_person(city: City, author: str) -> None:
    with pytest.raises(NotVisible):
        give(city, author)


def test_nobody_writes_to_himself_not_even_in_the_database(city: City) -> None:
    with pytest.raises(NotAllowed):
        give(city, "pegawai")
    given = give(city, "penilai")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=given.pk).update(author=given.employee)


def test_feedback_may_speak_of_a_work_result_of_the_person(city: City) -> None:
    own, other = make_result(make_plan(city.people["pegawai"])), make_result(make_plan(city.people["staf1"]))
    assert give(city, "penilai", behaviour="", work_result_id=own.pk).work_result == own
    with pytest.raises(Unacceptable) as refusal:
        give(city, "penilai", behaviour="", work_result_id=other.pk)
    assert set(refusal.value.errors) == {"work_result_id"}


def test_a_peer_who_does_not_see_the_plan_speaks_of_behaviour_only(city: City) -> None:
    own = make_result(make_plan(city.people["pegawai"]))
    with pytest.raises(Unacceptable):
        give(city, "staf1", behaviour="", work_result_id=own.pk)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("tone", {"tone": "PUJIAN"}),
        ("text", {"text": " \x00\n "}),
        ("text", {"text": "a" * 601}),
        ("happened_on", {"happened_on": dt.date(2026, 10, 21)}),
        ("link", {"link": "javascript:alert(1)"}),
        ("behaviour", {"behaviour": "XX"}),
        ("about", {"behaviour": ""}),
        ("about", {"behaviour": "BP", "work_result_id": 1}),
    ],
)
def test_what_is_missing_or_wrong_is_named_at_its_field(city: City, field: str, values: dict) -> None:
    with pytest.raises(Unacceptable) as refusal:
        give(city, "penilai", **values)
    assert set(refusal.value.errors) == {field}
    assert not Feedback.objects.exists()


def test_the_author_takes_it_back_within_ten_minutes_and_not_later(city: City) -> None:
    given = give(city, "penilai")
    author = city.viewer("penilai", on=NOW.date())
    with pytest.raises(NotNow):
        withdraw(viewer=author, feedback_id=given.pk, now=NOW + dt.timedelta(minutes=10, seconds=1))
    with pytest.raises(NotAllowed):
        withdraw(viewer=city.viewer("pegawai", on=NOW.date()), feedback_id=given.pk, now=NOW)
    withdraw(viewer=author, feedback_id=given.pk, now=NOW + dt.timedelta(minutes=10))
    assert not Feedback.objects.standing().exists()
    assert not Notice.objects.unread_by(city.users["pegawai"].pk).exists()
    with pytest.raises(NotVisible):
        mark_seen(viewer=city.viewer("pegawai", on=NOW.date()), feedback_id=given.pk, now=NOW)


def test_only_the_person_it_is_about_sees_and_answers_and_once(city: City) -> None:
    given = give(city, "penilai")
    owner = city.viewer("pegawai", on=NOW.date())
    for act in (
        lambda v: mark_seen(viewer=v, feedback_id=given.pk, now=NOW),
        lambda v: reply(viewer=v, feedback_id=given.pk, text="x", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act(city.viewer("penilai", on=NOW.date()))
        with pytest.raises(NotVisible):
            act(city.viewer("luar", on=NOW.date()))
    assert mark_seen(viewer=owner, feedback_id=given.pk, now=NOW).seen_at == NOW
    later = NOW + dt.timedelta(hours=1)
    assert mark_seen(viewer=owner, feedback_id=given.pk, now=later).seen_at == NOW
    assert reply(viewer=owner, feedback_id=given.pk, text="Terima kasih", now=later).reply == "Terima kasih"
    with pytest.raises(NotNow):
        reply(viewer=owner, feedback_id=given.pk, text="Sekali lagi", now=later)
    assert Notice.objects.filter(kind="feedback_answered", recipient=city.users["penilai"].pk).count() == 1


def test_an_empty_answer_is_refused(city: City) -> None:
    given = give(city, "penilai")
    with pytest.raises(Unacceptable):
        reply(viewer=city.viewer("pegawai", on=NOW.date()), feedback_id=given.pk, text="  ", now=NOW)
