"""The base of all commands: how they refuse."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, SystemCheckError

REFUSED, WRONG_CALL = 1, 2


class CityCommand(BaseCommand):
    """A refusal on the command line is its sentence alone; Django would put the name of a class before it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            told = super().execute(*args, **options)
            sys.stdout.flush()
            return told
        except SystemCheckError:
            raise
        except BrokenPipeError:
            # Who reads through ``head`` has read enough; what is left has nowhere to go, nor at the end of the process.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(REFUSED) from None
        except CommandError as refusal:
            if not getattr(self, "_called_from_command_line", False) or options.get("traceback"):
                raise
            self.stderr.write(str(refusal))
            raise SystemExit(refusal.returncode) from refusal
