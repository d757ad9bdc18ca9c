"""The city of the written matrix serves here as well: it has a row for everything that can be attacked."""

from tests.rights.conftest import _files_are_there, world

__all__ = ["_files_are_there", "world"]
