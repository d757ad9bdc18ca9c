"""What people of each kind of post promise for a year: results (RHK) and their indicators (IKI).

``{unit}`` is the name of the unit. Amounts are those of one month for counted things, of the year for all others.
"""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.rules.vocabulary import Accumulation, Aspect, Direction, Measure, TargetForm


@dataclass(frozen=True)
class Aim:
    """One kind of indicator; a target is drawn between ``low`` and ``high`` (RANGE: they are the range)."""

    name: str
    aspect: Aspect
    unit_name: str
    form: TargetForm
    direction: Direction
    accumulation: Accumulation
    low: float = 0
    high: float = 0
    weight: int = 1
    statement: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Result:
    title: str
    aims: tuple[Aim, ...]


def count(name: str, unit_name: str, low: int, high: int, weight: int = 3) -> Aim:
    return Aim(name, Aspect.QUANTITY, unit_name, TargetForm.SINGLE, Direction.UP, Accumulation.SUM, low, high, weight)


def share(name: str, low: int, high: int, weight: int = 2) -> Aim:
    return Aim(name, Aspect.QUALITY, "%", TargetForm.SINGLE, Direction.UP, Accumulation.MEAN, low, high, weight)


def days(name: str, low: int, high: int, unit_name: str = "hari kerja", weight: int = 2) -> Aim:
    return Aim(name, Aspect.TIME, unit_name, TargetForm.SINGLE, Direction.DOWN, Accumulation.MEAN, low, high, weight)


def fewer(name: str, unit_name: str, low: int, high: int) -> Aim:
    return Aim(name, Aspect.QUALITY, unit_name, TargetForm.SINGLE, Direction.DOWN, Accumulation.LAST, low, high, 2)


def band(name: str, low: int, high: int, direction: Direction = Direction.UP, unit_name: str = "%") -> Aim:
    return Aim(name, Aspect.QUALITY, unit_name, TargetForm.RANGE, direction, Accumulation.LAST, low, high, 2)


def budget(low: int = 6, high: int = 10) -> Aim:
    name = "Serapan anggaran bulan ini terhadap pagu"
    return Aim(name, Aspect.COST, "%", TargetForm.RANGE, Direction.EXACT, Accumulation.LAST, low, high, 1)


def until(name: str) -> Aim:
    return Aim(name, Aspect.TIME, "", TargetForm.DATE, Direction.UP, Accumulation.LAST)


def said(name: str, statement: str) -> Aim:
    return Aim(name, Aspect.QUALITY, "", TargetForm.STATEMENT, Direction.UP, Accumulation.LAST, statement=statement)


def measured(name: str, unit_name: str, direction: Direction, target: int, measure: Measure) -> Aim:
    aspect = Aspect.QUALITY if direction == Direction.UP else Aspect.TIME
    return Aim(name, aspect, unit_name, TargetForm.SINGLE, direction, Accumulation.MEAN, target, target, 3, measure=measure)


ON_TIME = measured("Izin terbit sesuai standar waktu", "%", Direction.UP, 85, Measure.ON_TIME_SHARE)
MEDIAN_DAYS = measured("Median waktu penyelesaian izin", "hari kerja", Direction.DOWN, 4, Measure.MEDIAN_NET_DAYS)

#: Everybody of a kind has the first result; the others are drawn.
RESULTS: dict[str, tuple[Result, ...]] = {
    "kepala": (
        Result("Meningkatnya mutu layanan {unit}", (share("Layanan yang memenuhi standar pelayanan", 88, 95, 4), count("Rapat kendali program yang ditindaklanjuti", "rapat", 2, 4))),
        Result("Terwujudnya akuntabilitas kinerja {unit}", (budget(), until("Laporan kinerja perangkat daerah disampaikan"))),
        Result("Terlaksananya program prioritas {unit}", (share("Capaian rencana aksi program prioritas", 90, 96, 3),)),
        Result("Berkurangnya pengaduan atas layanan {unit}", (fewer("Pengaduan yang belum selesai pada akhir bulan", "pengaduan", 3, 6),)),
    ),
    "ahli": (
        Result("Tersedianya telaahan bagi pimpinan", (count("Telaahan yang disampaikan", "telaahan", 2, 4), days("Waktu penyusunan telaahan", 4, 6))),
        Result("Terlaksananya koordinasi lintas perangkat daerah", (share("Hasil koordinasi yang ditindaklanjuti", 85, 92),)),
    ),
    "kabid": (
        Result("Terlaksananya kegiatan {unit} sesuai rencana", (share("Kegiatan yang selesai sesuai rencana aksi", 88, 95, 3), budget())),
        Result("Terkendalinya mutu pekerjaan {unit}", (count("Pekerjaan yang diperiksa dan diberi umpan balik", "dokumen", 8, 14),)),
        Result("Tersusunnya bahan kebijakan {unit}", (until("Rancangan kebijakan disampaikan"), count("Bahan kebijakan yang disusun", "dokumen", 2, 4))),
        Result("Terbinanya pegawai {unit}", (said("Pembinaan pegawai", "Setiap pegawai mendapat dialog kinerja paling sedikit sekali dalam tiga bulan."),)),
    ),
    "kasi": (
        Result("Terlaksananya pekerjaan {unit}", (count("Berkas pekerjaan yang selesai diperiksa", "berkas", 14, 26), days("Waktu penyelesaian pekerjaan", 3, 5))),
        Result("Terjaganya ketepatan laporan {unit}", (share("Laporan yang disampaikan tepat waktu", 92, 97),)),
        Result("Meningkatnya kemampuan pegawai {unit}", (count("Pendampingan pegawai di tempat kerja", "kali", 3, 6),)),
        Result("Tertatanya prosedur kerja {unit}", (until("Prosedur kerja yang diperbarui ditetapkan"),)),
    ),
    "sekolah": (
        Result("Terlaksananya pembelajaran yang bermutu di {unit}", (count("Supervisi kelas yang ditindaklanjuti", "kelas", 4, 8), share("Kehadiran guru mengajar", 94, 97))),
        Result("Terkelolanya dana operasional {unit}", (budget(),)),
        Result("Meningkatnya kemampuan membaca dan berhitung murid", (share("Murid yang mencapai ketuntasan belajar", 82, 90),)),
    ),
    "kantor": (
        Result("Terlaksananya administrasi {unit}", (count("Dokumen yang diselesaikan", "dokumen", 18, 40), days("Waktu penyelesaian dokumen", 2, 4))),
        Result("Tertatanya arsip dan data {unit}", (share("Arsip yang tertata dan mudah ditemukan", 88, 95),)),
        Result("Tersusunnya laporan berkala {unit}", (count("Laporan yang disampaikan", "laporan", 2, 4), share("Laporan tanpa perbaikan", 88, 95))),
        Result("Terpenuhinya kebutuhan sarana kerja {unit}", (fewer("Permintaan sarana yang tertunda", "permintaan", 3, 6),)),
        Result("Diperbaruinya data {unit}", (until("Pemutakhiran data selesai"),)),
    ),
    "izin": (
        Result("Terselesaikannya berkas permohonan pada {unit}", (count("Berkas yang diselesaikan", "berkas", 12, 22), share("Berkas tanpa perbaikan dari kesalahan petugas", 92, 97))),
        Result("Tersampaikannya informasi layanan kepada pemohon", (days("Waktu menjawab pertanyaan pemohon", 1, 2),)),
        Result("Tertibnya data perizinan", (share("Data izin yang lengkap dan benar", 94, 98),)),
        Result("Tersusunnya bahan standar pelayanan", (until("Rancangan standar pelayanan disampaikan"),)),
    ),
    "audit": (
        Result("Terlaksananya pengawasan pada perangkat daerah", (count("Kertas kerja pengawasan yang selesai", "kertas kerja", 4, 8), days("Waktu penyusunan laporan hasil pengawasan", 8, 12))),
        Result("Terpantaunya tindak lanjut temuan", (share("Temuan yang ditindaklanjuti", 82, 90),)),
        Result("Terlaksananya layanan konsultasi", (count("Konsultasi yang dijawab", "konsultasi", 3, 7),)),
    ),
    "layanan": (
        Result("Terlayaninya masyarakat pada {unit}", (count("Permohonan yang dilayani", "permohonan", 30, 60), days("Waktu layanan", 2, 3))),
        Result("Terlaksananya penyuluhan dan pendampingan", (count("Kegiatan penyuluhan dan pendampingan", "kegiatan", 3, 6),)),
        Result("Tersedianya data {unit}", (share("Data yang mutakhir", 90, 96),)),
        Result("Berkurangnya keluhan pada {unit}", (fewer("Keluhan yang belum dijawab", "keluhan", 2, 5),)),
    ),
    "lapangan": (
        Result("Terlaksananya tugas lapangan {unit}", (count("Tugas lapangan yang dilaksanakan", "kegiatan", 16, 24), share("Laporan tugas pada hari yang sama", 88, 95))),
        Result("Cepatnya tanggapan atas laporan warga", (days("Waktu tanggap", 12, 20, "menit"),)),
        Result("Terpeliharanya peralatan {unit}", (band("Peralatan siap pakai", 90, 95),)),
    ),
    "teknik": (
        Result("Tersedianya dokumen teknis {unit}", (count("Dokumen teknis yang selesai", "dokumen", 4, 8), days("Waktu penyusunan dokumen teknis", 6, 10))),
        Result("Terawasinya pekerjaan di lapangan", (count("Kunjungan pengawasan", "kunjungan", 6, 12), share("Pekerjaan sesuai spesifikasi", 92, 97))),
        Result("Terjawabnya permintaan rekomendasi teknis", (days("Waktu rekomendasi teknis", 3, 5),)),
    ),
    "keuangan": (
        Result("Terselesaikannya dokumen keuangan {unit}", (count("Dokumen keuangan yang diverifikasi", "dokumen", 30, 60), share("Dokumen tanpa perbaikan", 92, 97))),
        Result("Tersampaikannya laporan keuangan tepat waktu", (until("Laporan keuangan semester disampaikan"), days("Waktu verifikasi", 1, 2))),
        Result("Tertibnya penagihan dan pencatatan", (band("Kesesuaian catatan dengan rekening koran", 97, 100, Direction.EXACT),)),
    ),
    "kelurahan": (
        Result("Terlayaninya warga {unit}", (count("Surat warga yang diselesaikan", "surat", 30, 60), days("Waktu penyelesaian surat", 1, 2))),
        Result("Terlaksananya kegiatan kemasyarakatan {unit}", (count("Kegiatan bersama warga", "kegiatan", 2, 5),)),
        Result("Tersedianya data warga {unit}", (share("Data warga yang mutakhir", 88, 95),)),
    ),
    "guru": (
        Result("Terlaksananya pembelajaran sesuai rencana", (count("Pertemuan kelas yang terlaksana", "pertemuan", 60, 96), share("Murid yang tuntas belajar", 80, 90))),
        Result("Tersusunnya perangkat dan penilaian belajar", (count("Perangkat ajar dan hasil penilaian", "dokumen", 4, 8),)),
        Result("Terbimbingnya murid yang tertinggal", (share("Murid tertinggal yang menunjukkan kemajuan", 75, 88),)),
        Result("Terlaksananya tugas tambahan sekolah", (said("Tugas tambahan", "Kegiatan murid terlaksana sesuai jadwal sekolah dan dilaporkan kepada kepala sekolah."),)),
    ),
    "nakes": (
        Result("Terlayaninya pasien pada {unit}", (count("Pasien yang dilayani sesuai standar", "pasien", 90, 160), share("Kepatuhan pada prosedur", 92, 97))),
        Result("Terjaganya keselamatan pasien", (fewer("Kejadian yang perlu ditindaklanjuti", "kejadian", 2, 4),)),
        Result("Lengkapnya catatan layanan", (share("Catatan medis lengkap dalam satu hari", 88, 95),)),
        Result("Terlaksananya kegiatan luar gedung", (count("Kunjungan dan penyuluhan", "kegiatan", 4, 8),)),
    ),
}  # fmt: skip

#: The team of the login ``penilai``: their figures come out of permit files.
MEASURED_RESULT = Result("Terbitnya izin sesuai standar waktu pada {unit}", (ON_TIME, MEDIAN_DAYS))

EXTRA_RESULTS = (
    Result("Terlaksananya tugas panitia kegiatan kota", (said("Tugas panitia", "Tugas panitia selesai sesuai pembagian kerja."),)),
    Result("Tersusunnya bahan reformasi birokrasi", (count("Bahan yang disusun", "dokumen", 1, 2, 1),)),
)

EXPECTATIONS: tuple[dict[str, str], ...] = (
    {
        "BP": "Jawab warga pada hari yang sama, atau beri tahu kapan jawabannya.",
        "AK": "Catat pekerjaan apa adanya dan laporkan kesalahan sejak awal.",
        "KO": "Pelajari satu hal baru tiap tiga bulan dan bagikan kepada rekan.",
    },
    {
        "BP": "Utamakan yang lanjut usia dan yang datang dari jauh.",
        "HA": "Selesaikan beda pendapat dengan bicara langsung.",
        "AD": "Usulkan perbaikan bila cara kerja lama menghambat.",
    },
    {
        "AK": "Selesaikan laporan sebelum batas waktu.",
        "LO": "Jaga rahasia jabatan, juga di grup percakapan.",
        "KL": "Libatkan unit lain sejak awal pekerjaan.",
    },
)
