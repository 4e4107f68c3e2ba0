"""The embedded GitLab under mixed calls of several clients: how many a second, and whether all is whole."""

import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path

# The clients are those of the system tests, which say what each call must be answered.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test/system/clients"))

from coordinator import Coordinator, make_repository  # noqa: E402
from mixed_traffic import Connection, check_all, take_job, visit  # noqa: E402

CLIENTS = 4


def ask_for_nothing(url, calls):
    """Calls of a path that is not there: what HTTP alone costs on both sides."""
    connection = Connection(url)
    for _ in range(calls):
        assert connection.call("GET", "/nothing")[0] == 404
    connection.close()


def wait_for_one(url, calls):
    """How long single polls take, in ms, beside whatever the others do."""
    connection, times = Connection(url), []
    for _ in range(calls):
        began = time.monotonic()
        connection.call("GET", "/nothing")
        times.append((time.monotonic() - began) * 1000)
        time.sleep(0.002)
    connection.close()
    return times


def rate(pool, function, arguments, calls):
    """What the clients returned, and their calls per second together."""
    began = time.monotonic()
    returned = pool.starmap(function, arguments)
    return returned, calls * len(arguments) / (time.monotonic() - began)


def coordinator(figures, program, quick):
    calls = 2_000 if quick else 20_000
    with tempfile.TemporaryDirectory(prefix="corunner-bench-") as directory:
        repository = make_repository(directory, f"build:\n  script: make\n  parallel: {CLIENTS}\n")
        with Coordinator(program, "--repo", repository) as world, multiprocessing.Pool(CLIENTS + 1) as pool:
            jobs = [take_job(world.url, world.runner_token) for _ in range(CLIENTS)]
            _, floor = rate(pool, ask_for_nothing, [(world.url, calls)] * CLIENTS, calls)
            beside = pool.apply_async(wait_for_one, (world.url, calls // 10))
            visits, got = rate(pool, visit, [(world.url, world.administrator, f"v{number}", jobs[number], calls)
                                             for number in range(CLIENTS)], calls)
            times = sorted(beside.get())
            check_all(world.url, world.administrator, visits)
            code = world.stop()
            faults = world.database_faults()
    if code or faults:
        sys.exit(f"bench: the coordinator ended with {code}, its database has the faults {faults}")
    figures.add(f"coordinator: mixed calls of {CLIENTS} clients", got, "calls/s", floor, 2000,
                "floor: calls that find nothing; all answered, database whole")
    figures.add("coordinator: a call beside them, median", statistics.median(times), "ms")
    figures.add("coordinator: the same, 99 of 100", times[len(times) * 99 // 100], "ms")
