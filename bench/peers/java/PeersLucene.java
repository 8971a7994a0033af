import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.Version;

/** Peers: Lucene with SmartChineseAnalyzer or CJKAnalyzer and BM25Similarity, an on-disk index. */
public final class PeersLucene {
  private static final int WARM_UP_QUERIES = 50;

  private record Hit(String doc, float score) {}

  private static List<String[]> readPrepared(String path) throws IOException {
    List<String[]> out = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
      StringBuilder line = new StringBuilder();
      // Not readLine: only \n ends a line here.
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        out.add(line.toString().split("\t", 2));
        line.setLength(0);
      }
    }
    return out;
  }

  private static List<Hit> search(IndexSearcher searcher, QueryBuilder builder, String text, int depth)
      throws IOException {
    Query query = builder.createBooleanQuery("body", text);
    List<Hit> hits = new ArrayList<>();
    if (query == null) return hits;
    StoredFields stored = searcher.storedFields();
    for (ScoreDoc hit : searcher.search(query, depth).scoreDocs) {
      hits.add(new Hit(stored.document(hit.doc).get("id"), hit.score));
    }
    return hits;
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  public static void main(String[] args) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) options.put(args[i], args[i + 1]);
    int depth = Integer.parseInt(options.get("--depth"));
    long start = System.nanoTime();
    Analyzer analyzer =
        options.get("--analyzer").equals("smartcn") ? new SmartChineseAnalyzer() : new CJKAnalyzer();
    FSDirectory directory = FSDirectory.open(Path.of(options.get("--work")));
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setSimilarity(new BM25Similarity());
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (String[] doc : readPrepared(options.get("--docs"))) {
        Document document = new Document();
        document.add(new StoredField("id", doc[0]));
        document.add(new TextField("body", doc[1], Field.Store.NO));
        writer.addDocument(document);
      }
    }
    DirectoryReader reader = DirectoryReader.open(directory);
    double indexSeconds = (System.nanoTime() - start) / 1e9;

    // A need of some thousand characters has more terms than the default limit of 1024 clauses.
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE);
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setSimilarity(new BM25Similarity());
    QueryBuilder builder = new QueryBuilder(analyzer);
    List<String[]> queries = readPrepared(options.get("--queries"));
    for (int i = 0; i < Math.min(WARM_UP_QUERIES, queries.size()); i++) {
      search(searcher, builder, queries.get(i)[1], depth);
    }
    String tag = Path.of(options.get("--run")).getFileName().toString().replace(".trec", "");
    double[] times = new double[queries.size()];
    try (PrintWriter run = new PrintWriter(options.get("--run"), StandardCharsets.UTF_8)) {
      for (int i = 0; i < times.length; i++) {
        long before = System.nanoTime();
        List<Hit> hits = search(searcher, builder, queries.get(i)[1], depth);
        times[i] = (System.nanoTime() - before) / 1e6;
        hits.sort(Comparator.comparingDouble((Hit h) -> -h.score()).thenComparing(Hit::doc));
        int rank = 0;
        for (Hit hit : hits) {
          run.printf(Locale.ROOT, "%s Q0 %s %d %.9g %s\n", queries.get(i)[0], hit.doc(), ++rank, hit.score(), tag);
        }
      }
      if (run.checkError()) throw new IOException(options.get("--run") + ": cannot write");
    }
    Arrays.sort(times);
    Files.writeString(
        Path.of(options.get("--stats")),
        String.format(
            Locale.ROOT,
            "{\"system\": \"Lucene %s, Java %s\", \"index_seconds\": %.6f, \"query_ms_p50\": %.6f, \"query_ms_p99\": %.6f}",
            Version.LATEST,
            Runtime.version().feature(),
            indexSeconds,
            percentile(times, 0.50),
            percentile(times, 0.99)));
  }
}
