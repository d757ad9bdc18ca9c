"""The offices of the city as best known: names change with each Perda, so HR keeps them, not this list.

Weights are people in a city of 3,000; ``family`` names the posts found in an office (``jobs``).
Districts and sub-districts are those of the Kemendagri code 13.75.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Division:
    """A level between the head of the office and the sections; without a name the sections stand under the head."""

    name: str
    sections: tuple[str, ...]
    family: str = ""
    #: People wanted in each section when the city has 3,000; 0 = its share of what is left of the office.
    size: int = 0


@dataclass(frozen=True)
class Agency:
    code: str
    name: str
    head: str
    weight: int
    family: str
    divisions: tuple[Division, ...]
    #: Who appraises the head: key of a post made before.
    under: str = "SETDA"
    rank: str = "JPT_PRATAMA"


def office(*extra: str) -> Division:
    """The secretariat that every office has."""
    return Division("Sekretariat", ("Subbagian Umum dan Kepegawaian", "Subbagian Keuangan", *extra), "kantor")


def field(name: str, *sections: str, family: str = "", size: int = 0) -> Division:
    return Division(name, sections, family, size)


CITY = ("BKT", "Pemerintah Kota Bukittinggi")

DISTRICTS = {
    "Guguk Panjang": (
        "Aur Tajungkang Tengah Sawah", "Benteng Pasar Atas", "Bukit Apit Puhun", "Bukit Cangang Kayu Ramang", "Kayu Kubu", "Pakan Kurai",
        "Tarok Dipo",
    ),
    "Mandiangin Koto Selayan": (
        "Campago Guguak Bulek", "Campago Ipuh", "Garegeh", "Koto Selayan", "Kubu Gulai Bancah", "Manggis Ganting", "Puhun Pintu Kabun",
        "Puhun Tembok", "Pulai Anak Air",
    ),
    "Aur Birugo Tigo Baleh": (
        "Aur Kuning", "Belakang Balok", "Birugo", "Kubu Tanjung", "Ladang Cakiah", "Pakan Labuah", "Parik Antang", "Sapiran",
    ),
}  # fmt: skip

HEALTH_CENTRES = ("Guguk Panjang", "Tigo Baleh", "Rasimah Ahmad", "Mandiangin", "Gulai Bancah", "Nilam Sari", "Plus Mandiangin")


def health_centre(name: str) -> Division:
    clusters = ("Subbagian Tata Usaha", "Klaster Ibu dan Anak", "Klaster Dewasa dan Lansia", "Klaster Penanggulangan Penyakit Menular")
    return Division(f"UPTD Puskesmas {name}", clusters, "nakes", 8)


def schools(district: str, first: int, count: int) -> Division:
    names = tuple(f"SD Negeri {number:02} {district}" for number in range(first, first + count))
    return Division(f"Koordinator Wilayah Pendidikan {district}", names, "guru", 13)


PERMIT_SECTION = "Seksi Pelayanan Perizinan Berusaha"

#: Offices without which the nine logins would have no place; the first to be made.
FIRST_AGENCIES = (
    Agency("SETDA", "Sekretariat Daerah", "Sekretaris Daerah", 150, "kantor", (
        field("Asisten Pemerintahan dan Kesejahteraan Rakyat", "Bagian Pemerintahan", "Bagian Kesejahteraan Rakyat", "Bagian Hukum"),
        field("Asisten Perekonomian dan Pembangunan", "Bagian Perekonomian", "Bagian Administrasi Pembangunan", "Bagian Pengadaan Barang dan Jasa"),
        field("Asisten Administrasi Umum", "Bagian Umum", "Bagian Organisasi", "Bagian Protokol dan Komunikasi Pimpinan"),
    ), under="CITY"),
    Agency("DPMPTSP", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Kepala Dinas Penanaman Modal dan PTSP", 54, "izin", (
        field("Bidang Pelayanan Perizinan", PERMIT_SECTION, "Seksi Pelayanan Perizinan Nonberusaha"),
        office(),
        field("Bidang Penanaman Modal", "Seksi Promosi dan Kerja Sama", "Seksi Pengendalian Penanaman Modal"),
        field("Bidang Pengaduan dan Informasi Layanan", "Seksi Pengaduan dan Advokasi", "Seksi Data dan Informasi"),
    )),
    Agency("BKPSDM", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "Kepala Badan Kepegawaian dan Pengembangan SDM", 40, "sdm", (
        field("Bidang Penilaian Kinerja dan Penghargaan", "Subbidang Penilaian Kinerja", "Subbidang Disiplin dan Penghargaan"),
        office(),
        field("Bidang Mutasi dan Promosi", "Subbidang Mutasi", "Subbidang Kepangkatan dan Pensiun"),
        field("Bidang Pengembangan Kompetensi", "Subbidang Diklat", "Subbidang Sertifikasi dan Jabatan Fungsional"),
    ), under="CITY"),
    Agency("ITKO", "Inspektorat", "Inspektur", 45, "audit", (
        field("", "Inspektur Pembantu Wilayah I", "Inspektur Pembantu Wilayah II", "Inspektur Pembantu Wilayah III"),
        office(),
    ), under="CITY"),
    Agency("DUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", "Kepala Dinas Kependudukan dan Pencatatan Sipil", 40, "layanan", (
        field("Bidang Pelayanan Pendaftaran Penduduk", "Seksi Identitas Penduduk", "Seksi Pindah Datang Penduduk"),
        office(),
        field("Bidang Pelayanan Pencatatan Sipil", "Seksi Kelahiran", "Seksi Perkawinan dan Kematian"),
        field("Bidang Pemanfaatan Data", "Seksi Kerja Sama dan Inovasi", "Seksi Pengolahan Data Kependudukan"),
    )),
)  # fmt: skip

OTHER_AGENCIES = (
    Agency("DISDIKBUD", "Dinas Pendidikan dan Kebudayaan", "Kepala Dinas Pendidikan dan Kebudayaan", 900, "kantor", (
        office(),
        schools("Guguk Panjang", 1, 14),
        schools("Mandiangin Koto Selayan", 1, 16),
        schools("Aur Birugo Tigo Baleh", 1, 13),
        field("Bidang Pembinaan SMP", *(f"SMP Negeri {n} Bukittinggi" for n in range(1, 10)), family="guru", size=17),
        field("Bidang Pembinaan PAUD", "Seksi Kurikulum PAUD", "TK Negeri Pembina", "TK Negeri Jam Gadang", family="guru", size=9),
        field("Bidang Pembinaan Sekolah Dasar", "Seksi Kurikulum dan Penilaian", "Seksi Sarana dan Prasarana Sekolah", size=8),
        field("Bidang Kebudayaan", "Seksi Cagar Budaya dan Permuseuman", "Seksi Kesenian dan Nilai Budaya", size=8),
    )),
    Agency("RSUD", "RSUD Kota Bukittinggi", "Direktur RSUD", 330, "rawat", (
        field("Bagian Tata Usaha", "Subbagian Umum dan Kepegawaian", "Subbagian Keuangan dan Program", family="kantor"),
        field("Bidang Keperawatan", "Ruang Rawat Inap Anak", "Ruang Rawat Inap Bedah", "Ruang Rawat Inap Penyakit Dalam", "Ruang Kebidanan",
              "Instalasi Gawat Darurat", "Instalasi Perawatan Intensif", "Instalasi Bedah Sentral", "Ruang Perinatologi"),
        field("Bidang Pelayanan Medis", "Instalasi Rawat Jalan", "Instalasi Rekam Medis", "Instalasi Rehabilitasi Medis", "Instalasi Hemodialisis"),
        field("Bidang Penunjang", "Instalasi Farmasi", "Instalasi Laboratorium", "Instalasi Radiologi", "Instalasi Gizi"),
    ), under="CITY"),
    Agency("DINKES", "Dinas Kesehatan", "Kepala Dinas Kesehatan", 320, "nakes", (
        *(health_centre(name) for name in HEALTH_CENTRES),
        office(),
        field("Bidang Kesehatan Masyarakat", "Seksi Kesehatan Keluarga dan Gizi", "Seksi Promosi Kesehatan"),
        field("Bidang Pencegahan dan Pengendalian Penyakit", "Seksi Surveilans dan Imunisasi", "Seksi Penyakit Menular"),
        field("Bidang Pelayanan Kesehatan", "Seksi Pelayanan Kesehatan Primer", "Seksi Kefarmasian dan Alat Kesehatan"),
    )),
    Agency("SATPOLPP", "Satuan Polisi Pamong Praja", "Kepala Satuan Polisi Pamong Praja", 90, "lapangan", (
        office(),
        field("Bidang Ketertiban Umum", "Seksi Operasi dan Pengendalian", "Seksi Pengamanan", "Seksi Patroli"),
        field("Bidang Penegakan Perda", "Seksi Pembinaan dan Penyuluhan", "Seksi Penyelidikan dan Penyidikan"),
    ), under="CITY"),
    Agency("DPUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", "Kepala Dinas Pekerjaan Umum dan Penataan Ruang", 78, "teknik", (
        office("Subbagian Program"),
        field("Bidang Bina Marga", "Seksi Pembangunan Jalan", "Seksi Pemeliharaan Jalan dan Jembatan"),
        field("Bidang Cipta Karya", "Seksi Bangunan Gedung", "Seksi Air Minum dan Sanitasi"),
        field("Bidang Penataan Ruang", "Seksi Perencanaan Ruang", "Seksi Pengendalian Pemanfaatan Ruang"),
    )),
    Agency("BKEU", "Badan Keuangan", "Kepala Badan Keuangan", 76, "keuangan", (
        office("Subbagian Program"),
        field("Bidang Anggaran", "Subbidang Penyusunan Anggaran", "Subbidang Pengendalian Anggaran"),
        field("Bidang Perbendaharaan dan Akuntansi", "Subbidang Perbendaharaan", "Subbidang Akuntansi dan Pelaporan"),
        field("Bidang Pendapatan", "Subbidang Pendataan dan Penetapan", "Subbidang Penagihan"),
    ), under="CITY"),
    Agency("DLH", "Dinas Lingkungan Hidup", "Kepala Dinas Lingkungan Hidup", 70, "lapangan", (
        office(),
        field("Bidang Pengelolaan Sampah", "Seksi Pengurangan Sampah", "Seksi Penanganan Sampah", "Seksi Kebersihan Kawasan"),
        field("Bidang Tata Lingkungan", "Seksi Kajian Dampak Lingkungan", "Seksi Ruang Terbuka Hijau"),
    )),
    Agency("DISHUB", "Dinas Perhubungan", "Kepala Dinas Perhubungan", 66, "lapangan", (
        office(),
        field("Bidang Lalu Lintas", "Seksi Manajemen Lalu Lintas", "Seksi Pengendalian dan Ketertiban"),
        field("Bidang Angkutan dan Terminal", "Seksi Angkutan", "Seksi Terminal dan Parkir"),
    )),
    Agency("DAMKAR", "Dinas Pemadam Kebakaran", "Kepala Dinas Pemadam Kebakaran", 60, "lapangan", (
        office(),
        field("Bidang Pemadaman dan Penyelamatan", "Seksi Pemadaman", "Seksi Penyelamatan"),
        field("Bidang Pencegahan", "Seksi Inspeksi dan Penyuluhan"),
    )),
    Agency("KUKMDAG", "Dinas Koperasi, UKM dan Perdagangan", "Kepala Dinas Koperasi, UKM dan Perdagangan", 60, "layanan", (
        office(),
        field("Bidang Pasar", "Seksi Pengelolaan Pasar", "Seksi Ketertiban Pasar"),
        field("Bidang Koperasi dan UKM", "Seksi Pemberdayaan UKM", "Seksi Kelembagaan Koperasi"),
        field("Bidang Perdagangan", "Seksi Distribusi dan Stabilisasi Harga", "UPTD Metrologi Legal"),
    )),
    Agency("DISTAN", "Dinas Pertanian dan Pangan", "Kepala Dinas Pertanian dan Pangan", 50, "layanan", (
        office(),
        field("Bidang Peternakan dan Kesehatan Hewan", "Seksi Kesehatan Hewan", "Seksi Produksi Ternak"),
        field("Bidang Ketahanan Pangan", "Seksi Ketersediaan Pangan", "Seksi Penyuluhan"),
    )),
    Agency("DISPAR", "Dinas Pariwisata", "Kepala Dinas Pariwisata", 46, "layanan", (
        office(),
        field("Bidang Destinasi", "Seksi Pengelolaan Objek Wisata", "Seksi Kebun Binatang dan Taman"),
        field("Bidang Pemasaran", "Seksi Promosi Wisata", "Seksi Ekonomi Kreatif"),
    )),
    Agency("BAPELITBANG", "Badan Perencanaan, Penelitian dan Pengembangan", "Kepala Badan Perencanaan, Penelitian dan Pengembangan", 46, "rencana", (
        office(),
        field("Bidang Perencanaan dan Evaluasi", "Subbidang Perencanaan", "Subbidang Evaluasi dan Pelaporan"),
        field("Bidang Penelitian dan Pengembangan", "Subbidang Penelitian", "Subbidang Inovasi Daerah"),
    ), under="CITY"),
    Agency("PERKIM", "Dinas Perumahan dan Kawasan Permukiman", "Kepala Dinas Perumahan dan Kawasan Permukiman", 42, "teknik", (
        office(),
        field("Bidang Perumahan", "Seksi Penyediaan Perumahan", "Seksi Rumah Layak Huni"),
        field("Bidang Kawasan Permukiman", "Seksi Kawasan Permukiman", "Seksi Pertanahan"),
    )),
    Agency("KOMINFO", "Dinas Komunikasi dan Informatika", "Kepala Dinas Komunikasi dan Informatika", 42, "informatika", (
        office(),
        field("Bidang Aplikasi Informatika", "Seksi Pengembangan Aplikasi", "Seksi Infrastruktur dan Jaringan"),
        field("Bidang Informasi Publik", "Seksi Pengelolaan Informasi", "Seksi Statistik dan Persandian"),
    )),
    Agency("DP3APPKB", "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan KB", "Kepala Dinas P3APPKB", 42, "layanan", (
        office(),
        field("Bidang Pemberdayaan Perempuan dan Perlindungan Anak", "Seksi Perlindungan Anak", "Seksi Pemberdayaan Perempuan"),
        field("Bidang Keluarga Berencana", "Seksi Pelayanan KB", "Seksi Ketahanan Keluarga"),
    )),
    Agency("DINSOS", "Dinas Sosial", "Kepala Dinas Sosial", 38, "layanan", (
        office(),
        field("Bidang Rehabilitasi Sosial", "Seksi Rehabilitasi Anak dan Lansia", "Seksi Penyandang Disabilitas"),
        field("Bidang Perlindungan Sosial", "Seksi Jaminan Sosial", "Seksi Pemberdayaan Fakir Miskin"),
    )),
    Agency("BPBD", "Badan Penanggulangan Bencana Daerah", "Kepala Pelaksana BPBD", 36, "lapangan", (
        office(),
        field("Bidang Kedaruratan dan Logistik", "Seksi Kedaruratan", "Seksi Logistik"),
        field("Bidang Pencegahan dan Kesiapsiagaan", "Seksi Pencegahan"),
    ), under="CITY"),
    Agency("SETWAN", "Sekretariat DPRD", "Sekretaris DPRD", 36, "kantor", (
        field("", "Bagian Umum dan Keuangan", "Bagian Persidangan dan Perundang-undangan", "Bagian Fasilitasi Penganggaran dan Pengawasan"),
    ), under="CITY"),
    Agency("PERPUS", "Dinas Perpustakaan dan Kearsipan", "Kepala Dinas Perpustakaan dan Kearsipan", 32, "pustaka", (
        office(),
        field("Bidang Perpustakaan", "Seksi Layanan Perpustakaan", "Seksi Pembinaan Minat Baca"),
        field("Bidang Kearsipan", "Seksi Pengelolaan Arsip"),
    )),
    Agency("KESBANG", "Badan Kesatuan Bangsa dan Politik", "Kepala Badan Kesatuan Bangsa dan Politik", 26, "kantor", (
        office(),
        field("Bidang Ideologi dan Politik", "Subbidang Ideologi", "Subbidang Politik Dalam Negeri"),
    )),
    *(
        Agency(code, f"Kecamatan {district}", "Camat", weight, "kelurahan", (
            Division("Sekretariat Kecamatan", ("Subbagian Umum dan Keuangan",), "kantor"),
            Division("", ("Seksi Pemerintahan", "Seksi Ketenteraman dan Ketertiban", "Seksi Kesejahteraan Sosial")),
            Division("", tuple(f"Kelurahan {name}" for name in DISTRICTS[district])),
        ), under="SETDA.01", rank="ADMINISTRATOR")
        for code, district, weight in (
            ("KEC-GP", "Guguk Panjang", 92), ("KEC-MKS", "Mandiangin Koto Selayan", 106), ("KEC-ABTB", "Aur Birugo Tigo Baleh", 98),
        )
    ),
)  # fmt: skip
