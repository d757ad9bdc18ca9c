"""A few small documents that stand as evidence in the demo city, always the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = "bukti/contoh"
TITLES = (
    "Laporan bulanan", "Berita acara", "Rekap pekerjaan", "Daftar hadir", "Surat tugas", "Notula rapat", "Daftar berkas selesai", "Laporan kegiatan",
)  # fmt: skip
CONTENT_TYPE = "application/pdf"


@dataclass(frozen=True)
class Paper:
    title: str
    file: str
    content: bytes
    sha256: str


def papers() -> list[Paper]:
    made = []
    for number, title in enumerate(TITLES, 1):
        content = _pdf(f"{title} - dokumen contoh, bukan arsip kota")
        made.append(Paper(title, f"{FOLDER}/{number:02}.pdf", content, hashlib.sha256(content).hexdigest()))
    return made


def lay_out(made: list[Paper], media: Path) -> None:
    for paper in made:
        path = media / paper.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper.content)
        path.chmod(0o600)


def _pdf(text: str) -> bytes:
    """The least that a reader opens as one page with one line."""
    line = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(line), line),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(out),
    )
