"""The cases: arguments, environment, trees, answers of the peers. What was observed is in observed.json."""
import hashlib
import os
import time
from run_cases import (Answer, Case, answer, file, folder, link, special, member, zip_bytes, tar_zst, zstd_frame)

CASES = []


def case(name, *argv, **more):
    assert name not in {c.name for c in CASES}, name
    CASES.append(Case(name, *argv, **more))


LOGIN = ["--url", "{gitlab}", "--token", "t0k3n-abcdef", "--id", "42"]
UP = ["artifacts-uploader", *LOGIN]
DOWN = ["artifacts-downloader", *LOGIN]

# ================================================================ artifacts-uploader: arguments and requests

ONE = [file("a.txt", "hello\n")]
SMALL = [file("a.txt", "hello\n"), file("run.sh", "#!/bin/sh\n", mode=0o755), folder("dir"),
         file("dir/b.txt", "b"), file("dir/.hidden", "h"), file("dir/sub/c.log", "c"), file(".env", "K=V\n"),
         file("empty", ""), folder("void")]

case("up-basic", *UP, "--path", "a.txt", "--path", "dir", "--path", "run.sh", "--path", "empty", tree=SMALL,
     note="the plain zip upload: request, multipart form, members")
case("up-one-worker-order", *UP, "--path", "dir", "--path", "a.txt", "--path", ".env", tree=SMALL, ordered=True,
     env={"FASTZIP_ARCHIVER_CONCURRENCY": "1"}, note="order of the members with one worker")
case("up-as-runner-calls-it", *UP, "--timeout", "1h0m0s", "--response-header-timeout", "10m0s", "--path", "a.txt",
     "--expire-in", "1 week", "--artifact-format", "zip", "--artifact-type", "archive", "--name", "job name",
     tree=ONE, note="query string, name with a blank")
case("up-credentials-from-environment", "artifacts-uploader", "--path", "a.txt", tree=ONE,
     env={"CI_SERVER_URL": "{gitlab}", "CI_JOB_TOKEN": "from-env", "CI_JOB_ID": "7"})
case("up-url-with-ci-and-slash", "artifacts-uploader", "--url", "{gitlab}/sub/ci/", "--token", "t", "--id", "42",
     "--path", "a.txt", tree=ONE, note="relative URL root; trailing /ci and / are cut")
case("up-no-url", "artifacts-uploader", "--token", "t", "--id", "42", "--path", "a.txt", tree=ONE)
case("up-no-token", "artifacts-uploader", "--url", "{gitlab}", "--id", "42", "--path", "a.txt", tree=ONE)
case("up-no-id", "artifacts-uploader", "--url", "{gitlab}", "--token", "t", "--path", "a.txt", tree=ONE)
case("up-nothing-selected", *UP, "--path", "missing", tree=ONE, note="exit 0 without a request")
case("up-no-path-at-all", *UP, tree=ONE)
case("up-flag-forms", "artifacts-uploader", "-url={gitlab}", "-token", "t", "--id=42", "--untracked=false",
     "-path", "a.txt", "--path=run.sh", tree=SMALL, note="one dash, = and boolean values")
case("up-unknown-flag", *UP, "--frobnicate", "--path", "a.txt", tree=ONE)
case("up-bad-flag-value", *UP, "--timeout", "soon", "--path", "a.txt", tree=ONE)
case("up-positional-between-flags", *UP, "stray", "--path", "a.txt", tree=ONE, note="known flags are found anywhere")
case("up-unknown-flag-after-positional", *UP, "stray", "--path", "a.txt", "--frobnicate", tree=ONE)
case("up-double-dash", *UP, "--path", "a.txt", "--", "--path", "run.sh", tree=SMALL)
case("up-boolean-before-value", *UP, "--untracked", "stray", "--path", "a.txt", tree=ONE, env={"PATH": "/nonexistent"})
case("up-name-is-path", *UP, "--path", "a.txt", "--name", "x/y/build", tree=ONE)
case("up-name-empty", *UP, "--path", "a.txt", "--name", "", tree=ONE)
case("up-name-trailing-slash", *UP, "--path", "a.txt", "--name", "x/y/", tree=ONE)
case("up-name-quotes-unicode", *UP, "--path", "a.txt", "--name", 'say "hi" \\ grün\n', tree=ONE,
     note="escaping inside the Content-Disposition header")
case("up-name-expanded", *UP, "--path", "a.txt", "--name", "${CI_JOB_NAME:-none}-$REF", tree=ONE, env={"REF": "main"})
case("up-name-command", *UP, "--path", "a.txt", "--name", "x$(id)y", tree=ONE, note="command substitution refused")
case("up-dotenv-name", *UP, "--path", ".env", "--artifact-format", "gzip", "--artifact-type", "dotenv", "--name",
     ".env", tree=SMALL)
case("up-debug-trace", *UP, "--path", "a.txt", tree=ONE, env={"CI_DEBUG_TRACE": "true"},
     answers={"gitlab POST": [answer(201, '{"message":"201 Created"}', {"Content-Type": "application/json"})]})
case("up-meter", *UP, "--path", "a.txt", "--transfer-meter-frequency", "1s", tree=ONE)
case("up-log-json", "--log-format", "json", *UP, "--path", "a.txt", tree=ONE)
case("up-system-certificate-missing", *UP, "--path", "a.txt", tree=ONE,
     env={"CI_SERVER_TLS_CA_FILE": "{work}/nowhere.pem"}, note="a CA file that does not exist, plain HTTP")

# ================================================================ artifacts-uploader: selecting files

GLOBS = [file("a.txt", "a"), file("b.log", "b"), file("f0.txt", "0"), file("f1.txt", "1"), file("f9.txt", "9"),
         file("Å.txt", "A"), file(".hidden.txt", "h"), file("src/a.txt", "a"), file("src/deep/b.txt", "b"),
         file("src/deep/.c.txt", "c"), file("src/deep/deeper/d.log", "d"), folder("src/void"),
         file("*.star", "s"), file("[x].txt", "x"), file("sp ace.txt", "s")]


def select(name, *paths, tree=GLOBS, note="", more=(), **kw):
    argv = list(more)
    for p in paths:
        argv += ["--path", p]
    case("select-" + name, *UP, *argv, tree=tree, note=note, **kw)


select("star", "*.txt", note="* matches dot-files")
select("star-all", "*", note="directories that match are taken whole")
select("question", "f?.txt")
select("class", "f[0-1].txt", "[!f]*.log")
select("class-caret", "f[^0-1].txt")
select("braces", "{a,b}.{txt,log}", "src/{deep/{b,.c},none}.txt")
select("double-star", "**/*.txt")
select("double-star-tail", "src/**", note="returns src itself too; N counts every visit")
select("double-star-files", "src/**/*")
select("double-star-inside-word", "src/deep/d**r/d.log", "src/d**r/d.log", note="** as a part of a component is *")
select("double-star-alone", "**")
select("directory-slash", "src/deep/")
select("dot", ".")
select("project-by-absolute-path", "{proj}")
select("absolute-inside", "{proj}/src/*.txt")
select("absolute-outside", "{outside}/x.txt", "{outside}/*", outside=[file("x.txt", "x")])
select("dot-dot-outside", "../outside/x.txt", "..", "../*", outside=[file("x.txt", "x")])
select("leave-and-return", "../proj/a.txt", "../proj/src/*.txt", "src/../b.log", "./f0.txt", "src//deep//b.txt")
select("sibling-with-same-prefix", "../proj2/x", note="a sibling whose name starts like the project's")
select("empty-path", "", "a.txt")
select("bad-pattern", "[", "f[0.txt", "{a,b", "a.txt")
select("escaped", "\\*.star", "\\[x\\].txt", note="backslash quotes a glob character")
select("literal-brackets", "[x].txt", note="without a backslash it is a class")
select("unicode-question", "?.txt", note="? is one character, not one byte")
select("blank-in-name", "sp ace.txt")
select("variables", "$DIR/*.txt", "${NAME:-f0}.txt", "${UNSET}b.log", "\"a.txt\"", env={"DIR": "src"})
select("bad-variables", "$(id)", "${", "`id`", "a.txt")
select("same-file-many-times", "a.txt", "*.txt", "./a.txt", "{proj}/a.txt")
select("case", "A.TXT", note="matching is case-sensitive")
select("exclude-file", "**/*.txt", more=["--exclude", "src/a.txt", "--exclude", "**/.c.txt"])
select("exclude-directory-only", "src", more=["--exclude", "src/deep"], note="only the entry itself goes away")
select("exclude-directory-tree", "src", more=["--exclude", "src/deep/**"])
select("exclude-everything", "src", more=["--exclude", "src/**"])
select("exclude-outside", "src", more=["--exclude", "../x", "--exclude", "src/deep/**"],
       note="a bad rule ends the search for rules")
select("exclude-absolute", "src", more=["--exclude", "{proj}/src/deep/**"])
select("exclude-star-depth", "src", more=["--exclude", "*.txt", "--exclude", "**/*.log"],
       note="*.txt excludes at the top only")
select("exclude-bad-pattern", "src/a.txt", more=["--exclude", "[", "--exclude", "src/*"])

LINKS = [file("real/a.txt", "a"), file("real/sub/b.txt", "b"), link("to-file", "real/a.txt"), link("to-dir", "real"),
         link("broken", "nowhere"), link("outside-file", "../outside/x.txt"), link("outside-dir", "{outside}"),
         link("loop", "loop"), folder("tree"), link("tree/up", ".."), link("real/self", ".")]
select("links-by-name", "to-file", "to-dir", "broken", "outside-file", "outside-dir", "loop", tree=LINKS,
       outside=[file("x.txt", "x")], note="stored as links")
select("links-in-tree", "tree", "real", tree=LINKS, outside=[file("x.txt", "x")])
select("links-by-star", "*", tree=LINKS, outside=[file("x.txt", "x")])
select("links-double-star", "**/*.txt", tree=LINKS, outside=[file("x.txt", "x")], note="not descended into")
select("links-as-prefix", "to-dir/*", "to-dir/sub/b.txt", tree=LINKS, note="a link in the literal part is followed")
select("links-outside-as-prefix", "outside-dir/*", "outside-dir/x.txt", tree=LINKS, outside=[file("x.txt", "x")],
       note="content from outside of the project")
select("links-trailing-slash", "to-dir/", "broken/", tree=LINKS)
select("links-middle-star", "*/sub/b.txt", tree=LINKS, note="* matching a link to a directory in the middle")

GIT = [file("tracked.txt", "t"), file("new.txt", "n"), file("ignored.o", "o"), file(".gitignore", "*.o\n"),
       file("d/new2.txt", "n"), folder("void"), link("newlink", "new.txt"), file("sp \"q\" ü.txt", "q")]


def git_start(replay):
    run = "cd proj && git init -q . && git add tracked.txt .gitignore"
    assert os.system(f"cd {replay.work} && GIT_CONFIG_GLOBAL=/dev/null {run}") == 0


def git_start_below(replay):
    assert os.system(f"cd {replay.work} && GIT_CONFIG_GLOBAL=/dev/null git init -q .") == 0


case("untracked", steps=[git_start, [*UP, "--untracked"]], tree=GIT, need=["git"], note="ignored files are taken too")
case("untracked-and-paths-exclude", steps=[git_start, [*UP, "--untracked", "--path", "tracked.txt", "--exclude",
                                                       "d/**"]], tree=GIT, need=["git"])
case("untracked-no-repository", *UP, "--untracked", tree=GIT, need=["git"],
     env={"GIT_CEILING_DIRECTORIES": "{work}"}, note="git's own message passes through")
case("untracked-no-git", *UP, "--untracked", "--path", "new.txt", tree=GIT, env={"PATH": "/nonexistent"})
case("untracked-in-subfolder", steps=[git_start_below, [*UP, "--untracked"]], tree=ONE, need=["git"],
     note="the work tree starts above the project")

# ================================================================ artifacts-uploader: archives

case("pack-modes", *UP, "--path", "m", note="setuid, setgid, sticky and odd permission bits are stored", need=["root"],
     tree=[file("m/suid", "x", mode=0o4755), file("m/sgid", "x", mode=0o2755), file("m/none", "x", mode=0),
           folder("m/sticky", mode=0o1777), folder("m/sgiddir", mode=0o2770), file("m/private", "x", mode=0o600)])
case("pack-owners", *UP, "--path", "o", need=["root"], note="ids above 16 bits",
     tree=[file("o/a", "x", owner=(1000, 1001)), file("o/b", "x", owner=(4_000_000_000, 70_000))])
case("pack-names", *UP, "--path", "n", note="which names carry the UTF-8 flag is in the informative part",
     tree=[file("n/grün.txt", "x"), file("n/日本語/é", "x"), file(b"n/latin1-\xe9", "x"), file(b"n/bad-\xff\xfe", "x"),
           file("n/new\nline", "x"), file("n/back\\slash", "x"), file("n/trail ", "x"), file("n/q\"'<>|:*?", "x"),
           file("n/" + "l" * 200, "x"), file("n/-dash", "x")])
case("pack-empty-directories", *UP, "--path", "e", tree=[folder("e"), folder("e/f/g")])
case("pack-only-empty-directory", *UP, "--path", "e", tree=[folder("e")])
case("pack-special-files", *UP, "--path", "s", "--path", "pipe",
     tree=[special("s/pipe", "fifo"), special("s/sock", "socket"), file("s/a", "x"), special("pipe", "fifo")],
     note="skipped silently")
case("pack-hard-links", *UP, "--path", "h", tree=[file("h/a", "x"), special("h/b", "hardlink:h/a")])
case("pack-times", *UP, "--path", "t", note="before 1970 and 1980, odd second, after 2038, after 2107",
     tree=[file("t/1901", "x", mtime=-2_147_483_648), file("t/1960", "x", mtime=-300_000_000),
           file("t/epoch", "x", mtime=0), file("t/1975", "x", mtime=157_766_401),
           file("t/2039", "x", mtime=2_177_452_801), file("t/2110", "x", mtime=4_417_972_001),
           folder("t/dir", mtime=157_766_400), link("t/link", "x", mtime=157_766_400)])
case("pack-local-zone", *UP, "--path", "a.txt", tree=ONE, env={"TZ": "America/New_York"}, need=["zoneinfo"],
     note="is the MS-DOS time local or UTC: see the informative part")
NOISE = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(128))
case("pack-compressibility", *UP, "--path", "c", note="Store for empty files and when deflate does not help",
     tree=[file("c/zero", ""), file("c/one", "x"), file("c/text", "abc" * 1000),
           file("c/noise", NOISE)])
for level in ("fastest", "fast", "default", "slow", "slowest", "extreme"):
    case("pack-level-" + level, *UP, "--path", "c", tree=[file("c/text", "abc" * 1000), file("c/x", "x")],
         env={"ARTIFACT_COMPRESSION_LEVEL": level})
case("pack-many-files", *UP, "--path", "many",
     tree=[file(f"many/{i % 20:02d}/f{i:04d}", str(i)) for i in range(3000)])
case("pack-zip64-count", *UP, "--path", "many", note="66 000 members", limit=300,
     tree=[file(f"many/{i % 66:02d}/f{i:05d}") for i in range(66_000)])
case("pack-zip64-size", *UP, "--path", "sparse", limit=600, note="a sparse file of 5 GB",
     tree=[file("sparse", "start", size=5_000_000_000)])


def change(path, what):
    """Between two attempts: the list of files is older than the second archive."""
    def do(replay):
        full = os.path.join(replay.work, "proj", path)
        if what == "grow":
            with open(full, "a") as f:
                f.write("more and more\n")
        elif what == "shrink":
            os.truncate(full, 2)
        elif what == "remove":
            os.remove(full)
        elif what == "link":
            os.remove(full)
            os.symlink("b.txt", full)
        elif what == "directory":
            os.remove(full)
            os.mkdir(full)
    return do


for what in ("grow", "shrink", "remove", "link", "directory"):
    case("changed-" + what, *UP, "--path", ".", tree=[file("a.txt", "hello\n"), file("b.txt", "keep\n")],
         answers={"gitlab POST": [answer(400, do=change("a.txt", what)), answer(201)]},
         note="the file changes after it was listed")
case("changed-grow-tarzstd", *UP, "--path", ".", "--artifact-format", "tarzstd", need=["zstd"],
     tree=[file("a.txt", "hello\n"), file("b.txt", "keep\n")],
     answers={"gitlab POST": [answer(400, do=change("a.txt", "grow")), answer(201)]})
case("unreadable-file", *UP, "--path", ".", tree=[file("a.txt", "a"), file("secret", "s", mode=0)], as_user=True,
     note="fails the upload after the retries")
case("unreadable-directory", *UP, "--path", ".", as_user=True,
     tree=[file("a.txt", "a"), file("closed/x", "s"), folder("closed", mode=0)])
case("staging-folder-missing", *UP, "--path", "a.txt", tree=ONE, env={"ARCHIVER_STAGING_DIR": "{work}/nowhere"})
case("staging-small-buffer", *UP, "--path", "c", tree=[file("c/a", "abc" * 5000), file("c/b", b"z" * 9000)],
     env={"FASTZIP_ARCHIVER_BUFFER_SIZE": "100", "ARCHIVER_STAGING_DIR": "{outside}"}, look=["outside"], times=False)
case("fastzip-concurrency-zero", *UP, "--path", "a.txt", tree=ONE, env={"FASTZIP_ARCHIVER_CONCURRENCY": "0"})
case("fastzip-concurrency-text", *UP, "--path", "a.txt", tree=ONE, env={"FASTZIP_ARCHIVER_CONCURRENCY": "many"})

FORMAT = ["--artifact-format"]
case("format-gzip", *UP, *FORMAT, "gzip", "--artifact-type", "junit", "--path", "r/*", "--name", "junit.xml",
     tree=[file("r/b.xml", "<b/>"), file("r/a.xml", "<a/>"), file("r/100%.xml", "p"), file("r/ü x.xml", "u"),
           file(b"r/bad\xff.xml", "b"), file("r/empty.xml", "")],
     note="one member per file; names with % or non-ASCII")
case("format-gzip-directory", *UP, *FORMAT, "gzip", "--path", "r", tree=[file("r/a.xml", "<a/>")],
     note="a directory among the matches fails the upload")
case("format-gzip-link", *UP, *FORMAT, "gzip", "--path", "l", tree=[file("a", "x"), link("l", "a")])
case("format-gzip-vanished", *UP, *FORMAT, "gzip", "--path", "*", tree=[file("a.txt", "a"), file("b.txt", "b")],
     answers={"gitlab POST": [answer(400, do=change("a.txt", "remove")), answer(201)]})
case("format-raw", *UP, *FORMAT, "raw", "--artifact-type", "sast", "--path", "r.json", "--name", "gl-sast-report.json",
     tree=[file("r.json", "{}")])
case("format-raw-two", *UP, *FORMAT, "raw", "--path", "*", tree=[file("r.json", "{}"), file("s.json", "{}")])
case("format-raw-directory", *UP, *FORMAT, "raw", "--path", "d", tree=[folder("d")])
case("format-raw-link", *UP, *FORMAT, "raw", "--path", "l", tree=[file("r.json", "{}"), link("l", "r.json")])
PLAIN = [file("dir/text", "abc" * 1000)]
case("format-zipzstd", *UP, *FORMAT, "zipzstd", "--path", "dir", "--path", "empty", tree=SMALL + PLAIN, need=["zstd"])
case("format-zipzstd-fastest", *UP, *FORMAT, "zipzstd", "--path", "dir", tree=SMALL + PLAIN, need=["zstd"],
     env={"ARTIFACT_COMPRESSION_LEVEL": "fastest"})
case("format-tarzstd", *UP, *FORMAT, "tarzstd", "--path", ".", need=["zstd"], ordered=True,
     tree=SMALL + [link("l", "a.txt"), special("pipe", "fifo"), file("n/" + "x" * 120, "long"), file("ü", "u"),
                   file(b"bad\xff", "b"), file("old", "x", mtime=-5), file("suid", "x", mode=0o4755)],
     note="names over 100 bytes, not ASCII, times before 1970")
case("format-tarzstd-owners", *UP, *FORMAT, "tarzstd", "--path", "o", need=["zstd", "root"],
     tree=[file("o/a", "x", owner=(1000, 1001)), file("o/b", "x", owner=(4_000_000_000, 70_000))])
case("format-unknown", *UP, *FORMAT, "rar", "--path", "a.txt", tree=ONE)
case("format-upper-case", *UP, *FORMAT, "ZIP", "--path", "a.txt", tree=ONE)

OFF = {"FF_USE_FASTZIP": "false"}
case("legacy-zip", *UP, "--path", ".", env=OFF, ordered=True,
     tree=SMALL + [link("l", "a.txt"), special("pipe", "fifo"), file("ü", "u"), file("suid", "x", mode=0o4755),
                   file("1975", "x", mtime=157_766_401)], note="FF_USE_FASTZIP=false")
case("legacy-git-warning", *UP, "--path", ".git", "--path", "a.txt", env=OFF,
     tree=[file("a.txt", "a"), file(".git/config", "c"), file(".git/HEAD", "h")])
case("legacy-flag-odd-value", *UP, "--path", "a.txt", env={"FF_USE_FASTZIP": "perhaps"}, tree=ONE)

META = ["--generate-artifacts-metadata", "--runner-id", "17", "--repo-url", "https://gitlab.example/group/project", "--repo-digest",
        "0123456789abcdef0123456789abcdef01234567", "--job-name", "build", "--executor-name", "docker",
        "--runner-name", "my runner", "--started-at", "2026-01-02T03:04:05Z", "--ended-at", "2026-01-02T03:05:05Z"]
case("metadata-v1", *UP, *META, "--schema-version", "v1", "--metadata-parameter", "CI", "--metadata-parameter", "FOO",
     "--path", "a.txt", "--path", "d", "--name", "out", tree=[file("a.txt", "hello\n"), folder("d"), link("d/l", "../a.txt")],
     note="the statement becomes a member; its text is in the upload")
case("metadata-unknown-version", *UP, *META, "--schema-version", "unknown", "--path", "a.txt", tree=ONE, look=["proj"])
case("metadata-bad-time", *UP, *META[:-4], "--started-at", "yesterday", "--ended-at", "2026-01-02T03:05:05Z", "--path",
     "a.txt", tree=ONE)
case("metadata-excluded", *UP, *META, "--schema-version", "v1", "--exclude", "*.json", "--path", "a.txt", tree=ONE)
case("metadata-no-files", *UP, *META, "--schema-version", "v1", "--path", "missing", tree=ONE,
     note="the statement alone is uploaded")

# ================================================================ artifacts-uploader: answers

JSON = {"Content-Type": "application/json"}


def reply(name, *answers, argv=(), limit=120, **more):
    case("reply-" + name, *UP, "--path", "a.txt", *argv, tree=ONE, answers={"gitlab POST": list(answers)}, limit=limit,
         **more)


reply("201-message", answer(201, '{"id":1,"message":"all good"}', JSON))
reply("200", answer(200, '{"id":1}', JSON), note="only 201 is success")
reply("202", answer(202))
reply("204", answer(204))
reply("400-then-201", answer(400, '{"message":"Invalid Format"}', JSON), answer(201))
reply("400-always", answer(400, '{"message":{"file":["is bad","is big"]}}', JSON))
reply("401", answer(401, '{"message":"401 Unauthorized"}', JSON))
reply("403", answer(403, '{"message":"403 Forbidden"}', JSON), note="no retry")
reply("404", answer(404, '{"message":"404 Not Found"}', JSON))
reply("409", answer(409, '{"error":"conflict"}', JSON))
reply("413", answer(413, '{"message":"413 Request Entity Too Large"}', JSON), note="no retry")
reply("413-early", answer(413, early=True), note="answered before the body was read")
reply("422-html", answer(422, "<html>no</html>", {"Content-Type": "text/html"}))
reply("429-retry-after", answer(429, "", {"Retry-After": "1"}), answer(201), note="repeated inside one attempt")
reply("429-reset-time-past", answer(429, "", {"RateLimit-ResetTime": "Wed, 21 Oct 2015 07:28:00 GMT"}), answer(201))
reply("429-bad-retry-after", answer(429, "", {"Retry-After": "soon"}), answer(201))
reply("500-then-201", answer(500), answer(201))
reply("500-always", answer(500, '{"message":"500 Internal Server Error"}', JSON), note="5 requests x 3 attempts",
      limit=240)
reply("501", answer(501), note="not among the repeated ones")
reply("502-then-201", answer(502), answer(502), answer(201))
reply("503-then-201", answer(503), answer(201))
reply("503-always", answer(503), note="5 requests x 6 attempts", limit=400)
reply("408-then-201", answer(408), answer(201))
reply("520-then-201", answer(520), answer(201))
reply("301", answer(301, "", {"Location": "{store}/moved"}), note="becomes GET without a body")
reply("302", answer(302, "", {"Location": "{store}/moved"}))
reply("307-other-host", answer(307, "", {"Location": "{store}/api/v4/jobs/42/artifacts"}),
      note="the same POST at the new host; which headers go along")
reply("307-same-host", answer(307, "", {"Location": "{gitlab}/elsewhere"}), answer(201))
reply("308-other-host", answer(308, "", {"Location": "{store}/x?y=1"}))
reply("307-no-location", answer(307))
reply("307-loop", answer(307, "", {"Location": "{gitlab}/api/v4/jobs/42/artifacts"}))
reply("connection-dropped", answer(0), answer(201))
reply("connection-dropped-always", answer(0))
reply("connection-dropped-early", answer(0, early=True), answer(201))
reply("timeout", answer(201, hang=4), answer(201), argv=["--timeout", "1s"], note="total limit per request")
reply("header-timeout", answer(201, hang=4), answer(201), argv=["--response-header-timeout", "1s"])
case("reply-refused", "artifacts-uploader", "--url", "http://127.0.0.1:9", "--token", "t", "--id", "42", "--path",
     "a.txt", tree=ONE, note="nobody listens")
case("reply-bad-url", "artifacts-uploader", "--url", "::not a url", "--token", "t", "--id", "42", "--path", "a.txt",
     tree=ONE)

# ================================================================ artifacts-downloader: transfer

GOOD = zip_bytes([member("d/", mode=0o40755, method=0), member("d/a.txt", "hello\n"), member("run.sh", "#!", mode=0o100755),
                  member("l", "d/a.txt", mode=0o120777, method=0)])
ZIP = {"Content-Type": "application/zip"}
OBJECT = {"Location": "{store}/bucket/object?X-Amz-Signature=abc"}


def down(name, answers, argv=(), look=("proj",), limit=120, **more):
    if isinstance(answers, Answer):
        answers = [answers]
    if isinstance(answers, list):
        answers = {"gitlab GET": answers}
    case("down-" + name, *DOWN, *argv, answers=answers, look=list(look), limit=limit, **more)


down("ok", answer(200, GOOD, ZIP))
down("direct-ok", answer(200, GOOD, ZIP), env={"FF_USE_DIRECT_DOWNLOAD": "true"}, note="direct_download=true on the wire")
down("direct-flag", answer(200, GOOD, ZIP), argv=["--direct-download"])
down("direct-false", answer(200, GOOD, ZIP), env={"FF_USE_DIRECT_DOWNLOAD": "false"})
DIRECT = {"FF_USE_DIRECT_DOWNLOAD": "true"}
down("direct-redirect", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(200, GOOD, ZIP)]}, env=DIRECT,
     note="asked twice; does the token reach the store")
down("direct-307", {"gitlab GET": [answer(307, "", OBJECT)], "store GET": [answer(200, GOOD, ZIP)]}, env=DIRECT)
down("direct-303", {"gitlab GET": [answer(303, "", OBJECT)], "store GET": [answer(200, GOOD, ZIP)]}, env=DIRECT)
down("redirect-without-direct", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(200, GOOD, ZIP)]})
down("redirect-same-host", {"gitlab GET /api/v4/jobs/42/artifacts": [answer(302, "", {"Location": "{gitlab}/file"})],
                            "gitlab GET /file": [answer(200, GOOD, ZIP)]})
down("redirect-store-404", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(404)]}, env=DIRECT)
down("redirect-store-403-xml", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(
    403, "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
    {"Content-Type": "application/xml"})]}, env=DIRECT)
down("redirect-store-500", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(500), answer(200, GOOD, ZIP)]},
     env=DIRECT)
down("redirect-no-location", {"gitlab GET": [answer(302), answer(200, GOOD, ZIP)]}, env=DIRECT)
BIG = zip_bytes([member("big", b"0123456789abcdef" * (20 << 16), method=0)])
down("parallel", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(200, BIG, ZIP, ranges=True)]},
     env={**DIRECT, "FF_USE_PARALLEL_ARTIFACT_TRANSFER": "true"}, any_order=True, note="20 MiB in 16 MiB ranges")
down("parallel-small", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(200, GOOD, ZIP, ranges=True)]},
     env={**DIRECT, "FF_USE_PARALLEL_ARTIFACT_TRANSFER": "true"})
down("parallel-no-ranges", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(200, GOOD, ZIP)]},
     env={**DIRECT, "FF_USE_PARALLEL_ARTIFACT_TRANSFER": "true"})
down("401", answer(401, '{"message":"401 Unauthorized"}', JSON))
down("403", answer(403, '{"message":"403 Forbidden"}', JSON))
down("404", answer(404, '{"message":"404 Not Found"}', JSON))
down("404-direct", answer(404, '{"message":"404 Not Found"}', JSON), env=DIRECT)
down("500-then-ok", [answer(500), answer(200, GOOD, ZIP)])
down("500-direct-then-ok", [answer(500), answer(200, GOOD, ZIP)], env=DIRECT, note="no repeat below the attempt")
down("500-always", answer(500), limit=240)
down("400-always", answer(400))
down("dropped", answer(0))
down("cut-body", answer(200, GOOD, ZIP, cut=60), note="Content-Length larger than the body")
down("cut-then-ok", [answer(200, GOOD, ZIP, cut=60), answer(200, GOOD, ZIP)])
down("empty-body", answer(200, b""))
down("html-body", answer(200, "<html>sign in</html>", {"Content-Type": "text/html"}))
down("gzip-body", answer(200, b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0"))
down("truncated-zip", answer(200, GOOD[:-30]))
down("retry-flags", answer(400), argv=["--retry", "1", "--retry-time", "100ms"])
case("down-incomplete", "artifacts-downloader", "--token", "t")
down("staging-dir", answer(200, GOOD, ZIP), env={"ARCHIVER_STAGING_DIR": "{outside}"}, look=["proj", "outside"],
     bug="the archive has no name while it grows: a kill leaves nothing, and the folder keeps its time")
down("staging-dir-missing", answer(200, GOOD, ZIP), env={"ARCHIVER_STAGING_DIR": "{work}/nowhere"})
down("meter", answer(200, GOOD, ZIP), argv=["--transfer-meter-frequency", "1s"])

# ================================================================ extraction

def unpack(name, *members, tree=(), body=None, note="", zip_args=None, **more):
    body = zip_bytes(members, **(zip_args or {})) if body is None else body
    look = more.pop("look", ["proj", "outside"])
    case("unpack-" + name, *DOWN, answers={"gitlab GET": [answer(200, body, ZIP)]}, tree=tree, look=look, note=note,
         **more)


unpack("empty-zip", note="an end record only")
unpack("modes", member("suid", "x", mode=0o104755), member("sgid", "x", mode=0o102755), member("none", "x", mode=0o100000),
       member("world", "x", mode=0o100777), member("sticky/", mode=0o41777, method=0), member("ro/", mode=0o40555, method=0),
       member("ro/in", "x", mode=0o100444), note="what survives of setuid, setgid, sticky; umask")
unpack("owners", member("a", "x", owner=(1000, 1001)), member("d/", mode=0o40755, method=0, owner=(5, 6)),
       member("l", "a", mode=0o120777, method=0, owner=(7, 8)), member("suid", "x", mode=0o104755, owner=(1000, 1001)),
       need=["root"])
unpack("owners-as-user", member("a", "x", owner=(1000, 1001)), as_user=True, note="errors of chown are ignored")
unpack("times", member("old", "x", mtime=157_766_401), member("neg", "x", mtime=-5), member("d/", mode=0o40755, method=0),
       member("d/x", "x"), member("l", "d/x", mode=0o120777, method=0), note="directories get theirs back last")
unpack("times-dos-only", member("a", "x", extra=b"", mtime=1_600_000_001), note="no timestamp field: zone and resolution")
unpack("times-dos-zone", member("a", "x", extra=b"", mtime=1_600_000_001), env={"TZ": "America/New_York"}, need=["zoneinfo"])
unpack("missing-parents", member("x/y/z", "x"), note="parents that are no members")
unpack("implied-directory-later", member("d/x", "x"), member("d/", mode=0o40700, method=0))
unpack("over-existing", member("f", "new"), member("ro", "new"), member("link", "new"), member("d/", mode=0o40700, method=0),
       tree=[file("f", "old", mode=0o600), file("ro", "old", mode=0o444), link("link", "target"), file("target", "keep"),
             folder("d"), file("d/keep", "keep")], note="a link at the target is replaced, its target kept")
unpack("over-hard-link", member("f", "new"), tree=[file("f", "old"), special("g", "hardlink:f")])
unpack("file-over-directory", member("d", "new"), tree=[file("d/x", "x")])
unpack("file-over-empty-directory", member("d", "new"), tree=[folder("d")])
unpack("directory-over-file", member("d/", mode=0o40755, method=0), member("d/x", "x"), tree=[file("d", "old")])
unpack("directory-over-link", member("d/", mode=0o40700, method=0), member("d/x", "x"),
       tree=[link("d", "{outside}")], outside=[file("keep", "k")], note="a link already there is followed")
unpack("traversal", member("a", "x"), member("../evil", "x"), member("b", "x"))
unpack("traversal-inside", member("d/../a", "x"), note="leaves no trace outside")
unpack("traversal-deep", member("d/../../proj2/evil", "x"), note="a sibling with the same prefix")
unpack("absolute", member("/abs/x", "x"), note="taken as relative")
unpack("backslash", member("d\\x", "x"), member("..\\evil", "x"))
unpack("dot-names", member("./a", "x"), member("d//b", "x"), member("d/./c", "x"))
unpack("root-entry", member("./", mode=0o40700, method=0), member("a", "x"), note="an entry for the project itself")
unpack("empty-name", member("", "x"), bug="the empty project folder itself is replaced by a file")
unpack("nul-name", member(b"a\0b", "x"))
unpack("invalid-utf8-name", member(b"bad\xff", "x"), member("grün", "x"))
unpack("link-escape", member("out", "../outside", mode=0o120777, method=0), member("out/evil", "x"),
       note="files first: the link then meets a directory")
unpack("link-absolute", member("out", "/etc", mode=0o120777, method=0), note="links may point anywhere")
unpack("link-twice", member("l", "a", mode=0o120777, method=0), member("l", "b", mode=0o120777, method=0))
unpack("link-over-file", member("l", "a", mode=0o120777, method=0), tree=[file("l", "old")])
unpack("link-over-full-directory", member("l", "a", mode=0o120777, method=0), tree=[file("l/x", "x")])
unpack("link-empty-target", member("l", "", mode=0o120777, method=0))
unpack("link-long-target", member("l", "t" * 5000, mode=0o120777, method=0))
unpack("existing-link-parent", member("d/evil", "x"), tree=[link("d", "{outside}")],
       note="a link in the work tree leads outside")
unpack("duplicates", member("a", "first"), member("a", "second"), env={"FASTZIP_EXTRACTOR_CONCURRENCY": "1"},
       note="with one worker the last wins")
unpack("duplicate-link-and-file", member("a", "target", mode=0o120777, method=0), member("a", "file"))
unpack("special", member("dev", "", mode=0o020666), member("blk", "", mode=0o060666), member("pipe", "", mode=0o010666),
       member("sock", "", mode=0o140666), member("a", "x"), note="skipped silently")
unpack("mode-without-type", member("a", "x", mode=0o755), member("d/", mode=0o755, method=0))
unpack("made-on-dos", member("a", "x", mode=0, creator=0), member("d/", mode=0, creator=0, method=0), member("d/b", "x",
       mode=0, creator=0))
unpack("directory-with-data", member("d/", "surprise", mode=0o40755, method=0))
unpack("directory-mode-without-slash", member("d", mode=0o40755, method=0))
unpack("huge-declared-size", member("a", "tiny", size=1 << 40), note="1 TiB declared, four bytes present")
unpack("size-too-small", member("a", "much longer than declared", size=4))
unpack("bad-crc", member("a", "x", crc=12345))
unpack("bad-crc-stored", member("a", "x", method=0, crc=12345))
unpack("zstd-member", member("a", "zstandard", method=93), member("b", "plain", method=0))
unpack("unknown-method", member("a", "x", method=12))
unpack("encrypted-flag", member("a", "x", flags=1))
unpack("descriptor", member("a", "x" * 100, descriptor=True), member("b", "y"))
unpack("names-disagree", member("a", "x", local_name="b"), note="local header and central directory differ")
unpack("prefix-bytes", member("a", "x"), zip_args={"prefix": b"#!/bin/sh\nexit 0\n" * 3},
       note="self-extracting style with offsets counted from the start of the file")
unpack("comment", member("a", "x"), zip_args={"comment": b"a comment"})
unpack("zip64", member("a", "x"), zip_args={"zip64": True})
unpack("many", *[member(f"m/{i % 7}/f{i}", str(i)) for i in range(600)])
unpack("concurrency-zero", member("a", "x"), env={"FASTZIP_EXTRACTOR_CONCURRENCY": "0"})
unpack("read-only-folder", member("ro/a", "x"), tree=[folder("ro", mode=0o555)], as_user=True)
unpack("legacy-zip", member("d/", mode=0o41777, method=0), member("d/a", "x", mode=0o104755, owner=(1000, 1001)),
       member("l", "d/a", mode=0o120777, method=0), member("z", "zstd", method=93), env=OFF, need=["root"],
       note="FF_USE_FASTZIP=false")
unpack("legacy-traversal", member("../outside/evil", "x"), member("a", "x"), env=OFF,
       bug="no traversal check in legacy mode")
unpack("legacy-errors-are-warnings", member("d", "x"), member("e", "x"), tree=[file("d/x", "x")], env=OFF)
unpack("legacy-git-warning", member(".git/config", "x"), env=OFF)

TAR = tar_zst([("d", "dir", "", 0o755), ("d/a", "file", "hello", 0o644), ("l", "link", "d/a", 0o777),
               ("suid", "file", "x", 0o4755)])
unpack("tarzstd", body=TAR)
unpack("tarzstd-over-link", body=TAR, tree=[link("l", "old")],
       bug="an existing link makes the extraction fail; what else was finished is random")
unpack("tarzstd-over-file", body=TAR, tree=[file("suid", "longer than the new one", mode=0o600)])
unpack("tarzstd-over-read-only-file", body=tar_zst([("f", "file", "new", 0o644)]), tree=[file("f", "old", mode=0o444)],
       as_user=True, bug="opened in place, so a read-only file is an error; zip removes it first")
unpack("tarzstd-through-link", body=tar_zst([("f", "file", "new", 0o644)]), tree=[link("f", "{outside}/x")],
       outside=[file("x", "old")], note="files are opened in place: a link at the target is followed")
unpack("tarzstd-traversal", body=tar_zst([("a", "file", "x", 0o644), ("../evil", "file", "x", 0o644)]))
unpack("tarzstd-absolute", body=tar_zst([("/abs/a", "file", "x", 0o644)]))
unpack("tarzstd-hard-link", body=tar_zst([("a", "file", "x", 0o644), ("b", "hard", "a", 0o644)]))
unpack("tarzstd-special", body=tar_zst([("c", "char", "", 0o644), ("p", "fifo", "", 0o644), ("a", "file", "x", 0o644)]))
unpack("tarzstd-link-escape", body=tar_zst([("o", "link", "../outside", 0o777), ("o/evil", "file", "x", 0o644)]))
unpack("tarzstd-truncated", body=TAR[:300])
unpack("tarzstd-not-tar", body=zstd_frame(b"just text, no archive" * 100))

# ================================================================ cache-archiver

SAVE = ["cache-archiver", "--file", "{cache}/key/cache.zip"]
CACHED = [file("node/a.js", "a"), file("node/.bin/x", "x", mode=0o755), link("node/l", "a.js"), folder("node/void"),
          file("node/big.js", "abc" * 1000)]
ENTRY = ["cache"]
PUT = ["--url", "{store}/bucket/key?sig=1"]

case("save-local", *SAVE, "--path", "node", tree=CACHED, look=["cache", "cache/key/cache.zip"], times=False,
     note="no URL; modes of folder, archive, metadata.json")
case("save-no-file-flag", "cache-archiver", "--path", "node", tree=CACHED)
case("save-nothing", *SAVE, *PUT, "--path", "missing", tree=CACHED, look=["cache"])
case("save-relative-file", "cache-archiver", "--file", "../cache/deep/er/cache.zip", "--path", "node", tree=CACHED,
     look=["cache"], times=False)
case("save-upload", *SAVE, *PUT, "--timeout", "10", "--header", "x-amz-meta-cachekey: my key", "--header",
     "X-Goog-Content-Length-Range:0,100", "--header", "nonsense", "--path", "node", tree=CACHED,
     look=["cache/key/cache.zip"], note="PUT, given headers, Content-Type, Last-Modified")
case("save-upload-headers-odd", *SAVE, *PUT, "--header", "Content-Type: text/x", "--header", "Host: else.example",
     "--header", "x-amz-meta-a: b:c: d", "--header", "Content-Length: 5", "--header", "x-amz-meta-a: twice", "--path",
     "node", tree=CACHED)
case("save-metadata-environment", *SAVE, *PUT, "--path", "node", tree=CACHED, look=["cache/key"], times=False,
     env={"CACHE_METADATA": '{"cachekey":"my key","UPPER":"Value"}'})
case("save-metadata-env-file", *SAVE, *PUT, "--env-file", "{outside}/env", "--path", "node", tree=CACHED,
     outside=[file("env", 'CACHE_METADATA="{\\"cachekey\\":\\"my key\\"}"\n')], look=["cache/key"], times=False,
     bug="the env file is read too late: metadata.json stays {}")
case("save-metadata-bad", *SAVE, "--metadata", "{", "--path", "node", tree=CACHED)
case("save-env-file-missing", *SAVE, *PUT, "--env-file", "{outside}/none", "--path", "node", tree=CACHED)
for form in ("tarzstd", "zipzstd", "TarZstd", "rar"):
    case("save-format-" + form, *SAVE, "--path", "node", tree=CACHED, env={"CACHE_COMPRESSION_FORMAT": form},
         look=["cache/key/cache.zip"], need=["zstd"])
case("save-level-fastest", *SAVE, "--path", "node", tree=CACHED, env={"CACHE_COMPRESSION_LEVEL": "fastest"},
     look=["cache/key/cache.zip"])
case("save-too-big", *SAVE, *PUT, "--max-uploaded-archive-size", "10", "--path", "node", tree=CACHED, look=["cache"],
     times=False)
case("save-size-limit-zero", *SAVE, *PUT, "--max-uploaded-archive-size", "0", "--path", "node", tree=CACHED)
case("save-size-limit-negative", *SAVE, *PUT, "--path", "node", tree=CACHED, env={"CACHE_MAX_UPLOADED_ARCHIVE_SIZE": "-1"})
SAME = ["--alternate-file", "{cache}/key/cache.zip"]
OTHER = ["--alternate-file", "{cache}/other/cache.zip"]
case("save-up-to-date", steps=[[*SAVE, *SAME, *PUT, "--path", "node"], [*SAVE, *SAME, *PUT, "--path", "node"]], tree=CACHED,
     note="second run: archive newer than every file, alternate-file equal to file")
case("save-up-to-date-no-alternate", steps=[[*SAVE, *PUT, "--path", "node"], [*SAVE, *PUT, "--path", "node"]], tree=CACHED,
     note="without alternate-file the archive is uploaded again")
CHECK = ["--check-url", "{store}/bucket/key?head=1"]
case("save-up-to-date-remote-has-it", steps=[[*SAVE, *OTHER, *PUT, *CHECK, "--path", "node"]] * 2, tree=CACHED,
     answers={"store HEAD": [answer(200)]})
case("save-up-to-date-remote-lacks-it", steps=[[*SAVE, *OTHER, *PUT, *CHECK, "--path", "node"]] * 2, tree=CACHED,
     answers={"store HEAD": [answer(404)]})
case("save-up-to-date-remote-204", steps=[[*SAVE, *OTHER, *PUT, *CHECK, "--path", "node"]] * 2, tree=CACHED,
     answers={"store HEAD": [answer(204)]})


def touch(path, when):
    def do(replay):
        os.utime(os.path.join(replay.work, path), ns=(when, when), follow_symlinks=False)
    return do


FAR = 1_900_000_000_000_000_000
for what, path in (("file", "proj/node/a.js"), ("directory", "proj/node/void"), ("link", "proj/node/l")):
    case(f"save-changed-{what}", steps=[[*SAVE, *SAME, *PUT, "--path", "node"], touch(path, FAR),
                                        [*SAVE, *SAME, *PUT, "--path", "node"]], tree=CACHED,
         note=f"a newer {what} makes a new archive")
case("save-removed-file", steps=[[*SAVE, *SAME, *PUT, "--path", "node/a.js", "--path", "node/.bin"],
                                 lambda replay: os.remove(replay.work + "/proj/node/a.js"),
                                 [*SAVE, *SAME, *PUT, "--path", "node/a.js", "--path", "node/.bin"]], tree=CACHED,
     note="a removed file alone is not noticed")
case("save-alternate-renamed", *SAVE, *OTHER, *PUT, "--path", "node", tree=CACHED, look=["cache"], times=False,
     cache=[file("other/cache.zip", "not really a zip", mtime=1_800_000_000)],
     note="primary absent: the alternate is renamed, is newer than the files, and is uploaded")
case("save-alternate-both", *SAVE, *OTHER, *PUT, "--path", "node", tree=CACHED, look=["cache"], times=False,
     cache=[file("other/cache.zip", "other", mtime=1_800_000_000), file("key/cache.zip", "key", mtime=1_800_000_000)])


def put(name, *answers, argv=(), limit=90, **more):
    case("save-put-" + name, *SAVE, *PUT, *argv, "--path", "node", tree=CACHED, answers={"store PUT": list(answers)},
         limit=limit, **more)


XML = {"Content-Type": "application/xml"}
put("204", answer(204))
put("400-xml", answer(400, "<Error><Code>EntityTooLarge</Code><Message>too large</Message></Error>", XML))
put("403", answer(403, "<Error><Code>AccessDenied</Code></Error>", XML))
put("403-text", answer(403, "no"))
put("429", answer(429), note="not retried")
put("500-then-ok", answer(500), answer(200))
put("500-always", answer(500, "<?xml version='1.0'?><Error><Message>oops</Message></Error>", XML))
put("503-retry-after", answer(503, "", {"Retry-After": "5"}), answer(200), note="Retry-After is not looked at")
put("dropped", answer(0), answer(200))
put("301", answer(301, "", {"Location": "{store}/else"}))
put("307", answer(307, "", {"Location": "{gitlab}/else"}), note="a streamed body cannot be sent again")
put("retry-flags", answer(500), argv=["--retry", "0"])
case("save-url-with-password", *SAVE, "--url", "http://user:pass@{store-host}/b/k?X-Amz-Signature=s", "--path", "node",
     tree=CACHED, note="what the log shows of the URL; is the password sent")
case("save-gocloud-unknown-scheme", *SAVE, "--gocloud-url", "gs://bucket/key", "--path", "node", tree=CACHED)
case("save-gocloud-no-object", *SAVE, "--gocloud-url", "s3://bucket", "--path", "node", tree=CACHED)
S3 = "s3://bucket/some/key?awssdk=v2&region=us-east-1&endpoint={store}&hostname_immutable=true&use_path_style=true"
KEYS = 'AWS_ACCESS_KEY_ID="AK"\nAWS_SECRET_ACCESS_KEY="SK"\nAWS_SESSION_TOKEN="ST"\nAWS_PROFILE=""\n'
case("save-gocloud-s3", *SAVE, "--gocloud-url", S3, "--env-file", "{outside}/env", "--path", "node", tree=CACHED,
     outside=[file("env", KEYS)], env={"CACHE_METADATA": '{"cachekey":"my key/ü"}', "AWS_EC2_METADATA_DISABLED": "true"},
     note="s3:// with keys from the env file; metadata of the object")
case("save-sizes-negative", *SAVE, "--chunk-size", "-1", "--path", "node", tree=CACHED)
case("save-concurrency-negative", *SAVE, "--path", "node", tree=CACHED, env={"CACHE_CONCURRENCY": "-2"})
case("save-buffer-text", *SAVE, "--path", "node", tree=CACHED, env={"CACHE_TRANSFER_BUFFER_SIZE": "4MiB"})
case("save-folder-not-writable", *SAVE, "--path", "node", tree=CACHED, cache=[file("key", "a file in the way")])
INSIDE = ["cache-archiver", "--file", "node/cache.zip", "--path", "node"]
case("save-archive-inside-itself", steps=[INSIDE, touch("proj/node/a.js", FAR), INSIDE], tree=CACHED,
     look=["proj/node/cache.zip"], note="the archive lies in the cached folder: the old one becomes a member")

# ================================================================ cache-extractor

LOAD = ["cache-extractor", "--file", "{cache}/key/cache.zip"]
GET = ["--url", "{store}/bucket/key?sig=1"]
STAMP = "Tue, 14 Nov 2023 22:13:20 GMT"
LATER = "Wed, 15 Nov 2023 22:13:20 GMT"
CACHE = zip_bytes([member("node/", mode=0o40755, method=0), member("node/a.js", "from store")])
LOCAL = zip_bytes([member("node/a.js", "local")])
FOUND = {"Last-Modified": STAMP, "ETag": '"e1"', "x-amz-meta-CacheKey": "my key", "x-goog-meta-other-name": "v",
         "X-Meta": "no"}


def load(name, answers=(), argv=(), look=("proj", "cache"), limit=90, **more):
    answers = answers if isinstance(answers, dict) else {"store GET": list(answers)}
    case("load-" + name, *LOAD, *argv, answers=answers, look=list(look), limit=limit, **more)


load("local", cache=[file("key/cache.zip", LOCAL)])
load("local-missing")
load("local-corrupt", cache=[file("key/cache.zip", "PK not a zip")])
load("local-empty", cache=[file("key/cache.zip", "")])
load("local-tarzstd", cache=[file("key/cache.zip", TAR)], look=["proj"])
load("local-directory", cache=[folder("key/cache.zip")])
case("load-no-file-flag", "cache-extractor")
load("ok", [answer(200, CACHE, FOUND)], argv=[*GET, "--timeout", "10"], note="mtime of the archive, metadata.json")
load("no-last-modified", [answer(200, CACHE)], argv=GET, note="time of the saved archive")
load("no-last-modified-local-exists", [answer(200, CACHE)], argv=GET, cache=[file("key/cache.zip", LOCAL)],
     note="counts as older than any local archive")
load("up-to-date", [answer(200, CACHE, FOUND)], argv=GET, cache=[file("key/cache.zip", LOCAL, mtime=1_700_000_000)],
     note="equal time: local archive used")
load("newer-remote", [answer(200, CACHE, {"Last-Modified": LATER})], argv=GET,
     cache=[file("key/cache.zip", LOCAL, mtime=1_700_000_000)])
load("404", [answer(404)], argv=GET, cache=[file("key/cache.zip", LOCAL)], note="exit 1 although a local archive exists")
load("403-xml", [answer(403, "<Error><Code>AccessDenied</Code><Message>expired</Message></Error>", XML)], argv=GET,
     cache=[file("key/cache.zip", LOCAL)])
load("500-then-ok", [answer(500), answer(200, CACHE, FOUND)], argv=GET)
load("500-always", [answer(500)], argv=GET)
load("cut", [answer(200, CACHE, FOUND, cut=50)], argv=GET)
load("cut-then-ok", [answer(200, CACHE, FOUND, cut=50), answer(200, CACHE, FOUND)], argv=GET)
load("dropped", [answer(0)], argv=GET)
load("redirect", {"store GET": [answer(302, "", {"Location": "{gitlab}/real"})], "gitlab GET": [answer(200, CACHE, FOUND)]},
     argv=GET)
case("load-corrupt", steps=[[*LOAD, *GET], [*LOAD, *GET]], answers={"store GET": [answer(200, "no archive at all", FOUND),
     answer(200, CACHE, FOUND)]}, look=["proj", "cache"], bug="the bad archive stays and is taken as up to date next time")
load("traversal", [answer(200, zip_bytes([member("a", "x"), member("../evil", "x")]), FOUND)], argv=GET,
     look=["proj", "outside"])
ALT = ["--alternate-url", "{store}/bucket/alt?sig=2"]
HEADS = ["--head-url", "{store}/bucket/key?head=1", "--alternate-head-url", "{store}/bucket/alt?head=2"]


def two(primary, alternate):
    def heads(when):
        return [answer(404)] if when is None else [answer(200, b"", {"Last-Modified": when})]
    return {"store HEAD /bucket/key": heads(primary), "store HEAD /bucket/alt": heads(alternate),
            "store GET /bucket/key": [answer(404) if primary is None else answer(200, CACHE, {"Last-Modified": primary})],
            "store GET /bucket/alt": [answer(404) if alternate is None else answer(
                200, zip_bytes([member("node/a.js", "from alternate")]), {"Last-Modified": alternate})]}


load("alternate-newer", two(STAMP, LATER), argv=[*GET, *ALT, *HEADS])
load("alternate-same", two(STAMP, STAMP), argv=[*GET, *ALT, *HEADS])
load("alternate-only", two(None, STAMP), argv=[*GET, *ALT, *HEADS])
load("alternate-none", two(None, None), argv=[*GET, *ALT, *HEADS])
load("alternate-without-head-urls", two(None, STAMP), argv=[*GET, *ALT])
load("alternate-alone", two(None, STAMP), argv=ALT, note="--alternate-url without --url")
PARALLEL = {"FF_USE_PARALLEL_CACHE_TRANSFER": "true"}
load("parallel", [answer(200, CACHE, FOUND, ranges=True)], argv=[*GET, "--chunk-size", "100", "--concurrency", "2"],
     env=PARALLEL, any_order=True)
load("parallel-default-chunk", [answer(200, CACHE, FOUND, ranges=True)], argv=GET, env=PARALLEL,
     note="smaller than a chunk: probe, then one GET")
load("parallel-no-ranges", [answer(200, CACHE, FOUND)], argv=[*GET, "--chunk-size", "100"], env=PARALLEL)
load("parallel-one-worker", [answer(200, CACHE, FOUND, ranges=True)], argv=[*GET, "--chunk-size", "100", "--concurrency",
     "1"], env=PARALLEL, note="concurrency 1 or 0: no probe")
load("parallel-up-to-date", [answer(200, CACHE, FOUND, ranges=True)], argv=GET, env=PARALLEL,
     cache=[file("key/cache.zip", LOCAL)])
load("gocloud-s3", {"store HEAD": [answer(200, CACHE, {"Last-Modified": STAMP, "ETag": '"e"', "x-amz-meta-cachekey": "my%20key"})],
                    "store GET": [answer(200, CACHE, FOUND)]},
     argv=["--gocloud-url", S3, "--env-file", "{outside}/env"], outside=[file("env", KEYS)],
     env={"AWS_EC2_METADATA_DISABLED": "true"})
load("gocloud-s3-404", {"store HEAD": [answer(404)]}, argv=["--gocloud-url", S3, "--env-file", "{outside}/env"],
     outside=[file("env", KEYS)], cache=[file("key/cache.zip", LOCAL)], env={"AWS_EC2_METADATA_DISABLED": "true"},
     note="unlike --url, a local archive is then used")
load("gocloud-s3-403", {"store HEAD": [answer(403)]}, argv=["--gocloud-url", S3, "--env-file", "{outside}/env"],
     outside=[file("env", KEYS)], cache=[file("key/cache.zip", LOCAL)], env={"AWS_EC2_METADATA_DISABLED": "true"})
load("gocloud-env-file-missing", argv=["--gocloud-url", S3, "--env-file", "{outside}/none"])
load("retry-flags", [answer(500)], argv=[*GET, "--retry", "1", "--retry-time", "10ms"])
load("stalled-before-headers", [answer(200, CACHE, FOUND, hang=40)], argv=[*GET, "--retry", "0"], note="ends after 30 s")
load("stalled-body", [answer(200, CACHE, FOUND, stall=80)], argv=[*GET, "--retry", "0", "--timeout", "1"],
     note="ends after the minute that --timeout gives")
load("bad-url", argv=["--url", "{store}/%zz"])

# ================================================================ small commands

case("init-one", "cache-init", "{cache}/d", cache=[file("d/x", "x"), folder("d", mode=0o700)], look=["cache"])
case("init-many-and-missing", "cache-init", "{cache}/none", "{cache}/f", "{cache}/sp ace",
     cache=[file("f", "x", mode=0o600), folder("sp ace", mode=0o700)], look=["cache"], note="exit 0 in spite of the error")
case("init-through-link", "cache-init", "{cache}/l", cache=[folder("d", mode=0o700), link("l", "d")], look=["cache"])
case("init-sticky", "cache-init", "{cache}/d", cache=[folder("d", mode=0o3755)], look=["cache"],
     note="setgid and sticky are lost")
case("init-nothing", "cache-init")

def listen_soon(replay):
    """Opens {port1}, then {port2}, 1.5 s apart, while the program waits."""
    for s in replay.ports[:2]:
        time.sleep(1.5)
        s.listen()


def listen_first(replay):
    replay.ports[0].listen()


case("health-environment", steps=[listen_first, ["health-check"]],
     env={"DB_PORT_5432_TCP_ADDR": "127.0.0.1", "DB_PORT_5432_TCP_PORT": "{port1}"})
case("health-any-of-two", steps=[listen_first, ["health-check"]], limit=20,
     env={"A_TCP_ADDR": "127.0.0.1", "A_TCP_PORT": "{port1}", "B_TCP_PORT": "{port2}"}, note="one of two answers: done")
case("health-flag-all", "health-check", "--port", "{port1}", "--port={port2}", background=listen_soon, limit=20,
     note="all of them must answer, localhost")
case("health-short-flag", "health-check", "-p", "{port1}", "-p", "{port2}", background=listen_soon, limit=20)
case("health-both-flag-forms", "health-check", "--port", "{port1}", "-p", "{port2}", limit=20, note="an error")
case("health-flag-one-missing", steps=[listen_first, ["health-check", "--port", "{port1}", "--port", "{port2}"]], limit=4,
     note="waits without end")
case("health-nothing", "health-check")
case("health-port-only", "health-check", env={"A_TCP_PORT": "1"})
case("health-value-with-equals", "health-check", env={"A_TCP_ADDR": "127.0.0.1=x", "A_TCP_PORT": "1"},
     note="entries with a second = are not seen")
case("health-never", "health-check", env={"A_TCP_ADDR": "127.0.0.1", "A_TCP_PORT": "{port1}"}, limit=4)


def remove_soon(path, seconds):
    def run(replay):
        time.sleep(seconds)
        os.remove(os.path.join(replay.work, path))
    return run


def append_then_remove(path):
    def run(replay):
        full = os.path.join(replay.work, path)
        time.sleep(1)
        with open(full, "a") as f:
            f.write("third\nhalf")
        time.sleep(1.2)
        with open(full, "a") as f:
            f.write(" line\n")
        time.sleep(1.2)
        os.remove(full)
    return run


def appear(replay):
    late = replay.work + "/proj/late"
    time.sleep(1.5)
    with open(late, "w") as f:
        f.write("here\n")
    time.sleep(1.5)
    os.remove(late)


LOG = [file("log", "first\nsecond ü\n\n")]
READ = ["read-logs", "--path", "{proj}/log"]
case("logs-plain", *READ, tree=LOG, background=remove_soon("proj/log", 1), stdout="exact", limit=20,
     note="exit 100 when the file goes away")
case("logs-offset", *READ, "--offset", "6", tree=LOG, background=remove_soon("proj/log", 1), stdout="exact", limit=20)
case("logs-offset-inside-line", *READ, "--offset", "3", tree=LOG, background=remove_soon("proj/log", 1), stdout="exact",
     limit=20)
case("logs-offset-after-end", *READ, "--offset", "100", tree=LOG, background=remove_soon("proj/log", 1), stdout="exact",
     limit=20)
case("logs-offset-negative", *READ, "--offset=-1", tree=LOG, stdout="exact", limit=20)
case("logs-growing", *READ, tree=LOG, background=append_then_remove("proj/log"), stdout="exact", limit=20,
     note="a half line is printed with its own newline")
case("logs-long-line", *READ, tree=[file("log", "x" * 40_000 + "\nend\n")], background=remove_soon("proj/log", 1),
     stdout="exact", limit=20, note="cut in pieces of 16 KiB")
case("logs-missing", "read-logs", "--path", "{proj}/none", stdout="exact", limit=20, note="waits one second")
case("logs-missing-wait", "read-logs", "--path", "{proj}/none", "--wait-file-timeout", "2500ms", stdout="exact", limit=20)
case("logs-wait-too-short", *READ, "--wait-file-timeout", "900ms", tree=LOG, stdout="exact", limit=20)
case("logs-appears", "read-logs", "--path", "{proj}/late", "--wait-file-timeout", "5s", stdout="exact", limit=20,
     background=appear)
case("logs-directory", "read-logs", "--path", "{proj}", stdout="exact", limit=20)
case("logs-no-path", "read-logs", stdout="exact", limit=20)

TEMP = {"RUNNER_TEMP_PROJECT_DIR": "{outside}/t"}
case("exec-exit-code", "proxy-exec", "--temp-dir", "{outside}/t", "sh", "-c", "echo out; echo err >&2; exit 7", stdout="exact",
     look=["outside"], times=False)
case("exec-signal", "proxy-exec", "sh", "-c", "kill -9 $$", env=TEMP, note="exit code of a killed child")
case("exec-stdin", "proxy-exec", "cat", env=TEMP, stdin=b"from stdin\n", stdout="exact")
case("exec-child-flags", "proxy-exec", "--temp-dir", "{outside}/t", "printf", "%s|", "-c", "--login", stdout="exact",
     note="flags that proxy-exec does not know stay with the child")
case("exec-child-flags-known", "proxy-exec", "--temp-dir", "{outside}/t", "printf", "%s|", "--temp-dir", "{outside}/u",
     stdout="exact", look=["outside"], times=False, bug="a flag that proxy-exec knows is taken from the child")
case("exec-double-dash", "proxy-exec", "--temp-dir", "{outside}/t", "--", "echo", "--x", stdout="exact")
case("exec-no-command", "proxy-exec", env=TEMP)
case("exec-command-not-found", "proxy-exec", "no-such-program-here", env=TEMP, bug="exit 0 although nothing ran")
case("exec-bootstrap", "proxy-exec", "--bootstrap", "echo", "hi", env=TEMP, stdout="exact", look=["outside"], times=False)
case("exec-bootstrap-again", steps=[["proxy-exec", "--bootstrap", "echo", "hi"]] * 2, env=TEMP, stdout="exact",
     look=["outside"], times=False)
case("steps-bootstrap", "steps", "bootstrap", "{outside}/a/b/helper", look=["outside"], times=False)
case("cache-init-flag-like-path", "cache-init", "--", "-d", tree=[folder("-d", mode=0o700)], look=["proj"])

case("cli-version", "--version")
case("cli-unknown-command", "steps-not-there")
case("cli-help-of-command", "cache-init", "--help")
case("cli-no-arguments")
case("cli-bad-log-level", "--log-level", "loud", "cache-init", "{cache}")

# ================================================================ where corunner is meant to differ

TOKEN = "an object store does not get the job's token"
LINK = "a link that leads outside is not followed"
LEGACY = "FF_USE_FASTZIP=false changes nothing"
GOCLOUD = "Go Cloud URLs come with the adapters for object stores, the helper does not take them yet"
for name, why in {
        "down-direct-redirect": TOKEN, "down-direct-307": TOKEN, "down-direct-303": TOKEN,
        "down-redirect-without-direct": TOKEN, "down-redirect-store-404": TOKEN,
        "down-redirect-store-403-xml": TOKEN, "down-redirect-store-500": TOKEN,
        "reply-301": TOKEN, "reply-302": TOKEN, "reply-307-other-host": TOKEN,
        "reply-308-other-host": TOKEN, "down-parallel-small": TOKEN, "down-parallel-no-ranges": TOKEN,
        "unpack-directory-over-link": LINK, "unpack-existing-link-parent": LINK,
        "unpack-tarzstd-through-link": "a link at the target is replaced",
        "unpack-tarzstd-hard-link": "hard links are made, not empty files",
        "unpack-huge-declared-size": "what there is of a cut file is written",
        "save-gocloud-s3": GOCLOUD, "load-gocloud-s3": GOCLOUD, "load-gocloud-s3-404": GOCLOUD,
        "load-gocloud-s3-403": GOCLOUD,
        "exec-exit-code": "only their owner may read what the masks are kept in",
        "unpack-legacy-zip": LEGACY, "unpack-legacy-errors-are-warnings": LEGACY}.items():
    found, = (c for c in CASES if c.name == name)
    found.bug = why
