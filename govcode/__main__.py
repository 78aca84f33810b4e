"""Run govcode as `govcode` or `python -m govcode`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    import gc

    # Nearly all objects live for one batch and hold no cycles: looking for these seldom saves a tenth.
    gc.set_threshold(100_000, 50, 100)
    from govcode.cli.app import app

    app(prog_name="govcode")


if __name__ == "__main__":
    main()
