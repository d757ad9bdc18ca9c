"""What is wrong with a map or a row, as a sentence that a clerk understands and can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from appraisal.incentives.rules.mapping import BadMap, MapFault
from appraisal.incentives.rules.reading import Fault, RowFault


def map_sentence(problem: BadMap) -> str:
    return _map_sentences()[problem.fault] % problem.values


def row_sentence(fault: Fault) -> str:
    return _row_sentences()[fault.code] % {"column": fault.column, **fault.values}


def _map_sentences() -> dict[MapFault, str]:
    return {
        MapFault.NOT_TOML: _("Peta bukan TOML yang benar: %(detail)s."),
        MapFault.UNKNOWN_KEY: _("Kunci %(key)s pada peta tidak dikenal. Periksa ejaannya."),
        MapFault.NOT_TEXT: _("Nilai %(key)s pada peta harus berupa teks."),
        MapFault.NOT_LIST: _("Nilai %(key)s pada peta harus berupa daftar teks."),
        MapFault.COLUMN_MISSING: _("Peta belum menyebut kolom %(key)s pada bagian [columns]."),
        MapFault.COLUMN_ABSENT: _("Kolom berikut disebut peta, tetapi tidak ada dalam berkas: %(columns)s."),
        MapFault.SEPARATOR: _("Pemisah kolom pada peta harus satu tanda, misalnya koma."),
        MapFault.ENCODING: _("Pengodean %(text)s pada peta tidak dikenal."),
        MapFault.TIMEZONE: _("Zona waktu %(text)s pada peta tidak dikenal. Contoh: Asia/Jakarta."),
        MapFault.CALENDAR: _("Kalender %(text)s pada peta tidak dikenal. Isi ID."),
        MapFault.CREDIT: _("Isi credit pada peta dengan responsible atau step, bukan %(text)s."),
        MapFault.TWO_MEANINGS: _("Kegiatan %(activity)s pada peta tidak dapat sekaligus %(one)s dan %(other)s."),
        MapFault.SOURCE: _("Kode sumber pada peta harus berupa huruf atau angka, paling banyak %(most)s."),
    }


def _row_sentences() -> dict[RowFault, str]:
    return {
        RowFault.EMPTY: _("Kolom %(column)s kosong. Isi lalu impor lagi."),
        RowFault.NO_MOMENT: _("Kolom %(column)s berisi %(text)s, bukan waktu yang dapat dibaca."),
        RowFault.TOO_LONG: _("Kolom %(column)s lebih dari %(most)s huruf."),
        RowFault.BAD_SIGN: _("Baris ini memuat tanda yang tidak dapat disimpan."),
        RowFault.CELLS: _("Jumlah sel baris ini lebih banyak daripada judul kolom."),
        RowFault.ENDS_FIRST: _("Berkas selesai (%(ended)s) sebelum diterima (%(accepted)s). Perbaiki tanggalnya di sumber."),
        RowFault.OTHER_ROW: _("Baris %(line)s dari berkas yang sama ditolak, jadi seluruh berkas belum diambil."),
        RowFault.CONFLICT: _("Peristiwa ini sudah ada dengan isi lain. Putuskan isi mana yang dipakai."),
    }
