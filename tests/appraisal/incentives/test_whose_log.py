"""Whose log it is: by the name in the map or by how the map reads, never by what a file is called."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from appraisal.incentives.models import EventConflict, EventSource, ServiceCase, ServiceEvent
from bukittinggi_kinerja.common.models import Event

pytestmark = pytest.mark.usefixtures("services", "october")
COLUMNS = """
[columns]
case_id = "berkas"
activity = "langkah"
timestamp = "waktu"
event_id = "nomor"
officer = "petugas"
"""
MAP = COLUMNS + '[clock]\naccept = ["DITERIMA"]\nfinish = ["TERBIT"]\n'
FIELD_DESK = COLUMNS + '[clock]\naccept = ["MASUK"]\nfinish = ["KELUAR"]\n'
TITLES = "nomor,berkas,langkah,waktu,petugas"
JUNE = f"{TITLES}\n1,A1,DITERIMA,2026-06-08 09:00,budi\n2,A1,TERBIT,2026-06-12 10:00,budi\n3,A2,DITERIMA,2026-06-29 09:00,citra\n"
JULY = f"{TITLES}\n3,A2,DITERIMA,2026-06-29 09:00,citra\n4,A2,TERBIT,2026-07-02 09:00,citra\n5,A3,DITERIMA,2026-07-03 09:00,budi\n"
FIELD = f"{TITLES}\n1,B1,MASUK,2026-06-08 09:00,budi\n2,B1,KELUAR,2026-06-12 10:00,budi\n3,B2,MASUK,2026-06-29 09:00,citra\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name, text in {"peta.toml": MAP, "juni.csv": JUNE, "juli.csv": JULY, "lapangan.csv": FIELD}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(desk: Path, log: str = "juni.csv", text: str | None = None, *words: str, by: str = "peta.toml") -> str:
    """Import a log, by the map of that name or by one that says ``text``."""
    if text is not None:
        (desk / by).write_text(text)
    out = StringIO()
    call_command("import_service_events", str(desk / log), "--mapping", str(desk / by), *words, stdout=out)
    return out.getvalue()


def refused(desk: Path, log: str, text: str, *words: str) -> str:
    before = everything()
    (desk / "lain.toml").write_text(text)
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_service_events", str(desk / log), "--mapping", str(desk / "lain.toml"), *words, stdout=said, stderr=said)
    assert ended.value.code == 2
    assert everything() == before
    return said.getvalue().strip()


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (EventSource, ServiceCase, ServiceEvent, EventConflict, Event)]


def sources() -> dict[str, int]:
    return {source.code: ServiceCase.objects.filter(source=source).count() for source in EventSource.objects.all()}


def named(code: str, text: str = MAP) -> str:
    return f'[source]\ncode = "{code}"\n{text}'


def test_the_same_log_under_a_renamed_map_and_a_renamed_file_changes_nothing(desk: Path) -> None:
    run(desk)
    before = everything()
    (desk / "ekspor.csv").write_text(JUNE)
    assert "3 peristiwa sudah ada" in run(desk, "ekspor.csv", MAP, by="izin.toml")
    assert everything() == before


def test_two_maps_of_one_file_name_are_two_sources(desk: Path) -> None:
    """The same columns and the same event numbers, but another system with its own words."""
    run(desk, "juni.csv", MAP)
    said = run(desk, "lapangan.csv", FIELD_DESK)
    assert ("Bertentangan: 0 baris." in said, "berbeda dari yang tersimpan" in said) == (True, False)
    assert list(sources().values()) == [2, 2]
    before = everything()
    run(desk, "juni.csv", MAP)
    assert everything() == before


def test_the_export_of_the_next_month_adds_to_the_cases_that_are_there(desk: Path) -> None:
    run(desk)
    assert "Baru: 2 peristiwa, 1 berkas; 1 berkas berubah; 1 peristiwa sudah ada." in run(desk, "juli.csv", MAP, by="juli.toml")
    assert list(sources().values()) == [3]


@pytest.mark.parametrize("log", ["juni.csv", "juli.csv"])
def test_remarks_and_the_signs_of_the_file_do_not_make_another_map(desk: Path, log: str) -> None:
    run(desk)
    changed = "# Peta loket, diperbarui\n" + MAP + '[format]\nencoding = "utf-8"\nseparator = ","\n'
    run(desk, log, changed, by="loket-baru.toml")
    assert len(sources()) == 1


def test_a_word_that_has_not_occurred_yet_may_be_added(desk: Path) -> None:
    run(desk)
    more = MAP.replace('"TERBIT"', '"TERBIT", "TERBIT ELEKTRONIK"')
    assert "berbeda dari yang tersimpan" in run(desk, "juli.csv", more)
    assert list(sources().values()) == [3]
    assert "TERBIT ELEKTRONIK" in EventSource.objects.get().mapping["clock"]["finish"]


def test_a_log_without_its_old_rows_still_finds_its_source_by_the_changed_map(desk: Path) -> None:
    more = MAP.replace('"TERBIT"', '"TERBIT", "TERBIT ELEKTRONIK"')
    run(desk)
    run(desk, "juni.csv", more)
    (desk / "agustus.csv").write_text(f"{TITLES}\n9,A9,DITERIMA,2026-08-03 09:00,budi\n")
    run(desk, "agustus.csv", more, by="agustus.toml")
    assert list(sources().values()) == [3]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (('finish = ["TERBIT"]', 'finish = ["TERBIT", "DITERIMA"]'), "clock.finish"),
        (("[clock]", '[clock]\ncredit = "step"'), "clock.credit"),
        (('officer = "petugas"\n', ""), "columns"),
        (('event_id = "nomor"\n', ""), "columns"),
        (("[clock]", '[format]\ntimezone = "UTC"\n[clock]'), "format"),
        (("[clock]", '[format]\nmissing = ["budi"]\n[clock]'), "format"),
    ],
)
@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_a_map_that_reads_the_cases_otherwise_is_refused(desk: Path, change: tuple[str, str], part: str, words: tuple[str, ...]) -> None:
    run(desk, "juni.csv", named("loket"))
    said = refused(desk, "juli.csv", named("loket").replace(*change), *words)
    assert said.startswith("Berkas sumber loket sudah dibaca dengan peta lain")
    assert part in said
    assert "[source] code" in said
    assert "\n" not in said


@pytest.mark.parametrize("first", [MAP, named("loket")])
def test_rows_that_were_taken_are_not_taken_again_by_a_map_without_a_name(desk: Path, first: str) -> None:
    run(desk, "juni.csv", first)
    said = refused(desk, "juni.csv", MAP.replace('finish = ["TERBIT"]', 'stop = ["TERBIT"]'))
    assert said.startswith(f"Baris log ini sudah diambil sebagai sumber {EventSource.objects.get().code}, ")


def test_a_map_that_no_longer_names_its_source_finds_it_again(desk: Path) -> None:
    run(desk, "juni.csv", named("loket"))
    run(desk, "juli.csv", MAP)
    assert sources() == {"loket": 3}


def test_where_two_sources_are_read_alike_the_map_must_say_which(desk: Path) -> None:
    run(desk, "juni.csv", named("loket-a"))
    run(desk, "lapangan.csv", named("loket-b"))
    assert "loket-a, loket-b" in refused(desk, "juli.csv", MAP)


def test_another_system_read_by_the_same_nameless_map_is_noticed_by_its_numbers(desk: Path) -> None:
    run(desk)
    said = refused(desk, "lapangan.csv", MAP)
    assert said.startswith("Peta tidak menyebut sumbernya, dan nomor peristiwa 3 baris")
    run(desk, "lapangan.csv", named("lapangan"))
    assert sorted(sources().values()) == [2, 2]


def test_one_wrong_number_among_many_is_a_conflict_as_ever(desk: Path) -> None:
    run(desk)
    (desk / "juli.csv").write_text(JULY + "1,A3,TERBIT,2026-07-06 09:00,budi\n")
    assert "Bertentangan: 1 baris." in run(desk, "juli.csv")


def test_the_same_rows_under_another_name_are_taken_and_told(desk: Path) -> None:
    """Whoever writes another code says that it is another system; that rows are the same is still worth a look."""
    run(desk, "juni.csv", named("loket"))
    assert "3 baris log ini juga tercatat pada sumber loket" in run(desk, "juni.csv", named("arsip"))
    assert "juga tercatat" not in run(desk, "juni.csv", named("arsip"))


def test_a_source_without_cases_takes_any_map(desk: Path) -> None:
    EventSource.objects.create(code="loket", mapping={})
    run(desk, "juni.csv", named("loket"))
    assert sources() == {"loket": 2}
