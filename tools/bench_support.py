"""What tools/bench measures with: a table of figures, a GitLab of a few lines, the runner as a process."""

import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


# ------------------------------------------------------------------ figures

class Figures:
    """What was measured, printed as it comes."""

    def __init__(self):
        self.rows = []

    def add(self, name, value, unit, floor=None, goal=None, note=""):
        """Less is better, unless the unit ends in /s."""
        better_when_more = unit.endswith("/s")
        met = None if goal is None else value >= goal if better_when_more else value <= goal
        ratio = value / floor if floor else None
        self.rows.append({"name": name, "value": value, "unit": unit, "floor": floor,
                          "ratio": ratio, "goal": goal, "met": met, "note": note})
        shown = f"{name:<56} {value:>9.4g} {unit:<6}"
        shown += f" floor {floor:>8.4g} x {ratio:<8.3g}" if floor else " " * 26
        shown += f" goal {goal:>6.4g} {'met' if met else 'MISSED'}" if goal is not None else ""
        print((shown + (f"  ({note})" if note else "")).rstrip(), flush=True)


def median_of(count, function):
    return statistics.median(function() for _ in range(count))


def wall(words, **more):
    began = time.monotonic()
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **more)
    return time.monotonic() - began


def usage(words, **more):
    """(seconds, peak resident memory in MB) of a program that ends by itself with 0."""
    began = time.monotonic()
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **more) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: {words} ended with {process.returncode}")
    return time.monotonic() - began, used.ru_maxrss / 1024


# ------------------------------------------------------------------ a GitLab of a few lines

class Server(threading.Thread):
    """Hands out the jobs of create(); what finds none is held for `hold` seconds if it may be.

    asked: when each token asked last, or was last held; gaps: the longest between two of those.
    """

    def __init__(self, hold):
        super().__init__(daemon=True)
        self.hold = hold
        self.polls, self.asked, self.gaps = 0, {}, {}
        self.held, self.most_held = 0, 0
        self.first, self.first_at = threading.Event(), None
        self.accepted, self.ended, self.patched = {}, {}, []
        self.waiting, self.jobs = [], 0
        self.loop, ready = asyncio.new_event_loop(), threading.Event()
        self.ready = ready
        self.start()
        ready.wait()
        self.url = f"http://127.0.0.1:{self.port}"

    def run(self):
        async def serve():
            server = await asyncio.start_server(self.client, "127.0.0.1", 0, backlog=2048)
            self.port = server.sockets[0].getsockname()[1]
            self.created = asyncio.Event()
            self.ready.set()
            await server.serve_forever()
        self.loop.run_until_complete(serve())

    def create(self, script):
        """A job of these lines; returns its id. It exists from now on."""
        self.jobs += 1
        job = {"id": self.jobs, "token": f"glcbt-bench{self.jobs}", "allow_git_fetch": True,
               "job_info": {"id": self.jobs, "name": "bench", "stage": "test", "project_id": 1,
                            "project_name": "bench"},
               "git_info": {"repo_url": "http://127.0.0.1/bench/bench.git", "ref": "main",
                            "sha": "1" * 40, "before_sha": "0" * 40, "ref_type": "branch"},
               "runner_info": {"timeout": 600},
               "variables": [{"key": "GIT_STRATEGY", "value": "none"}],
               "steps": [{"name": "script", "script": script, "timeout": 600, "when": "on_success",
                          "allow_failure": False}]}

        def wake():
            self.waiting.append(json.dumps(job).encode())
            self.created.set()
        self.loop.call_soon_threadsafe(wake)
        return self.jobs

    async def client(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if not self.first.is_set():
                    self.first_at = time.monotonic()
                    self.first.set()
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                if b"jobs/request" in head.split(b"\r\n", 1)[0]:
                    answer = await self.poll(reader, body)
                else:
                    answer = self.call(head, body)
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def saw(self, token):
        now = time.monotonic()
        if token in self.asked:
            self.gaps[token] = max(self.gaps.get(token, 0), now - self.asked[token])
        self.asked[token] = now

    def next_job(self):
        if not self.waiting:
            return None
        job = self.waiting.pop(0)
        return (b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                % len(job)) + job

    async def poll(self, reader, body):
        """The answer; None when the runner gave the request up."""
        token = re.search(rb'"token":\s*"([^"]+)"', body)[1]
        self.polls += 1
        self.saw(token)
        if job := self.next_job():
            return job
        if not self.hold or b'"last_update"' not in body:
            return b"HTTP/1.1 204 No Content\r\nX-GitLab-Last-Update: 1\r\n\r\n"
        self.held += 1
        self.most_held = max(self.most_held, self.held)
        gone = asyncio.ensure_future(reader.read(1))
        deadline = time.monotonic() + self.hold
        try:
            while (left := deadline - time.monotonic()) > 0:
                created = asyncio.ensure_future(self.created.wait())
                await asyncio.wait([gone, created], timeout=left, return_when="FIRST_COMPLETED")
                created.cancel()
                if gone.done():
                    return None
                self.created.clear()
                if job := self.next_job():
                    return job
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        finally:
            self.held -= 1
            self.asked[token] = time.monotonic()  # it stood here until now
            gone.cancel()
            await asyncio.wait([gone])

    def call(self, head, body):
        now, line = time.monotonic(), head.split(b"\r\n", 1)[0]
        found = re.match(rb"(PUT|PATCH) /api/v4/jobs/(\d+)", line)
        if not found:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        job = int(found[2])
        if found[1] == b"PATCH":
            self.patched.append((job, time.time(), body))
            end = int(re.search(rb"(?i)content-range: \d+-(\d+)", head)[1]) + 1
            return (b"HTTP/1.1 202 Accepted\r\nJob-Status: running\r\nRange: 0-%d\r\n"
                    b"Content-Length: 0\r\n\r\n" % end)
        state = json.loads(body)["state"]
        if state == "running":
            self.accepted.setdefault(job, now)
        else:
            self.ended[job] = state
        return b"HTTP/1.1 200 OK\r\nJob-Status: running\r\nContent-Length: 0\r\n\r\n"


def until(what, limit=60, pause=0.01):
    """Waits until `what()` is true."""
    deadline = time.monotonic() + limit
    while not what():
        if time.monotonic() > deadline:
            sys.exit("bench: waited too long")
        time.sleep(pause)


# ------------------------------------------------------------------ processes

def config(directory, url, entries=1, token=None, **top):
    values = {"concurrent": 1, "check_interval": 3, **top}
    # As on every start but the first, which makes one.
    (Path(directory) / ".runner_system_id").write_text("s_0123456789ab\n")
    path = Path(directory) / "config.toml"
    # Line by line: the peak memory of a program that we start is at least our own.
    with path.open("w") as file:
        for key, value in values.items():
            print(f"{key} = {json.dumps(value)}", file=file)
        for number in range(entries):
            print("[[runners]]", f'name = "r{number}"', f'url = "{url}"',
                  f'token = "{token or f"glrt-bench{number:06d}"}"', 'executor = "shell"', 'shell = "bash"',
                  "output_limit = 2000000", f'builds_dir = "{directory}/builds"',
                  f'cache_dir = "{directory}/cache"', sep="\n", file=file)
    return path


def own_state(path):
    """The environment of a runner that knows of no other's jobs."""
    return {**os.environ, "STATE_DIRECTORY": str(Path(path).parent / "state")}


class Runner:
    """`corunner run` on a configuration, ended at the end of the block."""

    def __init__(self, program, path):
        self.began = time.monotonic()
        self.process = subprocess.Popen([program, "--log-level", "error", "run", "--config", path],
                                        cwd=Path(path).parent, env=own_state(path),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def proc(self, name):
        return Path(f"/proc/{self.process.pid}/{name}").read_text()

    def memory(self):
        """(resident, private) in MB; private: what no file on disk holds a copy of."""
        return self.status("VmRSS") / 1024, self.status("RssAnon") / 1024

    def status(self, name):
        return int(re.search(rf"^{name}:\s+(\d+)", self.proc("status"), re.M)[1])

    def wakes(self):
        """How often a thread of it slept and was woken."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text(),
                                 re.M)[1]) for task in tasks)

    def children(self):
        return len(self.proc(f"task/{self.process.pid}/children").split())

    def cpu(self):
        fields = self.proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(program, jobs, script, top, masked=(), meanwhile=None, long_poll=50):
    """Runs `jobs` generated jobs; the counts of the coordinator, peak memory and CPU of the runner."""
    words = [program, "coordinator", "--load", str(jobs), "--long-poll", str(long_poll)]
    for line in script:
        words.append("--load-script=" + line)
    for value in masked:
        words.append("--load-masked=" + value)
    with tempfile.TemporaryDirectory(prefix="corunner-bench-") as directory:
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
            url = server.stdout.readline().split()[1]
            with Runner(program, config(directory, url, **top)) as runner:
                if meanwhile:
                    meanwhile(runner)
                output = server.stdout.read()
                peak, cpu = runner.status("VmHWM") / 1024, runner.cpu()
    words = output.strip().splitlines()[-1].split()
    counts = dict(zip(words[::2], map(float, words[1::2])))
    if counts["succeeded"] != jobs or counts["bad_traces"]:
        sys.exit(f"bench: not every job succeeded: {output}")
    return {**counts, "peak": peak, "cpu": cpu}
