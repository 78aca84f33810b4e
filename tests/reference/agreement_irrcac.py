"""Make agreement_irrcac.json: 1,000 random tables with the figures of irrCAC.

irrCAC 0.4.4 pins an old numpy, so it is never installed beside govcode:

    python -m venv ref && ref/bin/pip install irrCAC==0.4.4
    ref/bin/python tests/reference/agreement_irrcac.py > tests/reference/agreement_irrcac.json

Known faults of the package, avoided here: it takes q from the codes in use unless `categories` is given,
and only where every one of them occurs in the data; figures are rounded to five digits; Conger's kappa
differs from the R package where codings are missing (.76207 against .76282 on Krippendorff's example), so
it is not compared; a table with one code only raises an error or gives nan.
"""

from __future__ import annotations

import json
import sys
import warnings

import numpy as np
import pandas as pd
from irrCAC.raw import CAC

CODES = 4


def random_table(generator: np.random.Generator) -> np.ndarray:
    coders, units = int(generator.integers(2, 5)), int(generator.integers(8, 16))
    values = generator.integers(0, CODES, size=(units, 1)).repeat(coders, axis=1)
    noise = generator.random(values.shape) < generator.choice([0.1, 0.3, 0.7])
    values = np.where(noise, generator.integers(0, CODES, size=values.shape), values)
    holes = generator.random(values.shape) < generator.choice([0.0, 0.2])
    holes[:, 0] &= ~holes[:, 1:].all(axis=1)  # every unit keeps a coding
    return np.where(holes, -1, values)


def figures(values: np.ndarray) -> dict[str, float]:
    frame = pd.DataFrame(np.where(values < 0, np.nan, values.astype(float)))
    cac = CAC(frame, digits=10)
    kinds = {"alpha": cac.krippendorff, "ac1": cac.gwet, "fleiss": cac.fleiss, "bp": cac.bp}
    found = {name: float(kind()["est"]["coefficient_value"]) for name, kind in kinds.items()}
    return {**found, "percent": float(cac.gwet()["est"]["pa"])}


def main() -> None:
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(20191009)
    tables: list[dict] = []
    while len(tables) < 1000:
        values = random_table(generator)
        if len(np.unique(values[values >= 0])) == CODES:
            rows = ["".join("." if v < 0 else str(v) for v in row) for row in values]
            tables.append({"rows": rows, **figures(values)})
    json.dump({"package": "irrCAC 0.4.4", "tables": tables}, sys.stdout, separators=(",", ":"))


main()
