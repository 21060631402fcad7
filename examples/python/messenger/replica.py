"""What the client keeps of the user's chats, and how an event changes it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


@dataclass
class Chat:
    id: int
    # Everything up to this change is applied.
    pts: int
    name: str | None
    participant_count: int
    last_read_message_id: int | None
    # The newest messages, by id. Those before the floor are not held; 0: all are.
    floor: int = 0
    messages: dict[int, Json] = field(default_factory=dict)

    def shown(self) -> list[Json]:
        """The messages, the oldest first, without those whose time has come: the server deletes them a little later."""
        return [message for _, message in sorted(self.messages.items()) if not has_disappeared(message)]

    def put(self, message: Json) -> None:
        """A message as it is now, unless a page had a newer state of it."""
        held = self.messages.get(message["id"])
        if message["id"] >= self.floor and (held is None or held["version"] <= message["version"]):
            self.messages[message["id"]] = message

    def apply(self, change: Json) -> None:
        """The next change, live or of a sync. Of an unknown one its number counts all the same."""
        data = change.get("data", {})
        match change["type"]:
            case "message.created" | "message.updated" | "message.reacted" | "message.state":
                self.put(data)
            case "message.deleted":
                self.messages.pop(data["id"], None)
            case "chat.updated":
                self.name = data["name"]
            case "participant.added" | "participant.removed":
                self.participant_count = data["participant_count"]
        self.pts = change["pts"]


def has_disappeared(message: Json) -> bool:
    expires_at = message.get("expires_at")
    return expires_at is not None and datetime.fromisoformat(expires_at) <= datetime.now(UTC)


@dataclass
class Replica:
    epoch: str | None = None
    me_pts: int = 0
    chats: dict[int, Chat] = field(default_factory=dict)

    def add(self, chat: Json, pts: int, page: Json) -> None:
        """A chat that is new to the client, or that it takes afresh, with its newest page."""
        messages = {message["id"]: message for message in page["messages"]}
        self.chats[chat["id"]] = Chat(
            id=chat["id"],
            pts=pts,
            name=chat["name"],
            participant_count=chat["participant_count"],
            last_read_message_id=chat["last_read_message_id"],
            floor=min(messages) if page["has_more"] else 0,
            messages=messages,
        )

    def apply_own(self, change: Json) -> None:
        """A change of the user's own log. This client shows the read marks alone."""
        data = change["data"]
        if change["type"] == "chat.read_mark" and (chat := self.chats.get(data["chat_id"])):
            chat.last_read_message_id = data["last_read_message_id"]
        self.me_pts = change["me_pts"]

    def begin_epoch(self, epoch: str) -> None:
        """After a restored backup the numbers may stand for other changes: nothing that is held counts."""
        if self.epoch is not None and self.epoch != epoch:
            self.chats.clear()
        self.epoch = epoch
