"""What every command of our own says when it refuses."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError

from bukittinggi_kinerja.common.commands import CityCommand

HOUSE = {"bukittinggi_kinerja", "bukittinggi_kinerja.common", "employees", "appraisal", "appraisal.incentives", "training", "evaluation"}
OURS = sorted(name for name, app in get_commands().items() if app in HOUSE and name != "makemessages")


class Refusing(CityCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Berkas ini bukan daftar pegawai.", returncode=2)


def test_a_refusal_is_its_sentence_alone_with_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        Refusing().run_from_argv(["manage.py", "refusing", "--skip-checks"])
    assert end.value.code == 2
    assert capsys.readouterr().err == "Berkas ini bukan daftar pegawai.\n"


def test_who_calls_a_command_from_code_gets_the_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="bukan daftar"):
        Refusing().execute(no_color=True, force_color=False, skip_checks=True)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_our_own_refuses_so(name: str) -> None:
    assert isinstance(load_command_class(get_commands()[name], name), CityCommand)


TALKER = """
from django.conf import settings
settings.configure()
from bukittinggi_kinerja.common.commands import CityCommand

class Talker(CityCommand):
    requires_system_checks = []
    def handle(self, **options):
        self.stdout.write("baris\\n" * {lines})

input()
Talker().run_from_argv(["manage.py", "talker"])
"""


@pytest.mark.parametrize("lines", [1, 200_000])
def test_a_reader_who_has_seen_enough_meets_no_traceback(lines: int) -> None:
    """As behind ``head -1``: what is left has nowhere to go, and nobody is told of it."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", TALKER.format(lines=lines)], text=True, **pipes) as talker:  # type: ignore[call-overload]
        talker.stdout.close()
        talker.stdout = None
        assert talker.communicate("mulai\n") == (None, "")
    assert talker.returncode == 1
