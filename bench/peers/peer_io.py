"""What every Python peer shares: its options, the prepared files, the timing of queries, the run and the figures it writes.

Prepared files (written by peers.py) are UTF-8 lines "id TAB text"; the text holds no tab and no line break.
"""
import argparse
import json
import os
import re
import time
import unicodedata

WARM_UP_QUERIES = 50
TOKEN_CHARS_MAX = 200

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECES = re.compile("[%s]+|(?:(?![%s_])\\w)+" % (_HAN, _HAN))
_HAN_FIRST = re.compile("[%s]" % _HAN)


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    for name in ("docs", "queries", "run", "stats"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--depth", type=int, required=True)
    return parser


def read_prepared(path):
    """Yields (id, text)."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t", 1)


def normalized(text):
    return unicodedata.normalize("NFKC", text).lower()


def gram_tokens(text, characters):
    """Bigrams of each run of Han characters (with `characters` the single ones too); other letters and digits by runs."""
    tokens = []
    for piece in _PIECES.findall(normalized(text)):
        if not _HAN_FIRST.match(piece):
            if len(piece) <= TOKEN_CHARS_MAX:
                tokens.append(piece)
            continue
        if characters or len(piece) == 1:
            tokens.extend(piece)
        tokens.extend(piece[i:i + 2] for i in range(len(piece) - 1))
    return tokens


def percentile(values, share):
    """Nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, int(-(-share * len(ranked) // 1)) - 1))]


def answer(options, system, index_seconds, search, **extra):
    """Runs `search(text) -> [(docid, score)]` for every query, after a short warm-up, and writes the run and the figures.

    `extra` values are added to the figures; a callable is called after the last query.
    """
    queries = list(read_prepared(options.queries))
    for _, text in queries[:WARM_UP_QUERIES]:
        search(text)
    times = []
    tag = os.path.splitext(os.path.basename(options.run))[0]
    with open(options.run, "w", encoding="utf-8") as run:
        for query, text in queries:
            start = time.perf_counter()
            found = search(text)
            times.append((time.perf_counter() - start) * 1000)
            found.sort(key=lambda hit: (-hit[1], hit[0]))
            for rank, (doc, score) in enumerate(found, 1):
                run.write("%s Q0 %s %d %.9g %s\n" % (query, doc, rank, score, tag))
    stats = {"system": system, "index_seconds": index_seconds, "query_ms_p50": percentile(times, 0.50),
             "query_ms_p99": percentile(times, 0.99)}
    for key, value in extra.items():
        stats[key] = value() if callable(value) else value
    with open(options.stats, "w", encoding="utf-8") as out:
        json.dump(stats, out, ensure_ascii=False)
