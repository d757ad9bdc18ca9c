"""Faults and warnings of an import as sentences a clerk can act on."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from employees.rules.importing import COLUMNS, Fault

WHOLE_ROW = "(semua)"

_SENTENCES = {
    "empty": _("Kolom %(column)s kosong. Isi kolom itu."),
    "too_long": _("Isian %(column)s terlalu panjang. Tulis paling banyak %(most)s huruf."),
    "unknown_choice": _("Isian %(column)s “%(text)s” tidak dikenal. Pilih salah satu: %(choices)s."),
    "no_such_day": _("Tanggal %(text)s tidak ada. Tulis tanggal yang benar, misalnya 31-12-2026."),
    "too_long_ago": _("Tanggal %(text)s terlalu lama berlalu. Periksa tahunnya; paling awal 01-01-1900."),
    "too_far_ahead": _("Tanggal %(text)s terlalu jauh di depan. Periksa tahunnya; paling akhir 31-12-2099."),
    "no_date": _("“%(text)s” bukan tanggal. Tulis seperti 2026-12-31 atau 31-12-2026."),
    "too_early": _("Tanggal %(text)s terlalu awal untuk pegawai ini. Periksa tahunnya."),
    "lost_digits": _("Angka %(column)s terpotong oleh lembar kerja. Ubah kolom menjadi teks, lalu isi ulang."),
    "nip_length": _("Isian %(column)s harus 18 angka. Periksa angka yang kurang atau lebih."),
    "nip_birth": _("Tanggal lahir dalam NIP tidak ada. Periksa delapan angka pertama."),
    "nip_month": _("Bulan pengangkatan dalam NIP bukan 01 sampai 12. Periksa angka ke-13 dan ke-14."),
    "nip_too_young": _("Menurut NIP, pegawai diangkat sebelum berumur 18 tahun. Periksa NIP itu."),
    "nip_future": _("Menurut NIP, pengangkatan belum terjadi. Periksa angka ke-9 sampai ke-14."),
    "nip_sex": _("Angka ke-15 NIP harus 1 atau 2. Periksa NIP itu."),
    "nip_serial": _("Nomor urut NIP tidak boleh 000. Periksa tiga angka terakhir."),
    "repeated": _("NIP ini sudah ada pada baris %(first)s. Hapus salah satu baris."),
    "own_supervisor": _("Pegawai tidak dapat menjadi atasan dirinya sendiri. Isi NIP atasan yang lain."),
    "supervisor_unknown": _("NIP atasan %(nip)s tidak dikenal. Perbaiki NIP itu, atau tambahkan baris atasannya."),
    "supervisor_refused": _("Atasan pada baris %(line)s ditolak dan belum tercatat. Perbaiki baris itu dahulu."),
    "posted_later": _(
        "Penempatan mulai %(recorded)s sudah tercatat, dan TMT baris ini lebih awal. Isi TMT sejak tanggal itu, atau betulkan penempatan itu di administrasi."
    ),
    "supervisor_loop_later": _("Rantai atasan berputar mulai %(day)s: %(chain)s. Perbaiki NIP atasan atau TMT salah satunya."),
    "supervisor_loop": _("Rantai atasan berputar: %(chain)s. Perbaiki NIP atasan salah satunya."),
    "unit_unknown": _("Unit “%(text)s” tidak dikenal. Tulis kode atau jalur nama unit."),
    "unit_nearly": _("Unit “%(text)s” tidak dikenal. Mungkin maksudnya “%(near)s”."),
    "unit_ambiguous": _("Ada beberapa unit bernama “%(text)s”: %(candidates)s. Tulis kode atau jalur nama lengkap."),
    "unit_closed": _("Unit “%(text)s” tidak berlaku pada %(day)s. Tulis unit yang berlaku pada tanggal itu."),
    "unit_succeeded": _("Unit “%(text)s” tidak berlaku pada %(day)s. Pakai penerusnya: %(heirs)s."),
    "grade_unknown": _("Golongan “%(text)s” tidak ada untuk %(kind)s. Pilih %(choices)s."),
    "grade_nowhere": _("Golongan “%(text)s” tidak ada. Pilih %(civil)s, atau untuk PPPK %(contract)s."),
    "no_email": _("Alamat surel “%(text)s” tidak lengkap. Tulis seperti nama@contoh.go.id."),
    "too_many_cells": _("Isian baris ini lebih banyak daripada judul kolom. Beri tanda kutip pada isian yang memuat pemisah."),
    # Warnings: said, never refused.
    "birth_differs": _("Tanggal lahir %(there)s berbeda dari NIP (%(nip)s)."),
    "sex_differs": _("Jenis kelamin %(there)s berbeda dari NIP (%(nip)s)."),
    "since_differs": _("TMT jabatan %(there)s berbeda dari penempatan tercatat (%(recorded)s). Penempatan tidak diubah."),
    "since_before_service": _("TMT jabatan %(there)s mendahului pengangkatan menurut NIP (%(nip)s)."),
    "since_before_unit": _("TMT jabatan %(there)s mendahului berlakunya unit %(unit)s (%(begins)s)."),
    "since_far_ahead": _("TMT jabatan %(there)s lebih dari setahun lagi. Periksa tahunnya."),
    "supervisor_none": _("NIP atasan kosong, jadi belum ada yang menilai pegawai ini. Isi NIP atasannya."),
    "supervisor_kept": _("NIP atasan kosong. Atasan yang tercatat tetap."),
    "supervisor_away": _("Atasan %(nip)s berstatus %(status)s, jadi tidak menilai lagi. Isi atasan yang bertugas."),
    "leaves_people": _(
        "Ia pindah unit, sedangkan %(count)s pegawai di luar berkas ini tetap dinilainya. Tetapkan atasan mereka yang baru."
    ),
    "unit_has_head": _("Unit ini sudah dipimpin pegawai lain. Penempatan dicatat tanpa memimpin unit."),
    "account_taken": _("Nama akun untuk NIP ini sudah dipakai. Akun tidak dibuat."),
}


def sentence(fault: Fault) -> str:
    return str(_SENTENCES[fault.code]) % {"column": fault.column, **fault.values}


def columns_of(faults: Iterable[Fault]) -> str:
    """All columns at fault, each once, in the order of the file."""
    return ", ".join(dict.fromkeys(fault.column for fault in in_order(faults)))


def sentences(faults: Iterable[Fault]) -> str:
    """What is wrong, in the same order as the columns."""
    return " ".join(dict.fromkeys(sentence(fault) for fault in in_order(faults)))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """As the columns stand in the file; what is wrong with the whole row comes first."""
    order = {column: place for place, column in enumerate(COLUMNS)}
    return sorted(faults, key=lambda fault: order.get(fault.column, -1))
