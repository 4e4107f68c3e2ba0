#!/usr/bin/env python3
"""Replays recorded cases of the helper commands against a helper program and compares.

    run_cases.py --helper /path/to/program [--case NAME...] [--update] [--text] [--list]

The cases are in cases.py, what was observed is in observed.json. See README.md.
"""
import argparse
import atexit
import difflib
import hashlib
import io
import json
import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.parse
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = os.path.dirname(os.path.abspath(__file__))
OLD = 1_700_000_000_623_456_789          # mtime (ns) of everything a case makes, 2023-11-14T22:13:20Z and a fraction
NAME = "gitlab-runner-helper"
OTHER_USER = 65534                        # cases with as_user run under it when started as root


# ---------------------------------------------------------------- trees

def file(path, data=b"", mode=0o644, mtime=None, owner=None, size=None):
    """A regular file; size makes it sparse."""
    return dict(kind="file", path=path, data=data, mode=mode, mtime=mtime, owner=owner, size=size)


def folder(path, mode=0o755, mtime=None):
    return dict(kind="dir", path=path, mode=mode, mtime=mtime)


def link(path, target, mtime=None):
    return dict(kind="link", path=path, target=target, mtime=mtime)


def special(path, kind):
    """kind: fifo, socket or hardlink:<target>"""
    return dict(kind=kind, path=path, mtime=None)


def make_tree(root, entries, fill):
    """Creates the entries, then sets the times from the deepest path upwards, then the modes."""
    for e in entries:
        path = os.path.join(os.fsencode(root), name_bytes(e["path"]))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if e["kind"] == "file":
            data = e["data"](fill) if callable(e["data"]) else e["data"]
            with open(path, "wb") as f:
                f.write(data.encode() if isinstance(data, str) else data)
                if e["size"]:
                    f.truncate(e["size"])
        elif e["kind"] == "dir":
            os.makedirs(path, exist_ok=True)
        elif e["kind"] == "link":
            os.symlink(fill(e["target"]), path)
        elif e["kind"] == "fifo":
            os.mkfifo(path)
        elif e["kind"] == "socket":
            s = socket.socket(socket.AF_UNIX)
            s.bind(os.fsdecode(path))
            s.close()
        elif e["kind"].startswith("hardlink:"):
            os.link(os.path.join(root, e["kind"][9:]), path)
    given = {os.path.join(os.fsencode(root), name_bytes(e["path"])): e for e in entries}
    for folder_path, dirs, files in os.walk(os.fsencode(root), topdown=False):
        for name in files + dirs:
            path = os.path.join(folder_path, name)
            e = given.get(path, {})
            if e.get("owner"):
                os.lchown(path, *e["owner"])
            if e.get("mode") is not None and not os.path.islink(path):
                os.chmod(path, e["mode"])
            t = OLD if e.get("mtime") is None else int(e["mtime"] * 1_000_000_000)
            os.utime(path, ns=(t, t), follow_symlinks=False)
    os.utime(root, ns=(OLD, OLD))


def name_bytes(name):
    return name if isinstance(name, bytes) else os.fsencode(name)


def show_name(name):
    """Names as they are, other bytes than printable UTF-8 as \\xNN."""
    raw = name_bytes(name)
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def is_statement(data):
    return data[:1] == b"{" and b"https://slsa.dev/provenance" in data


def show_statement(data):
    """A provenance statement as sorted JSON, without what names the program."""
    value = json.loads(data)
    value["subject"].sort(key=lambda s: s["name"])
    text = json.dumps(value, sort_keys=True)
    text = re.sub(r'"(gitlab-runner|architecture)": "[^"]*"', r'"\1": "*"', text)
    return re.sub(r"blob/[^/]*/PROVENANCE", "blob/*/PROVENANCE", text)


def is_program(path):
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def is_archive(data):
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"\x28\xB5\x2F\xFD")


def show_size(data, size):
    return "-" if is_statement(data) or is_archive(data) else size


def show_data(data):
    if is_statement(data):
        return show_statement(data)
    if is_archive(data):
        lines = list_archive(data, False)[0]
        return f"({lines[0]}, {len(lines) - 1} members)"
    if len(data) <= 60 and all(32 <= b < 127 or b == 10 for b in data):
        return repr(data.decode())
    return "sha256:" + hashlib.sha256(data).hexdigest()[:16]


def show_time(ns):
    if abs(ns / 1e9 - time.time()) < 86400:
        return "now"
    seconds, rest = divmod(ns, 1_000_000_000)
    text = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{rest:09d}" if rest else "")


def show_owner(uid, gid):
    return "me" if (uid, gid) in ((os.getuid(), os.getgid()), (OTHER_USER, OTHER_USER)) else f"{uid}:{gid}"


def list_tree(root, with_times=True):
    """One line per entry: mode, owner, size, mtime, name, content or target."""
    lines = []
    root = os.fsencode(root)

    def visit(path, name):
        st = os.lstat(path)
        if os.getuid() and not stat.S_ISLNK(st.st_mode):  # seen; now let an ordinary user look inside
            os.chmod(path, stat.S_IMODE(st.st_mode) | (0o700 if stat.S_ISDIR(st.st_mode) else 0o400))
        when = show_time(st.st_mtime_ns) if with_times else "-"
        size, content = "-", ""
        if stat.S_ISLNK(st.st_mode):
            content = " -> " + show_name(os.readlink(path))
        elif stat.S_ISREG(st.st_mode):
            size, content = st.st_size, " = (large)"
            if is_program(path):
                size, content = "-", " = (program)"
            elif size <= LARGE:
                with open(path, "rb") as f:
                    data = f.read()
                random = re.search(rb"masking\.db$|/runner[0-9a-f]{64}$", path)
                size, content = show_size(data, size), " = (random)" if random else " = " + show_data(data)
        line = f"{stat.filemode(st.st_mode)} {show_owner(st.st_uid, st.st_gid)} {size} {when} {show_name(name)}{content}"
        lines.append(line)
        if stat.S_ISDIR(st.st_mode):
            for child in sorted(os.listdir(path)):
                visit(os.path.join(path, child), name + b"/" + child if name != b"." else child)

    if os.path.lexists(root):
        visit(root, b".")
    return lines


# ---------------------------------------------------------------- archives: writing (inputs)

def zstd_frame(data):
    """A zstd frame of raw blocks, so that no compressor is needed."""
    out = [struct.pack("<IBQ", 0xFD2FB528, 0xE0, len(data))]
    blocks = [data[i:i + 100_000] for i in range(0, len(data), 100_000)] or [b""]
    for i, block in enumerate(blocks):
        head = len(block) << 3 | (i == len(blocks) - 1)
        out.append(struct.pack("<I", head)[:3] + block)
    return b"".join(out)


def member(name, data=b"", mode=0o100644, method=8, mtime=1_600_000_000, dos=None, extra=None, owner=None,
           creator=3, size=None, crc=None, flags=0, descriptor=False, local_name=None):
    """One member for zip_bytes. size and crc lie when given; extra replaces the UT/ux fields."""
    return dict(locals())


def zip_bytes(members, comment=b"", prefix=b"", zip64=False):
    out, central = io.BytesIO(), []
    out.write(prefix)
    for m in members:
        name = name_bytes(m["name"])
        local_name = name_bytes(m["local_name"]) if m["local_name"] is not None else name
        data = m["data"].encode() if isinstance(m["data"], str) else m["data"]
        packed = data
        if m["method"] == 8:
            c = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = c.compress(data) + c.flush()
        elif m["method"] == 93:
            packed = zstd_frame(data)
        size = len(data) if m["size"] is None else m["size"]
        crc = zlib.crc32(data) if m["crc"] is None else m["crc"]
        extra = m["extra"]
        if extra is None:
            extra = struct.pack("<HHBI", 0x5455, 5, 1, m["mtime"] & 0xFFFFFFFF)
            if m["owner"]:
                extra += struct.pack("<HHBBIBI", 0x7875, 11, 1, 4, m["owner"][0], 4, m["owner"][1])
        t = datetime.fromtimestamp(m["mtime"], timezone.utc) if m["dos"] is None else m["dos"]
        dos_date = max(t.year - 1980, 0) << 9 | t.month << 5 | t.day
        dos_time = t.hour << 11 | t.minute << 5 | t.second // 2
        flags = m["flags"] | (8 if m["descriptor"] else 0)
        offset = out.tell()
        central_extra, big = extra, size > 0xFFFFFFFE or zip64
        sizes = (len(packed), size)
        if big:
            central_extra = extra + struct.pack("<HHQQ", 1, 16, size, len(packed))
            sizes = (0xFFFFFFFF, 0xFFFFFFFF)
        local = (0, 0, 0) if m["descriptor"] else (crc, *sizes)
        local_extra = central_extra if big and not m["descriptor"] else extra
        out.write(struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, flags, m["method"], dos_time, dos_date,
                              *local, len(local_name), len(local_extra)))
        out.write(local_name + local_extra + packed)
        if m["descriptor"]:
            out.write(struct.pack("<IIII", 0x08074B50, crc, len(packed), size))
        central.append(struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, m["creator"] << 8 | 20, 20, flags,
                                   m["method"], dos_time, dos_date, crc, *sizes, len(name),
                                   len(central_extra), 0, 0, 0, (m["mode"] << 16) & 0xFFFFFFFF, offset)
                       + name + central_extra)
    start = out.tell()
    directory = b"".join(central)
    out.write(directory)
    if zip64:
        end = out.tell()
        out.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(members), len(members),
                              len(directory), start))
        out.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
        out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF,
                              len(comment)) + comment)
    else:
        out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(directory),
                              start, len(comment)) + comment)
    return out.getvalue()


def tar_zst(entries):
    """entries: (name, type, data or link target, mode)"""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind, data, mode in entries:
            info = tarfile.TarInfo(name)
            info.mode, info.mtime = mode, 1_600_000_000
            info.uid, info.gid = os.getuid(), os.getgid()
            info.type = dict(file=tarfile.REGTYPE, dir=tarfile.DIRTYPE, link=tarfile.SYMTYPE,
                             hard=tarfile.LNKTYPE, char=tarfile.CHRTYPE, fifo=tarfile.FIFOTYPE)[kind]
            if kind in ("link", "hard"):
                info.linkname = data
                tar.addfile(info)
            else:
                data = data.encode()
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return zstd_frame(out.getvalue())


# ---------------------------------------------------------------- archives: reading (outputs)

METHODS = {0: "store", 8: "deflate", 93: "zstd"}
LARGE = 50_000_000                        # contents beyond are not looked at


def unzstd(data):
    """Needs the zstd program; the standard library of Python 3.11 cannot."""
    return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout


def extra_fields(raw):
    fields = []
    while len(raw) >= 4:
        kind, size = struct.unpack_from("<HH", raw)
        fields.append((kind, raw[4:4 + size]))
        raw = raw[4 + size:]
    return fields


def list_zip(raw):
    """Lines for the exact part, details for the informative part."""
    end = raw.rfind(b"PK\x05\x06")
    if end < 0:
        return ["not a zip"], []
    count, size, start = struct.unpack_from("<HII", raw, end + 10)
    zip64 = raw[end - 20:end - 16] == b"PK\x06\x07"
    if zip64:
        at = struct.unpack_from("<Q", raw, end - 12)[0]
        count, size, start = struct.unpack_from("<QQQ", raw, at + 32)
    lines, details, at = [], [], start
    for _ in range(count):
        (_, made, need, flags, method, dos_time, dos_date, crc, packed, full, n, x, c, _, _, attr,
         offset) = struct.unpack_from("<IHHHHHHIIIHHHHHII", raw, at)
        name, extra = raw[at + 46:at + 46 + n], raw[at + 46 + n:at + 46 + n + x]
        at += 46 + n + x + c
        fields = extra_fields(extra)
        big = dict(fields).get(1)
        if big:
            values = list(struct.unpack(f"<{len(big) // 8}Q", big[:len(big) // 8 * 8]))
            full = values.pop(0) if full == 0xFFFFFFFF else full
            packed = values.pop(0) if packed == 0xFFFFFFFF else packed
            offset = values.pop(0) if offset == 0xFFFFFFFF else offset
        ln, lx = struct.unpack_from("<HH", raw, offset + 26)
        local_fields = extra_fields(raw[offset + 30 + ln:offset + 30 + ln + lx])
        body = raw[offset + 30 + ln + lx:offset + 30 + ln + lx + packed]
        lines.append(zip_line(name, attr, full, method, fields, dos_date, dos_time, body))
        ids = "+".join(f"{k:04x}" for k, _ in fields)
        local_ids = "+".join(f"{k:04x}" for k, _ in local_fields)
        details.append(f"{show_name(name)}: made {made >> 8}.{made & 255} need {need} flags {flags:04x}"
                       f" attr {attr:08x} extra {ids or '-'} local {local_ids or '-'}"
                       f" dos {dos_text(dos_date, dos_time)} method {method}")
    if zip64:
        lines.append("zip64 end record")
    return lines, details


def dos_text(date, clock):
    return (f"{(date >> 9) + 1980}-{date >> 5 & 15:02d}-{date & 31:02d}T"
            f"{clock >> 11:02d}:{clock >> 5 & 63:02d}:{(clock & 31) * 2:02d}")


def zip_line(name, attr, full, method, fields, dos_date, dos_time, body):
    mode = attr >> 16
    owner, when = "-", "dos " + dos_text(dos_date, dos_time)
    for kind, value in fields:
        if kind == 0x5455 and len(value) >= 5:
            when = show_time(struct.unpack_from("<I", value, 1)[0] * 1_000_000_000)
        if kind == 0x7875:
            n = value[1]
            uid = int.from_bytes(value[2:2 + n], "little")
            gid = int.from_bytes(value[3 + n:3 + n + value[2 + n]], "little")
            owner = show_owner(uid, gid)
    if method == 8 and full <= LARGE:
        body = zlib.decompress(body, -15)
    elif method == 93 and full <= LARGE:
        body = unzstd(body)
    if full <= LARGE and len(zlib.compress(body)) >= full:
        method = "any"                                    # too small or too random: writers may differ
    size = "-" if stat.S_ISLNK(mode) else show_size(body, full)
    line = f"{stat.filemode(mode)} {owner} {size} {METHODS.get(method, method)} {when} {show_name(name)}"
    if full > LARGE:
        return line + " = (large)"
    if stat.S_ISLNK(mode):
        return line + " -> " + show_name(body)
    return line if stat.S_ISDIR(mode) else line + " = " + show_data(body)


def list_tar(raw):
    lines = []
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        for m in tar:
            kind = {b"0": "-", b"5": "d", b"2": "l"}.get(m.type, "?")
            mode = kind + stat.filemode(m.mode)[1:]
            pax = " pax:" + ",".join(sorted(m.pax_headers)) if m.pax_headers else ""
            line = (f"{mode} {show_owner(m.uid, m.gid)} {m.size} {show_time(int(m.mtime * 1e9))} "
                    f"{show_name(m.name)}{pax}")
            if m.issym():
                line += " -> " + m.linkname
            elif m.isfile():
                line += " = " + show_data(tar.extractfile(m).read())
            lines.append(line)
    return lines


def list_gzip(raw):
    """Every member: name, comment, mtime, content."""
    lines = []
    while raw:
        flags, mtime = raw[3], struct.unpack_from("<I", raw, 4)[0]
        at, texts = 10, []
        for bit in (8, 16):
            if flags & bit:
                stop = raw.index(b"\0", at)
                texts.append(raw[at:stop])
                at = stop + 1
        d = zlib.decompressobj(-15)
        body = d.decompress(raw[at:]) + d.flush()
        lines.append(f"member {show_time(mtime * 10**9)} name/comment {[show_name(t) for t in texts]} "
                     f"= {show_data(body)}")
        raw = d.unused_data[8:]
    return lines


def shorten(lines):
    """Many lines as their number, a digest, the first and the last."""
    if len(lines) <= 100:
        return lines
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return [f"{len(lines)} lines, sha256 {digest}", lines[0], lines[-1]]


def list_archive(raw, ordered):
    """Format by magic, as the helper does; details only for zip."""
    if raw[:4] == b"\x28\xB5\x2F\xFD":
        return ["tar.zst"] + list_tar(unzstd(raw)), []
    if raw[:2] == b"\x1F\x8B":
        return ["gzip"] + list_gzip(raw), []
    if raw[:2] == b"PK":
        lines, details = list_zip(raw)
        if len(lines) > 100:
            return ["zip"] + shorten(sorted(lines)), []
        return (["zip"] + lines, details) if ordered else (["zip"] + sorted(lines), sorted(details))
    return ["raw " + show_data(raw)], []


# ---------------------------------------------------------------- the fake peers

SHOWN = ("JOB-TOKEN", "PRIVATE-TOKEN", "Authorization", "Content-Type", "Content-Length", "Transfer-Encoding",
         "Range", "Last-Modified", "If-Modified-Since", "Host-Given", "X-Request-Id", "X-Amz-", "X-Goog-",
         "X-Ms-", "Cookie")
SDK = re.compile(r"x-amz-(checksum|sdk|trailer|decoded)", re.I)     # what the storage library adds by itself
TOLD = ("User-Agent", "Accept-Encoding", "Accept", "Expect", "Connection")


class Answer(dict):
    """status, headers, body (bytes or text, {gitlab} {store} filled), do (callable on the Replay),
    hang (seconds before the answer), stall (seconds in the middle of the body), cut (bytes of the body after which the connection is closed),
    early (answer without reading the request body), ranges (honour Range)."""


def answer(status=200, body=b"", headers=None, **more):
    return Answer(status=status, body=body, headers=headers or {}, **more)


class Peer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name, replay):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name, self.replay = name, replay
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return "Sat, 03 Jan 2026 10:00:00 GMT"

    def version_string(self):
        return "fake"

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def handle_any(self):
        replay, peer = self.server.replay, self.server
        reply = replay.choose(peer.name, self.command, self.path)
        record = replay.open_record(peer.name, self.command, self.path, self.headers)
        body = None
        if not reply.get("early"):
            try:
                body = self.read_body()
            except (ValueError, OSError):
                record["cut"] = True                      # the program gave up while sending
        record["whole"] = True
        replay.close_record(record, self.headers, body)
        if reply.get("do"):
            reply["do"](replay)
        if reply.get("hang"):
            replay.stop.wait(reply["hang"])
        self.send_answer(reply, replay)
        if reply.get("early") and reply["status"]:        # let the client see the answer before the end
            self.wfile.flush()
            try:
                self.read_body()
            except (ValueError, OSError):
                pass

    def send_answer(self, reply, replay):
        body = reply["body"](replay.fill) if callable(reply["body"]) else reply["body"]
        body = replay.fill(body).encode() if isinstance(body, str) else body
        status, headers = reply["status"], dict(reply["headers"])
        if reply.get("ranges"):
            status, headers, body = apply_range(self.headers.get("Range"), headers, body)
        if status == 0:                                   # drop the connection without an answer
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        for k, v in headers.items():
            self.send_header(k, replay.fill(v))
        if status >= 200 and status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        if reply.get("early") or reply.get("cut") is not None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if reply.get("stall"):
            self.wfile.write(body[:len(body) // 2])
            replay.stop.wait(reply["stall"])
        elif self.command != "HEAD":
            self.wfile.write(body[:reply["cut"]] if reply.get("cut") is not None else body)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any


def apply_range(wanted, headers, body):
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted or "")
    if not found:
        return 200, headers, body
    first, last = int(found[1]), min(int(found[2] or len(body)), len(body) - 1)
    return 206, {**headers, "Content-Range": f"bytes {first}-{last}/{len(body)}"}, body[first:last + 1]


def near_now(found):
    when = datetime.strptime(found[0], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=timezone.utc)
    return "{now}" if abs(when.timestamp() - time.time()) < 3600 else found[0]


# ---------------------------------------------------------------- one case

class Case:
    """What to do and what to look at. run_cases.py only reads these fields."""

    def __init__(self, name, *argv, env=None, tree=(), outside=(), cache=(), answers=None, steps=None,
                 look=(), ordered=False, as_user=False, need=(), bug="", stdin=None, stdout="text",
                 background=None, limit=60, times=True, any_order=False, note=""):
        self.name, self.env, self.tree, self.outside, self.cache = name, env or {}, tree, outside, cache
        self.steps = steps if steps is not None else [list(argv)]
        self.answers = answers or {}
        self.look = look                  # folders under the work folder whose trees are compared
        self.ordered = ordered            # compare the order of archive members too
        self.as_user = as_user            # run as an ordinary user when started as root
        self.need = need                  # "root", "zstd", "git", "zoneinfo"
        self.bug = bug                    # why corunner may differ; a difference is then not a failure
        self.stdin = stdin                # bytes, None: nothing
        self.stdout = stdout              # "text": informative, "exact": compared
        self.background = background      # callable(replay) run in a thread beside the program
        self.limit = limit                # seconds; the program is then ended and "ended" recorded
        self.any_order = any_order        # of the requests
        self.times, self.note = times, note


class Replay:
    """One run of one case: its folder, its peers, what was seen."""

    def __init__(self, case, helper, scratch):
        self.case, self.helper = case, helper
        self.work = tempfile.mkdtemp(prefix="case-", dir=scratch)
        self.lock, self.stop, self.requests, self.used = threading.Lock(), threading.Event(), [], {}
        self.peers = {name: Peer(name, self) for name in ("gitlab", "store")}
        self.ports = [socket.socket() for _ in range(3)]  # {port1} ...: taken, silent until listen() is called
        for s in self.ports:
            s.bind(("127.0.0.1", 0))
        self.port_numbers = [str(s.getsockname()[1]) for s in self.ports]
        self.exact = {"exit": []}
        self.told = {}

    # text with {proj} {work} {gitlab} {store} filled in, and back
    def fill(self, text):
        for key, value in self.marks():
            text = text.replace("{%s}" % key, value)
        return text

    def marks(self):
        for name, peer in self.peers.items():
            yield name, peer.url
            yield name + "-host", peer.url[7:]
        for number, port in enumerate(self.port_numbers, 1):
            yield f"port{number}", port
        for name in ("proj", "outside", "cache", "tmp", "home"):
            yield name, os.path.join(self.work, name)
        yield "work", self.work

    def plain(self, text):
        for key, value in self.marks():
            text = re.sub(rf"\b{value}\b", "{%s}" % key, text) if key.startswith("port") \
                else text.replace(value, "{%s}" % key)
        text = text.replace(self.helper, "{helper}")
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
        text = re.sub(r"\b[0-9a-f]{32}\b", "{id}", text)
        text = re.sub(r"runner[0-9a-f]{64}\b", "runner{hash}", text)
        text = re.sub(r"(.)\1{199,}", lambda m: "{%d times %s}" % (len(m[0]), m[1]), text)
        text = re.sub(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", near_now, text)
        text = re.sub(r"\b(archive_|artifacts|fastzip|cache)_?\d{5,}", r"\1{n}", text)
        return re.sub(r"pid=\d+", "pid={pid}", text)

    # called by the peers
    def choose(self, peer, method, path):
        with self.lock:
            bare = path.split("?")[0]
            for key in (f"{peer} {method} {bare}", f"{peer} {method}"):
                if key in self.case.answers:
                    replies = self.case.answers[key]
                    n = self.used.get(key, 0)
                    self.used[key] = n + 1
                    return replies[min(n, len(replies) - 1)]
            return answer(201 if method == "POST" else 200 if method == "PUT" else 404)

    def open_record(self, peer, method, path, headers):
        bare, _, query = path.partition("?")
        pairs = sorted(p for p in urllib.parse.parse_qsl(query, keep_blank_values=True) if p[0] != "x-id")
        shown = [f"{method} {peer} {bare}" + "".join(f" {k}={v}" for k, v in pairs)]
        for key in sorted(headers.keys(), key=str.lower):
            if any(key.lower().startswith(s.lower()) for s in SHOWN) and not SDK.match(key):
                value = re.sub(r"boundary=\S+", "boundary=*", headers[key])
                value = re.sub(r"/\d{8}/(.*?/aws4_request).*", r"/{date}/\1", value)
                value = re.sub(r"^(\d{8}T\d{6}Z|[0-9a-f]{64})$", "*", value)
                shown.append(f"  {key.title()}: {self.plain(value)}")
        if headers.get("Host") != self.peers[peer].url[7:]:
            shown.append(f"  Host: {headers.get('Host')}")
        record = {"lines": shown, "at": time.time(), "told": [f"{k}: {headers[k]}" for k in TOLD if k in headers],
                  "details": []}
        with self.lock:
            self.requests.append(record)
        return record

    def close_record(self, record, headers, body):
        if body is None:
            record["lines"].append("  body not read")
        elif headers.get("Content-Type", "").startswith("multipart/"):
            self.list_form(record, headers["Content-Type"], body)
        elif body:
            lines, record["details"] = list_archive(body, self.case.ordered)
            if not lines[0].startswith("raw"):            # the length of an archive is the writer's affair
                record["lines"] = [line.replace(f"Content-Length: {len(body)}", "Content-Length: {size}")
                                   for line in record["lines"]]
            record["lines"] += ["    " + self.plain(line) for line in lines]

    def list_form(self, record, content_type, body):
        boundary = b"--" + re.search(r'boundary="?([^";]+)', content_type)[1].encode()
        for part in body.split(boundary + b"\r\n")[1:]:
            head, _, rest = part.partition(b"\r\n\r\n")
            record["lines"] += ["  part " + show_name(line) for line in sorted(head.split(b"\r\n"))]
            lines, record["details"] = list_archive(rest[:rest.rindex(b"\r\n" + boundary)], self.case.ordered)
            record["lines"] += ["    " + self.plain(line) for line in lines]

    # the run itself
    def run(self):
        case = self.case
        for name, entries in (("proj", case.tree), ("outside", case.outside), ("cache", case.cache),
                              ("tmp", ()), ("home", ())):
            path = os.path.join(self.work, name)
            os.mkdir(path)
            make_tree(path, entries, self.fill)
        if case.as_user and os.getuid() == 0:
            hand_over(self.work)
        for number, step in enumerate(case.steps):
            if callable(step):
                step(self)
            else:
                self.run_program(step, number)
        self.stop.set()
        time.sleep(0.02)
        for peer in self.peers.values():
            peer.shutdown()
            peer.server_close()
        for s in self.ports:
            s.close()
        self.collect()
        return {"exact": self.exact, "informative": self.told}

    def run_program(self, argv, number):
        env = {"PATH": os.environ["PATH"], "HOME": self.work + "/home", "TMPDIR": self.work + "/tmp", "TZ": "UTC",
               "LANG": "C.UTF-8", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        env.update({k: self.fill(v) for k, v in self.case.env.items()})
        user = {"user": OTHER_USER, "group": OTHER_USER, "extra_groups": []} \
            if self.case.as_user and os.getuid() == 0 else {}
        args = [self.fill(a) if isinstance(a, str) else a for a in argv]
        program = subprocess.Popen([self.helper] + args, cwd=self.work + "/proj", env=env, umask=0o022,
                                   stdin=subprocess.DEVNULL if self.case.stdin is None else subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True, **user)
        if self.case.background:
            threading.Thread(target=self.case.background, args=(self,), daemon=True).start()
        try:
            out, err = program.communicate(self.case.stdin, timeout=self.case.limit)
            self.exact["exit"].append(program.returncode)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)        # the session we started, nothing else
            out, err = program.communicate()
            self.exact["exit"].append("ended after the limit")
        texts = {"stdout": out, "stderr": err}
        for name, raw in texts.items():
            exact = name == "stdout" and self.case.stdout == "exact"
            text = raw.decode("utf-8", "backslashreplace").replace("\r", "\n")
            text = self.plain(text)
            if exact:
                lines = text.removesuffix("\n").split("\n") if text else []
            else:
                text = text.replace(os.path.basename(self.helper), "{helper}")
                text = re.sub(r"\b\d+(\.\d+)?(ms|µs|s)\b", "{duration}", text)
                text = re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "{time}", text)
                lines = [re.sub(r" +", " ", line.rstrip()) for line in text.split("\n") if line.strip()]
            where = self.exact if exact else self.told
            where.setdefault(name, []).extend(lines)

    def collect(self):
        for r in self.requests:                           # the program has ended while this one was read
            r["cut"] = r.get("cut") or not r.get("whole")
        cut = [r for r in self.requests if r.get("cut")]  # how many of them arrive at all is chance
        if cut:
            self.told["requests cut by the program"] = len(cut)
        self.requests = [r for r in self.requests if not r["cut"]]
        if self.case.any_order:
            self.requests.sort(key=lambda r: r["lines"])
        lines = self.exact.setdefault("requests", []) if self.requests else []
        again = 0
        for record, following in zip(self.requests, self.requests[1:] + [None]):
            if following and following["lines"] == record["lines"]:
                again += 1
                continue
            lines.extend(record["lines"] + ([f"  the same {again + 1} times"] if again else []))
            again = 0
            self.told.setdefault("members", []).extend(self.plain(d) for d in record["details"][:12])
        told = sorted({h for r in self.requests for h in r["told"]})
        if told:
            self.told["headers"] = told
        if len(self.requests) > 1:
            gaps = [b["at"] - a["at"] for a, b in zip(self.requests, self.requests[1:])]
            self.told["seconds between requests"] = [round(g * 2) / 2 for g in gaps]
        for name in self.case.look:
            path = os.path.join(self.work, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    lines, details = list_archive(f.read(), self.case.ordered)
                self.exact["archive " + name] = [self.plain(line) for line in lines]
                self.told.setdefault("members", []).extend(details[:12])
            else:
                lines = list_tree(path, self.case.times)
                self.exact["tree " + name] = shorten([self.plain(line) for line in lines]) or ["absent"]
        left = [show_name(n) for n in sorted(os.listdir(self.work + "/tmp"))]
        where = self.exact if set(self.exact["exit"]) == {0} else self.told      # a fatal end leaves things
        where["left in the temp folder"] = [self.plain(n) for n in left]


def hand_over(path):
    for folder_path, dirs, files in os.walk(path):
        os.chmod(path, 0o755)
        for name in dirs + files:
            os.lchown(os.path.join(folder_path, name), OTHER_USER, OTHER_USER)
    os.lchown(path, OTHER_USER, OTHER_USER)


def remove(path):
    for folder_path, _, _ in os.walk(path):               # top down, so that closed folders open in time
        for entry in os.scandir(folder_path):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)
    shutil.rmtree(path)


# ---------------------------------------------------------------- compare and report

def missing(case):
    have = {"root": os.getuid() == 0, "zstd": shutil.which("zstd"), "git": shutil.which("git"),
            "zoneinfo": os.path.exists("/usr/share/zoneinfo/America/New_York")}
    return [n for n in case.need if not have[n]]


def diff(expected, got):
    a = json.dumps(expected, indent=1, ensure_ascii=False).splitlines()
    b = json.dumps(got, indent=1, ensure_ascii=False).splitlines()
    return [line for line in difflib.unified_diff(a, b, "recorded", "this program", lineterm="", n=1)]


def main():
    sys.dont_write_bytecode = True
    sys.modules.setdefault("run_cases", sys.modules["__main__"])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--helper", help="program to test")
    parser.add_argument("--case", nargs="+", default=[], help="names, or beginnings ending in *")
    parser.add_argument("--update", action="store_true", help="record instead of compare")
    parser.add_argument("--text", action="store_true", help="compare the informative part too")
    parser.add_argument("--list", action="store_true", help="print the cases")
    parser.add_argument("--jobs", type=int, default=4, help="cases at once (most of the time is waiting)")
    parser.add_argument("--scratch", help="folder for the work folders")
    parser.add_argument("--from", dest="folder", default=HERE, help="folder of cases.py and observed.json")
    options = parser.parse_args()
    sys.path.insert(0, options.folder)
    from cases import CASES
    wanted = [c for c in CASES if not options.case or any(
        c.name == w or w.endswith("*") and c.name.startswith(w[:-1]) for w in options.case)]
    if options.list:
        for c in wanted:
            print(f"{c.name:34} {c.note}")
        return 0
    store = os.path.join(options.folder, "observed.json")
    recorded = json.load(open(store)) if os.path.exists(store) else {}
    helper = os.path.abspath(options.helper)
    if os.path.basename(helper) != NAME:                  # it answers to its name
        folder_of_link = tempfile.mkdtemp(prefix="helper-", dir=options.scratch)
        atexit.register(shutil.rmtree, folder_of_link)
        os.chmod(folder_of_link, 0o755)                   # some cases run as another user
        os.symlink(helper, os.path.join(folder_of_link, NAME))
        helper = os.path.join(folder_of_link, NAME)

    def one(case):
        if lacks := missing(case):
            return case, None, lacks
        replay = Replay(case, helper, options.scratch)
        try:
            return case, replay.run(), None
        except Exception as error:                        # a case that cannot run is a failed case
            return case, {"exact": {"broken": [repr(error)]}, "informative": {}}, None
        finally:
            remove(replay.work)

    passed = failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for case, seen, lacks in pool.map(one, wanted):
            if lacks:
                print(f"skipped {case.name}: needs {', '.join(lacks)}")
                continue
            part = (lambda x: x) if options.text else (lambda x: x.get("exact"))
            if "broken" in seen["exact"]:
                print(f"BROKEN {case.name}: {seen['exact']['broken'][0]}")
                failed += 1
            elif options.update:
                if recorded.get(case.name, {}).get("exact") != seen["exact"]:
                    print(f"recorded {case.name}")
                recorded[case.name] = seen
                passed += 1
            elif part(recorded.get(case.name, {})) == part(seen):
                print(f"ok {case.name}")
                passed += 1
            else:
                print(f"{'ok (differs)' if case.bug else 'DIFFERS'} {case.name}" + (f": {case.bug}" if case.bug else ""))
                print("\n".join("    " + line for line in diff(part(recorded.get(case.name, {})), part(seen))))
                passed, failed = passed + bool(case.bug), failed + (not case.bug)
            sys.stdout.flush()
    if options.update:
        names = {c.name for c in CASES}
        ordered = {c.name: recorded[c.name] for c in CASES if c.name in recorded and c.name in names}
        with open(store, "w") as f:
            json.dump(ordered, f, indent=1, ensure_ascii=False)
            f.write("\n")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
