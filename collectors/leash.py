"""The leash: a pipe as stdin that ends when the process at its other end is gone.

However the server dies, kill -9 included, the kernel closes the pipe, and the worker knows.
(PR_SET_PDEATHSIG is Linux only and fires when the thread ends that started the child.)
"""

import os
import threading
from collections.abc import Callable


def hold(on_end: Callable[[], None], stream: int = 0) -> threading.Thread:
    """Call `on_end` once, from a daemon thread, when the pipe at `stream` ends."""
    thread = threading.Thread(target=_watch, args=(stream, on_end), name="leash", daemon=True)
    thread.start()
    return thread


def _watch(stream: int, on_end: Callable[[], None]) -> None:
    try:
        while os.read(stream, 4096):
            pass
    except OSError:
        pass  # closed under us: the same as its end
    on_end()
