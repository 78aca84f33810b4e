"""What many write today: jieba, TfidfVectorizer, LogisticRegression, pandas.

`plain_script.py train POSTS MODEL` fits it, `plain_script.py code POSTS MODEL OUT` codes a table.
"""

from __future__ import annotations

import logging
import sys

import jieba
import joblib
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

jieba.setLogLevel(logging.WARNING)


def text_of(posts: pd.DataFrame) -> pd.Series:
    """Return title and text as one string per post."""
    return posts["title"].fillna("") + "\n" + posts["text"].fillna("")


def words(text: str) -> list[str]:
    """Cut a text (jieba.lcut itself cannot be pickled)."""
    return list(jieba.lcut(text))


def main() -> None:
    """Train or code."""
    verb, source, model = sys.argv[1:4]
    posts = pd.read_json(source, lines=True, dtype={"post_id": str})
    if verb == "train":
        pipeline = make_pipeline(
            TfidfVectorizer(tokenizer=words, token_pattern=None, ngram_range=(1, 2), min_df=2),
            LogisticRegression(max_iter=300, class_weight="balanced"),
        )
        joblib.dump(pipeline.fit(text_of(posts), posts["code"]), model)
        return
    pipeline = joblib.load(model)
    shares = pipeline.predict_proba(text_of(posts))
    for i, code in enumerate(pipeline.classes_):
        posts[f"p_{code}"] = shares[:, i]
    posts["code"] = pipeline.classes_[shares.argmax(axis=1)]
    posts.to_json(sys.argv[4], orient="records", lines=True, force_ascii=False)


if __name__ == "__main__":
    main()
