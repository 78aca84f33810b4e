"""Shares of codes in a corpus, corrected for the errors of the machine that coded it."""
