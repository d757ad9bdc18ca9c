"""Evidence files and links: checked by content, sealed by SHA-256, kept under random names."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from appraisal.models import AppraisalPolicy, Evidence, ProgressEntry
from appraisal.rules.evidence import MAX_PIECES, FileKind, is_link, kind_of
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date, start_of_day
from bukittinggi_kinerja.common.texts import clean_line

FOLDER = "bukti"
#: Only what was named here is ever swept.
OUR_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
TITLE_LENGTH = 200
#: A phone's largest picture; more is a decompression trick.
MAX_PIXELS = 60_000_000
JPEG_QUALITY = 88
#: Longer than any request or task may take.
UNREFERENCED_FOR = dt.timedelta(days=1)


@dataclass(frozen=True)
class PreparedFile:
    """Checked content; ``stored_as`` is its name in the storage once it is there."""

    title: str
    content: bytes
    kind: FileKind
    stored_as: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Papers:
    files: Sequence[PreparedFile] = ()
    links: Sequence[str] = ()
    sensitive: bool = False
    problems: dict[str, list[str]] = field(default_factory=dict)


def prepare(
    *,
    files: Sequence[UploadedFile[bytes]],
    links: Sequence[str],
    policy: AppraisalPolicy,
    sensitive: bool = False,
    kept_links: Collection[str] = (),
) -> Papers:
    """Read and check files (bytes) and links; sentences about what cannot be taken stand in ``problems``.

    ``kept_links`` stay with the entry anyhow.
    """
    problems: dict[str, list[str]] = {}
    wanted = [link.strip() for link in links if link.strip()]
    for link in wanted:
        if not is_link(link):
            problems.setdefault("links", []).append(_("Tautan harus berawalan http:// atau https:// dan paling panjang 500 huruf."))
    if len({*wanted, *kept_links}) < len(wanted) + len(set(kept_links)):
        problems.setdefault("links", []).append(_("Tautan yang sama sudah ada pada realisasi ini. Tulis satu kali saja."))
    if len(files) + len(wanted) > MAX_PIECES:
        problems.setdefault("files", []).append(_("Paling banyak %(jumlah)s bukti sekali simpan.") % {"jumlah": MAX_PIECES})
        return Papers(problems=problems)
    taken: list[PreparedFile] = []
    for file in files:
        found = _read(file, policy)
        if isinstance(found, PreparedFile):
            taken.append(found)
        else:
            problems.setdefault("files", []).append(found)
    return Papers(files=taken, links=wanted, sensitive=sensitive, problems=problems)


def _read(file: UploadedFile[bytes], policy: AppraisalPolicy) -> PreparedFile | str:
    """The checked file, or the sentence that refuses it."""
    title = clean_line((file.name or "").replace("\\", "/").rsplit("/", 1)[-1], limit=TITLE_LENGTH) or _("bukti")
    names = {"nama": title, "batas": filesizeformat(policy.evidence_max_bytes)}
    if (file.size or 0) > policy.evidence_max_bytes:
        return _("Berkas %(nama)s terlalu besar. Paling besar %(batas)s.") % names
    content = file.read()
    kind = kind_of(content)
    if kind is None:
        return _("Berkas %(nama)s tidak dapat diterima. Pakai PDF, JPEG, PNG, XLSX, atau DOCX tanpa makro.") % names
    if kind.is_picture:
        picture = _without_metadata(content, kind)
        if picture is None:
            return _("Gambar %(nama)s rusak atau terlalu besar. Simpan ulang gambarnya, lalu coba lagi.") % names
        content = picture
    return PreparedFile(title, content, kind)


def _without_metadata(content: bytes, kind: FileKind) -> bytes | None:
    """The picture drawn anew: place, camera and hidden attachments are gone, the way up is kept."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.name]) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            upright = ImageOps.exif_transpose(image)
            mode = "RGB" if kind == FileKind.JPEG or upright.mode in {"CMYK", "YCbCr", "LAB", "HSV"} else "RGBA"
            if upright.mode in {"L", "RGB"} and "transparency" not in upright.info:
                mode = upright.mode
            drawn = upright.convert(mode)
            clean = Image.frombytes(mode, drawn.size, drawn.tobytes())
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    out = io.BytesIO()
    if kind == FileKind.JPEG:
        clean.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    else:
        clean.save(out, "PNG", optimize=True)
    return out.getvalue()


@contextmanager
def stored(papers: Papers) -> Iterator[Papers]:
    """Files in the storage while the rows are written; taken away again when that fails.

    Stands outside the transaction: a slow disk must not hold locks. What a kill or a transaction around it leaves behind
    is swept a day later.
    """
    names: list[str] = []
    try:
        for file in papers.files:
            name = f"{FOLDER}/{uuid.uuid4().hex}"
            names.append(default_storage.save(name, ContentFile(file.content)))
        yield replace(papers, files=[replace(f, stored_as=n) for f, n in zip(papers.files, names, strict=True)])
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise


@transaction.atomic
def sweep_unreferenced(*, now: dt.datetime) -> int:
    """Delete files that no evidence points at and that are older than a day, so that no transaction still wants them; how many."""
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    names = [f"{FOLDER}/{file}" for file in files if OUR_NAME.fullmatch(file)]
    aged = [name for name in names if default_storage.get_modified_time(name) < now - UNREFERENCED_FOR]
    known = set(Evidence.objects.exclude(file="").values_list("file", flat=True)) if aged else set()
    orphans = [name for name in aged if name not in known]
    for name in orphans:
        default_storage.delete(name)
    if orphans:
        record_event(
            action="appraisal.evidence.swept", subject=("appraisal.evidence", "*"), actor=None, now=now, new={"files": len(orphans)}
        )
    return len(orphans)


def attach(*, entry: ProgressEntry, papers: Papers, policy: AppraisalPolicy, uploaded_by: int | None, now: dt.datetime) -> list[Evidence]:
    """Evidence rows of an entry, inside the caller's transaction; raises Unacceptable above the yearly quota (bytes)."""
    _require_quota(entry.employee_id, papers, policy, now)
    rows = [
        Evidence(
            entry=entry,
            kind="BERKAS",
            title=file.title,
            file=file.stored_as,
            sha256=file.sha256,
            content_type=file.kind.value,
            size=len(file.content),
            sensitive=papers.sensitive,
            uploaded_by=uploaded_by,
            uploaded_at=now,
        )
        for file in papers.files
    ]
    rows += [
        Evidence(
            entry=entry,
            kind="TAUTAN",
            title=link[:TITLE_LENGTH],
            url=link,
            sensitive=papers.sensitive,
            uploaded_by=uploaded_by,
            uploaded_at=now,
        )
        for link in papers.links
    ]
    return Evidence.objects.bulk_create(rows)


def links_of(entry: ProgressEntry) -> list[str]:
    return list(Evidence.objects.filter(entry=entry, kind="TAUTAN").values_list("url", flat=True))


def carry_over(*, old: ProgressEntry, new: ProgressEntry) -> None:
    """A corrected entry keeps the evidence of the one it replaces; both rows point at the same sealed file."""
    pieces = list(Evidence.objects.filter(entry=old))
    for piece in pieces:
        piece.pk, piece.entry = None, new
    Evidence.objects.bulk_create(pieces)


def _require_quota(employee_id: int, papers: Papers, policy: AppraisalPolicy, now: dt.datetime) -> None:
    if not papers.files:
        return
    year_start = start_of_day(local_date(now).replace(month=1, day=1))
    kept = Evidence.objects.filter(entry__employee_id=employee_id, kind="BERKAS", uploaded_at__gte=year_start)
    used = kept.values("file", "size").distinct().aggregate(total=Sum("size"))["total"] or 0
    if used + sum(len(f.content) for f in papers.files) > policy.evidence_quota_bytes:
        sentence = _("Kuota bukti Anda tahun ini %(batas)s sudah penuh. Pakai tautan, atau hubungi pengelola.")
        raise Unacceptable(
            _("Bukti belum tersimpan."), errors={"files": [sentence % {"batas": filesizeformat(policy.evidence_quota_bytes)}]}
        )
