"""What a rater judges, in the order of judging, and the behavioural anchors of each mark. Plain data.

The anchors are examples that a city may change; they follow the conduct guide of BerAKHLAK and speak of events
one can point at. One aspect is judged across all people before the next; the overall verdict closes the row.
"""

from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import BEHAVIOUR_FIELDS, BehaviourValue


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogues; the doors translate it."""
    return text


RESULT = "result"
BEHAVIOUR = "behaviour"


@dataclass(frozen=True)
class RatedAspect:
    """One column: ``key`` as services name it, ``code`` as examples name it, ``anchors`` for the marks 1, 2, 3."""

    key: str
    code: str
    field: str
    name: str
    short: str
    asks: str
    anchors: tuple[str, str, str]

    @property
    def is_overall(self) -> bool:
        return self.key in {RESULT, BEHAVIOUR}


RATED_ASPECTS: tuple[RatedAspect, ...] = (
    RatedAspect(
        RESULT,
        "HASIL",
        "result_rating",
        gettext_noop("Hasil kerja"),
        gettext_noop("Hasil"),
        gettext_noop("Seberapa jauh hasil kerja memenuhi ekspektasi Anda, menurut bukti periode ini?"),
        (
            gettext_noop("Sebagian besar target tidak tercapai, atau hasil harus dikerjakan ulang oleh orang lain."),
            gettext_noop("Target tercapai dengan mutu yang diminta, dan buktinya dapat diperiksa."),
            gettext_noop("Target terlampaui, atau hasilnya membawa manfaat lebih yang dapat ditunjukkan."),
        ),
    ),
    RatedAspect(
        "bp",
        BehaviourValue.SERVICE.value,
        BEHAVIOUR_FIELDS[0],
        gettext_noop("Berorientasi Pelayanan"),
        gettext_noop("Pelayanan"),
        gettext_noop("Bagaimana ia memahami dan memenuhi kebutuhan orang yang dilayani?"),
        (
            gettext_noop("Pemohon harus datang atau bertanya berulang, atau ada keluhan yang terbukti."),
            gettext_noop("Melayani ramah dan tuntas, serta menjawab pertanyaan pada hari kerja yang sama."),
            gettext_noop("Menghilangkan satu penyebab keluhan, sehingga layanan lebih mudah bagi semua orang."),
        ),
    ),
    RatedAspect(
        "ak",
        BehaviourValue.ACCOUNTABLE.value,
        BEHAVIOUR_FIELDS[1],
        gettext_noop("Akuntabel"),
        gettext_noop("Akuntabel"),
        gettext_noop("Apakah laporan, angka, dan barang milik negara dapat dipertanggungjawabkan?"),
        (
            gettext_noop("Laporan terlambat dua kali atau lebih, atau angka harus dikoreksi atasan."),
            gettext_noop("Laporan tepat waktu dan angkanya cocok dengan bukti."),
            gettext_noop("Tepat waktu dan cocok, serta memperbaiki selisih sebelum diminta."),
        ),
    ),
    RatedAspect(
        "ko",
        BehaviourValue.COMPETENT.value,
        BEHAVIOUR_FIELDS[2],
        gettext_noop("Kompeten"),
        gettext_noop("Kompeten"),
        gettext_noop("Apakah pekerjaan selesai dengan mutu baik, dan apakah ia belajar serta membantu orang lain belajar?"),
        (
            gettext_noop("Kesalahan yang sama terulang setelah dijelaskan, atau pekerjaan sering dikembalikan."),
            gettext_noop("Menguasai tugasnya dan menerapkan hal yang baru dipelajari."),
            gettext_noop("Menjadi tempat bertanya, dan melatih rekan sampai bisa mengerjakan sendiri."),
        ),
    ),
    RatedAspect(
        "ha",
        BehaviourValue.HARMONIOUS.value,
        BEHAVIOUR_FIELDS[3],
        gettext_noop("Harmonis"),
        gettext_noop("Harmonis"),
        gettext_noop("Bagaimana ia menghargai dan menolong orang lain di tempat kerja?"),
        (
            gettext_noop("Merendahkan rekan atau pemohon, atau memicu pertengkaran yang mengganggu pekerjaan."),
            gettext_noop("Menghargai setiap orang dan menolong rekan yang meminta bantuan."),
            gettext_noop("Meredakan ketegangan, atau menolong rekan sebelum diminta, sehingga tim kembali tenang."),
        ),
    ),
    RatedAspect(
        "lo",
        BehaviourValue.LOYAL.value,
        BEHAVIOUR_FIELDS[4],
        gettext_noop("Loyal"),
        gettext_noop("Loyal"),
        gettext_noop("Apakah ia menjaga nama baik, rahasia jabatan, dan kepentingan negara?"),
        (
            gettext_noop("Membuka rahasia jabatan, atau menjatuhkan nama baik instansi di depan umum."),
            gettext_noop("Menjaga rahasia dan nama baik, serta menjalankan keputusan yang sah."),
            gettext_noop("Mencegah kebocoran atau pelanggaran, atau membela kepentingan negara saat ditekan."),
        ),
    ),
    RatedAspect(
        "ad",
        BehaviourValue.ADAPTIVE.value,
        BEHAVIOUR_FIELDS[5],
        gettext_noop("Adaptif"),
        gettext_noop("Adaptif"),
        gettext_noop("Bagaimana ia menghadapi perubahan dan mencari cara yang lebih baik?"),
        (
            gettext_noop("Menolak cara baru yang sudah diputuskan, sehingga pekerjaan orang lain terhambat."),
            gettext_noop("Mengikuti perubahan dalam waktu yang wajar dan bertanya bila belum paham."),
            gettext_noop("Mengusulkan dan mencoba cara baru yang terbukti lebih cepat atau lebih baik."),
        ),
    ),
    RatedAspect(
        "kl",
        BehaviourValue.COLLABORATIVE.value,
        BEHAVIOUR_FIELDS[6],
        gettext_noop("Kolaboratif"),
        gettext_noop("Kolaboratif"),
        gettext_noop("Bagaimana ia bekerja sama di dalam dan di luar unitnya?"),
        (
            gettext_noop("Menahan informasi atau berkas, sehingga unit lain terlambat."),
            gettext_noop("Berbagi informasi dan menepati janji kepada unit lain."),
            gettext_noop("Menggerakkan unit atau pihak lain untuk hasil bersama yang tidak dapat dicapai sendiri."),
        ),
    ),
    RatedAspect(
        BEHAVIOUR,
        "PERILAKU",
        "behaviour_rating",
        gettext_noop("Perilaku kerja"),
        gettext_noop("Perilaku"),
        gettext_noop("Secara keseluruhan, apakah perilaku kerjanya memenuhi ekspektasi Anda?"),
        (
            gettext_noop("Perilakunya merugikan layanan atau rekan, dan tidak berubah setelah diingatkan."),
            gettext_noop("Perilaku sehari-hari sesuai nilai BerAKHLAK dan ekspektasi pimpinan."),
            gettext_noop("Menjadi contoh dan menggerakkan rekan, dengan kejadian yang dapat ditunjukkan."),
        ),
    ),
)

ASPECT_BY_KEY: dict[str, RatedAspect] = {aspect.key: aspect for aspect in RATED_ASPECTS}
ASPECT_BY_CODE: dict[str, RatedAspect] = {aspect.code: aspect for aspect in RATED_ASPECTS}


def asked(*, values: bool) -> tuple[RatedAspect, ...]:
    """The aspects of a period: the two overall ratings, with the seven values where the policy asks for them."""
    return tuple(aspect for aspect in RATED_ASPECTS if values or aspect.is_overall)
