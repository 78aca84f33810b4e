"""Make estimation.json with ppi-python 0.2.3 and quapy: run in a throw-away environment that has both."""

import json
import sys
from pathlib import Path

import numpy as np
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from quapy.functional import argmin_prevalence
from quapy.method.aggregative import EMQ

rng = np.random.default_rng(20190201)
ppi, acc, emq = [], [], []
for _ in range(1000):
    n, big = int(rng.integers(5, 40)), int(rng.integers(20, 200))
    share, right = rng.uniform(0.05, 0.95), rng.uniform(0.5, 1)
    truth = rng.random(n + big) < share
    said = np.where(rng.random(n + big) < right, truth, ~truth).astype(float)
    gold = truth[:n].astype(float)
    case = {
        "gold": "".join(str(int(v)) for v in gold),
        "machine": "".join(str(int(v)) for v in said[:n]),
        "ones": int(said[n:].sum()),
        "unlabelled": big,
    }
    if said.std() == 0:
        continue
    for name, lam in (("ppi", 1), ("ppi++", None)):
        point = ppi_mean_pointestimate(gold, said[:n], said[n:], lam=lam)
        low, high = ppi_mean_ci(gold, said[:n], said[n:], alpha=0.05, lam=lam)
        case[name] = [round(float(np.ravel(v)[0]), 10) for v in (point, low, high)]
    ppi.append(case)
for _ in range(1000):
    size = int(rng.integers(2, 6))
    matrix = (np.eye(size) * rng.uniform(1, 6) + rng.dirichlet(np.ones(size), size)).T
    matrix /= matrix.sum(0)
    observed = rng.dirichlet(np.ones(size))
    matrix, observed = matrix.round(6), observed.round(6)
    found = argmin_prevalence(lambda p, m=matrix, o=observed: np.linalg.norm(m @ p - o), size)
    acc.append({"matrix": matrix.tolist(), "observed": observed.tolist(), "shares": found.round(9).tolist()})
for _ in range(1000):
    size, n = int(rng.integers(2, 6)), int(rng.integers(8, 20))
    prior = rng.dirichlet(np.full(size, 5.0)).round(6)
    thin = [rng.multinomial(100 - size, rng.dirichlet(np.full(size, 0.8))) for _ in range(n)]
    hundredths = 1 + np.array(thin)
    shares, _ = EMQ.EM(prior, hundredths / 100, epsilon=1e-9)
    shares = np.asarray(shares).round(9).tolist()
    emq.append({"prior": prior.tolist(), "hundredths": hundredths.tolist(), "shares": shares})
out = {"made_with": {"quapy": "0.2.3", "ppi-python": "0.2.3"}, "ppi": ppi, "acc": acc, "emq": emq}
Path(sys.argv[1]).write_text(json.dumps(out, separators=(",", ":")) + "\n")
