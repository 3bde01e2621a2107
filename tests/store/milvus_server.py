"""A real Milvus 2.3.5, from the PyPI package `milvus`, with authentication on, for the contract suite."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

TOKEN = "root:Milvus"
START_TIMEOUT_S = 90


def free_ports(n: int) -> list[int]:
    """Ports that nobody listens on; all taken at once, so that they differ."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for found in sockets:
            found.bind(("127.0.0.1", 0))
        return [found.getsockname()[1] for found in sockets]


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """Its URI. Everything it writes, its binary included, is in the folder."""
    from milvus import MilvusServer, MilvusServerConfig

    config = MilvusServerConfig(data_dir=str(folder))
    names = [name for name in config.configurable_items if name.endswith("_port")]
    *ports, etcd_peer, metrics = free_ports(len(names) + 2)
    config.update(**dict(zip(names, ports, strict=True)))
    config.set("authorization_enabled", True)
    _configure_etcd(config, folder, dict(zip(names, ports, strict=True))["etcd_port"], etcd_peer)
    server = MilvusServer(config, wait_for_started=False)
    server.webservice_port = metrics
    server.start()
    try:
        _wait(server, f"http://127.0.0.1:{server.webservice_port}/healthz", folder)
        yield f"http://127.0.0.1:{server.listen_port}"
    finally:
        server.stop()


def _configure_etcd(config: object, folder: Path, client: int, peer: int) -> None:
    """Milvus's own settings have no place for the peer port, which would be 2380 for everyone on the machine."""
    path = folder / "etcd.yaml"
    path.write_text(
        f"name: default\n"
        f"listen-client-urls: http://127.0.0.1:{client}\n"
        f"advertise-client-urls: http://127.0.0.1:{client}\n"
        f"listen-peer-urls: http://127.0.0.1:{peer}\n"
        f"initial-advertise-peer-urls: http://127.0.0.1:{peer}\n"
        f"initial-cluster: default=http://127.0.0.1:{peer}\n"
    )
    text = config.template_text  # type: ignore[attr-defined]
    config.template_text = text.replace("\netcd:\n", f"\netcd:\n  config:\n    path: {path}\n", 1)  # type: ignore[attr-defined]


def _wait(server: object, health: str, folder: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.server_proc.poll() is None:  # type: ignore[attr-defined]
        try:
            with direct.open(health, timeout=5) as answer:
                if b"OK" in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.1)
    log = (folder / "logs" / "milvus-stderr.log").read_text(errors="replace")[-2000:]
    raise RuntimeError(f"the Milvus server did not start:\n{log}")
