"""What every request carries: who looks, in which language, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, Refusal
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.web import READING, is_fragment
from employees.queries import viewer_of
from employees.services.factor_gate import must_set_up

Handler = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """``request.now`` is the one reading of the clock; ``request.viewer`` follows from it, lazily."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: viewer_of(request.user, on=local_date(request.now))  # type: ignore[attr-defined]
        )
        return self.get_response(request)


class LanguageMiddleware:
    """Indonesian unless the user chose otherwise; the browser's wish does not decide."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get("bahasa", "id")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not request.path.startswith("/api/"):
            wanted = user.language
        language = wanted if wanted in {"id", "en"} else "id"
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ReadOnlyMiddleware:
    """Who has left the service looks at his own and signs out; whatever else he sends is refused before it reaches a screen.

    His last month is still judged, so its figures he may still enter: the service takes them for his own open periods alone.
    """

    ALLOWED = ("/masuk/", "/keluar/", "/sesi/", "/setelan/", "/pemberitahuan/", "/profil/", "/laporan-data/", "/kinerja/realisasi/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            request.method not in READING
            and not request.path.startswith(self.ALLOWED)
            and user.is_authenticated
            and user.only_reads(on=local_date(request.now))  # type: ignore[attr-defined]
        ):
            refusal = NotAllowed(
                _("Masa tugas Anda sudah berakhir. Akun ini hanya untuk membaca, dan untuk mengisi realisasi bulan terakhir.")
            )
            return render(request, "galat/penolakan.html", {"refusal": refusal}, status=refusal.status)
        return self.get_response(request)


class RefusalMiddleware:
    """A typed refusal out of a screen becomes a page with its own status and its own sentence."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "galat/penolakan.html", {"refusal": exception}, status=exception.status)


class SecondFactorMiddleware:
    """Whose role needs a second factor that he has not set up is led there, and nothing else opens."""

    #: Signing in and out, the display, setting it up, and doors that no session opens.
    OPEN = ("/masuk/", "/keluar/", "/setelan/", "/sesi/", "/profil/kode/", "/profil/keluar-semua/", "/api/", "/healthz")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.OPEN) or not request.user.is_authenticated or not must_set_up(request.viewer):  # type: ignore[attr-defined]
            return self.get_response(request)
        if is_fragment(request):
            sentence = _("Pasang kode verifikasi lebih dahulu.")
            return HttpResponse(sentence, status=403, content_type="text/plain; charset=utf-8")
        return HttpResponseRedirect(reverse("faktor"))
