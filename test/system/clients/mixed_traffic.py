"""Clients of a coordinator that call it with everything that runners and their administrators call.

Each knows what its calls must have made of its own runners and its own job, whatever the others do.
"""

import json
import random
import socket
from urllib.parse import urlsplit


class Connection:
    """HTTP/1.1 over one connection, as little of it as a fast client needs."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.host = parts.netloc
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = b""

    def close(self):
        self.socket.close()

    def read_until(self, size=None):
        """The next bytes: so many, or up to the end of a header."""
        while True:
            if size is None:
                end = self.held.find(b"\r\n\r\n")
                cut = end + 4 if end >= 0 else None
            else:
                cut = size if len(self.held) >= size else None
            if cut is not None:
                taken, self.held = self.held[:cut], self.held[cut:]
                return taken
            more = self.socket.recv(1 << 16)
            if not more:
                raise ConnectionError("the connection ended in an answer")
            self.held += more

    def call(self, method, path, body=b"", *fields):
        """(status, body) of /api/v4PATH."""
        head = [f"{method} /api/v4{path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}", *fields]
        self.socket.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        head = self.read_until().split(b"\r\n")
        status, length = int(head[0].split(b" ")[1]), 0
        for line in head[1:]:
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        return status, self.read_until(length) if length else b""


def take_job(url, token):
    """A job of the pipeline for that runner, accepted: (id, token)."""
    connection = Connection(url)
    asked = json.dumps({"token": token, "system_id": "s_jobs", "info": {
        "features": {"two_phase_job_commit": True}}}).encode()
    status, body = 204, b""
    while status == 204:  # the pipeline starts after the server
        status, body = connection.call("POST", "/jobs/request", asked, "Content-Type: application/json")
    job = json.loads(body)
    accept = json.dumps({"token": job["token"], "state": "running"}).encode()
    assert connection.call("PUT", f"/jobs/{job['id']}", accept, "Content-Type: application/json")[0] == 200
    connection.close()
    return job["id"], job["token"]


class Visitor:
    """One client. `runners`: what its runners must be now, by id; `log`: what its job must have printed."""

    MOST = 12

    def __init__(self, url, administrator, name, job):
        self.connection = Connection(url)
        self.person = (f"PRIVATE-TOKEN: {administrator}", "Content-Type: application/json")
        self.name = name
        self.job, self.job_token = job
        self.chance = random.Random(name)
        self.runners, self.gone, self.log = {}, [], b""
        self.calls = 0
        # Weights are how often, beside the others.
        self.ways = ([self.poll] * 8 + [self.patch] * 4 + [self.touch] * 2 + [self.show] * 2 +
                     [self.verify, self.create, self.change, self.listed, self.managers, self.reset,
                      self.remove, self.projects])

    def expect(self, status, method, path, body=None, *fields):
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        got, answer = self.connection.call(method, path, text, *fields or self.person)
        self.calls += 1
        if got != status:
            raise AssertionError(f"{method} {path}: {got} instead of {status}: {answer[:300]}")
        return answer

    def visit(self, calls):
        """Makes so many calls."""
        self.create()
        while self.calls < calls:
            self.chance.choice(self.ways)()

    def any_of_mine(self):
        return self.chance.choice(list(self.runners.items()))

    # --- as a person

    def create(self):
        if len(self.runners) >= self.MOST:
            return self.remove()
        what = {"description": f"{self.name} {self.chance.random()}", "tag_list": [self.name, "all"],
                "run_untagged": False, "paused": False}
        made = json.loads(self.expect(201, "POST", "/user/runners", {"runner_type": "instance_type", **what}))
        self.runners[made["id"]] = {**what, "token": made["token"]}

    def show(self):
        key, mine = self.any_of_mine()
        shown = json.loads(self.expect(200, "GET", f"/runners/{key}"))
        for name in ("description", "tag_list", "paused", "run_untagged"):
            assert shown[name] == mine[name], (key, name, shown[name], mine[name])

    def change(self):
        key, mine = self.any_of_mine()
        what = {"description": f"{self.name} {self.chance.random()}", "paused": self.chance.random() < 0.2}
        self.expect(200, "PUT", f"/runners/{key}", what)
        mine.update(what)

    def listed(self):
        found = json.loads(self.expect(200, "GET", f"/runners/all?tag_list={self.name},all&per_page=100"))
        assert {runner["id"] for runner in found} == set(self.runners)

    def managers(self):
        key, mine = self.any_of_mine()
        found = json.loads(self.expect(200, "GET", f"/runners/{key}/managers"))
        assert {manager["system_id"] for manager in found} == mine.get("managers", set())

    def projects(self):
        self.expect(200, "GET", "/projects/1/runners?per_page=5")

    # --- as a runner

    def as_runner(self, status, method, path, **more):
        key, mine = self.any_of_mine()
        system_id = self.chance.choice(("s_one", "s_two"))
        answer = self.expect(status, method, path, {"token": mine["token"], "system_id": system_id, **more},
                             "Content-Type: application/json")
        mine.setdefault("managers", set()).add(system_id)
        return mine, answer

    def verify(self):
        self.as_runner(200, "POST", "/runners/verify", info={"version": "19.4.0", "platform": "linux"})

    def poll(self):
        self.as_runner(204, "POST", "/jobs/request", info={"version": "19.4.0", "features": {"refspecs": True}})

    def reset(self):
        mine, answer = self.as_runner(201, "POST", "/runners/reset_authentication_token")
        old, mine["token"] = mine["token"], json.loads(answer)["token"]
        self.expect(403, "POST", "/runners/verify", {"token": old}, "Content-Type: application/json")

    def remove(self):
        if len(self.runners) < 2:
            return
        key, mine = self.any_of_mine()
        self.expect(204, "DELETE", "/runners", {"token": mine["token"]}, "Content-Type: application/json")
        del self.runners[key]
        self.gone.append(key)

    # --- as its job

    def patch(self):
        line = f"{self.name} {len(self.log)}\n".encode()
        self.expect(202, "PATCH", f"/jobs/{self.job}/trace", line, f"JOB-TOKEN: {self.job_token}",
                    "Content-Type: text/plain", f"Content-Range: {len(self.log)}-{len(self.log) + len(line) - 1}")
        self.log += line

    def touch(self):
        self.expect(200, "PUT", f"/jobs/{self.job}", {"token": self.job_token, "state": "running"},
                    "Content-Type: application/json")

    def end(self):
        self.expect(200, "PUT", f"/jobs/{self.job}", {"token": self.job_token, "state": "success"},
                    "Content-Type: application/json")
        self.connection.close()


def visit(url, administrator, name, job, calls):
    """A whole visit, in a process of its own: (what must be there, what must be gone, job, its log)."""
    visitor = Visitor(url, administrator, name, job)
    visitor.visit(calls)
    visitor.end()
    for mine in visitor.runners.values():
        mine.pop("managers", None)
    return visitor.runners, visitor.gone, job[0], visitor.log


def check_all(url, administrator, visits):
    """That the server has what the visitors' calls made, and no more."""
    connection = Connection(url)
    field = f"PRIVATE-TOKEN: {administrator}"
    kept, gone = {}, set()
    for runners, removed, job, log in visits:
        kept.update(runners)
        gone.update(removed)
        status, text = connection.call("GET", f"/projects/1/jobs/{job}/trace", b"", field)
        assert (status, text) == (200, log), f"job {job}: its log is not what was sent"
        shown = json.loads(connection.call("GET", f"/projects/1/jobs/{job}", b"", field)[1])
        assert shown["status"] == "success", shown["status"]
    found, page = {}, 1
    while page:
        body = json.loads(connection.call("GET", f"/runners/all?tag_list=all&per_page=100&page={page}", b"", field)[1])
        found.update((runner["id"], runner) for runner in body)
        page = page + 1 if len(body) == 100 else 0
    assert set(found) == set(kept), (set(found) ^ set(kept))
    assert not gone & set(found)
    for key, mine in kept.items():
        assert found[key]["description"] == mine["description"], key
        assert found[key]["paused"] == mine["paused"], key
    connection.close()
