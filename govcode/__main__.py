"""Run govcode as `govcode` or `python -m govcode`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from govcode.cli.app import app

    app(prog_name="govcode")


if __name__ == "__main__":
    main()
