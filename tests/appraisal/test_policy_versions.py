"""Rules of moves, retirement, deadlines and access: adopted as dated versions, and never edited once they rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from appraisal.models import DeadlinePolicy
from appraisal.services.reference import load_reference
from bukittinggi_kinerja.common.models import Event, PolicyVersion
from employees.models import AccessPolicy, MovePolicy, RetirementAge
from tests.people import City

KINDS = [(MovePolicy, "employees/movepolicy"), (RetirementAge, "employees/retirementage"), (DeadlinePolicy, "appraisal/deadlinepolicy")]
LATER = dt.date(2126, 1, 1)


@pytest.fixture
def hr(city: City) -> Client:
    load_reference()
    return city.client("bkpsdm")


def drafted(hr: Client, model: type[PolicyVersion], place: str, source: PolicyVersion) -> Any:
    assert hr.post(f"/admin/{place}/{source.pk}/rancangan/", {"code": "versi-uji", "reason": "Hasil evaluasi"}).status_code == 302
    return model.objects.get(code="versi-uji")


def adopt(hr: Client, place: str, draft: PolicyVersion, **words: str) -> Any:
    return hr.post(f"/admin/{place}/{draft.pk}/penetapan/", {"start": f"{LATER}", "reason": "SK Wali Kota", **words})


@pytest.mark.parametrize(("model", "place"), KINDS)
class TestVersions:
    def test_a_draft_is_adopted_from_a_day_on_and_the_version_before_ends_there(
        self, city: City, hr: Client, model: type[PolicyVersion], place: str
    ) -> None:
        source = model.objects.adopted().earliest("pk")
        draft = drafted(hr, model, place, source)
        assert draft.draft
        assert draft.to_confirm == source.to_confirm != []
        assert adopt(hr, place, draft).status_code == 302
        source.refresh_from_db()
        draft.refresh_from_db()
        assert (source.valid.upper, draft.valid.lower, draft.draft) == (LATER, LATER, False)
        told = Event.objects.get(action__endswith=".adopted", subject_type=model._meta.label_lower)
        assert (told.old, told.reason) == ({"ended": [source.code]}, "SK Wali Kota")

    def test_a_start_that_is_over_needs_its_decree_and_its_day(
        self, city: City, hr: Client, model: type[PolicyVersion], place: str
    ) -> None:
        draft = drafted(hr, model, place, model.objects.adopted().earliest("pk"))
        assert "paling cepat besok" in adopt(hr, place, draft, start="2025-06-01").content.decode()
        assert "Isi tanggal keputusan" in adopt(hr, place, draft, start="2025-06-01", decree_number="800/1").content.decode()
        draft.refresh_from_db()
        assert draft.draft

    def test_a_version_that_rules_is_changed_neither_by_a_page_nor_in_the_database(
        self, city: City, hr: Client, model: type[PolicyVersion], place: str
    ) -> None:
        source = model.objects.adopted().earliest("pk")
        assert hr.post(f"/admin/{place}/{source.pk}/change/", {"reason": "diam-diam", "alasan_perubahan": "x"}).status_code == 403
        assert hr.post(f"/admin/{place}/{source.pk}/delete/", {"post": "yes"}).status_code == 403
        assert hr.get(f"/admin/{place}/add/").status_code == 403
        rows = model.objects.filter(pk=source.pk)
        for write in (lambda: rows.update(reason="diam-diam"), lambda: rows.update(draft=True), rows.delete):
            with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                write()

    def test_a_draft_is_changed_and_thrown_away_by_the_pages(self, city: City, hr: Client, model: type[PolicyVersion], place: str) -> None:
        draft = drafted(hr, model, place, model.objects.adopted().earliest("pk"))
        page = f"/admin/{place}/{draft.pk}"
        form = hr.get(f"{page}/change/").context["adminform"].form
        kept = {name: form.initial.get(name, field.initial) for name, field in form.fields.items()}
        kept |= {"to_confirm": [], "alasan_perubahan": "Rapat"}
        kept = {name: value for name, value in kept.items() if value not in (None, False)}
        assert hr.post(f"{page}/change/", kept).status_code == 302
        draft.refresh_from_db()
        assert draft.to_confirm == []
        assert hr.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
        assert not model.objects.filter(pk=draft.pk).exists()

    def test_the_numbers_that_await_the_legal_office_stand_at_the_version(
        self, city: City, hr: Client, model: type[PolicyVersion], place: str
    ) -> None:
        source = model.objects.adopted().earliest("pk")
        page = hr.get(f"/admin/{place}/{source.pk}/change/").content.decode()
        waiting = model._meta.get_field(source.to_confirm[0]).verbose_name  # type: ignore[union-attr]
        assert f"<div>{waiting}: " in page


def test_an_age_ends_only_the_version_of_its_own_posts(city: City, hr: Client) -> None:
    teachers = RetirementAge.objects.get(title_word="Guru")
    adopt(hr, "employees/retirementage", drafted(hr, RetirementAge, "employees/retirementage", teachers))
    assert set(RetirementAge.objects.filter(valid__endswith=LATER).values_list("code", flat=True)) == {teachers.code}


def test_an_access_rule_keeps_its_numbers_once_adopted(city: City) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        AccessPolicy.objects.update(reset_hours=1)
