"""Peer: plain BM25 (k1 1.2, b 0.3, each query term counted once) over jieba words, characters and bigrams, or bigrams."""
import collections
import heapq
import math
import platform
import time

import peer_io

K1 = 1.2
B = 0.3


def jieba_tokenizer(cache_dir):
    import jieba
    jieba.setLogLevel(60)
    jieba.dt.tmp_dir = cache_dir
    jieba.initialize()

    def tokens(text):
        return [word for word in jieba.cut(peer_io.normalized(text)) if any(c.isalnum() for c in word)]

    return tokens, "jieba %s" % jieba.__version__


def main():
    parser = peer_io.arguments(__doc__)
    parser.add_argument("--tokens", choices=("words", "characters-bigrams", "bigrams"), required=True)
    parser.add_argument("--cache", default=None, help="folder of jieba's dictionary cache")
    options = parser.parse_args()
    system = "Python %s" % platform.python_version()
    if options.tokens == "words":
        tokens, name = jieba_tokenizer(options.cache)
        system = "%s, %s" % (name, system)
    else:
        characters = options.tokens == "characters-bigrams"
        tokens = lambda text: peer_io.gram_tokens(text, characters)

    start = time.perf_counter()
    ids, lengths = [], []
    counts = collections.defaultdict(list)
    for doc, text in peer_io.read_prepared(options.docs):
        frequencies = collections.Counter(tokens(text))
        for term, frequency in frequencies.items():
            counts[term].append((len(ids), frequency))
        ids.append(doc)
        lengths.append(sum(frequencies.values()))
    mean = sum(lengths) / len(lengths) or 1.0
    norms = [K1 * (1 - B + B * length / mean) for length in lengths]
    postings = {}
    for term, hits in counts.items():
        weight = math.log(1 + (len(ids) - len(hits) + 0.5) / (len(hits) + 0.5))
        postings[term] = [(doc, weight * tf * (K1 + 1) / (tf + norms[doc])) for doc, tf in hits]
    del counts
    index_seconds = time.perf_counter() - start

    def search(text):
        scores = collections.defaultdict(float)
        # Sorted: sums do not depend on hash order.
        for term in sorted(set(tokens(text))):
            for doc, weight in postings.get(term, ()):
                scores[doc] += weight
        best = heapq.nsmallest(options.depth, scores.items(), key=lambda hit: (-hit[1], ids[hit[0]]))
        return [(ids[doc], score) for doc, score in best]

    peer_io.answer(options, system, index_seconds, search)


if __name__ == "__main__":
    main()
