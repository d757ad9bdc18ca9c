"""Services in the admin: looked at by HR of the city, changed by pages that call a service."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent, ServiceStandard, ServiceType
from appraisal.incentives.services.reference import load_reference
from tests.people import City

from .logs import issued, step, take

pytestmark = pytest.mark.usefixtures("services")
MODELS = ("servicetype", "servicestandard", "eventsource", "accountalias", "eventconflict", "servicecase", "serviceevent")


@pytest.fixture
def hr(city: City) -> Client:
    load_reference()
    rows = issued("1", "2026-06-08 09:00", "2026-06-12 10:00", responsible="loket1", officer="loket1")
    take(rows)
    take([rows[1] | {"timestamp": "2026-06-11 10:00"}])
    return city.client("bkpsdm")


@pytest.mark.parametrize("model", MODELS)
def test_hr_of_the_city_opens_every_list_and_others_none(city: City, hr: Client, model: str) -> None:
    assert hr.get(f"/admin/incentives/{model}/").status_code == 200
    for who in ("pengelola", "dpmptsp", "pegawai", "inspektorat"):
        assert city.client(who).get(f"/admin/incentives/{model}/").status_code in {302, 403}


@pytest.mark.parametrize("model", [ServiceStandard, EventConflict, ServiceCase, ServiceEvent, EventSource])
def test_records_with_a_life_are_read_only(hr: Client, model: type) -> None:
    address = f"/admin/incentives/{model._meta.model_name}/{model.objects.first().pk}"
    page = hr.get(f"{address}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert hr.post(f"{address}/change/", {}).status_code == 403
    assert hr.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_an_account_is_settled_from_the_worklist(city: City, hr: Client) -> None:
    source = EventSource.objects.get()
    page = hr.get("/admin/incentives/accountalias/add/")
    assert f'value="{source.pk}:loket1"' in page.content.decode()
    given = {"waiting": f"{source.pk}:loket1", "nip": city.staff[0].nip, "valid_from": "2026-01-01", "reason": "SK 7"}
    answer = hr.post("/admin/incentives/accountalias/add/", given, follow=True)
    assert "2 langkah dan 1 berkas berganti petugas." in answer.content.decode()
    assert ServiceCase.objects.get().responsible == city.staff[0]
    alias = AccountAlias.objects.get()
    hr.post(f"/admin/incentives/accountalias/{alias.pk}/akhir/", {"on": "2026-06-10", "reason": "Pindah"})
    assert ServiceCase.objects.get().responsible is None


def test_a_refusal_of_the_service_stands_on_the_page(city: City, hr: Client) -> None:
    source = EventSource.objects.get()
    given = {"source": source.pk, "account": "baru", "nip": city.people["bkpsdm"].nip, "reason": "x"}
    assert "Anda dihitung" in hr.post("/admin/incentives/accountalias/add/", given).content.decode()
    assert "Tidak ada pegawai" in hr.post("/admin/incentives/accountalias/add/", given | {"nip": "1"}).content.decode()
    assert not AccountAlias.objects.exists()


def test_a_conflict_shows_what_differs_and_is_decided(hr: Client) -> None:
    conflict = EventConflict.objects.get()
    address = f"/admin/incentives/eventconflict/{conflict.pk}/putusan/"
    assert "timestamp: tersimpan “2026-06-12 10:00”, datang “2026-06-11 10:00”" in hr.get(address).content.decode()
    assert hr.post(address, {"outcome": "DIPAKAI", "reason": "Sesuai arsip"}).status_code == 302
    assert ServiceCase.objects.get().net_working_days == 3


def test_a_step_is_corrected_by_a_new_version(hr: Client) -> None:
    event = ServiceEvent.objects.get(activity="TERBIT")
    address = f"/admin/incentives/serviceevent/{event.pk}/perbaikan/"
    page = hr.get(address)
    form = page.context["form"]
    shown = {name: form[name].value() for name in ("activity", "at", "account")}
    same = hr.post(address, {**shown, "at": form["at"].subwidgets[0].data["value"], "reason": "x"})
    assert "Tidak ada yang diubah." in same.content.decode()
    moved = hr.post(address, {**shown, "at": "2026-06-10 10:00", "reason": "Salah cap"})
    assert moved.status_code == 302
    assert ServiceCase.objects.get().net_working_days == 2


def test_a_new_standard_follows_the_old_one_from_a_day_on(hr: Client) -> None:
    kind = ServiceType.objects.get(code="PBG")
    day = dt.date.today() + dt.timedelta(days=40)
    address = f"/admin/incentives/servicetype/{kind.pk}/standar/"
    given = {"workdays": 20, "cut_off": "14:00", "start": day.isoformat(), "reason": "Perwali baru"}
    assert hr.post(address, given).status_code == 302
    old, new = kind.standards.order_by("valid")
    assert (old.valid.upper, new.valid.lower, new.workdays, new.to_confirm) == (day, day, 20, ["workdays", "cut_off"])
    assert "paling cepat besok" in hr.post(address, given | {"start": "2026-01-01"}).content.decode()


def test_a_source_is_registered_with_the_words_that_move_its_clock(hr: Client) -> None:
    given = {"code": "SIMBG", "credit": "step", "reason": "Integrasi", "accept": "MASUK\nMASUK ULANG", "stop": "", "finish": "CETAK"}
    assert hr.post("/admin/incentives/eventsource/add/", given).status_code == 302
    source = EventSource.objects.get(code="simbg")
    assert (source.credit, source.mapping["clock"]["accept"]) == ("step", ["MASUK", "MASUK ULANG"])
    assert "sudah ada" in hr.post("/admin/incentives/eventsource/add/", given).content.decode()
    twice = given | {"code": "b", "stop": "CETAK"}
    assert "dua arti" in hr.post("/admin/incentives/eventsource/add/", twice).content.decode()


@pytest.mark.parametrize("model", ["servicecase", "serviceevent"])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(hr: Client, model: str) -> None:
    hr.get("/profil/")  # what is remembered for a while is no query of the list
    counts = []
    for many in (5, 40):
        take([step(f"{many}-{n}", "DITERIMA", "2026-06-08 09:00", "loket1") for n in range(many)])
        with CaptureQueriesContext(connection) as queries:
            hr.get(f"/admin/incentives/{model}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
