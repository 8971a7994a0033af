"""Peers: PostgreSQL full text (bigram words, ts_rank) and pg_trgm, each in a cluster of its own that is removed at the end.

The server listens on a Unix socket only. Started by root, it runs as the user `postgres` of the Debian package.
"""
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import psycopg2

import peer_io

ROLE = "dongxi_peers"
# A tsvector may hold 1 MB; more words than this of one document are left out, and the table says so.
DOC_TOKENS_MAX = 100000
# A tsquery may hold 32,767 words and operators; the words that come first in code order are asked.
QUERY_WORDS_MAX = 16000


class Signals:
    """A stop request ends the program at once, but not in the middle of starting or stopping the server."""

    def __init__(self):
        self.held = self.stop = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._arrived)

    def _arrived(self, *_):
        self.stop = True
        if not self.held:
            self._exit()

    def hold(self):
        self.held = True

    def release(self):
        self.held = False
        if self.stop:
            self._exit()

    def _exit(self):
        self.held = True  # a second request must not interrupt the clearing up
        sys.exit("stopped")


class Cluster:
    """A running server in `work`; `stop` ends it and removes its files."""

    def __init__(self, work):
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
        if not binaries:
            sys.exit("no /usr/lib/postgresql/*/bin/initdb")
        self.bin = binaries[-1]
        self.folder = self._new_folder(work)
        if subprocess.run(self.prefix + ["test", "-w", self.folder]).returncode != 0:
            # The user postgres may not enter the work folder (a clone under a private home).
            os.rmdir(self.folder)
            self.folder = self._new_folder(None)
        # The path of a socket may have 107 bytes only.
        self.sockets = self._new_folder(None)
        self.data = os.path.join(self.folder, "data")
        try:
            self._call("initdb", "-N", "-D", self.data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
            # One core for a query, as for every other peer; the rest is PostgreSQL's own default.
            settings = "-c listen_addresses= -c unix_socket_directories=%s -c max_parallel_workers_per_gather=0" % self.sockets
            self._call("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.folder, "log"), "-o", settings, "start")
        except BaseException:
            self.stop()
            raise

    def _new_folder(self, parent):
        folder = tempfile.mkdtemp(prefix="dongxi-peers-pg-", dir=parent)
        if self.prefix:
            shutil.chown(folder, "postgres", "postgres")
        return folder

    def _call(self, program, *arguments):
        subprocess.run(self.prefix + [os.path.join(self.bin, program), *arguments], check=True, cwd="/",
                       stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)

    def connect(self):
        return psycopg2.connect(host=self.sockets, user=ROLE, dbname="postgres")

    def stop(self):
        if os.path.exists(os.path.join(self.data, "postmaster.pid")):
            try:
                self._call("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
            except subprocess.CalledProcessError as problem:
                print(problem, file=sys.stderr)
        for folder in (self.folder, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)


def peak_megabytes(process):
    with open("/proc/%d/status" % process) as lines:
        for line in lines:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None


def create_full_text(cursor, docs):
    cut = 0
    cursor.execute("CREATE TABLE docs (id text COLLATE \"C\" PRIMARY KEY, body tsvector NOT NULL)")
    for doc, text in docs:
        words = peer_io.gram_tokens(text, characters=False)
        cut += len(words) > DOC_TOKENS_MAX
        cursor.execute("INSERT INTO docs VALUES (%s, to_tsvector('simple', %s))", (doc, " ".join(words[:DOC_TOKENS_MAX])))
    cursor.execute("CREATE INDEX ON docs USING gin (body)")
    return "%d documents cut to %d words" % (cut, DOC_TOKENS_MAX) if cut else None


def any_of(words):
    """A balanced OR: the parser's stack does not bear a chain of many thousand."""
    # Words hold letters and digits only, so quoting is complete.
    if len(words) == 1:
        return "'%s'" % words[0]
    half = len(words) // 2
    return "(%s | %s)" % (any_of(words[:half]), any_of(words[half:]))


def search_full_text(cursor, text, depth):
    words = sorted(set(peer_io.gram_tokens(text, characters=False)))[:QUERY_WORDS_MAX]
    if not words:
        return []
    cursor.execute("SELECT id, ts_rank(body, q) AS score FROM docs, CAST(%s AS tsquery) AS q WHERE body @@ q "
                   "ORDER BY score DESC, id LIMIT %s", (any_of(words), depth))
    return cursor.fetchall()


def create_trigram(cursor, docs):
    cursor.execute("CREATE EXTENSION pg_trgm")
    cursor.execute("CREATE TABLE docs (id text COLLATE \"C\" PRIMARY KEY, body text NOT NULL)")
    for doc, text in docs:
        cursor.execute("INSERT INTO docs VALUES (%s, %s)", (doc, peer_io.normalized(text)))
    cursor.execute("SAVEPOINT before_index")
    try:
        cursor.execute("CREATE INDEX ON docs USING gist (body gist_trgm_ops)")
    except psycopg2.Error as problem:
        cursor.execute("ROLLBACK TO SAVEPOINT before_index")
        return "no GiST index (%s)" % str(problem).splitlines()[0]
    return None


def search_trigram(operator):
    # No second sort key for ties: with one the planner leaves the index, and a query takes ten times as long.
    def search(cursor, text, depth):
        cursor.execute("SELECT id, 1 - (body %s %%(q)s) AS score FROM docs ORDER BY body %s %%(q)s LIMIT %%(n)s"
                       % (operator, operator), {"q": peer_io.normalized(text), "n": depth})
        return cursor.fetchall()
    return search


RANKINGS = {
    "full-text": (create_full_text, search_full_text),
    "similarity": (create_trigram, search_trigram("<->")),
    # word_similarity(query, document), the direction the index can answer; the other one ranked worse and took 3 times as long.
    "word-similarity": (create_trigram, search_trigram("<->>")),
}


def main():
    parser = peer_io.arguments(__doc__)
    parser.add_argument("--ranking", choices=sorted(RANKINGS), required=True)
    parser.add_argument("--work", required=True, help="folder for the cluster")
    options = parser.parse_args()
    create, find = RANKINGS[options.ranking]
    signals = Signals()
    signals.hold()
    cluster = Cluster(options.work)
    try:
        signals.release()
        connection = cluster.connect()
        cursor = connection.cursor()
        cursor.execute("SELECT pg_backend_pid(), current_setting('server_version')")
        process, version = cursor.fetchone()
        start = time.perf_counter()
        note = create(cursor, peer_io.read_prepared(options.docs))
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE docs")
        index_seconds = time.perf_counter() - start

        def search(text):
            return [(doc, score) for doc, score in find(cursor, text, options.depth) if score > 0]

        peer_io.answer(options, "PostgreSQL %s" % version.split(" ")[0], index_seconds, search,
                       memory_mb=lambda: peak_megabytes(process), note=note)
        connection.close()
    finally:
        signals.hold()
        cluster.stop()


if __name__ == "__main__":
    main()
