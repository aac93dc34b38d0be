"""Runs a command and everything it starts as one: with a terminal of its own, and never without the window.

Arguments: those of another Python of the same kind, which is the command. Standard input brings one JSON object a line, {"input": text}, {"size": [columns, rows]} or
{"stop": true}; its end means that the window is gone. Standard output is what the terminal shows. The exit code is the
command's own. When a stop is asked for, or the window goes, or the command ends and leaves processes behind, the whole
tree is ended: asked first, then made to, whatever it ignores.

FLOWDECK_RUN_ID names the run that nobody else will close when the window is gone (several with commas between them),
FLOWDECK_GRACE_SECONDS says how long a process may take to end when it is asked. FLOWDECK_CONTAINERS is the label of the
containers that the command starts: Docker's engine runs them, so no end of a process here ends them.

Python 3.8 and later, nothing but the standard library: MLflow is not imported here, it takes seconds.
"""

import base64
import codecs
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import urllib.request

WINDOWS = os.name == "nt"


def close_run(run_ids):
    """Marks runs as killed; the window that would do so is gone. Best effort: nobody is there to be told."""
    uri = os.environ.get("MLFLOW_TRACKING_URI", "").rstrip("/")
    if not uri.startswith("http"):
        return
    headers = {"Content-Type": "application/json"}
    user, password = os.environ.get("MLFLOW_TRACKING_USERNAME"), os.environ.get("MLFLOW_TRACKING_PASSWORD")
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    if user and password:
        headers["Authorization"] = "Basic " + base64.b64encode((user + ":" + password).encode()).decode()
    elif token:
        headers["Authorization"] = "Bearer " + token

    def ask(path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(uri + "/api/2.0/mlflow/runs/" + path, data, headers)
        with urllib.request.urlopen(request, timeout=3) as answer:
            return json.load(answer)

    for run_id in filter(None, run_ids.split(",")):
        try:
            info = ask("get?run_id=" + run_id)["run"]["info"]
            if info.get("status", "RUNNING") in ("RUNNING", "SCHEDULED"):
                ask("update", {"run_id": run_id, "status": "KILLED", "end_time": int(time.time() * 1000)})
        except Exception:
            pass


def end_containers(label):
    """Those that run or are about to. A program that is the first of its container hears no request to end."""
    common = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "timeout": 30, "check": False}
    named = ["docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", "label=" + label]
    try:
        found = subprocess.run(named, stderr=subprocess.DEVNULL, **common).stdout.decode("ascii", "replace").split()
        if found:
            subprocess.run(["docker", "rm", "--force", *found], **common)
    except (OSError, subprocess.SubprocessError):
        pass


def processes():
    """Pairs (process, its parent) of this machine."""
    if os.path.isdir("/proc/self"):
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open("/proc/" + name + "/stat", "rb") as file:
                        # The name of the program stands in brackets and may hold anything.
                        fields = file.read().rpartition(b")")[2].split()
                    if fields[0] not in (b"Z", b"X"):
                        found.append((int(name), int(fields[1])))
                except (OSError, IndexError, ValueError):
                    pass
        return found
    listing = subprocess.run(["ps", "-axo", "pid=,ppid=,stat="], stdout=subprocess.PIPE, check=False).stdout
    rows = (line.split() for line in listing.decode("ascii", "replace").splitlines())
    return [(int(row[0]), int(row[1])) for row in rows if len(row) >= 3 and not row[2].startswith("Z")]


def tree(root_session):
    """Everything below this process, and what else is of the command's session: orphans have other parents."""
    own = os.getpid()
    everything = processes()
    children = {}
    for pid, parent in everything:
        children.setdefault(parent, []).append(pid)
    found, open_ends = set(), [own]
    while open_ends:
        for pid in children.get(open_ends.pop(), []):
            if pid not in found:
                found.add(pid)
                open_ends.append(pid)
    for pid, _parent in everything:
        try:
            if pid != own and os.getsid(pid) == root_session:
                found.add(pid)
        except OSError:
            pass
    found.discard(own)
    return found


def adopt_orphans():
    """On Linux what loses its parent becomes ours, also when it has made a session of its own."""
    if sys.platform == "linux":
        try:
            import ctypes

            pr_set_child_subreaper = 36
            ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)
        except (OSError, AttributeError):
            pass


def reap():
    """Takes leave of every process that has ended; gives their codes."""
    codes = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return codes
        if pid == 0:
            return codes
        codes[pid] = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


class PosixRun:
    def __init__(self, command, run_id, grace):
        import fcntl
        import pty
        import struct
        import termios

        self.resize = lambda columns, rows: fcntl.ioctl(
            self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0)
        )
        self.run_id = run_id
        self.grace = grace
        self.code = None
        self.ended_at = None
        self.stop_at = None
        self.window = True
        self.unsent = b""
        adopt_orphans()
        ready, go = os.pipe()
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.close(go)
            # Nothing runs before the terminal has its size.
            os.read(ready, 1)
            os.close(ready)
            for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            try:
                os.execvp(command[0], command)
            except OSError as error:
                os.write(2, (command[0] + ": " + str(error) + "\n").encode())
                os._exit(127)
        os.close(ready)
        # A command that does not read must not keep us from stopping it.
        os.set_blocking(self.terminal, False)
        self.go = go

    def start(self):
        if self.go is not None:
            os.close(self.go)
            self.go = None

    def stop(self):
        if self.stop_at is None:
            self.stop_at = time.monotonic()
            self.signal_tree(signal.SIGTERM)

    def signal_tree(self, number):
        pids = tree(self.child)
        for pid in pids:
            try:
                os.kill(pid, number)
                # One that is halted hears nothing.
                if number:
                    os.kill(pid, signal.SIGCONT)
            except OSError:
                pass
        return pids

    def handle(self, message):
        if isinstance(message.get("size"), list):
            columns, rows = message["size"]
            self.resize(columns, rows)
            self.start()
        if isinstance(message.get("input"), str):
            self.unsent += message["input"].encode("utf-8", "replace")
        if message.get("stop"):
            self.stop()

    def run(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        lines = Lines()
        sources = [0, self.terminal]
        while True:
            # Before the look at the terminal: what it said before it ended is there by then.
            self.code = reap().get(self.child, self.code)
            writing = [self.terminal] if self.unsent and self.terminal in sources else []
            readable, writable, _ = select.select(sources, writing, [], 0.05)
            if writable:
                self.unsent = self.unsent[self.write(self.unsent) :]
            if 0 in readable:
                data = os.read(0, 65536)
                if not data:
                    sources.remove(0)
                    self.leave()
                for message in lines.feed(data):
                    self.handle(message)
            if self.terminal in readable and not self.copy():
                sources.remove(self.terminal)
            if self.code is not None:
                self.ended_at = self.ended_at or time.monotonic()
                # What it said last is shown, but nobody it left behind is listened to for long.
                if self.terminal not in readable or time.monotonic() - self.ended_at > 1:
                    return self.finish()
            if self.stop_at is not None and time.monotonic() - self.stop_at > self.grace:
                self.signal_tree(signal.SIGKILL)

    def leave(self):
        """The window is gone. The run first: a server of that window ends too."""
        if self.window:
            self.window = False
            close_run(self.run_id)
        self.stop()

    def write(self, data):
        try:
            return os.write(self.terminal, data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)

    def copy(self):
        """False when the terminal has closed."""
        try:
            data = os.read(self.terminal, 65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        try:
            while data:
                data = data[os.write(1, data) :]
        except OSError:
            self.leave()
        return True

    def say(self, text):
        try:
            os.write(1, (text + "\r\n").encode())
        except OSError:
            pass

    def finish(self):
        """The command has ended: so does what it left behind."""
        self.start()
        until = (self.stop_at or time.monotonic()) + self.grace
        number = signal.SIGTERM
        while True:
            reap()
            left = self.signal_tree(number)
            # Another user's, say, or one that waits for a disk: nobody here can do more.
            if not left or time.monotonic() > until + max(5, self.grace):
                break
            number = signal.SIGKILL if time.monotonic() > until else 0
            time.sleep(0.02)
        if left:
            self.say("These processes could not be ended: " + ", ".join(map(str, sorted(left))))
        if self.window and select.select([0], [], [], 0)[0] and not os.read(0, 65536):
            close_run(self.run_id)
        return self.code if self.code >= 0 else 128 - self.code


class Lines:
    """Puts the pieces of a stream together into messages; what is none is passed over."""

    def __init__(self):
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.rest = ""

    def feed(self, data):
        *complete, self.rest = (self.rest + self.decoder.decode(data)).split("\n")
        for line in complete:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict):
                yield message


def run_on_windows(command, run_id):
    """Without a terminal of its own: Python has no ConPTY. Colours are asked for by the environment instead."""
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.STDOUT)

    def stop():
        subprocess.run(["taskkill", "/PID", str(child.pid), "/T", "/F"], stdout=subprocess.DEVNULL, check=False)

    def listen():
        lines = Lines()
        for data in iter(lambda: os.read(0, 65536), b""):
            for message in lines.feed(data):
                text = message.get("input")
                if message.get("stop") or (isinstance(text, str) and "\x03" in text):
                    stop()
                elif isinstance(text, str):
                    try:
                        child.stdin.write(text.replace("\r", "\n").encode())
                        child.stdin.flush()
                    except OSError:
                        pass
        close_run(run_id)
        stop()

    threading.Thread(target=listen, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    closes = os.environ.pop("FLOWDECK_RUN_ID", "")
    patience = float(os.environ.pop("FLOWDECK_GRACE_SECONDS", "5"))
    # `python` in the command of an entry point is the interpreter that has MLflow.
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")
    line = [sys.executable, *sys.argv[1:]]
    containers = os.environ.pop("FLOWDECK_CONTAINERS", "")
    ended = run_on_windows(line, closes) if WINDOWS else PosixRun(line, closes, patience).run()
    if containers:
        end_containers(containers)
    sys.exit(ended)
