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
        MapFault.SEVERAL_SOURCES: _("Peta ini cocok untuk beberapa sumber: %(sources)s. Tulis salah satunya di peta, pada [source] code."),
        MapFault.READS_OTHERWISE: _(
            "Berkas sumber %(source)s sudah dibaca dengan peta lain, dan peta ini membacanya berbeda pada: %(parts)s. "
            "Pakai peta semula; untuk sistem lain, tulis kode lain di peta, pada [source] code. "
            "Bila peta semula yang salah, baca ulang sumber itu: manage.py reread_service_events."
        ),
        MapFault.TAKEN_ELSEWHERE: _(
            "Baris log ini sudah diambil sebagai sumber %(sources)s, dan peta ini membacanya berbeda. "
            "Pakai peta semula; untuk sistem lain, tulis kodenya di peta, pada [source] code. "
            "Bila peta semula yang salah, baca ulang sumber itu: manage.py reread_service_events."
        ),
        MapFault.OTHER_SYSTEM: _(
            "Peta tidak menyebut sumbernya, dan nomor peristiwa %(rows)s baris sudah dipakai berkas lain pada sumber %(source)s. "
            "Untuk sistem lain, tulis kode lain di peta, pada [source] code; untuk sumber itu juga, tulis %(source)s."
        ),
    }


def _row_sentences() -> dict[RowFault, str]:
    return {
        RowFault.EMPTY: _("Kolom %(column)s kosong. Isi lalu impor lagi."),
        RowFault.NO_MOMENT: _("Kolom %(column)s berisi %(text)s, bukan waktu yang dapat dibaca."),
        RowFault.NO_OFFSET: _("Kolom %(column)s berisi %(text)s tanpa selisih waktu. Tulis seperti 2026-10-12T10:15:00+07:00."),
        RowFault.FUTURE: _("Kolom %(column)s berisi %(text)s, waktu yang belum tiba. Perbaiki di sumbernya."),
        RowFault.TOO_LONG: _("Kolom %(column)s lebih dari %(most)s huruf."),
        RowFault.BAD_SIGN: _("Baris ini memuat tanda yang tidak dapat disimpan."),
        RowFault.UNKNOWN_FIELD: _("Isian %(column)s tidak dikenal. Hapus dari peristiwa ini."),
        RowFault.NOT_TEXT: _("Isian %(column)s harus berupa teks."),
        RowFault.NOT_OBJECT: _("Peristiwa ini bukan objek JSON dengan isian bernama."),
        RowFault.CELLS: _("Jumlah sel baris ini lebih banyak daripada judul kolom."),
        RowFault.ENDS_FIRST: _("Berkas selesai (%(ended)s) sebelum diterima (%(accepted)s). Perbaiki tanggalnya di sumber."),
        RowFault.TWO_VALUES: _("Kolom %(column)s satu berkas berisi %(one)s dan %(other)s. Samakan di sumbernya."),
        RowFault.OTHER_VALUE: _(
            "Kolom %(column)s berisi %(other)s, padahal berkas ini tersimpan dengan %(one)s. "
            "Kirim lagi langkah lamanya dengan isi baru, lalu putuskan pertentangannya."
        ),
        RowFault.OTHER_ROW: _("Baris %(line)s dari berkas yang sama ditolak, jadi seluruh berkas belum diambil."),
        RowFault.CONFLICT: _("Peristiwa ini sudah ada dengan isi lain. Putuskan isi mana yang dipakai."),
    }
