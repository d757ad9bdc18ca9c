"""Sentences people of the demo city write: notes to progress, examples behind marks, feedback, reasons."""

from __future__ import annotations

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

NOTES = (
    "Rekap {month} sudah diperiksa bersama atasan.",
    "Angka {month} dari buku register unit.",
    "Data {month} menurut aplikasi unit, dicetak pada akhir bulan.",
    "Dihitung dari daftar pekerjaan {month}.",
    "Selisih dengan bulan lalu karena ada libur bersama.",
    "Sebagian pekerjaan dilanjutkan bulan berikut.",
    "Rekap {month}, sudah diparaf koordinator.",
    "Termasuk pekerjaan dari rekan yang cuti.",
    "Sesuai daftar hadir dan berita acara {month}.",
    "Capaian {month} menurut laporan mingguan.",
)
STATEMENT_NOTES = (
    "Dialog kinerja dengan seluruh anggota tim terlaksana pada {month}.",
    "Kegiatan {month} terlaksana sesuai jadwal dan laporannya sudah disampaikan.",
    "Tugas {month} selesai; dokumentasi ada pada tautan.",
)
EVIDENCE_TITLES = ("Rekap {month}", "Daftar pekerjaan {month}", "Berita acara {month}", "Laporan bulanan {month}", "Foto kegiatan {month}")

RESULT_ABOVE = (
    "Menyelesaikan pekerjaan di atas target dan membantu dua rekan mengejar ketertinggalan.",
    "Target bulan ini terlampaui tanpa satu pun berkas yang dikembalikan.",
    "Menyusun cara rekap baru yang memangkas waktu kerja tim setengah hari tiap pekan.",
    "Mengambil alih pekerjaan rekan yang cuti, dan seluruhnya selesai sebelum batas waktu.",
    "Hasil kerjanya dipakai sebagai contoh oleh unit lain.",
)
RESULT_BELOW = (
    "Separuh pekerjaan bulan ini belum selesai meskipun sudah dua kali diingatkan.",
    "Laporan harus dikerjakan ulang karena angkanya tidak cocok dengan register.",
    "Target utama tidak tercapai dan tidak ada penjelasan sampai akhir bulan.",
    "Tiga pekerjaan diserahkan kepada rekan pada hari terakhir.",
)
BEHAVIOUR_ABOVE = (
    "Menjadi tempat bertanya rekan dan tetap ramah saat antrean panjang.",
    "Menyelesaikan keluhan warga sampai tuntas dan menjelaskan sebabnya kepada tim.",
    "Menggerakkan rekan untuk menata arsip di luar tugas pokoknya.",
    "Menenangkan pertemuan yang memanas dan membawa semua pihak kepada kesepakatan.",
)
BEHAVIOUR_BELOW = (
    "Dua kali meninggalkan loket pada jam layanan tanpa memberi tahu rekan.",
    "Menjawab warga dengan kasar di depan pemohon lain dan menolak meminta maaf.",
    "Menahan berkas unit lain tanpa alasan sehingga layanan tertunda tiga hari.",
)

#: (above, below) for each of the seven values.
VALUES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "BP": (
        (
            "Menghubungi pemohon lebih dulu saat ada syarat yang kurang, sehingga ia tidak bolak-balik.",
            "Mendatangi warga lanjut usia yang tidak dapat datang ke kantor.",
            "Menyusun lembar petunjuk yang membuat pertanyaan di loket berkurang.",
        ),
        (
            "Pemohon harus datang tiga kali untuk syarat yang dapat dijelaskan sekaligus.",
            "Warga menunggu lama karena petugas tidak di tempat.",
        ),
    ),
    "AK": (
        (
            "Menemukan selisih pada laporan dan memperbaikinya sebelum diminta.",
            "Mencatat penggunaan kendaraan dinas dengan rapi dan melaporkan kerusakan kecil.",
        ),
        ("Dua laporan terlambat bulan ini.", "Angka dalam laporan harus dikoreksi atasan."),
    ),
    "KO": (
        (
            "Melatih dua rekan memakai aplikasi baru sampai mereka dapat bekerja sendiri.",
            "Mengikuti pelatihan daring dan langsung menerapkannya pada pekerjaan.",
        ),
        ("Kesalahan yang sama terulang setelah dijelaskan.", "Pekerjaan dikembalikan tiga kali karena syaratnya tidak diperiksa."),
    ),
    "HA": (
        (
            "Membantu pegawai baru menyesuaikan diri dan mendampinginya pada pekan pertama.",
            "Meredakan salah paham antara dua rekan sehingga pekerjaan lancar kembali.",
        ),
        ("Merendahkan rekan di depan orang lain.", "Memicu pertengkaran yang mengganggu pekerjaan satu ruangan."),
    ),
    "LO": (
        (
            "Menolak permintaan mendahulukan berkas kenalan dan melaporkannya.",
            "Menjelaskan keputusan pimpinan kepada warga dengan tenang meskipun didesak.",
        ),
        ("Membicarakan isi rapat tertutup di grup percakapan.", "Menjelekkan kebijakan kantor di depan pemohon."),
    ),
    "AD": (
        ("Mencoba cara rekap baru yang memangkas waktu kerja setengah hari.", "Cepat menguasai prosedur baru dan menuliskan petunjuknya."),
        ("Menolak memakai prosedur baru yang sudah ditetapkan.", "Tetap memakai formulir lama sehingga data harus diketik ulang."),
    ),
    "KL": (
        (
            "Mengajak puskesmas dan kelurahan menyusun jadwal bersama.",
            "Membagi data kepada bidang lain sebelum diminta sehingga laporan selesai lebih awal.",
        ),
        ("Menahan data yang diminta bidang lain sampai lewat batas waktu.", "Tidak hadir pada tiga rapat kerja bersama tanpa kabar."),
    ),
}

PRAISE = (
    "Terima kasih, pekerjaan pekan ini selesai lebih cepat daripada rencana.",
    "Cara Anda menjelaskan syarat kepada warga membuat antrean tetap tenang.",
    "Laporan Anda rapi dan mudah diperiksa.",
    "Bantuan Anda kepada rekan baru sangat berarti bagi tim.",
    "Usul Anda tentang urutan kerja sudah dipakai dan hasilnya baik.",
)
CRITIQUE = (
    "Laporan pekan ini masih terlambat; sampaikan kendalanya sebelum batas waktu.",
    "Beberapa berkas kembali karena syarat belum diperiksa; pakai daftar periksa.",
    "Beri tahu rekan bila meninggalkan ruang layanan.",
    "Catatan pekerjaan belum lengkap; isi pada hari yang sama.",
)
PEER_PRAISE = ("Terima kasih sudah menggantikan saya di loket.", "Data yang Anda kirim sangat membantu laporan kami.")
REPLIES = ("Terima kasih, akan saya lanjutkan.", "Baik, akan saya perbaiki mulai pekan ini.", "Terima kasih atas masukannya.")

DEPART_RESULT = (
    "Sebagian pekerjaan bulan ini di luar indikator dan dikerjakan dengan baik.",
    "Angka terpengaruh hari libur; mutu pekerjaan tetap sesuai ekspektasi.",
    "Capaian angka baik, tetapi beberapa pekerjaan harus diperbaiki setelah diserahkan.",
    "Kendala data di luar kuasanya sudah dijelaskan dan diterima.",
)
DEPART_BEHAVIOUR = (
    "Satu kejadian berat lebih menentukan daripada nilai rata-rata.",
    "Perubahan sikap pada pekan terakhir patut dihargai.",
    "Kejadian yang dicatat belum cukup untuk menilai di atas ekspektasi.",
)
ASSESSOR_NOTES = (
    "Pertahankan mutu pekerjaan dan mulai dampingi rekan baru.",
    "Perhatikan ketepatan waktu laporan pada bulan berikut.",
    "Pekerjaan sudah sesuai; lanjutkan penataan arsip.",
    "Bicarakan pembagian kerja pada dialog kinerja berikutnya.",
)
