"""./run peers: every peer and Dongxi on the same documents, queries and judgements, and one table. See docs/peers.md."""
import argparse
import fcntl
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DONGXI_BENCH = os.path.join(ROOT, "build", "release", "bin", "dongxi-bench")
PYTHON = "/usr/bin/python3"  # Debian's: its packages (Xapian, psycopg2) belong to this one
JIEBA = "jieba==0.42.1"
MEASURES = ("nDCG@10 pool", "nDCG@10 full", "MRR@10", "R@100")
# dongxi-bench quality tells its times in a note of its JSON.
DONGXI_TIMES = re.compile(r"build ([\d.]+) s; a query p50 ([\d.]+) ms, p99 ([\d.]+) ms")


class CannotRun(Exception):
    """Why a peer has no figures; the text becomes its row of the table."""


def say(text):
    print("\n\033[1m== %s\033[0m" % text, flush=True)


def shown(path):
    relative = os.path.relpath(path, ROOT)
    return path if relative.startswith("..") else relative


def fail(text):
    sys.exit("error: %s" % text)


# --- installing ---------------------------------------------------------------------------------------------------------

def python_has(module):
    return lambda: subprocess.run([PYTHON, "-c", "import " + module], stderr=subprocess.DEVNULL).returncode == 0


def command_exists(name):
    return lambda: shutil.which(name) is not None


# package: how to see that what it gives is there already
PACKAGES = {
    "python3-venv": python_has("ensurepip"),
    "python3-xapian": python_has("xapian"),
    "python3-psycopg2": python_has("psycopg2"),
    "postgresql": lambda: bool(glob.glob("/usr/lib/postgresql/*/bin/initdb")),
    "postgresql-contrib": lambda: bool(glob.glob("/usr/share/postgresql/*/extension/pg_trgm.control")),
    "default-jdk-headless": command_exists("javac"),
    "maven": command_exists("mvn"),
}
apt_updated = False


def log_call(command, log, what, **options):
    """Runs `command` with its output in the file `log`; CannotRun with the error it printed if it fails."""
    with open(log, "ab") as out:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, **options).returncode
    if code != 0:
        raise CannotRun("%s failed: %s" % (what, reason(log)))


def reason(log):
    """The last line that tells of an error, else the last line."""
    with open(log, encoding="utf-8", errors="replace") as lines:
        texts = [line.strip() for line in lines if line.strip()]
    errors = [text for text in texts if "error" in text.lower()]
    return ((errors or texts or ["no message"])[-1][:160] + " (%s)" % shown(log))


def need_packages(names, log):
    global apt_updated
    missing = [name for name in names if not PACKAGES[name]()]
    if not missing:
        return
    say("Installing with apt (needs root): " + " ".join(missing))
    root = [] if os.geteuid() == 0 else ["sudo"]
    if root and shutil.which("sudo") is None:
        raise CannotRun("needs apt-get install " + " ".join(missing))
    apt = root + ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if not apt_updated:
        log_call(apt + ["update", "-qq"], log, "apt-get update")
        apt_updated = True
    log_call(apt + ["install", "-y", "-qq", "--no-install-recommends"] + missing, log, "apt-get install")


def newest(paths):
    return max(os.path.getmtime(path) for path in paths)


def prepare_jieba(work, log):
    python = os.path.join(work, "venv", "bin", "python3")
    if os.path.exists(python) and subprocess.run([python, "-c", "import jieba"], stderr=subprocess.DEVNULL).returncode == 0:
        return
    say("Installing with pip into %s: %s" % (shown(os.path.join(work, "venv")), JIEBA))
    log_call([PYTHON, "-m", "venv", "--clear", os.path.join(work, "venv")], log, "python3 -m venv")
    log_call([python, "-m", "pip", "install", "--disable-pip-version-check", JIEBA], log, "pip install")


def prepare_lucene(work, log):
    sources = [os.path.join(HERE, "pom.xml"), os.path.join(HERE, "java", "PeersLucene.java")]
    built = os.path.join(work, "lucene")
    jar = os.path.join(built, "peers-lucene-1.jar")
    if os.path.exists(jar) and os.path.getmtime(jar) >= newest(sources) and glob.glob(os.path.join(built, "lib", "*.jar")):
        return
    say("Building the Lucene peers; Maven downloads Lucene and its own plugins into %s"
        % shown(os.path.join(work, "m2")))
    shutil.rmtree(built, ignore_errors=True)
    log_call(["mvn", "-B", "-f", sources[0], "-Dmaven.repo.local=" + os.path.join(work, "m2"), "-Dpeers.build=" + built,
              "package"], log, "mvn package")


# --- the peers ----------------------------------------------------------------------------------------------------------

class Peer:
    def __init__(self, name, title, packages, prepare, command):
        self.name, self.title, self.packages, self.prepare, self.command = name, title, packages, prepare, command


def python_peer(script, *arguments):
    return lambda files: [PYTHON, os.path.join(HERE, script)] + [a.format(scratch=files.scratch) for a in arguments]


def lucene_peer(analyzer):
    return lambda files: ["java", "-cp", "{0}/lucene/peers-lucene-1.jar:{0}/lucene/lib/*".format(files.work), "PeersLucene",
                          "--analyzer", analyzer, "--work", files.scratch]


def postgres_peer(name, title, ranking):
    return Peer(name, title, ["postgresql", "postgresql-contrib", "python3-psycopg2"], None,
                python_peer("postgres_peer.py", "--ranking", ranking, "--work", "{scratch}"))


PEERS = [
    Peer("bm25-words", "BM25, jieba words", ["python3-venv"], prepare_jieba,
         lambda files: [files.work + "/venv/bin/python3", HERE + "/bm25_peer.py", "--tokens", "words", "--cache", files.work]),
    Peer("bm25-chars", "BM25, characters + bigrams", [], None, python_peer("bm25_peer.py", "--tokens", "characters-bigrams")),
    Peer("bm25-bigrams", "BM25, bigrams", [], None, python_peer("bm25_peer.py", "--tokens", "bigrams")),
    Peer("lucene-smartcn", "Lucene, SmartChineseAnalyzer", ["default-jdk-headless", "maven"], prepare_lucene,
         lucene_peer("smartcn")),
    Peer("lucene-cjk", "Lucene, CJKAnalyzer", ["default-jdk-headless", "maven"], prepare_lucene, lucene_peer("cjk")),
    Peer("xapian", "Xapian, CJK n-grams", ["python3-xapian"], None, python_peer("xapian_peer.py", "--work", "{scratch}")),
    postgres_peer("postgres-fts", "PostgreSQL full text, bigrams", "full-text"),
    postgres_peer("postgres-trgm", "PostgreSQL pg_trgm, similarity", "similarity"),
    postgres_peer("postgres-wordsim", "PostgreSQL pg_trgm, word_similarity", "word-similarity"),
]
DONGXI = "dongxi"


def run_limited(command, log, timeout):
    """Runs `command`; returns its peak memory in MB. CannotRun if it fails or takes longer than `timeout` seconds."""
    deadline = time.monotonic() + timeout
    with open(log, "ab") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    stopped = False
    try:
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGKILL if stopped else signal.SIGTERM)
                stopped, deadline = True, time.monotonic() + 30
            time.sleep(0.05)
    except BaseException:
        process.send_signal(signal.SIGTERM)
        os.waitpid(process.pid, 0)
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if stopped:
        raise CannotRun("stopped after %d s (--timeout)" % timeout)
    if process.returncode != 0:
        raise CannotRun("failed: " + reason(log))
    return usage.ru_maxrss / 1024


def run_peer(peer, files, options):
    need_packages(peer.packages, files.log)
    if peer.prepare:
        peer.prepare(files.work, files.log)
    say("Running " + peer.title)
    command = peer.command(files) + ["--docs", files.docs, "--queries", files.queries, "--run", files.run,
                                    "--stats", files.stats, "--depth", str(options.depth)]
    os.makedirs(files.scratch)
    try:
        memory = run_limited(command, files.log, options.timeout)
    finally:
        shutil.rmtree(files.scratch, ignore_errors=True)
    with open(files.stats, encoding="utf-8") as stats:
        figures = json.load(stats)
    if figures.get("memory_mb") is None:
        figures["memory_mb"] = memory
    return figures


def run_dongxi(files, options):
    try:
        known = subprocess.run([DONGXI_BENCH, "quality", "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError:
        raise CannotRun("command missing")
    if known.returncode != 0 or "--docs" not in known.stdout:
        raise CannotRun("command missing")
    say("Running Dongxi")
    queries = files.title_queries if options.query == "title" else options.queries
    # One core for a query, as for the peers.
    command = [DONGXI_BENCH, "quality", "--docs", options.docs, "--queries", queries, "--qrels", options.qrels, "--target", "result",
               "--rel", str(options.rel), "--min-judged", str(options.min_judged), "--depth", str(options.depth), "--threads", "1",
               "--run", files.run, "--json", files.stats]
    for field in options.doc_fields.split(",") if options.doc_fields != "title,text" else ():
        command += ["--doc-fields", field]
    memory = run_limited(command, files.log, options.timeout)
    figures = {"system": "Dongxi", "memory_mb": memory}
    with open(files.stats, encoding="utf-8") as stats:
        times = DONGXI_TIMES.search(" ".join(json.load(stats).get("notes", [])))
    if times:
        figures.update(zip(("index_seconds", "query_ms_p50", "query_ms_p99"), map(float, times.groups())))
    return figures


def score_run(files, options):
    """Returns ({measure: mean}, number of scored queries)."""
    if not os.path.exists(DONGXI_BENCH):
        raise CannotRun("no scores: dongxi-bench is missing")
    scores = files.run + ".scores.json"
    log_call([DONGXI_BENCH, "score", "--qrels", options.qrels, "--run", files.run, "--rel", str(options.rel),
              "--min-judged", str(options.min_judged), "--json", scores], files.log, "dongxi-bench score")
    with open(scores, encoding="utf-8") as lines:
        report = json.load(lines)
    os.remove(scores)
    measures = report["systems"][0]["measures"]
    return {name: measures[name]["mean"] for name in MEASURES}, report["queries_scored"]


# --- the files ----------------------------------------------------------------------------------------------------------

def judged_documents(path, rel, min_judged):
    """The docids of a qrels file; ends the program at a bad line, or if no query can be scored."""
    grades = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            parts = line.split()
            if not parts:
                continue
            if len(parts) != 4 or not re.fullmatch(r"-?\d+", parts[3]):
                fail("%s:%d: expected query 0 document grade" % (path, number))
            judged = grades.setdefault(parts[0], {})
            if parts[2] in judged:
                fail("%s:%d: %s is judged twice for %s" % (path, number, parts[2], parts[0]))
            judged[parts[2]] = int(parts[3])
    if not any(len(judged) >= min_judged and max(judged.values()) >= rel for judged in grades.values()):
        fail("%s: no query has %d judged documents and a grade >= %d; give --rel and --min-judged" % (path, min_judged, rel))
    return {doc for judged in grades.values() for doc in judged}


def read_records(path):
    """Yields (number, record) of a JSONL file; ends the program at a bad line."""
    seen = set()
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as problem:
                fail("%s:%d: not JSON: %s" % (path, number, problem))
            name = record.get("id") if isinstance(record, dict) else None
            if not isinstance(name, str) or not name or name.split() != [name]:
                fail("%s:%d: expected an object with an id without spaces" % (path, number))
            if name in seen:
                fail("%s:%d: id %s occurs twice" % (path, number, name))
            seen.add(name)
            yield number, record
    if not seen:
        fail("%s: no record" % path)


def joined(record, fields, place):
    parts = []
    for field in fields:
        value = record.get(field)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = " ".join(value)
        if value is not None and not isinstance(value, str):
            fail("%s: %s is not a text" % (place, field))
        parts.append(value or "")
    text = " ".join(" ".join(parts).replace("\0", " ").split())
    return text.encode("utf-8", "replace").decode("utf-8")


def write_prepared(source, target, fields):
    texts = 0
    with open(target, "w", encoding="utf-8", newline="\n") as out:
        for number, record in read_records(source):
            text = joined(record, fields, "%s:%d" % (source, number))
            texts += bool(text)
            out.write("%s\t%s\n" % (record["id"], text))
    if texts == 0:
        fail("%s: no record has any of %s" % (source, ",".join(fields)))


class Files:
    """Where one peer reads and writes."""

    def __init__(self, work, name):
        self.work = work
        self.docs = os.path.join(work, "docs.tsv")
        self.queries = os.path.join(work, "queries.tsv")
        self.title_queries = os.path.join(work, "title_queries.jsonl")
        self.scratch = os.path.join(work, "scratch")
        self.run = os.path.join(work, "runs", name + ".trec")
        self.stats = os.path.join(work, "runs", name + ".json")
        self.log = os.path.join(work, "logs", name + ".log")
        for path in (self.run, self.stats, self.log):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if os.path.exists(path):
                os.remove(path)
        shutil.rmtree(self.scratch, ignore_errors=True)


# --- the table ----------------------------------------------------------------------------------------------------------


def number(value, digits, unit=""):
    return "-" if value is None else "%.*f%s" % (digits, value, unit)


def print_table(rows):
    head = ["system"] + list(MEASURES) + ["index s", "query p50 ms", "p99 ms", "memory MB", "version or note"]
    cells = [head]
    for title, means, figures, problem in rows:
        if problem and not figures:
            cells.append([title] + ["-"] * (len(head) - 2) + [problem])
            continue
        notes = [figures.get("system"), figures.get("note"), problem]
        cells.append([title] + [number(means.get(name), 4) for name in MEASURES] +
                     [number(figures.get("index_seconds"), 2), number(figures.get("query_ms_p50"), 2),
                      number(figures.get("query_ms_p99"), 2), number(figures.get("memory_mb"), 0),
                      "; ".join(note for note in notes if note)])
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    line = lambda row: "| " + " | ".join(text.ljust(w) if i in (0, len(head) - 1) else text.rjust(w)
                                         for i, (text, w) in enumerate(zip(row, widths))) + " |"
    print(line(cells[0]))
    print("|" + "|".join("-" * (w + 1) + ("-" if i in (0, len(head) - 1) else ":") for i, w in enumerate(widths)) + "|")
    for row in cells[1:]:
        print(line(row))


def parse():
    names = [peer.name for peer in PEERS] + [DONGXI]
    parser = argparse.ArgumentParser(prog="./run peers", description="Compare Dongxi with other systems on one collection.")
    parser.add_argument("docs", help="JSONL: id, title, text")
    parser.add_argument("queries", help="JSONL: id, title, text")
    parser.add_argument("qrels", help="TREC judgements")
    parser.add_argument("--only", metavar="NAME,...", help="some of: " + ", ".join(names))
    parser.add_argument("--rel", type=int, default=2, help="lowest grade that counts as relevant (2)")
    parser.add_argument("--min-judged", type=int, default=10, help="leave out queries with fewer judged documents (10)")
    parser.add_argument("--depth", type=int, default=1000, help="documents per query in a run (1000)")
    parser.add_argument("--doc-fields", default="title,text", help="fields of a document, joined (title,text)")
    parser.add_argument("--query", choices=("title+text", "title"), default="title+text", help="what of a query is asked")
    parser.add_argument("--timeout", type=int, default=1800, help="seconds one peer may take (1800)")
    parser.add_argument("--out", default=os.path.join(ROOT, "out", "peers"), help="folder for runs and installed peers (out/peers)")
    options = parser.parse_args()
    options.names = options.only.split(",") if options.only else names
    for name in options.names:
        if name not in names:
            parser.error("--only: %s is none of %s" % (name, ", ".join(names)))
    for name in ("rel", "min_judged", "depth", "timeout"):
        if getattr(options, name) < 1:
            parser.error("--%s must be at least 1" % name.replace("_", "-"))
    return options


def main():
    options = parse()
    sys.stdout.reconfigure(line_buffering=True)
    try:
        judged = judged_documents(options.qrels, options.rel, options.min_judged)
        for path in (options.docs, options.queries):
            open(path, "rb").close()
    except (OSError, UnicodeDecodeError) as problem:
        fail(str(problem))
    for name in ("docs", "queries", "qrels"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    work = os.path.abspath(options.out)
    os.makedirs(work, exist_ok=True)
    with open(os.path.join(work, "lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail("%s is in use by another ./run peers; give --out" % work)
        compare(options, judged, work)


def compare(options, judged, work):
    doc_fields = options.doc_fields.split(",")
    files = Files(work, "prepare")
    write_prepared(options.docs, files.docs, doc_fields)
    write_prepared(options.queries, files.queries, options.query.split("+"))
    if options.query == "title":
        with open(files.title_queries, "w", encoding="utf-8") as out:
            for _, record in read_records(options.queries):
                out.write(json.dumps({"id": record["id"], "title": record.get("title") or ""}, ensure_ascii=False) + "\n")
    with open(files.docs, encoding="utf-8", newline="\n") as lines:
        count = known = 0
        for line in lines:
            count += 1
            known += line.split("\t", 1)[0] in judged
    print("%d documents, %d of the %d judged ones among them" % (count, known, len(judged)))
    if known == 0:
        print("warning: the judgements name no document of this file; speed and memory only", file=sys.stderr)

    rows, scored = [], 0
    for peer in [peer for peer in PEERS if peer.name in options.names] + [None] * (DONGXI in options.names):
        files = Files(work, peer.name if peer else DONGXI)
        title = peer.title if peer else "Dongxi"
        means, figures, note = {}, {}, None
        try:
            figures = run_peer(peer, files, options) if peer else run_dongxi(files, options)
            if known > 0:
                means, scored = score_run(files, options)
        except (CannotRun, OSError, ValueError, KeyError) as problem:
            note = str(problem)
            print("%s: %s" % (title, note), file=sys.stderr)
        rows.append((title, means, figures, note))
    say("%d queries scored (grade >= %d relevant, at least %d judged); query = %s, document = %s"
        % (scored, options.rel, options.min_judged, options.query, " + ".join(doc_fields)))
    print_table(rows)
    print("\nRuns: %s   what the figures mean: docs/peers.md" % shown(os.path.join(work, "runs")))
    with open(os.path.join(work, "table.json"), "w", encoding="utf-8") as out:
        json.dump([{"name": title, "measures": means, "figures": figures, "problem": problem}
                   for title, means, figures, problem in rows], out, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped")
