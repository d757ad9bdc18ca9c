"""Ways out of the house. A text on them carries no score and nobody else's name, a subject no personal data at all."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Message:
    """``key`` is the occasion: what is sent twice after a kill carries it twice, and the receiver keeps one."""

    key: str
    to: str
    subject: str
    text: str


class Channel(Protocol):
    def send(self, message: Message) -> bool:
        """Whether it went out; raises OSError where the way is blocked."""


class MailChannel:
    def send(self, message: Message) -> bool:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
        digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        mail = EmailMessage(message.subject, message.text, to=[message.to], headers={"Message-ID": f"<{digest}@{domain}>"})
        return mail.send() == 1


class FileChannel:
    """Puts each text into a file instead of sending it: for a trial, and for a gateway that fetches files.

    The name is the digest of the occasion, so that what is sent twice lies there once; only the owner of the process reads it.
    """

    def send(self, message: Message) -> bool:
        folder = Path(settings.NOTICE_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        draft = folder / f".{name}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump({"to": message.to, "text": message.text}, out, ensure_ascii=False)
        draft.replace(folder / f"{name}.json")
        return True


class SwitchedOff:
    """A channel the city has not contracted: takes nothing."""

    def send(self, message: Message) -> bool:
        return False


def channel(name: str) -> Channel:
    made: Channel = import_string(settings.NOTICE_CHANNELS[name])()
    return made


def open_ways() -> list[str]:
    """Names of the channels that are switched on, in the order of the settings."""
    return [name for name in settings.NOTICE_CHANNELS if not isinstance(channel(name), SwitchedOff)]
