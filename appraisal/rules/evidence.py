"""What may serve as evidence: known by its content, never by its name. Pure."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from urllib.parse import urlsplit

MAX_PIECES = 10
MAX_LINK = 500
_TAIL = 1024
_MAX_ENTRIES = 2_000
_MAX_UNPACKED = 100 * 1024 * 1024


class FileKind(StrEnum):
    """The value is the content type under which the file is handed out."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @property
    def is_picture(self) -> bool:
        return self in {FileKind.JPEG, FileKind.PNG}

    @property
    def suffix(self) -> str:
        return "." + {"JPEG": "jpg"}.get(self.name, self.name.lower())


_OFFICE_PARTS = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}


def kind_of(content: bytes) -> FileKind | None:
    """The kind by the first bytes and the inner structure; None for everything that is not taken.

    Files that begin as one format and go on as another are not recognised: the signature must stand at the start
    and the file must end as its format does.
    """
    if content.startswith(b"%PDF-"):
        return FileKind.PDF if b"%%EOF" in content[-_TAIL:] else None
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return None


def _office_kind(content: bytes) -> FileKind | None:
    """A workbook or document without macros that does not unpack beyond reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    names = {entry.filename for entry in entries}
    if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries) > _MAX_UNPACKED:
        return None
    if "[Content_Types].xml" not in names or any(n.lower().endswith("vbaproject.bin") for n in names):
        return None
    return next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)


def is_link(url: str) -> bool:
    """An http or https address with a host, without a password in it."""
    if len(url) > MAX_LINK or any(c.isspace() or c in '<>"\\^`{|}' or ord(c) < 32 for c in url):
        return False
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and port_is_sound


def download_name(title: str, kind: str) -> str:
    """The uploader's name with the ending of the real content."""
    suffix = FileKind(kind).suffix
    stem = title.rsplit(".", 1)[0] if "." in title[1:] else title
    return (stem.strip(". ") or "bukti") + suffix
