"""A `corunner wrapper` and what supervises it: its calls, its callback, its log."""

import http.server
import os
import queue
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

import grpc

from coordinator import Coordinator, make_repository

SERVICE = "/gitlab_com.gitlab_runner.runner_wrapper.ProcessWrapper/"
PATIENCE = 60  # seconds, for what comes at once

# A job that goes on until the file $GO is there.
HELD_JOB = 'job:\n  script:\n    - echo "it runs"\n    - while [ ! -e "$GO" ]; do sleep 0.1; done\n'


def field(number, value):
    """A field of a protocol buffer that has a length."""
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value):
    more = b""
    while value > 0x7F:
        more += bytes([value & 0x7F | 0x80])
        value >>= 7
    return more + bytes([value])


def callback(url, method, headers):
    """InitGracefulShutdownRequest with a ShutdownCallback."""
    entries = b"".join(field(3, field(1, name) + field(2, value)) for name, value in headers.items())
    return field(1, field(1, url) + field(2, method) + entries)


def status(number, reason=""):
    """The answer of every call, as it comes."""
    return (b"\x08" + bytes([number]) if number else b"") + (field(2, reason) if reason else b"")


UNKNOWN, RUNNING, IN_SHUTDOWN, STOPPED = (status(number) for number in range(4))


def open_channel(address):
    """One with connections of its own, of which none was broken by an earlier wrapper."""
    return grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)])


class Supervised:
    """A directory in which wrappers run, and what they started is ended with it."""

    def __init__(self, program):
        self.program = program
        self.directory = tempfile.TemporaryDirectory(prefix="corunner-wrapper-")
        self.path = Path(self.directory.name)
        self.address = f"unix:{self.path}/control"
        self.wrappers, self.closed_at_end = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in (*self.wrappers, *reversed(self.closed_at_end)):
            each.stop()
        self.directory.cleanup()

    def finish(self):
        """Nothing more than what each check says."""

    def start(self, *arguments, flags=(), address=None):
        """corunner wrapper FLAGS -- ARGUMENTS"""
        self.wrappers.append(Wrapper(self, ["--grpc-listen", address or self.address, *flags, "--", *arguments]))
        return self.wrappers[-1]

    def service(self, *flags):
        """A wrapped `run` whose job goes on until release()."""
        self.go = self.path / "go"
        repository = make_repository(self.path, HELD_JOB)
        coordinator = Coordinator(self.program, "--repo", repository, "--variable", f"GO={self.go}")
        self.closed_at_end.append(coordinator)
        config = self.path / "config.toml"
        config.write_text(f'[[runners]]\n  name = "r"\n  url = "{coordinator.url}"\n'
                          f'  token = "{coordinator.runner_token}"\n  executor = "shell"\n'
                          f'  builds_dir = "{self.path}/builds"\n')
        wrapper = self.start("run", "--config", str(config), flags=flags)
        wrapper.wait_for("Checking for jobs... received")
        return wrapper

    def release(self):
        self.go.touch()

    def idle_service(self, **more):
        """A wrapped `run` without runners."""
        config = self.path / "empty.toml"
        config.write_text("concurrent = 1\n")
        wrapper = self.start("run", "--config", str(config), **more)
        wrapper.wait_for("Configuration loaded")
        return wrapper


class Wrapper:
    """The process, its log line by line, and its calls."""

    def __init__(self, world, arguments):
        environment = {**os.environ, "HOME": str(world.path), "NO_COLOR": "1"}
        self.process = subprocess.Popen([world.program, "wrapper", *arguments], stderr=subprocess.PIPE, text=True,
                                        cwd=world.path, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL)
        self.log, self.lines, self.channel = "", queue.Queue(), None
        self.address = arguments[1]
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.lines.put(line)

    def wait_for(self, text):
        """Until the log has it, of the wrapper or of what it wraps."""
        while text not in self.log:
            try:
                self.log += self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError(f"'{text}' does not come in:\n{self.log}") from None

    def child(self):
        """The process that it wraps: the second that told of its start."""
        self.wait_for("Starting wrapper GRPC Server")
        while self.log.count(" pid=") < 2:
            self.log += self.lines.get(timeout=PATIENCE)
        return int(self.log.split(" pid=")[2].split()[0])

    def call(self, method, message=b"", compression=None, channel=None):
        """The answer's bytes; the code of a refusal is raised as grpc.RpcError."""
        if channel is None:
            self.channel = self.channel or open_channel(self.address)
            channel = self.channel
        return channel.unary_unary(SERVICE + method)(message, timeout=PATIENCE, wait_for_ready=True,
                                                     compression=compression)

    def send(self, which):
        self.process.send_signal(which)

    def wait(self):
        code = self.process.wait(timeout=PATIENCE)
        while not self.lines.empty():
            self.log += self.lines.get()
        return code

    def stop(self):
        if self.channel:
            self.channel.close()
        if self.process.poll() is None:
            self.send(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)
        self.reader.join(timeout=PATIENCE)
        self.process.stderr.close()


class CallbackServer:
    """Takes the requests that come when a process has ended."""

    def __init__(self):
        requests = self.requests = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                requests.put((self.command, self.path, dict(self.headers)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/ended?who=me"

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
