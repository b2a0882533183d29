"""The worker process: minimal until the ticks are in."""

import argparse
import os
import signal
import threading

from collectors import leash


def main() -> int:
    """Wait until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pulse-fd", type=int)
    pulse = parser.parse_args().pulse_fd
    stop = threading.Event()
    leash.hold(stop.set)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    while not stop.wait(1.0):
        if pulse is not None:
            os.write(pulse, b".")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
