"""Peer: Xapian with its CJK n-grams and BM25Weight, an on-disk (glass) database."""
import time

import xapian

import peer_io


def main():
    parser = peer_io.arguments(__doc__)
    parser.add_argument("--work", required=True, help="empty folder for the database")
    options = parser.parse_args()

    start = time.perf_counter()
    writer = xapian.WritableDatabase(options.work, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    for doc, text in peer_io.read_prepared(options.docs):
        document = xapian.Document()
        document.set_data(doc)
        generator.set_document(document)
        generator.index_text(text, 1, "")
        writer.add_document(document)
    writer.commit()
    writer.close()
    index_seconds = time.perf_counter() - start

    enquire = xapian.Enquire(xapian.Database(options.work))
    enquire.set_weighting_scheme(xapian.BM25Weight())

    # Not the QueryParser: in 1.4 it joins the n-grams of a Chinese run with AND, which no long need survives.
    def search(text):
        query = xapian.Document()
        generator.set_document(query)
        generator.index_text(text, 1, "")
        terms = [xapian.Query(item.term, item.wdf) for item in query.termlist()]
        if not terms:
            return []
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, terms))
        return [(match.document.get_data().decode(), match.weight) for match in enquire.get_mset(0, options.depth)]

    peer_io.answer(options, "Xapian %s" % xapian.version_string(), index_seconds, search)


if __name__ == "__main__":
    main()
