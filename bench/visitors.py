"""Sessions without a browser: they speak the page's own protocol, so that only the server works.

On a practice's network the browsers stand on other machines. Twenty of them on the server's own
two cores measure the browsers.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PERIODS = ("8 weeks", "4 weeks")


@dataclass
class _Seen:
    """What a visit has learned of the page."""

    control: str = ""
    fragment: str = ""
    charts: int = 0


@contextmanager
def visiting(port: int, query: str, count: int, think: float) -> Iterator[None]:
    """So many sessions on Engagement, each choosing another period every `think` seconds."""
    stop, ready = threading.Event(), threading.Barrier(count + 1)
    threads = [
        threading.Thread(
            target=lambda offset=think * number / count: asyncio.run(
                _visit(port, query, offset, think, stop, ready)
            )
        )
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    ready.wait(timeout=120)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


async def _visit(
    port: int,
    query: str,
    offset: float,
    think: float,
    stop: threading.Event,
    ready: threading.Barrier,
) -> None:
    origin = f"http://localhost:{port}"
    async with connect(
        f"ws://localhost:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=origin,  # type: ignore[arg-type]
        max_size=None,
    ) as socket:
        opening = BackMsg()
        opening.rerun_script.query_string = query
        opening.rerun_script.page_name = "engagement"
        seen = await _sent(socket, opening)
        if not (seen.control and seen.charts):
            raise RuntimeError("The page came without its period or without a chart.")
        await asyncio.to_thread(ready.wait, 120)
        await asyncio.sleep(offset)
        turn = 0
        while not stop.is_set():
            await _sent(socket, _choice(seen, query, PERIODS[turn % 2]))
            turn += 1
            await asyncio.sleep(think)


async def _sent(socket: ClientConnection, message: BackMsg) -> _Seen:
    """Send, and take what comes until the run has ended."""
    await socket.send(message.SerializeToString())
    seen = _Seen()
    while True:
        told = ForwardMsg()
        told.ParseFromString(await socket.recv(decode=False))
        kind = told.WhichOneof("type")
        if kind == "script_finished":
            return seen
        if kind != "delta":
            continue
        element = told.delta.new_element
        if element.button_group.label == "Period":
            seen.control, seen.fragment = element.button_group.id, told.delta.fragment_id
        seen.charts += element.HasField("plotly_chart")


def _choice(seen: _Seen, query: str, period: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "engagement"
    message.rerun_script.fragment_id = seen.fragment
    state = message.rerun_script.widget_states.widgets.add()
    state.id = seen.control
    state.string_array_value.data.append(period)
    return message
