"""What is wrong with an expression, and where in it."""

from __future__ import annotations

from govcode.errors import CodebookError


class ExpressionError(CodebookError):
    """Report an expression that cannot be read: line and column (from 1) inside the expression."""

    def __init__(self, message: str, source: str, offset: int) -> None:
        message = " ".join(message.split())
        before = source[:offset]
        self.line = before.count("\n") + 1
        self.column = offset - (before.rfind("\n") + 1) + 1
        self.reason = message
        super().__init__(f"line {self.line}, column {self.column}: {message}")
