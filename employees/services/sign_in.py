"""Signing in with the user name or the NIP."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.http import HttpRequest

from employees.models import User


class NipOrUsernameBackend(ModelBackend):
    """One lookup for both names; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_kwargs: Any
    ) -> User | None:
        if not username or not password:
            return None
        name = username.strip()
        digits = "".join(name.split()).lstrip("'")
        user = User.objects.filter(Q(username__iexact=name) | Q(employee__nip=digits)).order_by("id").first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("employee").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
