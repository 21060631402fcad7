"""One socket, from `ready` to its end: it keeps the replica up to date by the rule of docs/realtime.md."""

import asyncio
import json
import random
from datetime import datetime
from typing import Any

from websockets.asyncio.client import ClientConnection

from .replica import Json, Replica
from .rest import Refused, Rest, Unreachable
from .tokens import Tokens
from .waits import FIRST_SECONDS, backoff

PAGE = 50
ANSWER_SECONDS = 15
RESYNC_SPREAD_SECONDS = 2


class Session:
    def __init__(self, socket: ClientConnection, replica: Replica, rest: Rest, tokens: Tokens, user_id: int) -> None:
        self._socket = socket
        self._replica = replica
        self._rest = rest
        self._tokens = tokens
        self._user_id = user_id
        # Events wait here while a sync is under way.
        self._events: asyncio.Queue[Json] = asyncio.Queue()
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._refs = 0
        self._renewal: asyncio.Task[None] | None = None
        self.is_ready = False

    async def run(self) -> None:
        """Until the socket is closed."""
        follower: asyncio.Task[None] | None = None
        try:
            async for text in self._socket:
                frame: Json = json.loads(text)
                if frame["type"] == "ready":
                    self._renew_before_the_end(frame["data"])
                    # Attach first, then read: what the sync does not have comes as an event.
                    follower = follower or asyncio.create_task(self._follow())
                    self.is_ready = True
                if (ref := frame.get("ref")) in self._answers:
                    self._answers.pop(ref).set_result(frame)
                elif "ref" not in frame:
                    self._events.put_nowait(frame)
        finally:
            for task in (follower, self._renewal):
                if task is not None:
                    task.cancel()

    async def _follow(self) -> None:
        try:
            await self._sync()
            while True:
                await self._take(await self._events.get())
        except TimeoutError:
            await self._socket.close()

    async def _take(self, event: Json) -> None:
        kind = event["type"]
        if kind == "resync":
            await asyncio.sleep(random.uniform(0, RESYNC_SPREAD_SECONDS))
            await self._sync()
        elif "me_pts" in event:
            await self._take_own(event)
        elif "pts" in event:
            await self._take_change(event)

    async def _take_own(self, event: Json) -> None:
        mine = self._replica.me_pts
        if event["me_pts"] <= mine:
            return
        if event["me_pts"] == mine + 1 and event["type"] != "me.advanced":
            self._replica.apply_own(event)
        else:
            await self._sync()

    async def _take_change(self, event: Json) -> None:
        kind, chat_id, pts = event["type"], event["chat_id"], event["pts"]
        chat = self._replica.chats.get(chat_id)
        if kind == "participant.removed" and event["data"]["user_id"] == self._user_id:
            if chat is not None and pts > chat.pts:
                del self._replica.chats[chat_id]
        elif chat is None and kind == "chat.created":
            await self._take_afresh(event["data"], pts)
        elif chat is None:
            await self._sync()
        elif pts > chat.pts:
            if pts == chat.pts + 1 and kind not in ("chat.created", "chat.advanced"):
                chat.apply(event)
            else:
                await self._sync()

    async def _sync(self) -> None:
        while True:
            answer = await self._ask_sync()
            await self._take_answer(answer)
            me_has_more = answer.get("me", {}).get("has_more", False)
            if not (answer["has_more"] or me_has_more or any(chat["has_more"] for chat in answer["chats"])):
                return

    async def _ask_sync(self) -> Json:
        tries = 0
        while True:
            replica = self._replica
            chats = {str(chat.id): chat.pts for chat in replica.chats.values()}
            request = {"type": "sync", "epoch": replica.epoch, "chats": chats, "me_pts": replica.me_pts}
            answer = await self._ask(request)
            if answer["type"] == "sync.done":
                return dict(answer["data"])
            await asyncio.sleep(FIRST_SECONDS / 2 + backoff(tries))
            tries += 1

    async def _take_answer(self, answer: Json) -> None:
        replica = self._replica
        replica.begin_epoch(answer["epoch"])
        for chat_id in answer["left"]:
            replica.chats.pop(chat_id, None)
        for chat in answer["joined"]:
            await self._take_afresh(chat, chat["pts"])
        for synced in answer["chats"]:
            await self._take_synced(synced)
        if (me := answer.get("me")) is not None:
            for change in me["changes"]:
                replica.apply_own(change)
            replica.me_pts = me["me_pts"]

    async def _take_synced(self, synced: Json) -> None:
        chat = self._replica.chats.get(synced["chat_id"])
        if chat is None:
            return
        if synced["too_long"]:
            await self._take_afresh({"id": chat.id}, synced["pts"])
            return
        for change in synced["changes"]:
            chat.apply(change)
        chat.pts = synced["pts"]
        chat.last_read_message_id = synced["last_read_message_id"]

    async def _take_afresh(self, chat: Json, pts: int) -> None:
        """A chat with its newest page. Where the user was removed meanwhile there is nothing to keep."""
        chat_id = chat["id"]
        tries = 0
        while True:
            try:
                if "name" not in chat:
                    chat = await self._rest.ask("GET", f"/chat/{chat_id}?participants=0")
                page = await self._rest.ask("GET", f"/chat/{chat_id}/messages?order=desc&limit={PAGE}")
                self._replica.add(chat, pts, page)
                return
            except Refused:
                self._replica.chats.pop(chat_id, None)
                return
            except Unreachable:
                await asyncio.sleep(FIRST_SECONDS / 2 + backoff(tries))
                tries += 1

    async def _ask(self, frame: Json) -> Json:
        """Raises TimeoutError when no answer comes."""
        self._refs += 1
        ref = str(self._refs)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[ref] = answer
        await self._socket.send(json.dumps({**frame, "ref": ref}))
        return await asyncio.wait_for(answer, ANSWER_SECONDS)

    def _renew_before_the_end(self, start: Json) -> None:
        # The clock of the device may be wrong; the server has told the time of its own.
        seconds = (_time(start["expires_at"]) - _time(start["server_time"])).total_seconds()
        if self._renewal is not None:
            self._renewal.cancel()
        self._renewal = asyncio.create_task(self._renew_in(seconds - min(60.0, seconds / 2)))

    async def _renew_in(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        token = await self._tokens.renew("expiring")
        await self._socket.send(json.dumps({"type": "authenticate", "token": token}))


def _time(text: Any) -> datetime:
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
