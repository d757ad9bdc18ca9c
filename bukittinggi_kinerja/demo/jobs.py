"""Posts without a unit of their own to lead, by family of office, and how a leader's post follows from his unit's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from employees.models import PositionKind

ADMINISTRATOR, SUPERVISOR = PositionKind.ADMINISTRATOR, PositionKind.SUPERVISOR
FUNCTIONAL, STAFF, SENIOR = PositionKind.FUNCTIONAL, PositionKind.STAFF, PositionKind.JPT_PRATAMA


@dataclass(frozen=True)
class Job:
    """``grades`` of civil servants, low to high; ``contract`` is the grade of contract staff, empty = none of them."""

    title: str
    kind: PositionKind
    job_class: int
    grades: tuple[str, ...]
    contract: str = ""
    degrees: tuple[str, ...] = ()
    share: int = 1
    women: float = 0.56
    #: Key of the texts of plans and months.
    work: str = "kantor"
    group: str = "UMUM"


SKILLED = ("II/c", "II/d", "III/a", "III/b")
EXPERT = ("III/a", "III/b")
YOUNG = ("III/c", "III/d")
MIDDLE = ("IV/a", "IV/b")
CLERK = ("II/a", "II/b", "II/c", "II/d", "III/a")


def _clerk(title: str, share: int, work: str, women: float = 0.5) -> Job:
    return Job(title, STAFF, 5, CLERK, "V", (), share, women, work)


def _skilled(title: str, share: int, work: str, *degrees: str, women: float = 0.56) -> Job:
    return Job(title, FUNCTIONAL, 6, SKILLED, "VII", degrees or ("A.Md.",), share, women, work)


def _expert(title: str, share: int, work: str, *degrees: str, women: float = 0.56, group: str = "UMUM") -> Job:
    return Job(f"{title} Ahli Pertama", FUNCTIONAL, 8, EXPERT, "IX", degrees, share, women, work, group)


def _young(title: str, share: int, work: str, *degrees: str, women: float = 0.56, group: str = "UMUM") -> Job:
    return Job(f"{title} Ahli Muda", FUNCTIONAL, 9, YOUNG, "", degrees, share, women, work, group)


def _middle(title: str, share: int, work: str, *degrees: str, women: float = 0.56, group: str = "UMUM") -> Job:
    return Job(f"{title} Ahli Madya", FUNCTIONAL, 11, MIDDLE, "", degrees, share, women, work, group)


def _desk(work: str, clerks: int = 18) -> tuple[Job, ...]:
    """The general posts of any office."""
    return (
        _clerk("Pengadministrasi Perkantoran", clerks, work),
        Job("Pengolah Data dan Informasi", STAFF, 6, SKILLED, "VII", ("A.Md.",), 14, 0.55, work),
        Job(
            "Penata Layanan Operasional", STAFF, 7, ("III/a", "III/b", "III/c"), "IX", ("S.E.", "S.Sos.", "S.AP.", "S.IP."), 16, 0.55, work
        ),
        _clerk("Operator Layanan Operasional", 8, work, 0.3),
    )


FAMILIES: dict[str, tuple[Job, ...]] = {
    "kantor": (
        *_desk("kantor"),
        _skilled("Arsiparis Terampil", 6, "kantor", "A.Md.A."),
        _expert("Perencana", 6, "kantor", "S.E.", "S.Si."),
        _expert("Analis Keuangan Pusat dan Daerah", 6, "kantor", "S.E.", "S.Ak."),
        _young("Analis Kebijakan", 8, "kantor", "S.IP., M.Si.", "S.H."),
        _young("Analis SDM Aparatur", 5, "kantor", "S.AP.", "S.Psi."),
    ),
    "izin": (
        *_desk("izin", 10),
        _expert("Penata Perizinan", 26, "izin", "S.AP.", "S.H.", "S.Kom."),
        _young("Penata Perizinan", 16, "izin", "S.H.", "S.T."),
        _expert("Penata Kelola Penanaman Modal", 8, "izin", "S.E."),
    ),
    "sdm": (*_desk("kantor", 8), _expert("Analis SDM Aparatur", 24, "kantor", "S.Psi.", "S.AP."), _young("Analis SDM Aparatur", 18, "kantor", "S.AP.")),
    "audit": (
        *_desk("kantor", 6),
        _expert("Auditor", 22, "audit", "S.E.", "S.Ak.", "S.T."),
        _young("Auditor", 22, "audit", "S.E., Ak.", "S.T."),
        _middle("Auditor", 10, "audit", "S.E., M.Si."),
        _young("Pengawas Penyelenggaraan Urusan Pemerintahan Daerah", 12, "audit", "S.H.", "S.IP."),
    ),
    "layanan": (
        *_desk("layanan"),
        _skilled("Pranata Komputer Terampil", 6, "layanan", "A.Md.Kom."),
        _expert("Analis Kebijakan", 6, "layanan", "S.IP."),
        _young("Analis Kebijakan", 10, "layanan", "S.IP., M.Si.", "S.E."),
        _expert("Penyuluh Sosial", 8, "layanan", "S.Sos."),
    ),
    "lapangan": (
        _clerk("Operator Layanan Operasional", 30, "lapangan", 0.12),
        _clerk("Pengadministrasi Perkantoran", 8, "lapangan"),
        Job("Pengelola Layanan Operasional", STAFF, 6, SKILLED, "VII", ("A.Md.",), 16, 0.2, "lapangan"),
        _skilled("Petugas Lapangan Terampil", 24, "lapangan", "A.Md.", women=0.15),
        _expert("Penata Lapangan", 10, "lapangan", "S.T.", "S.Si.", women=0.3),
        _young("Penata Lapangan", 8, "lapangan", "S.T.", women=0.3),
    ),
    "teknik": (
        *_desk("teknik", 10),
        _skilled("Teknik Jalan dan Jembatan Terampil", 14, "teknik", "A.Md.T.", women=0.25),
        _expert("Teknik Tata Bangunan", 16, "teknik", "S.T.", "S.Ars.", women=0.4),
        _young("Teknik Tata Bangunan", 14, "teknik", "S.T.", "S.T., M.T.", women=0.4),
        _young("Penata Ruang", 8, "teknik", "S.T.", "S.P.W.K."),
    ),
    "keuangan": (
        *_desk("keuangan", 10),
        _expert("Analis Keuangan Pusat dan Daerah", 24, "keuangan", "S.E.", "S.Ak."),
        _young("Analis Keuangan Pusat dan Daerah", 14, "keuangan", "S.E., Ak.", "S.E., M.M."),
        _skilled("Pranata Keuangan APBN Terampil", 8, "keuangan", "A.Md.Ak."),
    ),
    "rencana": (*_desk("kantor", 6), _expert("Perencana", 24, "kantor", "S.E.", "S.T."), _young("Perencana", 20, "kantor", "S.E., M.E.", "S.T., M.Si.")),
    "informatika": (
        *_desk("layanan", 6),
        _skilled("Pranata Komputer Terampil", 12, "layanan", "A.Md.Kom.", women=0.35),
        _expert("Pranata Komputer", 22, "layanan", "S.Kom.", "S.T.", women=0.4),
        _young("Pranata Hubungan Masyarakat", 8, "layanan", "S.I.Kom."),
    ),
    "pustaka": (*_desk("layanan", 10), _skilled("Pustakawan Terampil", 14, "layanan", "A.Md."), _expert("Pustakawan", 12, "layanan", "S.I.Pust.")),
    "kelurahan": (
        Job("Sekretaris Lurah", SUPERVISOR, 8, ("III/b", "III/c", "III/d"), "", ("S.Sos.", "S.AP.", "S.E."), 0, 0.5, "kelurahan"),
        *_desk("kelurahan", 20),
        _expert("Penyuluh Sosial", 8, "kelurahan", "S.Sos."),
    ),
    "guru": (
        _expert("Guru", 44, "guru", "S.Pd.", women=0.76, group="GURU"),
        _young("Guru", 24, "guru", "S.Pd.", "S.Pd., Gr.", women=0.72, group="GURU"),
        _middle("Guru", 14, "guru", "S.Pd.", "S.Pd., M.Pd.", women=0.7, group="GURU"),
        Job("Pengadministrasi Sekolah", STAFF, 5, CLERK, "V", (), 8, 0.6, "kantor"),
    ),
    "nakes": (
        _skilled("Perawat Terampil", 20, "nakes", "A.Md.Kep.", women=0.75),
        _expert("Perawat", 14, "nakes", "S.Kep., Ners", women=0.72),
        _skilled("Bidan Terampil", 22, "nakes", "A.Md.Keb.", women=1.0),
        _expert("Bidan", 8, "nakes", "S.Keb.", women=1.0),
        _young("Dokter", 8, "nakes", "dr.", women=0.6),
        _expert("Dokter Gigi", 4, "nakes", "drg.", women=0.7),
        _skilled("Nutrisionis Terampil", 5, "nakes", "A.Md.Gz.", women=0.9),
        _skilled("Sanitarian Terampil", 5, "nakes", "A.Md.KL.", women=0.6),
        _expert("Epidemiolog Kesehatan", 4, "nakes", "S.K.M.", women=0.7),
        _clerk("Pengadministrasi Perkantoran", 6, "kantor"),
    ),
    "rawat": (
        _skilled("Perawat Terampil", 34, "nakes", "A.Md.Kep.", women=0.75),
        _expert("Perawat", 28, "nakes", "S.Kep., Ners", women=0.72),
        _skilled("Bidan Terampil", 10, "nakes", "A.Md.Keb.", women=1.0),
        _young("Dokter", 10, "nakes", "dr.", women=0.55),
        _middle("Dokter", 6, "nakes", "dr.", women=0.4),
        _skilled("Asisten Apoteker Terampil", 6, "nakes", "A.Md.Farm.", women=0.85),
        _expert("Apoteker", 3, "nakes", "S.Farm., Apt.", women=0.85),
        _skilled("Pranata Laboratorium Kesehatan Terampil", 5, "nakes", "A.Md.A.K.", women=0.8),
        _clerk("Pengadministrasi Perkantoran", 8, "kantor"),
    ),
}  # fmt: skip


class Lead(NamedTuple):
    """How a unit of such a name is led: ``title`` may hold {name}, the unit's name without its first word."""

    title: str
    kind: PositionKind
    job_class: int
    grades: tuple[str, ...]
    unit_kind: str


_BUREAU = Lead("Kepala Bidang {name}", ADMINISTRATOR, 11, ("III/d", "IV/a", "IV/b"), "BIDANG")
_SECTION = ("III/b", "III/c", "III/d")

#: First word of a unit's name -> its leader.
LEADS: dict[str, Lead] = {
    "Sekretariat": Lead("Sekretaris", ADMINISTRATOR, 12, ("III/d", "IV/a", "IV/b"), "BIDANG"),
    "Asisten": Lead("Asisten {name}", SENIOR, 14, ("IV/b", "IV/c"), "BIDANG"),
    "Bidang": _BUREAU,
    "Bagian": Lead("Kepala Bagian {name}", ADMINISTRATOR, 12, ("III/d", "IV/a", "IV/b"), "BIDANG"),
    "Inspektur": Lead("Inspektur {name}", ADMINISTRATOR, 11, ("IV/a", "IV/b"), "BIDANG"),
    "Subbagian": Lead("Kepala Subbagian {name}", SUPERVISOR, 9, _SECTION, "SEKSI"),
    "Subbidang": Lead("Kepala Subbidang {name}", SUPERVISOR, 9, _SECTION, "SEKSI"),
    "Seksi": Lead("Kepala Seksi {name}", SUPERVISOR, 9, _SECTION, "SEKSI"),
    "Kelurahan": Lead("Lurah", SUPERVISOR, 9, _SECTION, "KELURAHAN"),
    "UPTD": Lead("Kepala UPTD {name}", SUPERVISOR, 9, ("III/c", "III/d", "IV/a"), "UPTD"),
    "Koordinator": Lead("Koordinator Wilayah Pendidikan", SUPERVISOR, 9, ("III/d", "IV/a"), "UPTD"),
    "Klaster": Lead("Koordinator Klaster", FUNCTIONAL, 9, YOUNG, "SEKSI"),
    "Instalasi": Lead("Kepala Instalasi {name}", FUNCTIONAL, 10, YOUNG, "SEKSI"),
    "Ruang": Lead("Kepala Ruang", FUNCTIONAL, 10, YOUNG, "SEKSI"),
    "SD": Lead("Kepala Sekolah", FUNCTIONAL, 11, MIDDLE, "UPTD"),
    "SMP": Lead("Kepala Sekolah", FUNCTIONAL, 11, MIDDLE, "UPTD"),
    "TK": Lead("Kepala Sekolah", FUNCTIONAL, 11, MIDDLE, "UPTD"),
}
