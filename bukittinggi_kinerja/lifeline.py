"""A process that ends with its parent, however the parent ends."""

import ctypes
from contextlib import suppress

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def end_with_parent(signal_number: int) -> None:
    """Ask the kernel to send us `signal_number` when our parent ends. Linux only; elsewhere nothing happens.

    The kernel counts the end of the *thread* that started us.
    """
    with suppress(AttributeError):
        _LIBC.prctl(PR_SET_PDEATHSIG, signal_number)
