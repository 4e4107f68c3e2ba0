"""Jobs with a checkout and with an artifact, beside those that do nothing, against the embedded GitLab.

On a RAM disk: git waits for the disk, which takes more or less time than all that is measured.
"""

import json
import re
import statistics
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

from bench_support import Runner, config, until

PIPELINE = """
stages: [floor, empty, checkout, artifact]
empty: {{stage: empty, variables: {{GIT_STRATEGY: none}}, script: ["true"], parallel: {count}}}
checkout: {{stage: checkout, variables: {{GIT_STRATEGY: clone}}, script: ["true"], parallel: {count}}}
artifact:
  stage: artifact
  variables: {{GIT_STRATEGY: none}}
  script: [echo one > one.txt]
  artifacts: {{paths: [one.txt]}}
  parallel: {count}
floor:
  stage: floor
  variables: {{GIT_STRATEGY: none}}
  parallel: {count}
  script:
    - cd "$(mktemp -d -p /dev/shm)"
    - began=$(date +%s%N)
    - git init -q .
    - git remote add origin "$CI_REPOSITORY_URL"
    - git fetch -q --depth 20 origin "+$CI_COMMIT_SHA:refs/pipelines/1"
    - git checkout -q "$CI_COMMIT_SHA"
    - echo "took=$(( ($(date +%s%N) - began) / 1000 ))"
    - rm -rf "$PWD"
"""


def make_repository(where, count):
    Path(where, ".gitlab-ci.yml").write_text(PIPELINE.format(count=count))
    for i in range(200):
        folder = Path(where, f"d{i % 10}")
        folder.mkdir(exist_ok=True)
        (folder / f"f{i}.txt").write_text(f"line {i}\n" * 50)
    for words in (["init", "-q"], ["add", "-A"],
                  ["-c", "user.name=b", "-c", "user.email=b@localhost", "commit", "-qm", "files"]):
        subprocess.run(["git", "-C", where, *words], check=True)


class GitLab:
    """The embedded GitLab with the pipeline of one repository."""

    def __init__(self, program, repository):
        self.process = subprocess.Popen([program, "coordinator", "--repo", repository, "--long-poll", "1"],
                                        stdout=subprocess.PIPE, text=True)
        lines = iter(self.process.stdout.readline, "")
        self.url = self.runner = self.token = None
        for line in lines:
            self.url = self.url or (line.split()[1] if line.startswith("coordinator: ") else None)
            if found := re.search(r"--token (\S+)", line):
                self.runner = found[1]
            if found := re.search(r"administrator token: (\S+)", line):
                self.token = found[1]
                break
        # What it tells of each request after that; nobody reads it, and a full pipe would stop it.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def ask(self, path, plain=False):
        request = urllib.request.Request(f"{self.url}/api/v4/projects/1/{path}", headers={"PRIVATE-TOKEN": self.token})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode() if plain else json.load(answer)

    def jobs(self):
        """Of the pipeline, none until there is one."""
        try:
            return self.ask("pipelines/1/jobs?per_page=100")
        except urllib.error.HTTPError:
            return []

    def has_passed(self):
        states = {job["status"] for job in self.jobs()}
        return states == {"success"}

    def end(self):
        self.process.terminate()
        self.process.wait()


def checkout_and_artifact(figures, program, quick):
    count = 5 if quick else 15
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="corunner-bench-") as repository, \
            tempfile.TemporaryDirectory(dir="/dev/shm", prefix="corunner-bench-") as home:
        make_repository(repository, count)
        gitlab = GitLab(program, repository)
        try:
            with Runner(program, config(home, gitlab.url, token=gitlab.runner, check_interval=1)):
                until(gitlab.has_passed, 120, pause=0.3)
            took = {}
            floor = []
            for job in gitlab.jobs():
                kind = job["name"].split(" ")[0]
                took.setdefault(kind, []).append(job["duration"] * 1000)
                if kind == "floor":
                    log = gitlab.ask(f"jobs/{job['id']}/trace", plain=True)
                    floor.append(int(re.search(r"took=(\d+)", log)[1]) / 1000)
        finally:
            gitlab.end()
    middle = {kind: statistics.median(times) for kind, times in took.items()}
    git = statistics.median(floor)
    figures.add("checkout of 200 files: more than an empty job", middle["checkout"] - middle["empty"], "ms", git,
                1.3 * git, "floor: git init, fetch, checkout")
    figures.add("artifact of one file: more than an empty job", middle["artifact"] - middle["empty"], "ms", goal=15)
