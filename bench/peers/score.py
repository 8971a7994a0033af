"""The scorer of the peers' table. Definitions (trec_eval's where it has them):

Documents are ordered by score, equal scores by docid; a repeated docid keeps its highest score. nDCG gains 2^grade-1.
Pool mode ranks the judged documents only, judged documents the run does not list last in docid order; in full mode an
unjudged document has grade 0. Every query with a document of grade >= rel and at least min_judged judged documents counts;
one missing from the run counts 0 (in pool mode: its judged documents in docid order).

As a program: score.py QRELS RUN [--rel N] [--min-judged N]
"""
import argparse
import math

MEASURES = ("nDCG@10 pool", "nDCG@10 full", "MRR@10", "R@100")


class BadFile(Exception):
    """A file with a line that cannot be read; the text names file and line."""


def _lines(path, fields):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            parts = line.split()
            if not parts:
                continue
            if len(parts) != fields:
                raise BadFile("%s:%d: expected %d fields, found %d" % (path, number, fields, len(parts)))
            yield number, parts


def read_qrels(path):
    qrels = {}
    for number, (query, _, doc, grade) in _lines(path, 4):
        try:
            grade = int(grade)
        except ValueError:
            raise BadFile("%s:%d: grade %s is not a whole number" % (path, number, grade))
        if doc in qrels.setdefault(query, {}):
            raise BadFile("%s:%d: %s is judged twice for %s" % (path, number, doc, query))
        qrels[query][doc] = grade
    if not qrels:
        raise BadFile("%s: no judgement" % path)
    return qrels


def read_run(path):
    run = {}
    for number, (query, _, doc, _, score, _) in _lines(path, 6):
        try:
            score = float(score)
        except ValueError:
            score = math.nan
        if math.isnan(score):
            raise BadFile("%s:%d: the score is not a number" % (path, number))
        docs = run.setdefault(query, {})
        docs[doc] = max(score, docs.get(doc, score))
    return run


def _ndcg(ranked, grades, depth):
    gain = lambda grade: 2.0 ** grade - 1.0 if grade > 0 else 0.0
    sum_gains = lambda gains: math.fsum(g / math.log2(rank + 2) for rank, g in enumerate(gains[:depth]))
    best = sum_gains(sorted((gain(grade) for grade in grades.values()), reverse=True))
    return sum_gains([gain(grades.get(doc, 0)) for doc in ranked]) / best if best > 0 else 0.0


def score_query(grades, scores, rel):
    ranked = sorted(scores, key=lambda doc: (-scores[doc], doc))
    pool = [doc for doc in ranked if doc in grades] + sorted(doc for doc in grades if doc not in scores)
    good = {doc for doc, grade in grades.items() if grade >= rel}
    first = next((rank for rank, doc in enumerate(ranked[:10], 1) if doc in good), None)
    return (_ndcg(pool, grades, 10), _ndcg(ranked, grades, 10), 1.0 / first if first else 0.0,
            sum(doc in good for doc in ranked[:100]) / len(good))


def score_run(qrels, run, rel, min_judged):
    """Returns ({measure: mean}, number of queries); no query to score gives ({}, 0)."""
    rows = [score_query(grades, run.get(query, {}), rel) for query, grades in qrels.items()
            if len(grades) >= min_judged and max(grades.values()) >= rel]
    return {name: math.fsum(column) / len(rows) for name, column in zip(MEASURES, zip(*rows))}, len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("qrels")
    parser.add_argument("run")
    parser.add_argument("--rel", type=int, default=2)
    parser.add_argument("--min-judged", type=int, default=10)
    options = parser.parse_args()
    try:
        means, queries = score_run(read_qrels(options.qrels), read_run(options.run), options.rel, options.min_judged)
    except (BadFile, OSError) as problem:
        raise SystemExit("error: %s" % problem)
    print("queries %d" % queries)
    for name, value in means.items():
        print("%-13s %.6f" % (name, value))


if __name__ == "__main__":
    main()
