#!/usr/bin/env python
"""Django's command line; uses the embedded servers of KINERJA_DATA, or starts them for the time of one command."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from bukittinggi_kinerja import embedded
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.servers import in_use

NEEDS_NO_SERVER = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "messages",
    "startapp", "startproject", "test", "testserver", "version",
}  # fmt: skip


def servers_for(words: list[str]) -> AbstractContextManager[None]:
    """The servers this command line needs: none for those that only read the code."""
    only_help = not words or words[0].startswith("-") or "--help" in words or "-h" in words
    if only_help or words[0] in NEEDS_NO_SERVER or not embedded.wanted():
        return nullcontext()
    return in_use(embedded.Place(embedded.data_directory()), embedded.wanted())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukittinggi_kinerja.settings")
    try:
        with servers_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (EmbeddedError, ImproperlyConfigured) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
