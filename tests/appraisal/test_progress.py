"""Progress: who enters it, when, and what becomes of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction

from appraisal.models import Evidence, Indicator, ProgressEntry
from appraisal.services.progress import correct_progress, dispute_progress, record_progress, withdraw_progress
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import JAKARTA
from tests.people import City

from .planning import NOW, OCTOBER, RATED, make_case, make_cycle, make_indicator, make_plan, pdf

DUE = dt.datetime(2026, 11, 4, 23, 59, 59, tzinfo=JAKARTA)


@pytest.fixture
def indicator(city: City) -> Indicator:
    make_cycle(city)
    return make_indicator(make_plan(city.people["pegawai"]))


def enter(city: City, indicator: Indicator, who: str = "pegawai", **values: object) -> ProgressEntry:
    return record_progress(
        **{
            "viewer": city.viewer(who, on=NOW.date()),
            "indicator_id": indicator.pk,
            "period": OCTOBER,
            "value": Decimal("8.5"),
            "realised_on": None,
            "note": "Berkas minggu kedua",
            "links": [],
            "files": [],
            "now": NOW,
            **values,
        }
    )


def correct(city: City, entry: ProgressEntry, who: str = "pegawai", **values: object) -> ProgressEntry:
    return correct_progress(
        **{
            "viewer": city.viewer(who, on=NOW.date()),
            "entry_id": entry.pk,
            "value": Decimal(9),
            "realised_on": None,
            "note": "Satu berkas terlewat",
            "reason": "Salah hitung",
            "links": [],
            "files": [],
            "now": NOW,
            **values,
        }
    )


def test_the_owner_enters_a_figure_with_file_and_link_as_one_event(city: City, indicator: Indicator) -> None:
    entry = enter(city, indicator, files=[pdf()], links=["https://contoh.go.id/rekap"])
    assert (entry.value, entry.employee, entry.source) == (Decimal("8.5"), city.people["pegawai"], "MANUAL")
    assert sorted(entry.evidence.values_list("kind", flat=True)) == ["BERKAS", "TAUTAN"]
    event = Event.objects.get(action="appraisal.progress.recorded")
    assert event.actor == city.users["pegawai"].pk
    assert event.new["value"] == "8.5"
    assert event.new["on_behalf"] is False


@pytest.mark.parametrize("who", ["penilai", "atasan", "dpmptsp", "bkpsdm", "inspektorat"])
def test_who_sees_a_plan_does_not_enter_its_progress(city: City, indicator: Indicator, who: str) -> None:
    with pytest.raises(NotAllowed):
        enter(city, indicator, who)


@pytest.mark.parametrize("who", ["luar", "pimpinan", "kadinkes", "staf1"])
def test_for_others_the_indicator_does_not_exist(city: City, indicator: Indicator, who: str) -> None:
    with pytest.raises(NotVisible):
        enter(city, indicator, who)


def test_an_indicator_that_is_not_there_is_not_found(city: City, indicator: Indicator) -> None:
    indicator.pk = 987654321
    with pytest.raises(NotVisible):
        enter(city, indicator)


def test_the_pengelola_enters_for_others_only_with_a_scan_and_is_marked(city: City, indicator: Indicator) -> None:
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, "pengelola")
    assert set(refusal.value.errors) == {"files"}
    entry = enter(city, indicator, "pengelola", files=[pdf("formulir.pdf")])
    assert entry.employee == city.people["pegawai"]
    assert entry.entered_by == city.users["pengelola"].pk
    assert Event.objects.get(action="appraisal.progress.recorded").new["on_behalf"] is True


def test_what_was_typed_for_somebody_is_told_to_him_and_open_to_his_dispute(city: City, indicator: Indicator) -> None:
    entry = enter(city, indicator, "pengelola", files=[pdf("formulir.pdf")])
    assert (entry.source, entry.dispute_until) == ("KERTAS", dt.date(2026, 10, 30))
    told = Notice.objects.get(kind="progress_entered_for_you")
    assert (told.recipient, told.link) == (city.users["pegawai"].pk, f"/kinerja/realisasi/{indicator.pk}/{OCTOBER}/")
    for who, refusal in (("pengelola", NotAllowed), ("penilai", NotAllowed), ("luar", NotVisible)):
        with pytest.raises(refusal):
            dispute_progress(viewer=city.viewer(who, on=NOW.date()), entry_id=entry.pk, reason="Bukan 8,5", now=NOW)
    owner = city.viewer("pegawai", on=NOW.date())
    with pytest.raises(Unacceptable):
        dispute_progress(viewer=owner, entry_id=entry.pk, reason="  ", now=NOW)
    with pytest.raises(NotNow, match="sudah lewat"):
        dispute_progress(viewer=owner, entry_id=entry.pk, reason="Bukan 8,5", now=NOW + dt.timedelta(days=11))
    disputed = dispute_progress(viewer=owner, entry_id=entry.pk, reason="Bukan 8,5", now=NOW)
    assert (disputed.value, disputed.dispute_reason) == (Decimal("8.5"), "Bukan 8,5")
    recipients = set(Notice.objects.filter(kind="progress_disputed").values_list("recipient", flat=True))
    assert recipients == {city.users["penilai"].pk, city.users["pengelola"].pk}
    with pytest.raises(NotNow, match="sudah Anda persoalkan"):
        dispute_progress(viewer=owner, entry_id=entry.pk, reason="Lagi", now=NOW)


def test_a_figure_of_ones_own_is_not_disputed_but_corrected(city: City, indicator: Indicator) -> None:
    entry = enter(city, indicator)
    with pytest.raises(NotNow):
        dispute_progress(viewer=city.viewer("pegawai", on=NOW.date()), entry_id=entry.pk, reason="Salah", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressEntry.objects.filter(pk=entry.pk).update(disputed_at=NOW, dispute_reason="Salah")
    typed = enter(city, indicator, "pengelola", files=[pdf("formulir.pdf")])
    assert correct(city, typed).source == "MANUAL", "what the owner writes in its place is his own"


def test_a_pengelola_of_another_agency_finds_nothing(city: City, indicator: Indicator) -> None:
    make_cycle_free = make_indicator(make_plan(city.people["luar"]))
    with pytest.raises(NotVisible):
        enter(city, make_cycle_free, "pengelola", files=[pdf()])


def test_the_last_second_of_the_deadline_counts_and_the_next_does_not(city: City, indicator: Indicator) -> None:
    assert enter(city, indicator, now=DUE).pk
    with pytest.raises(NotNow):
        enter(city, indicator, now=DUE + dt.timedelta(seconds=1))


@pytest.mark.parametrize("state", ["DITUTUP", "TERBIT"])
def test_a_closed_period_takes_no_progress(city: City, indicator: Indicator, state: str) -> None:
    make_cycle(city, "2026-09", state=state, progress_due=DUE, rating_due=DUE)
    with pytest.raises(NotNow):
        enter(city, indicator, period="2026-09")


def test_a_period_that_is_not_open_yet_takes_no_progress(city: City, indicator: Indicator) -> None:
    with pytest.raises(NotNow):
        enter(city, indicator, period="2026-11")


@pytest.mark.parametrize("period", ["2026-13", "2026-Q4", "2027-01", "oktober", "", "2026-10 "])
def test_a_period_outside_the_plan_or_the_grammar_is_unacceptable(city: City, indicator: Indicator, period: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, period=period)
    assert set(refusal.value.errors) == {"period"}


@pytest.mark.parametrize("state", ["DRAF", "DIAJUKAN"])
def test_a_plan_that_is_not_agreed_takes_no_progress(city: City, state: str) -> None:
    make_cycle(city)
    waiting = make_indicator(make_plan(city.people["pegawai"], state=state))
    with pytest.raises(NotNow):
        enter(city, waiting)


def test_a_revision_on_its_way_does_not_stop_progress(city: City, indicator: Indicator) -> None:
    indicator.plan.state, indicator.plan.revision = "DIAJUKAN", 1
    indicator.plan.save()
    assert enter(city, indicator).pk


def test_a_measured_indicator_is_never_typed(city: City, indicator: Indicator) -> None:
    measured = make_indicator(indicator.plan, name="Tepat waktu", measure="LAYANAN_TEPAT_WAKTU", accumulation="LAST")
    with pytest.raises(NotAllowed):
        enter(city, measured)


@pytest.mark.parametrize(
    "value", [None, Decimal(-1), Decimal("-0.0001"), Decimal("1.23456"), Decimal("NaN"), Decimal("Infinity"), Decimal("1e14")]
)
def test_a_figure_that_is_missing_negative_or_endless_is_refused_with_a_sentence(city: City, indicator: Indicator, value: Decimal) -> None:
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, value=value)
    assert set(refusal.value.errors) == {"value"}
    assert not ProgressEntry.objects.exists()


def test_zero_is_a_figure(city: City, indicator: Indicator) -> None:
    assert enter(city, indicator, value=Decimal(0)).value == 0


def test_a_date_target_wants_the_day_and_the_day_is_not_in_the_future(city: City, indicator: Indicator) -> None:
    dated = make_indicator(indicator.plan, target=None, form="TANGGAL", target_date=dt.date(2026, 10, 30), accumulation="LAST")
    for wrong in (None, dt.date(2026, 10, 21)):
        with pytest.raises(Unacceptable) as refusal:
            enter(city, dated, value=None, realised_on=wrong)
        assert set(refusal.value.errors) == {"realised_on"}
    assert enter(city, dated, value=None, realised_on=dt.date(2026, 10, 20)).realised_on == dt.date(2026, 10, 20)


def test_a_statement_target_wants_words(city: City, indicator: Indicator) -> None:
    stated = make_indicator(indicator.plan, target=None, form="PERNYATAAN", statement="Aula siap dipakai", accumulation="LAST")
    with pytest.raises(Unacceptable) as refusal:
        enter(city, stated, value=None, note=" \x00 ")
    assert set(refusal.value.errors) == {"note"}
    assert enter(city, stated, value=None, note="Kursi\x00 terpasang").note == "Kursi terpasang"


def test_after_the_rating_a_figure_waits_until_the_rater_reopens(city: City, indicator: Indicator) -> None:
    entry = enter(city, indicator)
    cycle = make_case_cycle(indicator)
    case = make_case(cycle, indicator.plan, rated_by=city.people["penilai"], **RATED)
    for attempt in (lambda: enter(city, indicator), lambda: correct(city, entry)):
        with pytest.raises(NotNow):
            attempt()
    case.state = "DRAF"
    case.save()
    assert correct(city, entry).value == 9


def make_case_cycle(indicator: Indicator):  # type: ignore[no-untyped-def]
    return indicator.plan.position.group.cycles.get(period=OCTOBER)


def test_one_link_stands_once_in_an_entry(city: City, indicator: Indicator) -> None:
    link = "https://contoh.go.id/rekap"
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, files=[pdf()], links=[link, f" {link} "])
    assert set(refusal.value.errors) == {"links"}
    entry = enter(city, indicator, files=[pdf()], links=[link])
    with pytest.raises(Unacceptable) as refusal:
        correct(city, entry, links=[link])
    assert set(refusal.value.errors) == {"links"}
    correct(city, entry, links=["https://contoh.go.id/lain"])


def test_a_correction_leaves_the_old_figure_readable_and_keeps_the_evidence(city: City, indicator: Indicator) -> None:
    first = enter(city, indicator, files=[pdf()])
    second = correct(city, first, links=["https://contoh.go.id/tambahan"])
    first.refresh_from_db()
    assert first.withdrawn_at == NOW
    assert first.withdrawal_reason == "Salah hitung"
    assert second.replaces == first
    assert list(ProgressEntry.objects.current()) == [second]
    assert {e.title for e in second.evidence.all()} == {"rekap.pdf", "https://contoh.go.id/tambahan"}
    assert first.evidence.get().file.name == second.evidence.get(kind="BERKAS").file.name
    event = Event.objects.get(action="appraisal.progress.corrected")
    assert (event.old["value"], event.new["value"], event.reason) == ("8.5000", "9", "Salah hitung")


def test_a_correction_needs_a_reason(city: City, indicator: Indicator) -> None:
    with pytest.raises(Unacceptable) as refusal:
        correct(city, enter(city, indicator), reason=" ")
    assert set(refusal.value.errors) == {"reason"}


def test_correcting_what_somebody_corrected_meanwhile_shows_both(city: City, indicator: Indicator) -> None:
    first = enter(city, indicator)
    second = correct(city, first, value=Decimal(11))
    with pytest.raises(Stale) as refusal:
        correct(city, first, value=Decimal(12))
    assert refusal.value.current["value"] == Decimal("11.0000")
    assert refusal.value.version == second.pk


def test_a_withdrawn_figure_counts_no_more_and_stays_readable(city: City, indicator: Indicator) -> None:
    entry = enter(city, indicator)
    withdraw_progress(viewer=city.viewer("pegawai", on=NOW.date()), entry_id=entry.pk, reason="Salah indikator", now=NOW)
    assert not ProgressEntry.objects.current().exists()
    assert ProgressEntry.objects.get().withdrawal_reason == "Salah indikator"
    with pytest.raises(Stale):
        withdraw_progress(viewer=city.viewer("pegawai", on=NOW.date()), entry_id=entry.pk, reason="Lagi", now=NOW)


def test_others_can_neither_correct_nor_withdraw(city: City, indicator: Indicator) -> None:
    entry = enter(city, indicator)
    with pytest.raises(NotAllowed):
        correct(city, entry, "penilai")
    with pytest.raises(NotVisible):
        withdraw_progress(viewer=city.viewer("luar", on=NOW.date()), entry_id=entry.pk, reason="x", now=NOW)


def test_a_refused_entry_leaves_neither_row_nor_file(city: City, indicator: Indicator) -> None:
    make_case(make_case_cycle(indicator), indicator.plan, rated_by=city.people["penilai"], **RATED)
    with pytest.raises(NotNow):
        enter(city, indicator, files=[pdf()])
    assert not Evidence.objects.exists()
    assert not default_storage.exists("bukti") or default_storage.listdir("bukti") == ([], [])


def test_all_wrong_fields_are_named_at_once(city: City, indicator: Indicator) -> None:
    with pytest.raises(Unacceptable) as refusal:
        enter(city, indicator, value=Decimal(-1), links=["javascript:alert(1)"], files=[pdf(body=b"<html>")])
    assert set(refusal.value.errors) == {"value", "links", "files"}


def test_the_database_refuses_a_negative_figure(city: City, indicator: Indicator) -> None:
    target = indicator.period_targets.get(period=OCTOBER)
    entry = ProgressEntry(target=target, employee=city.people["pegawai"], value=Decimal(-1), entered_by=1, entered_at=NOW)
    with pytest.raises(Exception, match="kurang dari nol"):
        entry.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()
    entry.value = Decimal(0)
    entry.full_clean()


@pytest.mark.parametrize("change", [{"value": Decimal(80)}, {"realised_on": dt.date(2026, 10, 1)}, {"sources": [{"ref": "1"}]}])
def test_a_figure_stays_as_it_was_entered_also_for_who_has_sql(city: City, indicator: Indicator, change: dict[str, object]) -> None:
    entry = enter(city, indicator)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        ProgressEntry.objects.filter(pk=entry.pk).update(**change)
