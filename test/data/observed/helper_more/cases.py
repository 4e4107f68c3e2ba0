"""More cases beside those in ../helper, observed with a helper built from the sources of GitLab Runner 19.4 (its parts for
native steps and masking, which are elsewhere, left out). Neighbours of the first ones: other values of flags and variables,
patterns, statuses, redirects. Run by ../helper/run_cases.py --from this folder."""
import os
import time
from run_cases import Answer, Case, answer, file, folder, link, special, member, zip_bytes

CASES = []
def case(name, *argv, **more):
    assert name not in {c.name for c in CASES}, name
    CASES.append(Case(name, *argv, **more))
LOGIN = ["--url", "{gitlab}", "--token", "t0k3n-abcdef", "--id", "42"]
UP = ["artifacts-uploader", *LOGIN]
DOWN = ["artifacts-downloader", *LOGIN]
ONE = [file("a.txt", "hello\n")]
SMALL = [file("a.txt", "hello\n"), file("run.sh", "#!/bin/sh\n", mode=0o755), folder("dir"),
         file("dir/b.txt", "b"), file("dir/.hidden", "h"), file("dir/sub/c.log", "c"), file(".env", "K=V\n"),
         file("empty", ""), folder("void")]
# ---- flags
def up(name, *argv, tree=ONE, **kw):
    case("up-" + name, *argv, tree=tree, **kw)
A = ["--path", "a.txt"]
up("bool-bad", *UP, *A, "--untracked=maybe")
up("bool-1", *UP, *A, "--untracked=0")
up("bool-f", *UP, *A, "--untracked=F")
up("bool-empty", *UP, *A, "--untracked=")
up("env-debug-trace-bad", *UP, *A, env={"CI_DEBUG_TRACE": "perhaps"})
up("env-debug-trace-empty", *UP, *A, env={"CI_DEBUG_TRACE": ""})
up("env-debug-trace-1", *UP, *A, env={"CI_DEBUG_TRACE": "1"})
up("env-debug-trace-upper", *UP, *A, env={"CI_DEBUG_TRACE": "TRUE"})
up("env-debug-trace-yes", *UP, *A, env={"CI_DEBUG_TRACE": "yes"})
for i, v in enumerate(["abc", "0x10", "-1", "1e3", "42.0", "", " 42", "+42", "042", "4_2", "9223372036854775807", "9223372036854775808"]):
    up(f"id-flag-{i}", "artifacts-uploader", "--url", "{gitlab}", "--token", "t", f"--id={v}", *A)
    up(f"id-env-{i}", "artifacts-uploader", "--url", "{gitlab}", "--token", "t", *A, env={"CI_JOB_ID": v})
for i, v in enumerate(["1", "1.5h", "-1s", "0", "0s", "1d", "1h 1s", "1H", "", ".5m", "+3s", "9999999h"]):
    up(f"timeout-{i}", *UP, *A, f"--timeout={v}", limit=40, note=v)
    up(f"header-timeout-{i}", *UP, *A, f"--response-header-timeout={v}", limit=40, note=v)
up("meter-env-bad", *UP, *A, env={"TRANSFER_METER_FREQUENCY": "often"})
up("meter-env-number", *UP, *A, env={"TRANSFER_METER_FREQUENCY": "10"})
up("meter-env-empty", *UP, *A, env={"TRANSFER_METER_FREQUENCY": ""})
up("meter-negative", *UP, *A, "--transfer-meter-frequency=-3s")
up("id-flag-beats-env", *UP, *A, env={"CI_JOB_ID": "7", "CI_JOB_TOKEN": "x", "CI_SERVER_URL": "http://127.0.0.1:9"})
up("empty-flag-beats-env", "artifacts-uploader", "--url=", "--token", "t", "--id", "42", *A, env={"CI_SERVER_URL": "{gitlab}"})
up("twice-name", *UP, *A, "--name", "one", "--name", "two")
up("name-equals", *UP, *A, "--name=x=y")
up("three-dashes", *UP, "---path", "a.txt", *A)
up("dash-equals", *UP, "--=x", *A)
up("single-dash-word", *UP, *A, "-", "--path", "run.sh", tree=SMALL)
up("empty-word", *UP, "", *A)
up("flag-at-end", *UP, *A, "--path")
up("flag-takes-flag", *UP, "--path", "--name", "x", *A)
up("path-equals-empty", *UP, "--path=", *A)
up("upper-case-flag", *UP, "--PATH", "a.txt", *A)
up("verbose", *UP, "--verbose", *A)
up("runner-version", *UP, "--version", *A)
up("help-flag", *UP, "-h", *A)
up("name-dots", *UP, *A, "--name", "..")
up("name-dot", *UP, *A, "--name", ".")
up("name-slash", *UP, *A, "--name", "/")
up("name-dotslash", *UP, *A, "--name", "x/.")
up("name-dotdot-end", *UP, *A, "--name", "x/..")
up("name-backslash", *UP, *A, "--name", "x\\y")
up("name-blank", *UP, *A, "--name", " ")
up("name-ends-zip", *UP, *A, "--name", "x.zip")
up("name-tab-control", *UP, *A, "--name", "x\ty\x01z\x7f")
up("name-latin1", *UP, *A, "--name", b"x\xe9y")
up("name-crlf", *UP, *A, "--name", "x\r\ny")
up("name-default-params", *UP, *A, "--name", "${A-d}${B+s}${C:?msg}", env={"B": "1"})
up("name-substring", *UP, *A, "--name", "${A:0:3}-${#A}-${A#m}-${A%%n*}-${A/a/o}-${A^^}-${A,,}", env={"A": "main-Line"})
up("name-arith", *UP, *A, "--name", "$((1+2*3))-$((N+1))", env={"N": "4"})
up("name-dollar", *UP, *A, "--name", "a$-b$ c$$d\\$e")
up("name-quotes", *UP, *A, "--name", "'$A'\"$A\"", env={"A": "v"})
up("name-assign", *UP, *A, "--name", "${A:=val}$A")
up("name-special", *UP, *A, "--name", "$1$@$*$#$?$0")
up("name-indirect", *UP, *A, "--name", "${!A}", env={"A": "B", "B": "c"})
up("name-tilde", *UP, *A, "--name", "~x~")
up("expire-odd", *UP, *A, "--expire-in", "1 week & 2=3 ü+")
up("type-odd", *UP, *A, "--artifact-type", "a b&c")
up("url-trailing-slashes", "artifacts-uploader", "--url", "{gitlab}//", "--token", "t", "--id", "42", *A)
up("url-ci", "artifacts-uploader", "--url", "{gitlab}/ci", "--token", "t", "--id", "42", *A)
up("url-ci-ci", "artifacts-uploader", "--url", "{gitlab}/ci/ci", "--token", "t", "--id", "42", *A)
up("url-ci-prefix", "artifacts-uploader", "--url", "{gitlab}/xci", "--token", "t", "--id", "42", *A)
up("url-query", "artifacts-uploader", "--url", "{gitlab}/sub?x=1", "--token", "t", "--id", "42", *A)
up("url-fragment", "artifacts-uploader", "--url", "{gitlab}/sub#f", "--token", "t", "--id", "42", *A)
up("url-user", "artifacts-uploader", "--url", "http://u:p@{gitlab-host}", "--token", "t", "--id", "42", *A)
up("url-no-scheme", "artifacts-uploader", "--url", "{gitlab-host}", "--token", "t", "--id", "42", *A, limit=40)
up("url-ftp", "artifacts-uploader", "--url", "ftp://{gitlab-host}", "--token", "t", "--id", "42", *A, limit=40)
up("url-upper", "artifacts-uploader", "--url", "HTTP://{gitlab-host}", "--token", "t", "--id", "42", *A, limit=40)
up("url-blank", "artifacts-uploader", "--url", " {gitlab}", "--token", "t", "--id", "42", *A, limit=40)
up("url-space-path", "artifacts-uploader", "--url", "{gitlab}/a b", "--token", "t", "--id", "42", *A, limit=40)
up("token-odd", "artifacts-uploader", "--url", "{gitlab}", "--token", "a b\tc", "--id", "42", *A, limit=40)
up("token-newline", "artifacts-uploader", "--url", "{gitlab}", "--token", "ab\n", "--id", "42", *A, limit=40)
up("proxy-env", *UP, *A, env={"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}, limit=40)
up("proxy-used", "artifacts-uploader", "--url", "http://gitlab.invalid", "--token", "t", "--id", "42", *A, env={"http_proxy": "{store}"}, limit=40)
up("tls-key-missing", *UP, *A, env={"CI_SERVER_TLS_CERT_FILE": "{work}/no.pem", "CI_SERVER_TLS_KEY_FILE": "{work}/no.key"}, limit=40)
up("tls-ca-flag-garbage", *UP, *A, "--tls-ca-file", "a.txt", limit=40)
up("tls-ca-dir", *UP, *A, "--tls-ca-file", "{proj}", limit=40)
# ---- select
GLOBS = [file("a.txt", "a"), file("b.log", "b"), file("f0.txt", "0"), file("f1.txt", "1"), file("f9.txt", "9"),
         file("Å.txt", "A"), file(".hidden.txt", "h"), file("src/a.txt", "a"), file("src/deep/b.txt", "b"),
         file("src/deep/.c.txt", "c"), file("src/deep/deeper/d.log", "d"), folder("src/void"),
         file("*.star", "s"), file("[x].txt", "x"), file("sp ace.txt", "s"), file("a,b", "c"), file("{a}", "c"), file("]", "c"),
         file("a}", "c"), file("-", "c"), file("back\\slash", "c"), file("!x", "c"), file("^x", "c"), file("~", "t"), file(" lead", "l"), file("trail ", "t"),
         file("$dollar", "d"), file(".git/config", "g"), file(".git/objects/x", "g"), file("src/.git/config", "g")]
def select(name, *paths, tree=GLOBS, note="", more=(), **kw):
    argv = list(more)
    for p in paths:
        argv += ["--path", p]
    kw.setdefault("stdout", "text")
    case("select-" + name, *UP, *argv, tree=tree, note=note, **kw)
PATTERNS = ["a**", "**a.txt", "**/", "**/**", "/**", "src/**/**/b.txt", "src/***", "**/.*", ".??*", "src/*/", "*/", "src/deep/../a.txt",
  "src/./a.txt", "./", "./*", "./**", "../proj", "../proj/**", "{src,x}/**", "{a.txt,}", "{,a}.txt", "a}", "[]]", "[]a]*", "[a-]*", "[z-a]*",
  "[\\]]", "[!]a]*", "[^]]", "[[:alpha:]]*", "\\a.txt", "a.tx\\t", "a.txt\\", "*\\", "src\\/a.txt", "{src/deep,*}/b.txt",
  "{a,{b,f{0,1}}}.{txt,log}", "{a\\,b,x}", "a\\,b", "\\{a\\}", "{a}", "src?a.txt", "src[/]a.txt", "{**/b,a}.txt", "**/{b,d}.*", "~", "~/a.txt",
  "$PWD/a.txt", "$HOME", "a.txt ", " lead", "trail ", "trail", "'a.txt'", "a.txt\n", "\na.txt", "{proj}/../proj/a.txt", "/", "//", "{proj}//a.txt",
  "{proj}/", "/{proj}/a.txt", "{proj}/*", "{proj}/**", "{proj}/{a,b}.*", "**/deep", "**/deep/", "**/deep/*", "**/deep/**", "*/*/*", "*/**/*.log", "**/*.{txt,log}",
  "[!a]*", "[^a]*.txt", "\\!x", "[!]x", "[*].star", "?.star", "\\*.star", "[\\*].star", "*.*", "*.", ".*", ".", "..", "...", "src/..", "src/../", "src/deep/../..", "src/../..",
  "-", "--", "back\\\\slash", "back\\slash", "back?slash", "\\$dollar", "$dollar", "[$]dollar", "Å.txt", "[Å].txt", "[À-Ö].txt", "A*.txt", "nothing/*", "nothing", "nothing/**", "a.txt/", "a.txt/*", "a.txt/**", "a.txt/.", "src/.", "src/deep/.",
  "src/void", "src/void/", "src/void/*", "src/void/**", ".git", ".git/**", "**/config", "{.git,src/.git}/config", "{a,b}{.txt,.log}", "{,src/}a.txt", "{src/,}{a,deep/b}.txt", "{}", "{}a.txt", "a{}.txt", "{a..c}.txt", "{,}", "*{.txt,.log}", "**{.txt,.log}", "src/{deep,deep/deeper}/*", "src/{**,void}/*.log", "src/{,deep/**/}*.log"]
for i, p in enumerate(PATTERNS):
    select(f"p{i}", p, note=repr(p))
select("latin1", b"x\xe9*", tree=[file(b"x\xe9y", "1"), file(b"x\xe9/z", "1")])
select("latin1-question", "x?y", tree=[file(b"x\xe9y", "1")])
select("long", "x" * 300, "y/" * 3000, "a.txt")
select("dangling-middle", "l/x", "l/*", tree=[link("l", "nowhere")])
select("file-as-dir", "a.txt/b", "a.txt/../a.txt", "a.txt")
select("link-dotdot", "l/../a.txt", tree=[file("a.txt", "top"), file("o/a.txt", "o"), file("o/d/x", "x"), link("l", "o/d")])
select("link-star-dir", "*/", "**/x", tree=[file("o/d/x", "x"), link("l", "o/d"), link("o/self", ".")])
select("link-to-project", "l", "l/a.txt", "l/*", tree=[file("a.txt", "top"), link("l", ".")])
select("project-link-abs", "{work}/pl/a.txt", tree=ONE)
EX = ["**", "*", ".", "./src/**", "src/", "src/deep/", "/src", "{proj}/**", "{proj}/src", "", "**/*", "**/deep", "**/deep/**", "src/**/", "../proj/src/**", "{a,b}.*", "src/deep/**/*", "src/deep/*", "!a.txt", "[", "\\*.star", "[a-b].*", "src/../a.txt", "$DIR/**", "$(x)", "**/.*", "**/.git/**", ".git", "./a.txt", "src//deep/**", "src/**/*.txt", "**/**", "..", "../**", "a.txt\\", "{src", "~", "**.txt", "*/a.txt", "**/"]
for i, p in enumerate(EX):
    select(f"x{i}", ".", more=["--exclude", p], note=repr(p), env={"DIR": "src"})
select("x-many", "src", "*.txt", more=["--exclude", "**/*.txt", "--exclude", "src/**", "--exclude", "a.txt"])
select("x-dup", "src", more=["--exclude", "src/a.txt", "--exclude", "src/a.txt"])
select("x-untouched", "a.txt", more=["--exclude", "zzz"])
select("x-only", more=["--exclude", "a.txt"])
# ---- untracked
GIT = [file("tracked.txt", "t"), file("new.txt", "n"), file("ignored.o", "o"), file(".gitignore", "*.o\n"),
       file("d/new2.txt", "n"), folder("void"), link("newlink", "new.txt"), file("sp \"q\" ü.txt", "q"), file("nl\nx", "n"), file(b"lat\xe9", "n")]
def git(cmd):
    def run(replay):
        assert os.system(f"cd {replay.work} && export GIT_CONFIG_GLOBAL=/dev/null; {cmd}") == 0
    return run
INIT = git("cd proj && git init -q . && git add tracked.txt .gitignore")
case("untracked-names", steps=[INIT, [*UP, "--untracked"]], tree=GIT)
case("untracked-nested-repo", steps=[INIT, git("cd proj/d && git init -q . && git -c user.name=x -c user.email=x commit -q --allow-empty -m x"), [*UP, "--untracked"]], tree=GIT)
case("untracked-nested-empty-repo", steps=[INIT, git("cd proj/d && git init -q ."), [*UP, "--untracked"]], tree=GIT)
case("untracked-deleted", steps=[INIT, git("rm proj/tracked.txt"), [*UP, "--untracked"]], tree=GIT)
case("untracked-all-tracked", steps=[git("cd proj && git init -q . && git add a.txt"), [*UP, "--untracked"]], tree=ONE)
case("untracked-all-tracked-path", steps=[git("cd proj && git init -q . && git add a.txt"), [*UP, "--untracked", *A]], tree=ONE)
case("untracked-gitdir-env", steps=[INIT, git("mv proj/.git g"), [*UP, "--untracked"]], tree=GIT, env={"GIT_DIR": "{work}/g", "GIT_WORK_TREE": "{proj}"})
case("untracked-bare", steps=[git("cd proj && git init -q --bare ."), [*UP, "--untracked"]], tree=ONE)
case("untracked-exclude-all", steps=[INIT, [*UP, "--untracked", "--exclude", "**"]], tree=GIT)
case("untracked-raw", steps=[git("cd proj && git init -q ."), [*UP, "--untracked", "--artifact-format", "raw"]], tree=ONE)
case("untracked-gzip", steps=[git("cd proj && git init -q ."), [*UP, "--untracked", "--artifact-format", "gzip"]], tree=SMALL)
case("untracked-broken-git", steps=[git("mkdir -p bin; printf '#!/bin/sh\necho oops >&2; exit 3\n' > bin/git; chmod +x bin/git"), [*UP, "--untracked", *A]], tree=ONE, env={"PATH": "{work}/bin:/usr/bin:/bin"})
case("untracked-partial-git", steps=[git("mkdir -p bin; printf '#!/bin/sh\nprintf \"a.txt\\\\0\"; exit 3\n' > bin/git; chmod +x bin/git"), [*UP, "--untracked"]], tree=ONE, env={"PATH": "{work}/bin:/usr/bin:/bin"})
case("untracked-killed-git", steps=[git("mkdir -p bin; printf '#!/bin/sh\nkill -9 $$\n' > bin/git; chmod +x bin/git"), [*UP, "--untracked", *A]], tree=ONE, env={"PATH": "{work}/bin:/usr/bin:/bin"})
# ---- formats
F = ["--artifact-format"]
case("format-empty", *UP, *F, "", *A, tree=ONE)
case("format-gzip-one", *UP, *F, "gzip", *A, tree=ONE)
case("format-gzip-names", *UP, *F, "gzip", "--path", "d/*", tree=[file("d/" + n, "x") for n in ["a:b", "a+b", "a~b", "a?b", "a b", "a&b", "a=b", "a;b", "a@b", "a#b", "a\"b", "a'b", "a\\b", "a\tb", "a\nb", "e:x", "ü", "%41", "a|b", "a(b)", "日本"]] + [file(b"d/\xff", "x"), file(b"d/\x7f", "x")])
case("format-gzip-fifo", *UP, *F, "gzip", "--path", "p", tree=[special("p", "fifo")], limit=30)
case("format-gzip-empty-file", *UP, *F, "gzip", "--path", "e", tree=[file("e", "")])
case("format-gzip-big", *UP, *F, "gzip", "--path", "b", tree=[file("b", b"abc" * 400000)])
case("format-gzip-exclude", *UP, *F, "gzip", "--path", "dir/**", "--exclude", "dir", "--exclude", "dir/sub", tree=SMALL)
case("format-gzip-unreadable", *UP, *F, "gzip", "--path", "*", tree=[file("a", "x"), file("z", "x", mode=0)], as_user=True)
case("format-gzip-link-and-file", *UP, *F, "gzip", "--path", "*", tree=[file("a", "x"), link("l", "a")])
case("format-raw-none", *UP, *F, "raw", "--path", "none", tree=ONE)
case("format-raw-empty", *UP, *F, "raw", "--path", "e", tree=[file("e", "")])
case("format-raw-exclude-to-one", *UP, *F, "raw", "--path", "*", "--exclude", "b", tree=[file("a", "x"), file("b", "y")])
case("format-raw-dir-with-one", *UP, *F, "raw", "--path", "d/**", "--exclude", "d", tree=[file("d/x", "x")])
case("format-raw-dangling", *UP, *F, "raw", "--path", "l*", tree=[link("l", "none")])
case("format-raw-unreadable", *UP, *F, "raw", "--path", "z", tree=[file("z", "x", mode=0)], as_user=True)
case("format-raw-name", *UP, *F, "raw", "--path", "a.txt", "--name", "x/y.json", tree=ONE)
case("format-raw-no-name", *UP, *F, "raw", "--path", "a.txt", tree=ONE)
case("format-gzip-name", *UP, *F, "gzip", "--path", "a.txt", "--name", "x.xml.gz", tree=ONE)
case("format-zip-type", *UP, *F, "zip", "--artifact-type", "lsif", *A, tree=ONE)
for lv in ("fastest", "slowest", "bogus", "FASTEST", ""):
    case("format-tarzstd-level-" + (lv or "empty"), *UP, *F, "tarzstd", "--path", "dir", tree=SMALL, env={"ARTIFACT_COMPRESSION_LEVEL": lv})
case("level-flag-upper", *UP, *A, "--compression-level", "FASTEST", tree=[file("a.txt", "abc" * 1000)])
case("level-flag-beats-env", *UP, *A, "--compression-level", "fastest", tree=[file("a.txt", "abc" * 1000)], env={"ARTIFACT_COMPRESSION_LEVEL": "slow"})
case("level-env-empty", *UP, *A, tree=[file("a.txt", "abc" * 1000)], env={"ARTIFACT_COMPRESSION_LEVEL": ""})
case("fastzip-ff-0", *UP, "--path", ".", tree=SMALL, env={"FF_USE_FASTZIP": "0"})
case("fastzip-buffer-text", *UP, *A, tree=ONE, env={"FASTZIP_ARCHIVER_BUFFER_SIZE": "lots"})
case("fastzip-buffer-negative", *UP, *A, tree=ONE, env={"FASTZIP_ARCHIVER_BUFFER_SIZE": "-5"})
case("fastzip-buffer-zero", *UP, *A, tree=ONE, env={"FASTZIP_ARCHIVER_BUFFER_SIZE": "0"})
case("fastzip-concurrency-negative", *UP, *A, tree=ONE, env={"FASTZIP_ARCHIVER_CONCURRENCY": "-1"})
case("fastzip-concurrency-hex", *UP, *A, tree=ONE, env={"FASTZIP_ARCHIVER_CONCURRENCY": "0x2"})
case("fastzip-concurrency-empty", *UP, *A, tree=ONE, env={"FASTZIP_ARCHIVER_CONCURRENCY": ""})
case("staging-file", *UP, *A, tree=ONE, env={"ARCHIVER_STAGING_DIR": "{proj}/a.txt"})
# ---- metadata
META = ["--generate-artifacts-metadata", "--runner-id", "17", "--repo-url", "https://gitlab.example/group/project", "--repo-digest",
        "0123456789abcdef0123456789abcdef01234567", "--job-name", "build", "--executor-name", "docker",
        "--runner-name", "my runner", "--started-at", "2026-01-02T03:04:05Z", "--ended-at", "2026-01-02T03:05:05Z"]
V1 = ["--schema-version", "v1"]
def without(flag):
    i = META.index(flag); return META[:i] + META[i+2:]
for f in ("--runner-id", "--repo-url", "--repo-digest", "--job-name", "--executor-name", "--runner-name", "--started-at", "--ended-at"):
    case("meta-no" + f[1:], *UP, *without(f), *V1, *A, tree=ONE)
def with_(flag, v):
    i = META.index(flag); return META[:i+1] + [v] + META[i+2:]
case("meta-runner-id-text", *UP, *with_("--runner-id", "abc"), *V1, *A, tree=ONE)
case("meta-runner-id-big", *UP, *with_("--runner-id", "99999999999"), *V1, *A, tree=ONE)
case("meta-runner-id-neg", *UP, *with_("--runner-id", "-4"), *V1, *A, tree=ONE)
case("meta-fraction", *UP, *with_("--started-at", "2026-01-02T03:04:05.123456789Z"), *V1, *A, tree=ONE)
case("meta-zone", *UP, *with_("--started-at", "2026-01-02T03:04:05+02:00"), *V1, *A, tree=ONE)
case("meta-fraction-zone", *UP, *with_("--ended-at", "2026-01-02T03:04:05.5-07:30"), *V1, *A, tree=ONE)
case("meta-lower-t", *UP, *with_("--ended-at", "2026-01-02t03:04:05z"), *V1, *A, tree=ONE)
case("meta-no-zone", *UP, *with_("--ended-at", "2026-01-02T03:04:05"), *V1, *A, tree=ONE)
case("meta-bad-day", *UP, *with_("--ended-at", "2026-02-30T03:04:05Z"), *V1, *A, tree=ONE)
case("meta-ended-first", *UP, *with_("--ended-at", "2020-01-02T03:04:05Z"), *V1, *A, tree=ONE)
case("meta-no-schema", *UP, *META, *A, tree=ONE)
case("meta-schema-upper", *UP, *META, "--schema-version", "V1", *A, tree=ONE)
case("meta-name-slash", *UP, *META, *V1, *A, "--name", "x/y", tree=ONE, look=["proj"], times=False)
case("meta-name-slash-dir", *UP, *META, *V1, *A, "--name", "d/y", tree=SMALL, look=["proj"], times=False)
case("meta-name-var", *UP, *META, *V1, *A, "--name", "$REF", tree=ONE, env={"REF": "main"}, look=["proj"], times=False)
case("meta-name-empty", *UP, *META, *V1, *A, "--name", "", tree=ONE, look=["proj"], times=False)
case("meta-params", *UP, *META, *V1, *A, "--metadata-parameter", "A", "--metadata-parameter", "A", "--metadata-parameter", "entryPoint", "--metadata-parameter", "source", "--metadata-parameter", "", tree=ONE)
case("meta-gzip", *UP, *META, *V1, *A, *F, "gzip", tree=ONE)
case("meta-raw", *UP, *META, *V1, *A, *F, "raw", tree=ONE)
case("meta-existing", *UP, *META, *V1, *A, tree=[*ONE, file("artifacts-metadata.json", "old", mode=0o600)], look=["proj"], times=False)
case("meta-dir-in-way", *UP, *META, *V1, *A, tree=[*ONE, folder("artifacts-metadata.json")], look=["proj"], times=False)
case("meta-unwritable", *UP, *META, *V1, *A, tree=[*ONE], as_user=True, steps=[git("chmod 555 proj"), [*UP, *META, *V1, *A]])
case("meta-false", *UP, "--generate-artifacts-metadata=false", *V1, *A, tree=ONE)
case("meta-special-subjects", *UP, *META, *V1, "--path", "*", tree=[file("a", "x"), link("l", "a"), folder("d"), file("ü", ""), special("p", "fifo"), file(b"bad\xff", "x")])
case("meta-odd-chars", *UP, *with_("--job-name", "a \"b\" <c> & ü \u2028"), *V1, *A, tree=ONE)
case("meta-unreadable", *UP, *META, *V1, "--path", "*", tree=[file("a", "x", mode=0)], as_user=True)
JSON = {"Content-Type": "application/json"}
def reply(name, *answers, argv=(), limit=150, get=(), store=None, **more):
    ans = {"gitlab POST": list(answers)}
    if get: ans["gitlab GET"] = list(get)
    for k, v in (store or {}).items(): ans["store " + k] = v
    case("reply-" + name, *UP, "--path", "a.txt", *argv, tree=ONE, answers=ans, limit=limit, **more)
for s in (205, 206, 300, 304, 305, 402, 405, 406, 410, 415, 418, 423, 425, 428, 431, 451, 505, 507, 511, 600, 999):
    reply(f"{s}", answer(s), answer(201))
for s in (408, 429, 504, 512, 599):
    reply(f"{s}-then-201", answer(s), answer(201))
reply("429-always", answer(429, "", {"Retry-After": "0"}), limit=300)
reply("retry-after-0", answer(503, "", {"Retry-After": "0"}), answer(201))
reply("retry-after-negative", answer(503, "", {"Retry-After": "-4"}), answer(201))
reply("retry-after-date", answer(503, "", {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), answer(201))
reply("retry-after-fraction", answer(503, "", {"Retry-After": "0.5"}), answer(201))
reply("retry-after-2", answer(500, "", {"Retry-After": "2"}), answer(201))
reply("retry-after-400", answer(400, "", {"Retry-After": "3"}), answer(201))
reply("303-201", answer(303, "", {"Location": "{gitlab}/seen"}), get=[answer(201)])
reply("302-201", answer(302, "", {"Location": "{gitlab}/seen"}), get=[answer(201, '{"message":"ok"}', JSON)])
reply("301-200", answer(301, "", {"Location": "{gitlab}/seen"}), get=[answer(200)])
reply("302-403", answer(302, "", {"Location": "{gitlab}/seen"}), get=[answer(403)])
reply("302-413", answer(302, "", {"Location": "{gitlab}/seen"}), get=[answer(413)])
reply("302-503", answer(302, "", {"Location": "{gitlab}/seen"}), answer(201), get=[answer(503)])
reply("302-no-location", answer(302), answer(201))
reply("302-empty-location", answer(302, "", {"Location": ""}), answer(201))
reply("307-relative", answer(307, "", {"Location": "/other?x=1"}), answer(201))
reply("307-relative-plain", answer(307, "", {"Location": "other"}), answer(201))
reply("307-protocol-relative", answer(307, "", {"Location": "//{store-host}/x"}), answer(201))
reply("307-bad-location", answer(307, "", {"Location": "http://[bad"}), answer(201), limit=60)
reply("307-ftp", answer(307, "", {"Location": "ftp://{store-host}/x"}), answer(201), limit=60)
reply("307-403", answer(307, "", {"Location": "{store}/x"}), store={"POST": [answer(403)]})
reply("307-413", answer(307, "", {"Location": "{store}/x"}), store={"POST": [answer(413)]})
reply("307-500-201", answer(307, "", {"Location": "{store}/x"}), store={"POST": [answer(500), answer(201)]})
reply("307-307", answer(307, "", {"Location": "{store}/x"}), store={"POST /x": [answer(307, "", {"Location": "{gitlab}/y"})]}, )
reply("307-303-201", answer(307, "", {"Location": "{store}/x"}), store={"POST": [answer(303, "", {"Location": "{gitlab}/seen"})]}, get=[answer(201)])
reply("307-dropped", answer(307, "", {"Location": "{store}/x"}), answer(201), store={"POST": [answer(0), answer(201)]})
reply("307-user", answer(307, "", {"Location": "http://u:p@{store-host}/x"}))
reply("307-fragment", answer(307, "", {"Location": "{store}/x#frag"}))
reply("307-spaces", answer(307, "", {"Location": "{store}/a b"}))
reply("307-refused", answer(307, "", {"Location": "http://127.0.0.1:9/x"}), answer(201), limit=100)
reply("201-location", answer(201, "", {"Location": "{store}/x"}))
reply("403-html", answer(403, "<html>", {"Content-Type": "text/html"}))
reply("403-bad-json", answer(403, "{", JSON))
reply("201-bad-json", answer(201, "{", JSON))
reply("201-huge", answer(201, b"x" * 3_000_000))
reply("403-after-500", answer(500), answer(403))
reply("413-after-400", answer(400), answer(413))
reply("503-5-then-400", *[answer(503)] * 5, answer(400), answer(201), limit=200)
reply("dropped-then-403", answer(0), answer(403))
reply("403-early", answer(403, early=True))
reply("201-early", answer(201, early=True))
reply("header-timeout-ok", answer(201, hang=1), argv=["--response-header-timeout", "3s"])
reply("header-timeout-always", answer(201, hang=3), argv=["--response-header-timeout", "300ms"], limit=120)
reply("timeout-short", answer(201, hang=1), answer(201), argv=["--timeout", "300ms"])
for i, b in enumerate(['{"message":null}', '{"message":5}', '{"message":{}}', '{"message":[]}', '{"message":["a","b"]}', '{"message":{"a":"b"}}', '{"message":{"a":["b"],"c":["d","e"]}}', '[]', '"x"', '{"error":"x"}', '{"error":"x","message":"y"}', '', '{"message":"400 Bad Request"}', '{"message":{"a":[1]}}']):
    reply(f"json-{i}", answer(400, b, JSON), answer(201))
reply("json-charset", answer(400, '{"message":"m"}', {"Content-Type": "application/json; charset=utf-8"}), answer(201))
reply("json-problem", answer(400, '{"message":"m"}', {"Content-Type": "application/problem+json"}), answer(201))
# ---- downloads
GOOD = zip_bytes([member("d/", mode=0o40755, method=0), member("d/a.txt", "hello\n"), member("run.sh", "#!", mode=0o100755),
                  member("l", "d/a.txt", mode=0o120777, method=0)])
ZIP = {"Content-Type": "application/zip"}
OBJECT = {"Location": "{store}/bucket/object?X-Amz-Signature=abc"}
DIRECT = {"FF_USE_DIRECT_DOWNLOAD": "true"}
def down(name, answers, argv=(), look=("proj",), limit=120, **more):
    if isinstance(answers, Answer): answers = [answers]
    if isinstance(answers, list): answers = {"gitlab GET": answers}
    case("down-" + name, *DOWN, *argv, answers=answers, look=list(look), limit=limit, **more)
for s in (201, 202, 204, 206, 300, 304, 400, 402, 405, 409, 410, 416, 422, 451, 501, 505, 511):
    down(f"{s}", [answer(s, GOOD if s in (201, 202, 206) else ""), answer(200, GOOD)])
    down(f"direct-{s}", [answer(s, GOOD if s in (201, 202, 206) else ""), answer(200, GOOD)], env=DIRECT)
for s in (408, 429, 500, 502, 503, 504, 520):
    down(f"{s}-then-200", [answer(s), answer(200, GOOD)])
    down(f"direct-{s}-then-200", [answer(s), answer(200, GOOD)], env=DIRECT)
for s in (301, 302, 303, 307, 308):
    down(f"{s}", {"gitlab GET": [answer(s, "", OBJECT)], "store GET": [answer(200, GOOD)]})
    down(f"{s}-relative", {"gitlab GET": [answer(s, "", {"Location": "/x"})], "gitlab GET /x": [answer(200, GOOD)]})
    down(f"{s}-no-location", [answer(s), answer(200, GOOD)])
    down(f"direct-{s}-no-location", [answer(s), answer(200, GOOD)], env=DIRECT)
    down(f"direct-{s}", {"gitlab GET": [answer(s, "", OBJECT)], "store GET": [answer(200, GOOD)]}, env=DIRECT)
    down(f"direct-{s}-relative", {"gitlab GET": [answer(s, "", {"Location": "/x"})], "gitlab GET /x": [answer(200, GOOD)]}, env=DIRECT)
for s in (400, 401, 403, 404, 416, 500, 503):
    down(f"direct-302-{s}", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(s, "<Error><Code>C</Code><Message>M</Message></Error>", {"Content-Type": "application/xml"}), answer(200, GOOD)]}, env=DIRECT)
down("302-loop", [answer(302, "", {"Location": "{gitlab}/loop"})])
down("302-403", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(403)]})
down("302-404", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(404)]})
down("302-bad", [answer(302, "", {"Location": "http://[x"}), answer(200, GOOD)])
down("direct-302-bad", [answer(302, "", {"Location": "http://[x"}), answer(200, GOOD)], env=DIRECT)
down("direct-302-refused", [answer(302, "", {"Location": "http://127.0.0.1:9/x"}), answer(302, "", {"Location": "http://127.0.0.1:9/x"}), answer(200, GOOD)], env=DIRECT)
PAR = {**DIRECT, "FF_USE_PARALLEL_ARTIFACT_TRANSFER": "true"}
down("parallel-small", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(200, GOOD, ranges=True)]}, env=PAR)
down("parallel-no-direct", [answer(200, GOOD, ranges=True)], env={"FF_USE_PARALLEL_ARTIFACT_TRANSFER": "true"})
down("parallel-403", {"gitlab GET": [answer(302, "", OBJECT)], "store GET": [answer(403)]}, env=PAR)
down("parallel-bad-flag", [answer(200, GOOD)], env={**DIRECT, "FF_USE_PARALLEL_ARTIFACT_TRANSFER": "maybe"})
for i, v in enumerate(["0", "-1", "1", "abc", "5", ""]):
    down(f"retry-{i}", [answer(400)], argv=[f"--retry={v}", "--retry-time=100ms"], note=v)
for i, v in enumerate(["0", "abc", "1", "-1s", "100ms", ""]):
    down(f"retry-time-{i}", [answer(400), answer(200, GOOD)], argv=[f"--retry-time={v}"], note=v)
down("retry-500", [answer(500)], argv=["--retry", "0"])
down("env-direct-bad", [answer(200, GOOD)], env={"FF_USE_DIRECT_DOWNLOAD": "maybe"})
down("env-direct-empty", [answer(200, GOOD)], env={"FF_USE_DIRECT_DOWNLOAD": ""})
down("env-direct-1", [answer(200, GOOD)], env={"FF_USE_DIRECT_DOWNLOAD": "1"})
down("env-direct-T", [answer(200, GOOD)], env={"FF_USE_DIRECT_DOWNLOAD": "T"})
down("direct-flag-false", [answer(200, GOOD)], argv=["--direct-download=false"], env=DIRECT)
down("empty-zip", [answer(200, zip_bytes([]))])
down("gzip", [answer(200, b"\x1f\x8b\x08\0\0\0\0\0")])
down("short-magic", [answer(200, b"PK")])
down("gzip-encoding", [answer(200, GOOD, {"Content-Encoding": "gzip"})])
down("cut", [answer(200, GOOD, cut=40), answer(200, GOOD)])
down("cut-always", [answer(200, GOOD, cut=40)])
down("direct-cut", [answer(200, GOOD, cut=40), answer(200, GOOD)], env=DIRECT)
down("dropped", [answer(0), answer(200, GOOD)])
down("html", [answer(200, "<html>")])
down("leading", [answer(200, b"#!/bin/sh\nexit\n" + GOOD)])
NAMELESS = "the archive has no name while it grows: a kill leaves nothing, and the folder keeps its time"
down("staging", [answer(200, GOOD)], argv=["--archiver-staging-dir", "{outside}"], look=["proj", "outside"],
     bug=NAMELESS)
down("staging-missing", [answer(200, GOOD)], argv=["--archiver-staging-dir", "{outside}/no"])
down("staging-env", [answer(200, GOOD)], env={"ARCHIVER_STAGING_DIR": "{outside}"}, look=["proj", "outside"],
     bug=NAMELESS)
down("staging-relative", [answer(200, GOOD)], env={"ARCHIVER_STAGING_DIR": "s"}, tree=[folder("s")],
     bug=NAMELESS)
down("tmpdir-missing", [answer(200, GOOD)], env={"TMPDIR": "{work}/none"})
down("positional", [answer(200, GOOD)], argv=["x", "y"])
down("unknown-flag", [answer(200, GOOD)], argv=["--path", "x"])
down("url-ci", [answer(200, GOOD)], argv=["--url", "{gitlab}/ci/"])
down("url-sub", [answer(200, GOOD)], argv=["--url", "{gitlab}/sub/"])
for v in ("abc", "-1", "0", ""):
    case(f"down-id-{v or 'empty'}", "artifacts-downloader", "--url", "{gitlab}", "--token", "t", f"--id={v}", answers={"gitlab GET": [answer(200, GOOD)]})
case("down-none", "artifacts-downloader")
case("down-env", "artifacts-downloader", env={"CI_SERVER_URL": "{gitlab}", "CI_JOB_TOKEN": "e", "CI_JOB_ID": "9"}, answers={"gitlab GET": [answer(200, GOOD)]}, look=["proj"])
case("down-no-token", "artifacts-downloader", "--url", "{gitlab}", "--id", "3")
case("down-conc-text", *DOWN, answers={"gitlab GET": [answer(200, GOOD)]}, env={"FASTZIP_EXTRACTOR_CONCURRENCY": "x"}, look=["proj"])
case("down-conc-negative", *DOWN, answers={"gitlab GET": [answer(200, GOOD)]}, env={"FASTZIP_EXTRACTOR_CONCURRENCY": "-2"}, look=["proj"])
case("down-conc-empty", *DOWN, answers={"gitlab GET": [answer(200, GOOD)]}, env={"FASTZIP_EXTRACTOR_CONCURRENCY": ""}, look=["proj"])
# ---- small
case("init-unknown-flag", "cache-init", "--frob", "{cache}")
case("init-flag-after", "cache-init", "{cache}", "--frob", look=["cache"])
case("init-empty-word", "cache-init", "", look=["cache"])
case("init-file", "cache-init", "{cache}/f/", cache=[file("f", "x", mode=0o600)], look=["cache"])
case("init-dangling", "cache-init", "{cache}/l", cache=[link("l", "none")], look=["cache"])
case("init-same-twice", "cache-init", "{cache}/d", "{cache}/d", cache=[folder("d", mode=0o700)], look=["cache"])
case("init-not-owner", "cache-init", "/usr", as_user=True)
case("init-relative", "cache-init", "d", "./d/../e", tree=[folder("d", mode=0o700), folder("e", mode=0o700)], look=["proj"])
case("init-suid", "cache-init", "{cache}/f", cache=[file("f", "x", mode=0o4700)], look=["cache"])
def listen_first(replay): replay.ports[0].listen()
H = "health-check"
for i, v in enumerate(["abc", "0", "99999", "", "-1", " 80", "http"]):
    case(f"health-port-{i}", H, f"--port={v}", limit=4, note=v)
case("health-port-dup", steps=[listen_first, [H, "--port", "{port1}", "--port", "{port1}"]], limit=6)
case("health-port-and-env", steps=[listen_first, [H, "--port", "{port1}"]], env={"A_TCP_ADDR": "10.255.255.1", "A_TCP_PORT": "1"}, limit=6)
case("health-ipv6", steps=[listen_first, [H]], env={"A_TCP_ADDR": "::1", "A_TCP_PORT": "{port1}"}, limit=4)
case("health-name", steps=[listen_first, [H]], env={"A_TCP_ADDR": "localhost", "A_TCP_PORT": "{port1}"}, limit=6)
case("health-name-bad", steps=[listen_first, [H]], env={"A_TCP_ADDR": "no.such.invalid", "A_TCP_PORT": "{port1}"}, limit=4)
case("health-addr-only", H, env={"A_TCP_ADDR": "127.0.0.1"}, limit=4)
case("health-addr-empty", steps=[listen_first, [H]], env={"A_TCP_ADDR": "", "A_TCP_PORT": "{port1}"}, limit=4)
case("health-port-empty", H, env={"A_TCP_ADDR": "127.0.0.1", "A_TCP_PORT": ""}, limit=4)
case("health-lower", H, env={"a_tcp_addr": "127.0.0.1", "a_tcp_port": "{port1}"}, limit=4)
case("health-suffix-more", H, env={"A_TCP_ADDR_X": "127.0.0.1", "A_TCP_PORT_X": "{port1}"}, limit=4)
case("health-exact-name", steps=[listen_first, [H]], env={"_TCP_ADDR": "127.0.0.1", "_TCP_PORT": "{port1}"}, limit=6)
case("health-no-prefix", H, env={"TCP_ADDR": "127.0.0.1", "TCP_PORT": "{port1}"}, limit=4)
case("health-same-port-twice", steps=[listen_first, [H]], env={"A_TCP_ADDR": "127.0.0.1", "A_TCP_PORT": "{port1}", "B_TCP_PORT": "{port1}"}, limit=6)
case("health-positional", steps=[listen_first, [H, "x", "--port", "{port1}"]], limit=6)
case("health-unknown", H, "--host", "x")
case("health-text-port-env", H, env={"A_TCP_ADDR": "127.0.0.1", "A_TCP_PORT": "abc"}, limit=4)
def later(seconds, fn):
    def run(replay):
        time.sleep(seconds); fn(replay)
    return run
def rm(path): return lambda r: os.remove(os.path.join(r.work, path))
LOG = [file("log", "first\nsecond ü\n\n")]
READ = ["read-logs", "--path", "{proj}/log"]
def logs(name, *argv, tree=LOG, bg=later(1, rm("proj/log")), **kw):
    case("logs-" + name, *argv, tree=tree, background=bg, stdout="exact", limit=15, **kw)
for i, v in enumerate(["+2", "02"]):
    logs(f"offset-{i}", *READ, f"--offset={v}", note=v)
for i, v in enumerate(["0", "-1s", "1000ms", "1999ms"]):
    logs(f"wait-{i}", *READ, f"--wait-file-timeout={v}", note=v)
    logs(f"wait-missing-{i}", "read-logs", "--path", "{proj}/none", f"--wait-file-timeout={v}", note=v)
for n in (16383, 16384, 16385, 32768, 32769):
    logs(f"line-{n}", *READ, tree=[file("log", "x" * n + "\nend\n")])
    logs(f"line-{n}-no-end", *READ, tree=[file("log", "y" * n)])
logs("crlf", *READ, tree=[file("log", "a\r\nb\r\n\r\n")])
logs("binary", *READ, tree=[file("log", b"a\0b\xff\n\n\x1b[0m\n")])
logs("empty", *READ, tree=[file("log", "")])
logs("only-newlines", *READ, tree=[file("log", "\n\n\n")])
logs("no-end", *READ, tree=[file("log", "abc")])
logs("link", *READ, tree=[file("real", "abc\n"), link("log", "real")])
logs("link-target-gone", *READ, tree=[file("real", "abc\n"), link("log", "real")], bg=later(1, rm("proj/real")))
logs("dangling", *READ, tree=[link("log", "none")], bg=None)
def truncate(r):
    p = r.work + "/proj/log"
    os.truncate(p, 0); time.sleep(1.2)
    open(p, "a").write("new\n"); time.sleep(1.2)
    os.remove(p)
logs("truncated", *READ, bg=later(1, truncate))
def replaced(r):
    p = r.work + "/proj/log"
    os.rename(p, p + ".1"); open(p, "w").write("fresh\n"); time.sleep(1.6)
    os.remove(p)
logs("replaced", *READ, bg=later(1, replaced))
logs("closed", *READ, tree=[file("log", "x", mode=0)], as_user=True, bg=None)
logs("file-in-path", "read-logs", "--path", "{proj}/log/x", bg=None)
logs("positional", *READ, "x")
logs("relative", "read-logs", "--path", "log")
def many(r):
    p = r.work + "/proj/log"
    with open(p, "a") as f:
        for i in range(2000): f.write(f"line {i}\n")
    time.sleep(1.2); os.remove(p)
logs("many", *READ, bg=later(0.7, many))
T = {"RUNNER_TEMP_PROJECT_DIR": "{outside}/t"}
def ex(name, *argv, env=T, **kw):
    case("exec-" + name, "proxy-exec", *argv, env=env, stdout="exact", **kw)
for c in (0, 1, 2, 125, 126, 127, 128, 137, 255):
    ex(f"code-{c}", "sh", "-c", f"exit {c}")
for s in ("TERM", "INT", "HUP", "PIPE", "SEGV"):
    ex(f"signal-{s}", "sh", "-c", f"kill -{s} $$")
ex("no-temp", "echo", "x", env={}, look=["proj"], times=False)
ex("temp-missing", "--temp-dir", "{outside}/no/where", "echo", "x", env={}, look=["outside"], times=False)
ex("temp-exists", "echo", "x", outside=[folder("t")], look=["outside"], times=False)
ex("temp-file", "echo", "x", outside=[file("t", "x")], look=["outside"], times=False)
ex("temp-closed", "echo", "x", outside=[folder("t", mode=0o555)], as_user=True)
ex("env-beats-flag", "--temp-dir", "{outside}/u", "echo", "x", outside=[folder("t"), folder("u")], look=["outside"], times=False)
ex("env-empty", "--temp-dir", "{outside}/u", "echo", "x", env={"RUNNER_TEMP_PROJECT_DIR": ""}, outside=[folder("u")], look=["outside"], times=False)
ex("not-executable", "./f", tree=[file("f", "x")])
ex("not-executable-dir", "./f", tree=[folder("f", mode=0o755)])
ex("bad-format", "./f", tree=[file("f", "\x7fELFxx", mode=0o755)])
ex("no-shebang", "./f", tree=[file("f", "echo hi\n", mode=0o755)])
ex("bad-interpreter", "./f", tree=[file("f", "#!/no/such\n", mode=0o755)])
ex("in-cwd", "f", tree=[file("f", "#!/bin/sh\necho f\n", mode=0o755)])
ex("relative-path", "./f", "a b", "", "*", tree=[file("f", "#!/bin/sh\nprintf '%s|' \"$@\"\n", mode=0o755)])
ex("empty-command", "")
ex("big-output", "sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done")
ex("binary-output", "printf", "a\\000b\\377\\r\\nc")
ex("no-newline", "printf", "abc")
ex("grandchild", "sh", "-c", "echo a; (sleep 4; echo late) & exit 3", limit=10)
ex("grandchild-err-only", "sh", "-c", "(sleep 4; echo late >&2) >/dev/null & echo a; exit 0", limit=10)
ex("stdin-none", "cat")
ex("stdin-big", "wc", "-c", stdin=b"x" * 300000)
ex("stdin-unread", "true", stdin=b"x" * 300000)
ex("environment", "sh", "-c", "echo $FOO; env | grep -c RUNNER_TEMP", env={**T, "FOO": "bar"})
ex("directory", "sh", "-c", "basename $(pwd)")
ex("umask", "sh", "-c", "umask")
ex("bootstrap-no-dir", "--bootstrap", "echo", "x", env={}, look=["proj"], times=False)
ex("bootstrap-other-file", "--bootstrap", "echo", "x", outside=[file("t/gitlab-runner-helper", "old")], look=["outside"], times=False)
ex("bootstrap-file-in-way", "--bootstrap", "echo", "x", outside=[file("t", "old")], look=["outside"], times=False)
ex("bootstrap-dir-in-way", "--bootstrap", "echo", "x", outside=[folder("t/gitlab-runner-helper")], look=["outside"], times=False)
ex("bootstrap-false", "--bootstrap=false", "echo", "x", look=["outside"], times=False)
ex("child-version", "echo", "--version", "-v")
# ---- cli
def cli(name, *argv, **kw): case("cli-" + name, *argv, cache=[folder("d", mode=0o700)], look=["cache"], **kw)
I = ["cache-init", "{cache}/d"]
for i, a in enumerate([["--debug"], ["--debug=false"], ["--debug=maybe"], ["-l", "debug"], ["--log-level", "WARN"], ["--log-level", "warning"], ["--log-level", "trace"], ["--log-level", ""], ["--log-level", "5"], ["--log-format", "text"], ["--log-format", "json"], ["--log-format", "JSON"], ["--log-format", ""], ["--log-format", "xml"], ["-debug"], ["--frob"], ["--log-level"], ["--"], ["-"], [""], ["--help"], ["-h"], ["--version"], ["-v"], ["help"], ["h"]]):
    cli(f"g{i}", *a, *I, note=" ".join(a))
for i, e in enumerate([{"RUNNER_DEBUG": "true"}, {"RUNNER_DEBUG": "maybe"}, {"RUNNER_DEBUG": ""}, {"LOG_LEVEL": "loud"}, {"LOG_LEVEL": ""}, {"LOG_LEVEL": "error"}, {"LOG_FORMAT": "json"}, {"LOG_FORMAT": "xml"}, {"LOG_FORMAT": ""}]):
    cli(f"e{i}", *I, env=e, note=str(e))
cli("help-unknown", "help", "nothing")
cli("help-command", "help", "cache-init")
cli("command-upper", "Cache-Init", "{cache}/d")
cli("command-prefix", "cache-ini", "{cache}/d")
cli("sub-help", "cache-init", "help", "{cache}/d")
cli("sub-h", "cache-init", "-h", "{cache}/d")
cli("completion", "--generate-bash-completion")
cli("sub-completion", "cache-init", "--generate-bash-completion")
cli("two-commands", "cache-init", "cache-init", "{cache}/d")

# ---- caches
CACHED = [file("node/a.js", "a"), file("node/sub/b.js", "b")]
XML = {"Content-Type": "application/xml"}
SAVE = ["cache-archiver", "--file", "{cache}/key/cache.zip", "--path", "node"]
PUT = ["--url", "{store}/bucket/key?sig=1"]
def save(name, *argv, answers=(), tree=CACHED, look=("cache",), limit=60, **kw):
    answers = answers if isinstance(answers, dict) else {"store PUT": list(answers)} if answers else {}
    case("save-" + name, *SAVE, *argv, tree=tree, answers=answers, look=list(look), limit=limit, times=False, **kw)
for s_ in (201, 202, 204, 206, 300, 304, 400, 404, 409, 411, 412, 501, 503, 507):
    save(f"{s_}", *PUT, "--retry-time", "50ms", answers=[answer(s_), answer(200)])
for s_ in (301, 302, 303, 307, 308):
    save(f"{s_}-200", *PUT, answers={"store PUT": [answer(s_, "", {"Location": "{gitlab}/x"})], "gitlab GET": [answer(200)]})
    save(f"{s_}-no-location", *PUT, "--retry-time", "50ms", answers=[answer(s_), answer(200)])
for i, v in enumerate(["0", "-1", "1", "abc", ""]):
    save(f"retry-{i}", *PUT, f"--retry={v}", "--retry-time=50ms", answers=[answer(500)])
    save(f"timeout-{i}", *PUT, f"--timeout={v}")
    save(f"max-{i}", *PUT, f"--max-uploaded-archive-size={v}")
for i, h in enumerate(["A: b", "A:b", "A : b ", "A", ": b", "A: b: c", "A:", "Content-Type: text/x", "host: other", "Last-Modified: x", "A b: c", "A: é"]):
    save(f"header-{i}", *PUT, "--header", h)
save("header-twice", *PUT, "--header", "X-Amz-Meta-A: 1", "--header", "x-amz-meta-a: 2")
for i, m in enumerate(['{"a":"b"}', '{"A":"B","cacheKey":"x y"}', '{}', '', '[]', '{"a":1}', '{"a":null}', 'x', '{"a":"b"', 'null']):
    save(f"metadata-flag-{i}", "--metadata", m, note=m)
    save(f"metadata-env-{i}", env={"CACHE_METADATA": m}, note=m)
for f in ("zip", "ZIP", "tarzstd", "TarZstd", "zipzstd", "gzip", "raw", ""):
    save("format-" + (f or "empty") + ("-upper" if f != f.lower() else ""), env={"CACHE_COMPRESSION_FORMAT": f})
for l in ("fastest", "FAST", "bogus", ""):
    save("level-" + (l or "empty"), env={"CACHE_COMPRESSION_LEVEL": l})
for s_ in (200, 201, 204, 302, 403, 404, 500):
    case(f"save-check-{s_}", steps=[SAVE, [*SAVE, *PUT, "--check-url", "{store}/bucket/check"]], tree=CACHED,
         answers={"store HEAD": [answer(s_, "", {"Location": "{store}/bucket/other"} if s_ == 302 else {})]})
case("save-check-alternate-same", steps=[SAVE, [*SAVE, *PUT, "--alternate-file", "{cache}/key/cache.zip"]], tree=CACHED)
case("save-file-relative", "cache-archiver", "--file", "../cache/k/cache.zip", "--path", "node", tree=CACHED, look=["cache"], times=False)
case("save-file-empty", "cache-archiver", "--file", "", "--path", "node", tree=CACHED)
case("save-no-path", "cache-archiver", "--file", "{cache}/k/cache.zip", tree=CACHED, look=["cache"], times=False)
case("save-exclude", *SAVE, "--exclude", "node/sub/**", tree=CACHED, look=["cache"], times=False)
case("save-untracked", steps=[git("cd proj && git init -q ."), ["cache-archiver", "--file", "{cache}/k/cache.zip", "--untracked"]], tree=CACHED, look=["cache"], times=False)
save("url-refused", "--url", "http://127.0.0.1:9/x", "--retry-time", "50ms")
save("url-bad", "--url", "::x", "--retry-time", "50ms")
save("unknown-flag", "--frob")

LOAD = ["cache-extractor", "--file", "{cache}/key/cache.zip"]
GET = ["--url", "{store}/bucket/key?sig=1", "--retry-time", "50ms"]
STAMP = "Tue, 14 Nov 2023 22:13:20 GMT"
REMOTE = zip_bytes([member("node/a.js", "from store")])
LOCAL = zip_bytes([member("node/a.js", "local")])
def load(name, answers=(), argv=GET, look=("proj", "cache"), limit=60, **more):
    answers = answers if isinstance(answers, dict) else {"store GET": list(answers)}
    case("load-" + name, *LOAD, *argv, answers=answers, look=list(look), limit=limit, **more)
OK = answer(200, REMOTE, {"Last-Modified": STAMP})
for s_ in (201, 202, 204, 206, 300, 304, 400, 401, 409, 410, 416, 429, 501, 503):
    load(f"{s_}", [answer(s_, REMOTE if s_ in (201, 202, 206) else "", {"Last-Modified": STAMP}), OK])
for s_ in (301, 302, 303, 307, 308):
    load(f"{s_}", {"store GET": [answer(s_, "", {"Location": "{gitlab}/x"})], "gitlab GET": [OK]})
    load(f"{s_}-404", {"store GET": [answer(s_, "", {"Location": "{gitlab}/x"})], "gitlab GET": [answer(404)]})
    load(f"{s_}-no-location", [answer(s_), OK])
for i, v in enumerate(["0", "Tue, 14 Nov 2023 22:13:20 +0000", "Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023", "2023-11-14T22:13:20Z", "", "Fri, 31 Dec 2100 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"]):
    load(f"modified-{i}", [answer(200, REMOTE, {"Last-Modified": v})], note=v)
    load(f"modified-local-{i}", [answer(200, REMOTE, {"Last-Modified": v})], note=v, cache=[file("key/cache.zip", LOCAL, mtime=1_600_000_000)])
for i, v in enumerate(["0", "-1", "1", "abc", ""]):
    load(f"retry-{i}", [answer(500)], argv=[*GET, f"--retry={v}"])
    load(f"timeout-{i}", [OK], argv=[*GET, f"--timeout={v}"])
load("html", [answer(200, "<html>", {"Last-Modified": STAMP})])
load("empty", [answer(200, "", {"Last-Modified": STAMP})])
load("meta-headers", [answer(200, REMOTE, {"Last-Modified": STAMP, "X-Amz-Meta-A-B": "1", "X-Ms-Meta-": "2", "X-Goog-Meta-C": "é", "X-Meta-D": "3", "X-Amz-Metadata": "4"})])
load("url-refused", argv=["--url", "http://127.0.0.1:9/x", "--retry-time", "50ms"])
load("file-relative", [OK], argv=["--url", "{store}/b", "--file", "../cache/other/cache.zip"])
load("unknown-flag", argv=["--frob"])
load("negative-chunk", [OK], argv=[*GET, "--chunk-size", "-1"])
load("buffer-env-bad", [OK], env={"CACHE_TRANSFER_BUFFER_SIZE": "x"})

for c in CASES:
    if "untracked" in c.name:
        c.need = ["git"]
    if "zstd" in c.name.lower():
        c.need = ["zstd"]

# ---- where corunner is meant to differ
TOKEN = "another host does not get the job's token"
for c in CASES:
    if c.name.startswith(("reply-307-", "down-direct-302-", "down-parallel-")) or \
            c.name in {f"down-{d}{s}" for d in ("", "direct-") for s in (301, 302, 303, 307, 308)} or \
            c.name in ("down-302-403", "down-302-404"):
        c.bug = TOKEN
STORE = "a command runs without the file that keeps its masks, which only its owner may read"
CORRUPT = "what is no archive is not kept"
START = "a command that cannot start is no success"
for name, why in {
        "up-url-query": "a query in the server's address", "up-url-fragment": "a fragment in the server's address",
        "down-gzip-encoding": "nobody asked for an encoding", "cli-g19": "an empty command is unknown",
        "load-meta-headers": "the same JSON, written otherwise", "load-204": CORRUPT, "load-html": CORRUPT, "load-empty": CORRUPT,
        "exec-no-temp": STORE, "exec-temp-missing": STORE, "exec-temp-exists": STORE, "exec-temp-file": STORE,
        "exec-temp-closed": STORE, "exec-env-beats-flag": STORE, "exec-env-empty": STORE, "exec-bootstrap-no-dir": STORE,
        "exec-bootstrap-other-file": STORE, "exec-bootstrap-file-in-way": STORE, "exec-bootstrap-dir-in-way": STORE,
        "exec-bootstrap-false": STORE, "exec-not-executable": START, "exec-not-executable-dir": START,
        "exec-bad-format": START, "exec-no-shebang": "a script without a first line is the shell's",
        "exec-bad-interpreter": START, "exec-in-cwd": START, "exec-empty-command": START}.items():
    found, = (c for c in CASES if c.name == name)
    found.bug = why
