"""RFC 9457: whatever goes wrong under /api/v1/ is answered as ``application/problem+json`` with one shape."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from bukittinggi_kinerja.common.errors import Refusal, Stale, Unacceptable

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: Relative reference (RFC 3986) to the place of the documentation that explains a kind of problem.
KINDS_AT = "/api/v1/docs/#masalah-"

TITLES: Mapping[str, Any] = {
    "isi": _("Permintaan perlu diperbaiki"),
    "token": _("Token diperlukan"),
    "hak": _("Tidak berhak"),
    "tidak-ada": _("Tidak ditemukan"),
    "cara": _("Cara tidak tersedia"),
    "keadaan": _("Belum atau tidak lagi dapat dilakukan"),
    "berubah": _("Sudah diubah orang lain"),
    "kunci": _("Kunci sudah dipakai"),
    "ukuran": _("Isi terlalu besar"),
    "jenis-isi": _("Jenis isi tidak didukung"),
    "sering": _("Terlalu sering"),
    "gangguan": _("Gangguan di sistem"),
}
OF_STATUS = {
    400: "isi",
    401: "token",
    403: "hak",
    404: "tidak-ada",
    405: "cara",
    409: "keadaan",
    413: "ukuran",
    415: "jenis-isi",
    429: "sering",
    500: "gangguan",
}

#: Sentences for what the framework finds, by its code; its own texts are not the words of this house.
SENTENCES: Mapping[str, Any] = {
    "required": _("Isian ini wajib."),
    "null": _("Isian ini tidak boleh kosong."),
    "blank": _("Isian ini tidak boleh kosong."),
    "empty": _("Daftar ini tidak boleh kosong."),
    "invalid": _("Nilai ini tidak dapat dibaca."),
    "invalid_choice": _("Nilai ini tidak ada dalam daftar pilihan."),
    "not_a_list": _("Isi dengan sebuah daftar."),
    "not_a_dict": _("Isi dengan sebuah objek."),
    "max_length": _("Isian ini terlalu panjang."),
    "min_length": _("Isian ini terlalu pendek."),
    "max_value": _("Nilai ini terlalu besar."),
    "min_value": _("Nilai ini terlalu kecil."),
    "max_digits": _("Angka ini terlalu panjang."),
    "max_decimal_places": _("Angka di belakang koma terlalu banyak."),
    "max_whole_digits": _("Angka ini terlalu besar."),
    "max_string_length": _("Isian ini terlalu panjang."),
    "null_characters_not_allowed": _("Isian ini memuat karakter yang tidak dapat disimpan."),
    "date": _("Isi tanggal sebagai TTTT-BB-HH."),
    "datetime": _("Isi waktu sebagai ISO 8601 dengan selisih zona."),
}
DETAILS: Mapping[str, Any] = {
    "not_authenticated": _("Sertakan token Anda pada kepala Authorization: Bearer TOKEN."),
    "authentication_failed": _("Token tidak dikenal, lewat masa berlaku, atau sudah dicabut."),
    "permission_denied": _("Anda tidak berhak melakukan ini."),
    "not_found": _("Alamat atau data ini tidak ada, atau bukan untuk Anda."),
    "method_not_allowed": _("Alamat ini tidak menerima cara yang dipakai."),
    "parse_error": _("Isi permintaan bukan JSON yang dapat dibaca."),
    "unsupported_media_type": _("Kirim isi sebagai application/json."),
    "throttled": _("Permintaan terlalu sering. Coba lagi sebentar."),
    "fields": _("Beberapa isian perlu diperbaiki."),
    "defect": _("Permintaan ini gagal karena gangguan di sistem. Gangguan ini sudah dicatat."),
}


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = _("Isi permintaan melebihi ukuran paling besar.")


@dataclass
class Problem:
    """One refusal on its way out; ``extra`` are members beyond those of RFC 9457."""

    status: int
    detail: str
    kind: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        kind = self.kind or OF_STATUS.get(self.status, "isi" if self.status < 500 else "gangguan")
        body: dict[str, Any] = {
            "type": f"{KINDS_AT}{kind}",
            "title": str(TITLES[kind]),
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = {name: list(sentences) for name, sentences in self.errors.items()}
        return body | dict(self.extra)


def as_problem(exc: Exception, context: Mapping[str, Any]) -> Response:
    """The exception handler of every REST view: one shape for refusals, the framework's refusals and defects."""
    set_rollback()
    if isinstance(exc, Refusal):
        problem, headers = _of_refusal(exc), dict[str, str]()
    else:
        problem, headers = _of_framework(exc)
    if problem.status == 500:
        request = context.get("request")
        logger.error("REST %s %s", getattr(request, "method", "?"), getattr(request, "path", "?"), exc_info=exc)
    return answer(problem, headers)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return Response(problem.as_dict(), status=problem.status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def _of_refusal(exc: Refusal) -> Problem:
    errors = exc.errors if isinstance(exc, Unacceptable) else {}
    if isinstance(exc, Stale):
        return Problem(exc.status, str(exc), kind="berubah", extra={"current": _plain(exc.current), "version": exc.version})
    return Problem(exc.status, str(exc), kind=getattr(exc, "kind", ""), errors=errors)


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: value if value is None or isinstance(value, (bool, int, str)) else str(value) for name, value in values.items()}


def _of_framework(exc: Exception) -> tuple[Problem, dict[str, str]]:
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, DjangoPermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, RequestDataTooBig):
        exc = TooLarge()
    elif isinstance(exc, UnreadablePostError):
        exc = exceptions.ParseError()
    if not isinstance(exc, exceptions.APIException):
        return Problem(500, str(DETAILS["defect"])), {}
    headers: dict[str, str] = {}
    if wanted := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = wanted
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(exc, exceptions.ValidationError):
        return _of_fields(exc), headers
    return Problem(exc.status_code, _sentence(exc)), headers


def _sentence(exc: exceptions.APIException) -> str:
    """The text a view gave, else ours for the framework's default."""
    code = str(getattr(exc.detail, "code", exc.default_code))
    spoken = str(exc.detail) != str(exc.default_detail)
    if code in DETAILS and not (spoken and code not in {"method_not_allowed", "parse_error", "unsupported_media_type"}):
        return str(DETAILS[code])
    return str(exc.detail)


def _of_fields(exc: exceptions.ValidationError) -> Problem:
    errors: dict[str, list[str]] = {}
    loose: list[str] = []
    for path, detail in _leaves(exc.detail, ()):
        sentence = str(SENTENCES.get(str(detail.code), detail)) if isinstance(detail, exceptions.ErrorDetail) else str(detail)
        name = ".".join(part for part in path if part != "non_field_errors")
        (errors.setdefault(name, []) if name else loose).append(sentence)
    return Problem(400, " ".join(loose) or str(DETAILS["fields"]), errors=errors)


def _leaves(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every sentence with the place it belongs to, lists of objects by their number from 0."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, (Mapping, list))
            yield from _leaves(inner, (*path, str(number)) if nested else path)
    else:
        yield path, detail
