"""A dialogue is a note that is never changed; whether it is required is a policy, and the first one requires it nowhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction

from appraisal.models import Assessment, DepthPolicy, Dialogue, RatingExample
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cycles import move_cycle
from appraisal.services.dialogues import note_rating_dialogue
from appraisal.services.rating import finish_ratings
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event

from .month import IN_WINDOW, Month

DAY = IN_WINDOW.date()
SENTENCE = "Catat dialog dengan pegawai: predikatnya di bawah Baik."


@pytest.fixture
def below(month: Month) -> Assessment:
    """A complete rating below Baik, not sent yet."""
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=IN_WINDOW)
    case = month.rate(month.city.staff[0], result=1, behaviour=1, marks=(2,) * 7)
    RatingExample.objects.create(assessment=case, aspect="PERILAKU", text="Antrean dibiarkan", written_at=IN_WINDOW)
    Assessment.objects.filter(pk=case.pk).update(state="DRAF", result_reason="Berkas hilang", behaviour_reason="Antrean dibiarkan")
    return case


def required(**words: bool) -> None:
    with pgtrigger.ignore("appraisal.DepthPolicy:adopted_keeps_its_numbers"):
        DepthPolicy.objects.update(**words)


def note(month: Month, case: Assessment, who: str = "penilai", **words: Any) -> Dialogue:
    given = {"held_on": DAY, "summary": "Membahas antrean", "agreed": "Didampingi sebulan", **words}
    return note_rating_dialogue(viewer=month.city.viewer(who, on=DAY), assessment_id=case.pk, now=IN_WINDOW, **given)


def finish(month: Month, case: Assessment) -> list[str]:
    report = finish_ratings(viewer=month.city.viewer("penilai", on=DAY), assessment_ids=[case.pk], now=IN_WINDOW)
    return [sentence for _case, sentence in report.refused]


def test_the_first_policy_requires_no_dialogue(month: Month, below: Assessment) -> None:
    assert finish(month, below) == []


def test_below_baik_it_is_required_where_the_policy_says_so_and_the_note_settles_it(month: Month, below: Assessment) -> None:
    required(dialogue_below_good=True)
    assert finish(month, below) == [SENTENCE]
    note(month, below)
    assert Event.objects.get(action="appraisal.dialogue.noted").subject_id == str(below.pk)
    assert finish(month, below) == []


def test_from_baik_upwards_no_dialogue_is_asked_for(month: Month, below: Assessment) -> None:
    required(dialogue_below_good=True)
    Assessment.objects.filter(pk=below.pk).update(result_rating=2, behaviour_rating=2)
    assert SENTENCE not in " ".join(finish(month, below))


def test_a_policy_of_later_months_rules_no_earlier_one(month: Month, below: Assessment) -> None:
    DepthPolicy.objects.update(valid=(dt.date(2025, 1, 1), dt.date(2026, 11, 1)))
    DepthPolicy.objects.create(code="baru", valid=(dt.date(2026, 11, 1), None), reason="SK", dialogue_below_good=True)
    assert finish(month, below) == []


def test_the_note_of_another_person_settles_nothing(month: Month, below: Assessment) -> None:
    required(dialogue_below_good=True)
    note(month, month.case(month.city.staff[1]))
    assert finish(month, below) == [SENTENCE]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"summary": "  "}, "summary"),
        ({"summary": "x" * 601}, "summary"),
        ({"agreed": "x" * 601}, "agreed"),
        ({"held_on": DAY + dt.timedelta(days=1)}, "held_on"),
    ],
)
def test_an_incomplete_note_says_where(month: Month, below: Assessment, words: dict[str, Any], field: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        note(month, below, **words)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("who", "refusal"), [("pegawai", NotAllowed), ("pengelola", NotAllowed), ("bkpsdm", NotAllowed), ("luar", NotVisible)]
)
def test_only_the_rating_side_writes_it(month: Month, below: Assessment, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        note(month, below, who)


def test_a_note_is_about_one_thing_and_has_words(month: Month, below: Assessment) -> None:
    facts = {"held_on": DAY, "led_by": month.city.people["penilai"], "recorded_at": IN_WINDOW}
    for wrong, sentence, name in (
        (Dialogue(summary="Ada", **facts), "satu SKP atau satu penilaian", "dialogue_about_a_plan_or_a_rating"),
        (
            Dialogue(summary="Ada", assessment=below, plan=below.plan, **facts),
            "satu SKP atau satu penilaian",
            "dialogue_about_a_plan_or_a_rating",
        ),
        (Dialogue(summary="", assessment=below, **facts), "Tulis ringkasan", "dialogue_has_a_summary"),
    ):
        with pytest.raises(ValidationError, match=sentence if wrong.summary else None):
            wrong.full_clean()
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            wrong.save()
    good = Dialogue(summary="Ada", assessment=below, **facts)
    good.full_clean()
    good.save()
    with pytest.raises(InternalError), transaction.atomic():
        Dialogue.objects.filter(pk=good.pk).update(summary="Lain")


def test_the_page_advises_below_baik_and_keeps_the_note(month: Month, below: Assessment) -> None:
    rater = month.city.client("penilai")
    page = rater.get(f"/tim/nilai/{below.pk}/").content.decode()
    assert "Sebaiknya bicarakan dengan pegawai, lalu catat." in page
    address = f"/tim/nilai/{below.pk}/dialog/"
    assert rater.post(address, {"held_on": "", "summary": ""}).status_code == 400
    answer = rater.post(address, {"held_on": "2026-11-02", "summary": "Membahas antrean", "agreed": "Didampingi"}, follow=True)
    assert "Catatan dialog tersimpan." in answer.content.decode()
    assert "Membahas antrean" in rater.get(f"/tim/nilai/{below.pk}/").content.decode()
    assert "Membahas antrean" not in month.city.client("pegawai").get("/kinerja/").content.decode()
