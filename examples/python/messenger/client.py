"""Keeps a connection to the server, whatever happens to it."""

import asyncio

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from .outbox import Outbox
from .replica import Replica
from .rest import Rest
from .session import Session
from .tokens import GetToken, Tokens
from .waits import GONE, NEEDS_TOKEN, before_reconnect

# A connection on which nothing is heard for so long is dead.
PING_SECONDS = 15
CLOSE_SECONDS = 1


class Client:
    def __init__(self, url: str, user_id: int, get_token: GetToken) -> None:
        self._url = url
        self._user_id = user_id
        self._tokens = Tokens(get_token)
        self._rest = Rest(url, self._tokens)
        self.replica = Replica()
        self.outbox = Outbox(self._rest)

    async def run(self) -> None:
        """Until the server says that this client must not come back."""
        sending = asyncio.create_task(self.outbox.run())
        tries = 0
        try:
            while True:
                code, was_ready = await self._live()
                tries = 0 if was_ready else tries
                wait = before_reconnect(code, tries)
                if wait is None:
                    return
                await asyncio.sleep(wait)
                tries += 1
        finally:
            sending.cancel()

    async def _live(self) -> tuple[int, bool]:
        """One connection. Returns the code with which it was closed, and whether it had come about."""
        try:
            token = await self._tokens.get()
        except OSError:
            return GONE, False
        session: Session | None = None
        code = GONE
        try:
            async with connect(
                self._url.replace("http", "ws", 1) + "/ws",
                # Never in the URL, because URLs end up in logs.
                additional_headers={"authorization": f"Bearer {token}"},
                subprotocols=[Subprotocol("messenger.v1")],
                max_size=None,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
                close_timeout=CLOSE_SECONDS,
            ) as socket:
                session = Session(socket, self.replica, self._rest, self._tokens, self._user_id)
                await session.run()
                code = socket.close_code or GONE
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else GONE
        except InvalidStatus as refusal:
            code = 4401 if refusal.response.status_code == 401 else GONE
        except (OSError, TimeoutError, InvalidHandshake):
            code = GONE
        if code in NEEDS_TOKEN:
            self._tokens.refused(token)
        return code, session is not None and session.is_ready
