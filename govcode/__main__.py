"""Run govcode as `govcode` or `python -m govcode`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    import gc

    # Nearly all objects live for one batch and hold no cycles: looking for these seldom saves a tenth.
    gc.set_threshold(100_000, 50, 100)
    from govcode.cli.app import app

    try:
        app(prog_name="govcode")
    finally:
        gc.freeze()  # a process that ends need not look for cycles once more among all that it holds


if __name__ == "__main__":
    main()
