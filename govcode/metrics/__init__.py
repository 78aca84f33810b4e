"""Coefficients and intervals: one file a family, every number of govcode comes from here."""
