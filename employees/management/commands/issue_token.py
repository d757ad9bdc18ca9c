"""``issue_token``: prints a REST token once, as its last word."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.commands import WRONG_CALL, CityCommand
from bukittinggi_kinerja.common.errors import Refusal, Unacceptable
from employees.models import User
from employees.services.tokens import DEFAULT_DAYS, issue_token


class Command(CityCommand):
    help = "Membuat token REST untuk satu akun dan menampilkannya sekali, sebagai kata terakhir."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="nama pengguna")
        parser.add_argument("--scope", required=True, action="append", help="lingkup; boleh diulang atau dipisah koma")
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="masa berlaku dalam hari (bawaan 90)")

    def handle(self, *, user: str, scope: list[str], days: int, **_options: Any) -> None:
        account = User.objects.filter(username__iexact=user).first()
        if account is None:
            raise CommandError(_("Akun {name} tidak ada.").format(name=user))
        scopes = [part for given in scope for part in given.split(",")]
        try:
            token, secret = issue_token(user=account, scopes=scopes, days=days, now=timezone.now())
        except Unacceptable as refusal:  # an unknown scope, days beyond the longest life
            raise CommandError(str(refusal), returncode=WRONG_CALL) from refusal
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        until = timezone.localtime(token.expires_at).strftime("%Y-%m-%d")
        told = _("Token {name} ({scopes}) berlaku sampai {until}. Simpan sekarang, tidak tampil lagi:")
        self.stdout.write(told.format(name=account.username, scopes=", ".join(token.scopes), until=until))
        self.stdout.write(secret)
