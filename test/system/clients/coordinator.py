"""A `corunner coordinator` of its own for clients that others wrote, and the counting of their checks."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import traceback
import urllib.request
from pathlib import Path


class Coordinator:
    """The program with its knobs for tests (--faults); its database is checked when it has ended."""

    def __init__(self, program, *arguments):
        self.directory = tempfile.TemporaryDirectory(prefix="corunner-clients-")
        self.state = Path(self.directory.name)
        self.command = [program, "coordinator", "--faults", "--state-dir", self.state]
        self.administrator = None
        self.start("--long-poll", "0", *arguments)

    def start(self, *arguments):
        """Starts it, again where it ended: its address and the token of a new runner change then."""
        self.process = subprocess.Popen([*self.command, *arguments], stdout=subprocess.PIPE, text=True)
        last = "administrator token: " if self.administrator is None else "--executor shell"
        told = ""
        while last not in told:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the coordinator ended: " + told)
            told += line
        self.url = re.search(r"coordinator: (\S+)", told)[1]
        self.runner_token = re.search(r"--token (\S+)", told)[1]
        # What it shows of its jobs goes nowhere, but it must not wait for a reader.
        self.reader = threading.Thread(target=self.process.stdout.read)
        self.reader.start()
        # It is told once; the database keeps its hash.
        self.administrator = self.administrator or re.search(r"administrator token: (\S+)", told)[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.directory.cleanup()

    def order(self, what, **body):
        """POST /api/v4/_test/...: users, projects, settings, faults."""
        request = urllib.request.Request(f"{self.url}/api/v4/_test/{what}", method="POST",
                                         data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def add_user(self, name, **more):
        return self.order("users", username=name, **more)["token"]

    def stop(self, how=signal.SIGTERM):
        """Ends it, as a service is ended; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        return code

    def finish(self):
        """What must be true at the end of each check."""
        if self.stop() != 0:
            raise AssertionError("the coordinator's exit code is not 0")
        if faults := self.database_faults():
            raise AssertionError(f"the database is damaged: {faults}")

    def database_faults(self):
        """What SQLite finds wrong with the database, once the program has ended."""
        with sqlite3.connect(self.state / "coordinator.db") as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check")]
            broken = database.execute("PRAGMA foreign_key_check").fetchall()
        return [fault for fault in found if fault != "ok"] + broken


def make_repository(directory, pipeline):
    """A repository with this .gitlab-ci.yml; its directory."""
    repository = Path(directory, "repository")
    repository.mkdir()
    (repository / ".gitlab-ci.yml").write_text(pipeline)
    for arguments in (["init", "--quiet", "--initial-branch", "main"], ["add", "."],
                      ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "first"]):
        subprocess.run(["git", "-C", repository, *arguments], check=True)
    return str(repository)


def run_checks(checks, make):
    """Runs each check with what `make` makes for it, and prints what fails and the count."""
    failed = 0
    for check in checks:
        try:
            with make(check) as world:
                check(world)
                world.finish()
        except Exception:  # whatever a client throws is a failure of its check
            failed += 1
            print(f"FAILED: {check.__doc__ or check.__name__}", file=sys.stderr)
            traceback.print_exc()
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
