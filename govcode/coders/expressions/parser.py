"""From the text of an expression to its tree.

expression = both { ("|" | "or") both }
both       = part { ("&" | "and") part }
part       = ("!" | "not") part | SCOPE ":" part | "(" expression ")" | "$" LIST | phrase | STRING | REGEX
           | "near" "(" expression { "," expression } "," NUMBER ")"      (also "before": in this order)
           | "count" "(" expression ")" COMPARE NUMBER | "length" COMPARE NUMBER
phrase     = word { "+" word }
"""

from __future__ import annotations

from collections.abc import Mapping

from govcode.coders.expressions import patterns
from govcode.coders.expressions.errors import ExpressionError
from govcode.coders.expressions.tokens import SCOPES, Token, tokens_of
from govcode.coders.expressions.tree import (
    And,
    Count,
    Length,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    String,
    Word,
)
from govcode.coders.expressions.walk import needs_words

MAXIMUM_DEPTH = 40
MAXIMUM_LENGTH = 20_000


def parse(source: str, lists: Mapping[str, str] | None = None) -> Node:
    """Return the tree of an expression; `lists` are the named lists that `$name` stands for.

    Raises ExpressionError with line and column inside the expression.
    """
    if len(source) > MAXIMUM_LENGTH:
        raise ExpressionError(f"an expression may have {MAXIMUM_LENGTH} characters", source, 0)
    return _Parser(source, lists or {}, ()).whole()


class _Parser:
    def __init__(self, source: str, lists: Mapping[str, str], inside: tuple[str, ...]) -> None:
        self.source = source
        self.lists = lists
        self.inside = inside
        self.tokens = list(tokens_of(source))
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def fail(self, message: str, token: Token | None = None) -> ExpressionError:
        return ExpressionError(message, self.source, (token or self.now).offset)

    def take(self, *texts: str) -> Token | None:
        """Return the token and go on if it is one of these signs or names."""
        token = self.tokens[self.at]
        if token.text in texts and token.kind in ("sign", "name", "compare"):
            self.at += 1
            return token
        return None

    def need(self, text: str, opened: Token) -> None:
        if not self.take(text):
            place = ExpressionError("", self.source, opened.offset)
            raise self.fail(
                f"'{text}' is missing for the '{opened.text}' at column {place.column}{self._after()}"
            )

    def _after(self) -> str:
        return "" if self.now.kind == "end" else f" before '{self.now.text}'"

    def whole(self) -> Node:
        if self.now.kind == "end":
            raise self.fail("the expression is empty")
        node = self.either()
        if self.now.kind != "end":
            if self.now.text == ")":
                raise self.fail("this ')' closes nothing")
            raise self.fail(f"put | or & before '{self.now.text}' (or quote the whole phrase)")
        return node

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("|", "or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Node:
        parts = [self.part()]
        while self.take("&", "and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else And(tuple(sorted(parts, key=needs_words)))

    def part(self) -> Node:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise self.fail("this is nested too deeply")
        try:
            return self._part()
        finally:
            self.depth -= 1

    def _part(self) -> Node:
        token = self.now
        if self.take("!", "not"):
            return Not(self.part())
        if token.kind == "scope":
            return self._scope(token)
        if opened := self.take("("):
            node = self.either()
            self.need(")", opened)
            return node
        if name := self.take("near", "before"):
            return self._near(name)
        if name := self.take("count"):
            return self._count()
        if self.take("length"):
            return Length(*self._comparison())
        return self._term(token)

    def _scope(self, token: Token) -> Node:
        self.at += 1
        if token.text in ("word", "词"):
            return self._phrase()
        if token.text not in SCOPES:
            raise self.fail(
                f"unknown scope '{token.text}:' (choose from title: text: start: end: word:)", token
            )
        return Scope(SCOPES[token.text], self.part())

    def _term(self, token: Token) -> Node:
        if token.kind == "list":
            self.at += 1
            return self._list(token)
        if token.kind == "regex":
            self.at += 1
            try:
                search = patterns.bounded_regex(token.text)
            except ValueError as error:
                raise self.fail(f"this regular expression cannot be used: {error}", token) from error
            options = patterns.regex_anchors(token.text)
            return String(token.text, "", search, regex=True, options=options)
        if token.kind == "bare" and self.tokens[self.at + 1].text == "+":
            return self._phrase()
        if token.kind in ("bare", "string"):
            self.at += 1
            return self._string(token)
        found = f"'{token.text}'" if token.text else "the end"
        raise self.fail(f"a word, a quoted text or '(' is expected, not {found}")

    def _string(self, token: Token) -> Node:
        anchor = patterns.string_anchor(token.text) if token.text.strip() else ""
        if not anchor.strip():
            raise self.fail("there is nothing to look for here", token)
        return String(token.text, anchor, patterns.string_search(token.text))

    def _phrase(self) -> Node:
        words = [self._word()]
        while self.take("+"):
            words.append(self._word())
        return words[0] if len(words) == 1 else Phrase(tuple(words))

    def _word(self) -> Word:
        token = self.now
        if token.kind not in ("bare", "string") or not token.text.strip("* "):
            raise self.fail("a word is expected here")
        self.at += 1
        text = token.text.lower()
        return Word(text, patterns.string_anchor(text), patterns.word_search(text))

    def _list(self, token: Token) -> Node:
        name = token.text[1:]
        if name not in self.lists:
            known = ", ".join(f"${known}" for known in self.lists) or "none"
            raise self.fail(f"there is no list '{token.text}' (lists: {known})", token)
        if name in self.inside:
            raise self.fail(f"the list '{token.text}' contains itself", token)
        try:
            return _Parser(self.lists[name], self.lists, (*self.inside, name)).whole()
        except ExpressionError as error:
            raise self.fail(f"in the list '{token.text}', {error.message}", token) from error

    def _near(self, name: Token) -> Node:
        opened = self.now
        self.take("(")
        parts: list[Node] = []
        distance = None
        while distance is None:
            following = self.tokens[self.at + 1].text if self.at + 1 < len(self.tokens) else ""
            if parts and self.now.kind == "bare" and self.now.text.isdecimal() and following == ")":
                distance = self._number()
                break
            token, node = self.now, self.either()
            if _is_placeless(node):
                raise self.fail(
                    f"what stands in {name.text}(…) must have a place: not 'not' or 'length'", token
                )
            parts.append(node)
            if not self.take(","):
                raise self.fail(
                    f"{name.text}(a, b, 5) needs parts and a number of words, separated by commas"
                )
        self.need(")", opened)
        if len(parts) < 2 or distance < 1:
            raise self.fail(
                f"{name.text}(a, b, 5) needs at least two parts and a distance of 1 or more", name
            )
        return Near(tuple(parts), distance, ordered=name.text == "before")

    def _count(self) -> Node:
        opened = self.now
        self.take("(")
        part = self.either()
        self.need(")", opened)
        return Count(part, *self._comparison())

    def _comparison(self) -> tuple[str, int]:
        sign = self.take(">=", "<=", ">", "<", "=")
        if sign is None:
            raise self.fail("a comparison such as >= 2 is expected here")
        return sign.text, self._number()

    def _number(self) -> int:
        token = self.now
        if token.kind != "bare" or not token.text.isdecimal() or len(token.text) > 6:
            raise self.fail("a whole number is expected here")
        self.at += 1
        return int(token.text)


def _is_placeless(node: Node) -> bool:
    """Tell whether a match of this part can be nowhere in particular."""
    if isinstance(node, (Not, Length)):
        return True
    if isinstance(node, Scope):
        return _is_placeless(node.part)
    if isinstance(node, Or):
        return any(map(_is_placeless, node.parts))
    if isinstance(node, And):
        return all(map(_is_placeless, node.parts))
    return isinstance(node, Count) and node.anchors() is None and not isinstance(node.part, String)
