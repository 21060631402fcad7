"""What waits to be sent. A message keeps its `client_id` until it is answered, so it is never lost nor sent twice."""

import asyncio
import uuid
from dataclasses import dataclass, field

from .rest import Refused, Rest, Unreachable
from .waits import FIRST_SECONDS, backoff


@dataclass
class Waiting:
    chat_id: int
    contents: str
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Outbox:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._waiting: asyncio.Queue[Waiting] = asyncio.Queue()
        # What the server has refused, with its code.
        self.failed: list[tuple[Waiting, str]] = []

    def send(self, chat_id: int, contents: str) -> None:
        self._waiting.put_nowait(Waiting(chat_id, contents))

    async def run(self) -> None:
        """One after the other, so that messages stay in their order."""
        while True:
            waiting = await self._waiting.get()
            try:
                await self._deliver(waiting)
            except Refused as refusal:
                # An earlier try had sent it, and it has been deleted since: that is no failure.
                if refusal.code != "MESSAGE_DELETED":
                    self.failed.append((waiting, refusal.code))

    async def _deliver(self, waiting: Waiting) -> None:
        body = {"contents": waiting.contents, "client_id": waiting.client_id}
        tries = 0
        while True:
            try:
                # Its event brings the message.
                await self._rest.ask("POST", f"/chat/{waiting.chat_id}/message", body)
                return
            except Unreachable:
                await asyncio.sleep(FIRST_SECONDS / 2 + backoff(tries))
                tries += 1
