"""Words of a text. jieba's dictionary and algorithm, by default through rjieba (the same in Rust).

A text is first cut at the border of scripts. Runs of Chinese characters go to jieba: there both
engines give the same words. The rest follows a rule of our own, because there the engines differ:
letters and digits form one token, with a decimal part and a percent sign (`3.5%`, `H5N1`), anything
else (punctuation, blanks, hyphens) divides and is dropped. User words with letters or signs
(`5G基站`, `12345热线`) are found before that, the longest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from govcode.errors import UsageError, choices
from govcode.text.patterns import later
from govcode.text.vocabulary import UserWord, read_stop_words, read_user_dictionary

Engine = Literal["rjieba", "jieba"]
ENGINES = ("rjieba", "jieba")

CHINESE = "\u4e00-\u9fff"
_RUN_PATTERN = rf"[{CHINESE}]+|[A-Za-z0-9]+(?:\.[0-9]+)?%?"
SEPARATOR = "\x1f"  # between texts that are cut together; no cleaned text has it
_PIECE = 4000  # characters, at least
_PURE = later(f"[{CHINESE}]+")


class Segmenter:
    """Cut texts into words.

    `engine`: `rjieba` (fast) or `jieba` (the reference). `user_dictionary`: a file in jieba's form or
    UserWords; `stop_words`: a file or words, left out of the result. Nothing is cached on disk, and
    engines are private to the segmenter, so that one user dictionary never reaches another.
    """

    def __init__(
        self,
        engine: str = "rjieba",
        user_dictionary: str | Path | Iterable[UserWord] | None = None,
        stop_words: str | Path | Iterable[str] | None = None,
    ) -> None:
        if engine not in ENGINES:
            raise UsageError(
                f"Unknown segmentation engine '{engine}'.", hint=f"Choose from: {choices(ENGINES)}."
            )
        self.engine = engine
        self.user_words = _user_words(user_dictionary)
        self.stop_words = _stop_words(stop_words)
        self._run = re.compile(_RUN_PATTERN)
        self._cut = _cutter(engine, self.user_words)
        mixed = [word.word for word in self.user_words if not _PURE().fullmatch(word.word)]
        self._mixed = frozenset(mixed)
        if mixed:
            longest_first = sorted(mixed, key=len, reverse=True)
            self._run = re.compile("|".join([*map(re.escape, longest_first), _RUN_PATTERN]))

    def segment(self, text: str) -> list[str]:
        """Return the words of `text` in order, without blanks, punctuation and stop words."""
        words = self._words(text)
        if self.stop_words:
            return [word for word in words if word not in self.stop_words]
        return words

    def segment_many(self, texts: Iterable[str]) -> list[list[str]]:
        """Return the words of each text, in order."""
        return [self.segment(text) for text in texts]

    def cut(self, runs: str) -> Iterator[Sequence[str]]:
        """Yield the words of runs of characters that are divided by blanks and SEPARATOR; these stay in.

        The quick way for many texts at once: some of them at a time, so that words that are dropped at
        once give their memory to the next. Raises ValueError with user words that have letters or signs,
        and with stop words: these need `segment`.
        """
        if self._mixed or self.stop_words:
            raise ValueError("runs can only be cut without stop words and mixed user words")
        begin, size = 0, len(runs)
        while begin < size:
            end = runs.find(SEPARATOR, begin + _PIECE) + 1 or size
            yield self._cut(runs[begin:end])
            begin = end

    def _words(self, text: str) -> list[str]:
        runs = self._run.findall(text)
        if self._mixed:
            return self._words_around_mixed(runs)
        # one call for the whole text: runs are joined by a blank, which no word crosses
        return [word for word in self._cut(" ".join(runs)) if word != " "]

    def _words_around_mixed(self, runs: Sequence[str]) -> list[str]:
        words: list[str] = []
        for run in runs:
            if run in self._mixed:
                words.append(run)
            else:
                words.extend(self._cut(run))
        return words


def load_words() -> None:
    """Load the dictionary of rjieba, which takes longer than anything else at the start."""
    import rjieba  # noqa: F401 - loads it


def _cutter(engine: str, user_words: Sequence[UserWord]) -> Callable[[str], Sequence[str]]:
    """Return the cut function of a private engine; without user words rjieba's shared one will do."""
    chinese = [word for word in user_words if _PURE().fullmatch(word.word)]
    if engine == "jieba":
        return _jieba_cutter(chinese)
    import rjieba

    if not chinese:
        shared: Callable[[str], Sequence[str]] = rjieba.cut
        return shared
    private = rjieba.Jieba()
    for word in chinese:
        private.add_word(word.word, word.frequency, None)
    private_cut: Callable[[str], Sequence[str]] = private.cut
    return private_cut


def _jieba_cutter(user_words: Sequence[UserWord]) -> Callable[[str], Sequence[str]]:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer: Any = jieba.Tokenizer()
    # jieba would put a cache into the shared temporary folder; its own steps without that:
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in user_words:
        tokenizer.add_word(word.word, word.frequency)
    cut: Callable[[str], Sequence[str]] = tokenizer.lcut
    return cut


def _user_words(source: str | Path | Iterable[UserWord] | None) -> tuple[UserWord, ...]:
    if source is None:
        return ()
    if isinstance(source, str | Path):
        return read_user_dictionary(source)
    return tuple({word.word: word for word in source}.values())


def _stop_words(source: str | Path | Iterable[str] | None) -> frozenset[str]:
    if source is None:
        return frozenset()
    if isinstance(source, str | Path):
        return read_stop_words(source)
    return frozenset(source)
