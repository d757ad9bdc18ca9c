"""MAP.toml: what it may say, and the sentence for everything else."""

import pytest

from appraisal.incentives.rules.mapping import BadMap, ClockWords, LogMapping, MapFault, parse_map
from appraisal.incentives.services.phrases import map_sentence

COLUMNS = '[columns]\ncase_id = "id"\nactivity = "langkah"\ntimestamp = "waktu"\n'


def parse(text: str = "") -> LogMapping:
    return parse_map(COLUMNS + text)


def test_three_columns_are_enough_and_the_rest_has_its_default() -> None:
    found = parse()
    assert found.columns == {"case_id": "id", "activity": "langkah", "timestamp": "waktu"}
    assert (found.format.timezone, found.format.missing, found.credit) == ("Asia/Jakarta", {""}, "responsible")
    assert found.words.refuse == {"DITOLAK"}
    assert found.words.finish == frozenset()


def test_a_map_names_its_source_or_none() -> None:
    assert parse().source == ""
    assert parse('[source]\ncode = "SIMBG"\n').source == "simbg"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('# catatan\n[source]\ncode = "lain"\n', True),
        ('[format]\nseparator = ";"\nencoding = "cp1252"\n', True),
        ('[format]\ntimezone = "Asia/Jakarta"\nmissing = [""]\n[clock]\ncalendar = "ID"\ncredit = "responsible"\nstop = []\n', True),
        ('[format]\ntimezone = "UTC"\n', False),
        ('[format]\nmissing = ["NA"]\n', False),
        ('[clock]\nfinish = ["TERBIT"]\n', False),
        ('[clock]\ncredit = "step"\n', False),
        ('[service_types]\n"Bouw" = "PBG"\n', False),
    ],
)
def test_a_map_without_a_name_is_known_by_how_it_reads(text: str, same: bool) -> None:
    assert (parse(text).own_source == parse().own_source) is same


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[columns", MapFault.NOT_TOML),
        ('[kolom]\na = "b"\n', MapFault.UNKNOWN_KEY),
        ('columns = "id"\n', MapFault.UNKNOWN_KEY),
        ('[columns]\ncase_id = "id"\nactivity = "langkah"\n', MapFault.COLUMN_MISSING),
        ('[columns]\ncase_id = 1\nactivity = "langkah"\ntimestamp = "w"\n', MapFault.NOT_TEXT),
        (COLUMNS + 'petugas = "x"\n', MapFault.UNKNOWN_KEY),
        (COLUMNS + '[format]\nseperator = ";"\n', MapFault.UNKNOWN_KEY),
        (COLUMNS + '[format]\nseparator = ";;"\n', MapFault.SEPARATOR),
        (COLUMNS + '[format]\nseparator = 1\n', MapFault.NOT_TEXT),
        (COLUMNS + '[format]\nencoding = "utf-9"\n', MapFault.ENCODING),
        (COLUMNS + '[format]\nencoding = "rot13"\n', MapFault.ENCODING),
        (COLUMNS + '[format]\ntimezone = "Asia/Bukittinggi"\n', MapFault.TIMEZONE),
        (COLUMNS + '[format]\ntimezone = "../../etc/passwd"\n', MapFault.TIMEZONE),
        (COLUMNS + '[format]\nmissing = ""\n', MapFault.NOT_LIST),
        (COLUMNS + '[clock]\nfinish = "TERBIT"\n', MapFault.NOT_LIST),
        (COLUMNS + '[clock]\nfinish = [1]\n', MapFault.NOT_LIST),
        (COLUMNS + '[clock]\ncalendar = "NL"\n', MapFault.CALENDAR),
        (COLUMNS + '[clock]\ncredit = "semua"\n', MapFault.CREDIT),
        (COLUMNS + '[clock]\nstop = ["A"]\nfinish = ["A"]\n', MapFault.TWO_MEANINGS),
        (COLUMNS + '[clock]\nfinish = ["DITOLAK"]\n', MapFault.TWO_MEANINGS),
        (COLUMNS + '[source]\ncode = "---"\n', MapFault.SOURCE),
    ],
)  # fmt: skip
def test_a_map_that_cannot_be_used_is_told_in_one_sentence(text: str, fault: MapFault) -> None:
    with pytest.raises(BadMap) as refused:
        parse_map(text)
    assert refused.value.fault is fault
    sentence = map_sentence(refused.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_a_resubmission_may_be_the_same_step_as_the_acceptance() -> None:
    assert parse('[clock]\naccept = ["MASUK"]\nresume = ["MASUK"]\n').words.resume == {"MASUK"}


def test_what_is_stored_tells_two_maps_apart_and_reads_back_the_same_clock() -> None:
    one = parse('[clock]\nfinish = ["TERBIT", "CETAK"]\nstop = ["JEDA"]\n')
    same = parse('[clock]\nstop = ["JEDA"]\nfinish = ["CETAK", "TERBIT"]\n')
    other = parse('[clock]\nfinish = ["TERBIT"]\nstop = ["JEDA"]\n')
    assert one.as_stored() == same.as_stored()
    assert one.as_stored()["sha256"] != other.as_stored()["sha256"]
    assert ClockWords.of_lists(one.as_stored()["clock"]) == one.words


def test_columns_that_the_log_has_not_are_named() -> None:
    assert parse().absent_columns(["id", "waktu", "petugas"]) == ["langkah"]


def test_blanks_around_a_title_do_not_matter() -> None:
    found = parse_map('[columns]\ncase_id = " nomor  berkas "\nactivity = "a"\ntimestamp = "t"\n')
    assert found.absent_columns(["nomor berkas", "a", "t"]) == []
