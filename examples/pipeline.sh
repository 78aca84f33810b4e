#!/bin/sh
# A shell pipeline: which accounts of the example publish citizens' appeals, and how many?
# Run it in this folder with govcode on the PATH.
set -eu
govcode ingest raw -q -o - |
  govcode classify - --from jsonl --to jsonl -q |
  python3 -c '
import collections, json, sys
posts, appeals = collections.Counter(), collections.Counter()
for line in sys.stdin:
    row = json.loads(line)
    posts[row["account"]] += 1
    appeals[row["account"]] += row["code"] == "appeal"
for account, number in sorted(posts.items()):
    print(f"{account}\t{appeals[account]} of {number}")
'
