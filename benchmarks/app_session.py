"""Sessions of the dashboard without a browser: the WebSocket, and the messages that Streamlit's own page would send."""

import asyncio
import re
from dataclasses import dataclass, field
from time import perf_counter

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0


@dataclass
class Session:
    """One visitor: a connection, the page she looks at, and her slider."""

    link: ClientConnection
    page: str
    slider: str
    widget: str = ""
    page_hash: str = ""
    faults: list[str] = field(default_factory=list)

    async def run(self, value: float | None = None) -> float:
        """Ask for a run of the page, with the slider where it is or at a value; seconds until it is finished."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        if self.page_hash:
            message.rerun_script.page_script_hash = self.page_hash
        else:
            message.rerun_script.page_name = self.page
        message.rerun_script.context_info.timezone = "Europe/London"
        if value is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.widget
            state.double_array_value.data.append(value)
        begun = perf_counter()
        await self.link.send(message.SerializeToString())
        await asyncio.wait_for(self._finish(), PATIENCE)
        return perf_counter() - begun

    async def _finish(self) -> None:
        """Read until the run is finished; note errors, and the slider's name."""
        async for raw in self.link:
            message = ForwardMsg()
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.page_hash = message.new_session.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                if element.WhichOneof("type") == "exception":
                    self.faults.append(element.exception.message)
                elif element.WhichOneof("type") == "slider" and re.search(rf"-{self.slider}$", element.slider.id):
                    self.widget = element.slider.id
            elif kind == "script_finished":
                return
        raise ConnectionError("the server closed the session")


async def opened(port: int, page: str, slider: str) -> Session:
    """Open a session and run its page once.

    Parameters
    ----------
    port : int
        Of the server on this machine.
    page : str
        Path of the page in its address.
    slider : str
        Key of the slider that is going to be moved.

    Returns
    -------
    Session
        With the slider found.
    """
    address = f"127.0.0.1:{port}"
    link = await connect(
        f"ws://{address}/_stcore/stream", origin=f"http://{address}", subprotocols=["streamlit"], max_size=None
    )
    session = Session(link, page, slider)
    await session.run()
    if not session.widget:
        raise RuntimeError(f"no slider {slider} on the page {page}: {session.faults}")
    return session


async def visits(port: int, page: str, slider: str, *, count: int, moves: int, pause: float) -> tuple[list[float], int]:
    """Seconds of every move of ``count`` sessions at once, each resting between its moves, and how many failed."""
    sessions = await asyncio.gather(*(opened(port, page, slider) for _ in range(count)))

    async def one(number: int, session: Session) -> list[float]:
        await asyncio.sleep(pause * number / count)
        taken = []
        for move in range(moves):
            taken.append(await session.run(float(number + count * move) % 60))
            await asyncio.sleep(pause)
        await session.link.close()
        return taken

    ended = await asyncio.gather(*(one(i, s) for i, s in enumerate(sessions)), return_exceptions=True)
    failed = sum(isinstance(result, BaseException) for result in ended) + sum(len(s.faults) for s in sessions)
    return [t for result in ended if not isinstance(result, BaseException) for t in result], failed


async def come_and_go(port: int, page: str, slider: str, count: int) -> None:
    """Open a session, move its slider and close it, ``count`` times, one after the other."""
    for number in range(count):
        session = await opened(port, page, slider)
        await session.run(float(number % 60))
        await session.link.close()
