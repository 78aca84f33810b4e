"""Who is at the page: tokens are shown once and kept only as hashes, sessions live in a cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

CODER = "coder"
ADJUDICATOR = "adjudicator"
SUPERVISOR = "supervisor"
_SESSIONS_EACH = 8  # browsers a person may have open; the oldest goes first


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may use the page, with the one thing they may do there."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has shown a token: whose it is, and the token that its requests must carry."""

    person: Person
    csrf: str = field(repr=False)


def new_token() -> str:
    """Return a fresh token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token. A plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Exchange tokens for sessions and find the session of a cookie; nothing here is ever printed."""

    def __init__(self) -> None:
        self._people: list[tuple[str, Person]] = []
        self._sessions: dict[str, Session] = {}

    def admit(self, person: Person, hashed: str) -> None:
        """Let in whoever shows the token with this hash."""
        self._people.append((hashed, person))

    def people(self) -> list[Person]:
        """Return everyone who may come in."""
        return [person for _, person in self._people]

    def exchange(self, token: str) -> tuple[str, Session] | None:
        """Return a new cookie value and its session, or None where the token is unknown."""
        shown = token_hash(token)
        found = None
        for hashed, person in self._people:  # all are compared, so that time tells nothing
            if hmac.compare_digest(hashed, shown):
                found = person
        if found is None:
            return None
        own = [key for key, session in self._sessions.items() if session.person == found]
        for key in own[: max(0, len(own) - _SESSIONS_EACH + 1)]:
            del self._sessions[key]
        cookie, session = new_token(), Session(found, new_token())
        self._sessions[token_hash(cookie)] = session
        return cookie, session

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, or None."""
        return self._sessions.get(token_hash(cookie)) if cookie else None
