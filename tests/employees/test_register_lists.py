"""Registers brought as files: by NIP, refused by row, and the second time nothing changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bukittinggi_kinerja.common.importing import ImportContext, ImportResult, RowState, SourceRow
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.import_kinds import KINDS
from employees.models import REGISTERS, BankAccount, Discipline, Education, JobClass, Leave, Punishment
from employees.rules.registers import Register
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 20, 9, tzinfo=JAKARTA)


class Sheet:
    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        self.lines = rows

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.lines for name in row))

    def rows(self) -> Iterator[SourceRow]:
        return (SourceRow(line, row) for line, row in enumerate(self.lines, 2))


def bring(
    city: City, code: str, rows: Sequence[dict[str, Any]], *, who: str = "bkpsdm", apply: bool = True, good_only: bool = True
) -> ImportResult:
    context = ImportContext(city.viewer(who), city.users[who].pk, NOW.date(), NOW, reason="uji")
    return KINDS[code].run(Sheet(rows), context, apply=apply, good_only=good_only)


def states(result: ImportResult) -> list[str]:
    return [row.state for row in result.rows]


def leave(city: City, who: str = "pegawai", **words: Any) -> dict[str, Any]:
    return {
        "nip": city.people[who].nip,
        "jenis": "Cuti tahunan",
        "mulai": "2026-06-01",
        "sampai": "05-06-2026",
        "nomor_surat": "850/1",
        **words,
    }


def test_a_rehearsal_writes_nothing_and_the_second_import_of_a_file_changes_nothing(city: City) -> None:
    rows = [leave(city), leave(city, "penilai", jenis="SAKIT"), leave(city, mulai="10-06-2026", sampai="2026-06-11")]
    assert states(bring(city, "cuti", rows, apply=False)) == [RowState.NEW] * 3
    assert not Leave.objects.exists()
    assert bring(city, "cuti", rows).applied
    assert Leave.objects.count() == 3
    again = bring(city, "cuti", rows)
    assert (states(again), list(again.writes), Leave.objects.count()) == ([RowState.SAME] * 3, [], 3)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"nip": "199001012012011999"}, "tidak dikenal"),
        ({"mulai": "2026-06-05", "sampai": "2026-06-07"}, "sudah tercatat cuti"),
        ({"jenis": "BESAR"}, "isi lain"),
        ({"mulai": "31-02-2026"}, "Tanggal"),
        ({"mulai": "2026-07-02", "sampai": "2026-07-01"}, "mendahului"),
        ({"mulai": "2026-07-02", "sampai": ""}, "kosong"),
        ({"mulai": "2026-07-02", "sampai": "2026-07-02", "jenis": "LIBUR"}, "tidak dikenal"),
    ],
)
def test_a_bad_row_is_refused_alone_with_its_remedy(city: City, wrong: dict[str, Any], sentence: str) -> None:
    bring(city, "cuti", [leave(city)])
    good = leave(city, mulai="2026-08-03", sampai="2026-08-04")
    result = bring(city, "cuti", [leave(city, **wrong), good])
    assert states(result) == [RowState.BAD, RowState.NEW]
    assert sentence in " ".join(fault.text for row in result.rows for fault in row.faults)
    assert Leave.objects.count() == 2
    assert not bring(city, "cuti", [leave(city, **wrong), leave(city, mulai="2026-09-01", sampai="2026-09-01")], good_only=False).applied


def test_a_pengelola_brings_his_people_only_nobody_his_own_and_no_register_of_others(city: City) -> None:
    rows = [leave(city), leave(city, "luar"), leave(city, "pengelola")]
    assert states(bring(city, "cuti", rows, who="pengelola")) == [RowState.NEW, RowState.BAD, RowState.BAD]
    assert states(bring(city, "cuti", [leave(city, "bkpsdm")])) == [RowState.BAD]
    may = {code: [who for who in ("pengelola", "bkpsdm", "inspektorat", "penilai") if KINDS[code].may(city.viewer(who))] for code in KINDS}
    assert may["cuti"] == may["dinas-luar"] == may["pendidikan"] == ["pengelola", "bkpsdm"]
    assert may["disiplin"] == may["rekening"] == may["pajak"] == may["kelas-jabatan"] == ["bkpsdm"]


def account(city: City, **words: Any) -> dict[str, Any]:
    owner = {"nip": city.people["pegawai"].nip, "bank": "Bank Nagari", "nomor_rekening": "9081726354", "atas_nama": "Si Pemilik"}
    return {**owner, "mulai": "2026-01-01", "sampai": "", **words}


def test_an_open_row_is_ended_by_the_file_that_brings_the_next(city: City) -> None:
    bring(city, "rekening", [account(city)])
    follows = account(city, bank="BRI", nomor_rekening="123456789012345", mulai="2026-07-01")
    assert states(bring(city, "rekening", [follows])) == [RowState.BAD], "the old one must end first"
    assert states(bring(city, "rekening", [account(city, sampai="2026-06-30"), follows])) == [RowState.CHANGED, RowState.NEW]
    assert [row.last_day for row in BankAccount.objects.order_by("id")] == [dt.date(2026, 6, 30), None]


def test_what_an_import_remembers_holds_no_number_no_punishment_and_no_illness(city: City) -> None:
    punished = {"nip": city.people["pegawai"].nip, "hukuman": "POTONG_9", "mulai": "2026-05-01", "sampai": "", "nomor_surat": "862/9"}
    for code, row in (("rekening", account(city)), ("disiplin", punished), ("cuti", leave(city, jenis="SAKIT", catatan="Rawat inap"))):
        result = bring(city, code, [row])
        told = f"{list(result.rows)} {list(result.writes)}"
        assert result.applied
        assert not [word for word in ("9081726354", "Si Pemilik", "POTONG_9", "862/9", "SAKIT", "Rawat inap") if word in told], code


def test_open_registers_come_out_as_they_went_in(city: City) -> None:
    title = "Pengelola Perizinan"
    rows = {
        "pendidikan": [{"nip": city.people["pegawai"].nip, "jenjang": "S-1", "sekolah": "Universitas Andalas", "tahun_lulus": "2012"}],
        "kelas-jabatan": [{"jabatan": title, "kelas": "6", "mulai": "2026-01-01"}],
        "tpp-dasar": [
            {"kelas": "6", "kriteria": "Beban kerja", "unit": unit, "rupiah": "1.464.000", "mulai": "2026-01-01", "nomor_surat": "188/1"}
            for unit in ("", "Dinas Kesehatan / Seksi Pelayanan")
        ],
        "dinas-luar": [{"nip": city.people["luar"].nip, "tujuan": "Padang", "mulai": "2026-06-01", "sampai": "2026-06-02"}],
    }
    context = ImportContext(city.viewer("bkpsdm"), None, NOW.date(), NOW)
    for code, given in rows.items():
        assert states(bring(city, code, given)) == [RowState.NEW] * len(given), code
        assert states(bring(city, code, list(KINDS[code].export(context) or []))) == [RowState.SAME] * len(given), code
    assert (Education.objects.count(), JobClass.objects.get().job_class) == (1, 6)


SECRETS = ("9081726354", "Si Pemilik", "POTONG_9", "862/9", "SAKIT", "Rawat inap", "K/1")


def closed_rows(city: City) -> dict[str, list[dict[str, Any]]]:
    nip = city.people["pegawai"].nip
    return {
        "cuti": [
            leave(city),
            leave(city, jenis="SAKIT", catatan="Rawat inap", nomor_surat="862/9", mulai="2026-07-01", sampai="2026-07-02"),
        ],
        "disiplin": [{"nip": nip, "hukuman": "POTONG_9", "mulai": "2026-05-01", "sampai": "", "nomor_surat": "862/9"}],
        "rekening": [account(city)],
        "pajak": [{"nip": nip, "status": "K/1", "mulai": "2026-01-01", "sampai": ""}],
    }


def out(city: City, code: str, who: str = "bkpsdm") -> list[dict[str, Any]]:
    return [dict(row) for row in KINDS[code].export(ImportContext(city.viewer(who), None, NOW.date(), NOW)) or []]


@pytest.mark.parametrize("code", ["cuti", "disiplin", "rekening", "pajak"])
def test_a_closed_register_leaves_without_its_details_and_comes_back_as_all_the_same(city: City, code: str) -> None:
    given = closed_rows(city)[code]
    assert states(bring(city, code, given)) == [RowState.NEW] * len(given)
    rows = out(city, code)
    assert not [word for word in SECRETS if word in f"{rows}"]
    assert "(tertutup)" in f"{rows}"
    back = bring(city, code, rows)
    assert states(back) == [RowState.SAME] * len(given)
    assert not [word for word in SECRETS if word in f"{list(back.rows)} {list(back.writes)}"]


def test_annual_leave_is_no_secret_in_a_file(city: City) -> None:
    bring(city, "cuti", closed_rows(city)["cuti"])
    assert [row["jenis"] for row in out(city, "cuti", "pengelola")] == ["TAHUNAN", "(tertutup)"]


def test_an_open_row_is_ended_by_an_exported_line_though_its_detail_is_closed(city: City) -> None:
    bring(city, "rekening", [account(city)])
    (row,) = out(city, "rekening")
    assert states(bring(city, "rekening", [row | {"sampai": "2026-06-30"}])) == [RowState.CHANGED]
    ended = BankAccount.objects.get()
    assert (ended.last_day, ended.number) == (dt.date(2026, 6, 30), "9081726354")


@pytest.mark.parametrize("code", ["cuti", "disiplin", "rekening", "pajak"])
def test_a_mark_of_a_closed_detail_makes_no_new_row(city: City, code: str) -> None:
    bring(city, code, closed_rows(city)[code])
    row = next(one for one in out(city, code) if "(tertutup)" in one.values())
    (refused,) = bring(city, code, [row | {"mulai": "2026-11-01", "sampai": "2026-11-02"}]).rows
    assert refused.state == RowState.BAD
    assert any("tertutup" in remark.text for remark in refused.faults)


def test_a_pengelola_takes_out_his_people_only(city: City) -> None:
    bring(city, "cuti", [leave(city), leave(city, "luar")])
    assert [row["nip"] for row in out(city, "cuti", "pengelola")] == [city.people["pegawai"].nip]


HIDDEN = {
    "disiplin": ({"hukuman": [kind.value for kind in Punishment]}, "862/9"),
    "rekening": ({"nomor_rekening": ["9081726354", "1111111111"], "atas_nama": ["Si Pemilik", "Lain"]}, "850/1"),
    "pajak": ({"status": ["TK/0", "K/1", "K/3"]}, "900/1"),
    "cuti": ({"jenis": ["SAKIT", "MELAHIRKAN", "TAHUNAN"]}, "850/1"),
}


def closed_row(city: City, code: str, **words: Any) -> dict[str, Any]:
    facts = {
        "disiplin": {"hukuman": "POTONG_9"},
        "rekening": {"bank": "Bank Nagari", "nomor_rekening": "9081726354", "atas_nama": "Si Pemilik"},
        "pajak": {"status": "K/1"},
        "cuti": {"jenis": "SAKIT", "sampai": "2026-05-06"},
    }[code]
    first = {"nip": city.people["pegawai"].nip, "mulai": "2026-05-01", "sampai": "", "nomor_surat": HIDDEN[code][1], "catatan": "Rahasia"}
    return first | facts | words


def answers(result: ImportResult) -> list[Any]:
    """All that a rehearsal tells, and that its page, its counts and its error file are made of."""
    return [(one.line, one.state, one.label, one.changes, one.faults, one.warnings) for one in result.rows]


@pytest.mark.parametrize("code", HIDDEN)
def test_a_rehearsal_answers_the_same_whatever_a_closed_row_says(city: City, code: str) -> None:
    bring(city, code, [closed_row(city, code)])
    guesses = [{name: guess} for name, all_of_them in HIDDEN[code][0].items() for guess in all_of_them]
    guesses += [{"nomor_surat": text} for text in (HIDDEN[code][1], "1/1")] + [{"catatan": text} for text in ("Rahasia", "Lain")]
    told = [answers(bring(city, code, [closed_row(city, code, **guess)], apply=False)) for guess in guesses]
    assert all(one == told[0] for one in told)
    assert told[0][0][1] == RowState.SAME
    assert "tertutup" in told[0][0][5][0].text


@pytest.mark.parametrize("until", ["", "2026-06-30"])
def test_no_punishment_is_found_out_by_trying_each_on_days_that_have_one(city: City, until: str) -> None:
    bring(city, "disiplin", [closed_row(city, "disiplin", sampai=until)])
    tried = [closed_row(city, "disiplin", hukuman=kind.value, mulai="2026-05-02", sampai="2026-05-03") for kind in Punishment]
    told = [answers(bring(city, "disiplin", [one], apply=False)) for one in tried]
    assert all(one == told[0] for one in told)
    assert told[0][0][1] == RowState.BAD
    later = closed_row(city, "disiplin", hukuman="TEGURAN_LISAN", mulai="2026-07-01", sampai="2026-08-01")
    ended = closed_row(city, "disiplin", sampai="2026-06-30")
    assert states(bring(city, "disiplin", [ended, later])) == [RowState.SAME if until else RowState.CHANGED, RowState.NEW]
    assert Discipline.objects.order_by("id").values_list("kind", flat=True)[0] == "POTONG_9"


def test_an_import_that_ends_a_closed_row_leaves_its_details_as_they_were(city: City) -> None:
    bring(city, "rekening", [closed_row(city, "rekening")])
    wrong = closed_row(city, "rekening", nomor_rekening="1111111111", atas_nama="Lain", catatan="Lain", sampai="2026-06-30")
    assert states(bring(city, "rekening", [wrong])) == [RowState.CHANGED]
    kept = BankAccount.objects.get()
    assert (kept.number, kept.holder, kept.note, kept.last_day) == ("9081726354", "Si Pemilik", "Rahasia", dt.date(2026, 6, 30))


@pytest.mark.parametrize(
    ("code", "until"), [("cuti", "2026-05-04"), ("cuti", "2026-05-09"), ("pajak", "2026-07-01"), ("dinas-luar", "2026-05-09")]
)
def test_the_last_day_of_a_row_that_has_one_is_never_moved_by_a_file(city: City, code: str, until: str) -> None:
    words = {"tujuan": "Padang"} if code == "dinas-luar" else {}
    first = closed_row(city, code if code != "dinas-luar" else "cuti", sampai="2026-05-06", **words)
    first.pop("jenis", None) if code == "dinas-luar" else None
    bring(city, code, [first])
    result = bring(city, code, [{**first, "sampai": until}])
    assert states(result) == [RowState.BAD]
    assert next(iter(result.rows)).faults[0].column == "sampai"
    assert REGISTERS[Register(code)].objects.get().last_day == dt.date(2026, 5, 6)


def test_a_row_of_somebody_out_of_reach_tells_nothing_of_what_is_recorded_about_him(city: City) -> None:
    bring(city, "cuti", [leave(city, "luar", jenis="SAKIT")])

    def told(**guess: str) -> list[Any]:
        return answers(bring(city, "cuti", [leave(city, "luar", **guess)], who="pengelola", apply=False))

    assert told(jenis="SAKIT") == told(jenis="BESAR")
    recorded = told(jenis="(tertutup)")
    Leave.objects.all().delete()
    assert told(jenis="(tertutup)") == recorded, "nor does the mark of a closed detail"
