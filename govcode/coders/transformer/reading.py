"""What the encoder sees of a post: its title and the first part of its text, as token numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from govcode.coders.transformer.extra import needed
from govcode.errors import HashMismatchError
from govcode.text.clean import CodingText

# Characters that are looked at for each token that fits: long texts are not cut into tokens to their end.
CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text becomes tokens.

    `length`: most tokens of a post, marks included. `prefix` stands before it (some encoders want one).
    `pair`: title and body are two segments, as the tokenizer joins them; else `join` stands between them.
    """

    length: int = 128
    prefix: str = ""
    pair: bool = True
    join: str = "\n"

    @classmethod
    def from_card(cls, values: dict[str, Any]) -> Reading:
        """Return the settings that a card holds."""
        return cls(**values)

    def to_card(self) -> dict[str, Any]:
        """Return the settings as a card holds them."""
        return asdict(self)


class Tokens(NamedTuple):
    """Numbers of tokens and of their segments, both of shape (1, tokens)."""

    ids: NDArray[np.int64]
    types: NDArray[np.int64]


class Reader:
    """Cut texts into tokens with the tokenizer of a model (the content of its tokenizer.json)."""

    def __init__(self, reading: Reading, tokenizer: bytes) -> None:
        tokenizers = needed("tokenizers")
        try:
            self._tokenizer = tokenizers.Tokenizer.from_buffer(tokenizer)
        except Exception as error:  # the package raises plain exceptions
            raise HashMismatchError(
                f"tokenizer.json: is not a tokenizer ({error}).", hint="Install or train the model again."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(reading.length)
        self._reading = reading

    def parts(self, text: CodingText) -> tuple[str, str]:
        """Return what is read of title and body; one of them may be empty."""
        most = CHARACTERS * self._reading.length
        return text.title[:most], text.body[:most]

    def __call__(self, text: CodingText) -> Tokens:
        """Return the tokens of one text."""
        reading = self._reading
        title, body = self.parts(text)
        if reading.pair and title and body:
            found = self._tokenizer.encode(reading.prefix + title, body)
        else:
            whole = reading.join.join(part for part in (title, body) if part)
            found = self._tokenizer.encode(reading.prefix + whole)
        return Tokens(np.array([found.ids], dtype=np.int64), np.array([found.type_ids], dtype=np.int64))
