"""Signing in with the user name or the NIP."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.http import HttpRequest

from employees.models import User


def account_named(text: str) -> User | None:
    """The account whose user name, or whose person's NIP, this is; blanks within a NIP do not matter."""
    name = text.strip()
    return User.objects.filter(Q(username__iexact=name) | Q(employee__nip=plain_digits(name))).order_by("id").first()


def plain_digits(name: str) -> str:
    return "".join(name.split()).lstrip("'")


class NipOrUsernameBackend(ModelBackend):
    """One lookup for both names; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_kwargs: Any
    ) -> User | None:
        if not username or not password:
            return None
        user = account_named(username)
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("employee").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
