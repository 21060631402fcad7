"""A client of messenger-backend that stays up to date: docs/realtime.md, in Python."""

from .client import Client

__all__ = ["Client"]
