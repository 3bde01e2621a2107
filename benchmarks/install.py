"""What it takes to install the program and to ask it, from nothing, in a folder of its own.

    python benchmarks/install.py [--python python3.14] [--packages]

It installs what is checked in as `make demo` does, with that Python, runs the demo and searches its sample in fresh
processes. What is loaded is counted at the machine's network interfaces (Linux), so nothing else should load anything;
pip's cache is left out, and uv's is its own. `--packages` lists the largest, and what importing each costs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUESTION = "Which valve has to be shut first before the upper car may leave?"
MIB = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--packages", action="store_true", help="list the largest packages")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="install-") as folder:
        checkout, environment = Path(folder, "checkout"), Path(folder, "checkout", ".venv")
        checkout.mkdir()
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x"], cwd=checkout, input=archive, check=True)
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "PYTHONPATH"))}
        variables |= {"RAG_DATA_DIR": str(Path(folder, "data")), "RAG_CHAT": "extractive", "PIP_NO_CACHE_DIR": "1"}
        before = received_bytes()
        rows = [
            ("seconds to make the environment", run([options.python, "-m", "venv", ".venv"], checkout, variables)[0]),
            ("seconds to install", run([".venv/bin/python", "tools/install.py", "."], checkout, variables)[0]),
            ("MB loaded", (received_bytes() - before) / 1e6),
            (
                "MB installed, with the text model",
                on_disk(environment) + on_disk(checkout / "rag/weights"),
            ),
            ("seconds of the first `rag demo`", run([".venv/bin/rag", "demo"], checkout, variables)[0]),
        ]
        search = [".venv/bin/rag", "search", QUESTION, "--kb", "demo"]
        colds = [run(search, checkout, variables) for _ in range(3)]
        rows += [
            ("seconds of a cold `rag search`, least of three", min(seconds for seconds, _ in colds)),
            ("MB of memory at most", max(peak for _, peak in colds)),
            (
                "seconds of `rag --help`",
                min(run([".venv/bin/rag", "--help"], checkout, variables)[0] for _ in range(3)),
            ),
        ]
        print(f"| {options.python}, load {os.getloadavg()[0]:.1f} | |\n|---|---|")
        for name, value in rows:
            print(f"| {name} | {value:.0f} |" if value >= 10 else f"| {name} | {value:.2f} |")
        if options.packages:
            print_packages(environment, variables)


def run(command: list[str], folder: Path, variables: dict[str, str]) -> tuple[float, float]:
    """Seconds, and the most memory of the process or one that it waited for, in MB.

    Raises:
        SystemExit: it failed; it has said why.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"error: {' '.join(command)} ended with {process.returncode}:\n{said.decode()}")
    return time.perf_counter() - began, usage.ru_maxrss * 1024 / MIB  # KiB on Linux


def received_bytes() -> int:
    """By all interfaces but the loopback, since the machine started."""
    lines = Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:]
    counts = {name.strip(): int(values.split()[0]) for name, _, values in (line.partition(":") for line in lines)}
    return sum(count for name, count in counts.items() if name != "lo")


def on_disk(folder: Path) -> float:
    """MB of blocks, as `du -sm` has it; a file of several names counts once."""
    files = {(found.st_dev, found.st_ino): found.st_blocks for path in folder.rglob("*") for found in [path.lstat()]}
    return sum(files.values()) * 512 / MIB


def print_packages(environment: Path, variables: dict[str, str]) -> None:
    """The fifteen largest: MB, and milliseconds of processor time that importing one takes in a fresh process."""
    (site,) = environment.glob("lib/python3*/site-packages")
    packages = sorted(((size_of(package), package) for package in distributions(path=[str(site)])), key=lambda x: -x[0])
    empty = import_ms(environment, "sys", variables)
    print("\n| package | MB | import, ms |\n|---|---|---|")
    for size, package in packages[:15]:
        tops = sorted(file.parts[0] for file in package.files or () if file.parts[1:] == ("__init__.py",))
        taken = import_ms(environment, (tops or [package.name.replace("-", "_")])[0], variables)
        print(f"| {package.name} | {size:.0f} | {'' if taken is None or empty is None else f'{taken - empty:.0f}'} |")


def size_of(package: Distribution) -> float:
    """MB of the files that its installer wrote: pip's with bytecode, uv's without."""
    paths = [Path(str(package.locate_file(file))) for file in package.files or ()]
    return sum(path.lstat().st_blocks for path in paths if path.exists()) * 512 / MIB


def import_ms(environment: Path, module: str, variables: dict[str, str]) -> float | None:
    """Processor time of a fresh process, the middle of three; None where it cannot be imported."""
    code = f"import time, {module}; print(time.process_time())"
    taken = []
    for _ in range(3):
        done = subprocess.run(
            [environment / "bin" / "python", "-c", code], env=variables, capture_output=True, check=False
        )
        if done.returncode:
            return None
        taken.append(float(done.stdout.split()[-1]) * 1000)
    return sorted(taken)[1]


if __name__ == "__main__":
    main()
