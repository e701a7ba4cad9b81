"""One measured upload by a plain client; started by ``bench.upload`` in a process of its own.

``loop``: one file after the other, as a script does it. ``bare``: a pool of 32 threads that does
nothing but put. ``client``: the client's own ``upload_file`` of one large file, as it is set out of
the box. None of them hashes, notes what was sent, or looks whether it arrived.

Out of the box the client asks before each body whether it may come, and waits a second for an
answer that Cloudflare's simulator never gives. All peers are spared that: it would make ours look
many times faster than it is.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from codefx_desktop.bench.spent import spending
from codefx_desktop.bench.upload_ours import SECRET_VARIABLE, Server

THREADS = 32


def main(kind: str, root: Path, job_id: str, server: Server, most: int) -> int:
    """Upload files of the job and print ``{seconds, cpu_s, files, size_bytes}``."""
    client = _client(server)
    files = sorted(path for path in (root / "jobs" / job_id).rglob("*") if path.is_file())[:most]
    keys = [path.relative_to(root).as_posix() for path in files]

    def put(path: Path, key: str) -> None:
        client.put_object(
            Bucket=server.bucket, Key=key, Body=path.read_bytes(), ContentType="image/jpeg"
        )

    with spending() as spent:
        if kind == "loop":
            for path, key in zip(files, keys, strict=True):
                put(path, key)
        elif kind == "bare":
            with ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(put, files, keys))
        else:
            for path, key in zip(files, keys, strict=True):
                client.upload_file(str(path), server.bucket, key)
    told = {
        "seconds": spent.wall_s,
        "cpu_s": spent.cpu_s,
        "files": len(files),
        "size_bytes": sum(path.stat().st_size for path in files),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _client(server: Server) -> Any:  # noqa: ANN401 - no types
    import boto3
    from botocore.config import Config
    from botocore.handlers import add_expect_header

    client = boto3.client(
        "s3",
        region_name="auto",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.key_id,
        aws_secret_access_key=os.environ[SECRET_VARIABLE],
        config=Config(
            # Without these two it cannot talk to R2; the rest is as it comes.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
            max_pool_connections=THREADS,
        ),
    )
    client.meta.events.unregister("before-call.s3", add_expect_header)
    return client


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(words[0], Path(words[1]), words[2], Server(*words[3:6]), int(words[6])))
