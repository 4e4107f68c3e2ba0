"""Packing and unpacking of large trees, beside Info-ZIP in the same run, on a RAM disk."""

import os
import random
import shutil
import tempfile
from pathlib import Path

from bench_support import usage, wall

# Ratios to Info-ZIP's time: pack default, unpack. None: not measured.
TREES = {"small": (0.45, 0.5), "big": (0.07, 0.14), "real": (0.14, 0.3)}
PACK_FAST = 0.25
MORE_THAN_ZIP = 1.02


def make_small(root, words, quick):
    """Text files of about 4 kB, 200 in a directory."""
    for d in range(25 if quick else 250):
        folder = Path(root, f"d{d}")
        folder.mkdir(parents=True)
        for i in range(200):
            (folder / f"f{i}.txt").write_text(" ".join(random.choices(words, k=random.randint(5, 400))))


def make_big(root, words, quick):
    """Eight files of 128 MB, every other one incompressible."""
    Path(root).mkdir()
    for i in range(8):
        with open(Path(root, f"b{i}.bin"), "wb") as out:
            for _ in range(16 if quick else 128):
                text = " ".join(random.choices(words, k=1000)) * 120
                out.write(os.urandom(1 << 20) if i % 2 else text.encode()[: 1 << 20])


def make_real(root, _, quick):
    """Headers and programs of this machine."""
    shutil.copytree("/usr/include", Path(root, "include"), symlinks=True)
    programs = Path(root, "bin")
    programs.mkdir()
    for program in sorted(Path("/usr/bin").iterdir())[: 50 if quick else None]:
        if program.is_file():
            shutil.copy(program, programs)


def clean(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()


class Bench:
    """The tree `name` in a directory of its own, and what is done with it."""

    def __init__(self, figures, program, home, name):
        self.figures, self.program, self.home, self.name = figures, program, home, name
        self.out = home / "out"

    def pack(self, what, level=None, archive_format=None):
        """(seconds, peak MB, bytes) of our archive."""
        archive = self.home / f"{what}.archive"
        words = [self.program, "--log-level", "error", "cache-archiver", "--file", str(archive), "--path", self.name]
        words += ["--compression-level", level] if level else []
        words += ["--compression-format", archive_format] if archive_format else []
        seconds, peak = usage(words, cwd=self.home)
        return seconds, peak, archive.stat().st_size

    def zip(self, option):
        """(seconds, bytes) of Info-ZIP's."""
        archive = self.home / f"zip{option}.zip"
        return wall(["zip", "-qry", option, archive, self.name], cwd=self.home), archive.stat().st_size

    def compare(self, what, ours, theirs, ratio, memory=None):
        seconds, peak, size = ours
        floor, zip_size = theirs
        title = f"pack {self.name}, {what}"
        self.figures.add(title, seconds, "s", floor, ratio * floor, "floor: Info-ZIP")
        self.figures.add(f"{title}: peak memory", peak, "MB", goal=memory)
        self.figures.add(f"{title}: size", size / 1e6, "MB", zip_size / 1e6,
                         MORE_THAN_ZIP * zip_size / 1e6 if self.name == "real" else None)

    def unpack(self, ratio):
        clean(self.out)
        words = [self.program, "--log-level", "error", "cache-extractor", "--file", "../default.archive"]
        seconds, peak = usage(words, cwd=self.out)
        clean(self.out)
        floor = wall(["unzip", "-q", "../default.archive"], cwd=self.out)
        self.figures.add(f"unpack {self.name}", seconds, "s", floor, ratio * floor, "floor: Info-ZIP")
        self.figures.add(f"unpack {self.name}: peak memory", peak, "MB")


def archives(figures, program, quick):
    random.seed(2)
    words = [f"{random.getrandbits(32):x}" for _ in range(5000)]
    for name, (pack_ratio, unpack_ratio) in TREES.items():
        with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="corunner-bench-") as directory:
            home = Path(directory)
            {"small": make_small, "big": make_big, "real": make_real}[name](home / name, words, quick)
            one = Bench(figures, program, home, name)
            one.compare("default", one.pack("default"), one.zip("-6"), pack_ratio,
                        48 if name == "small" else None)
            if name == "real":
                one.compare("fast", one.pack("fast", level="fast"), one.zip("-1"), PACK_FAST)
                seconds, peak, size = one.pack("tar", archive_format="tarzstd")
                figures.add("pack real as tar.zst", seconds, "s", goal=5)
                figures.add("pack real as tar.zst: peak memory", peak, "MB", goal=64)
                figures.add("pack real as tar.zst: size", size / 1e6, "MB")
            one.unpack(unpack_ratio)
