"""Registers brought as files: by NIP, refused by row, and the second time nothing changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bukittinggi_kinerja.common.importing import ImportContext, ImportResult, RowState, SourceRow
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.import_kinds import KINDS
from employees.models import BankAccount, Education, JobClass, Leave
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
