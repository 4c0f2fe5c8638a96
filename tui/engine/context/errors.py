"""Why a build context cannot be sent. Each message is a sentence for the user."""

from __future__ import annotations


class ContextUnreadable(Exception):
    """The context cannot be sent; the message says which file and why."""


class PatternRefused(ContextUnreadable):
    """Docker refuses a pattern of an ignore file; the message holds its words."""


class PackingStopped(Exception):
    """The build was cancelled while its context was packed."""
