"""OpenStack Swift with its S3 door, all four servers in this one process; for Swift's own Python.

    python swift_servers.py FOLDER

Prints ``READY <port>`` and ends when its standard input does. One copy of everything, no workers,
no background daemons, no memcached: what is put can be read at once, and that is all that is asked.
"""

# ruff: noqa: E402, T201, TC003 - all else comes after eventlet
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import getpass
import socket
import sys
from pathlib import Path

from eventlet import wsgi
from eventlet.hubs import trampoline
from swift.common import utils
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring import RingBuilder
from swift.common.swob import Request
from swift.common.wsgi import loadapp

KEY_ID, SECRET = "test:tester", "testing"
SMALL_BUCKET, SMALL_BYTES = "small-bucket", 20_000
PARTS = {"account": "#account", "container": "#container", "object": "#object"}

PIPELINE = "catch_errors gatekeeper cache listing_formats bulk s3api tempauth quota slo dlo"
PROXY = f"""
[pipeline:main]
pipeline = {PIPELINE} proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_{KEY_ID.replace(":", "_")} = {SECRET} .admin .reseller_admin
user_test_reader = reading
[filter:quota]
use = egg:swift#container_quotas
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
"""


def listening() -> socket.socket:
    """Return a socket that listens on a free port of this machine."""
    return eventlet.listen(("127.0.0.1", 0), backlog=128)


def make_ring(folder: Path, kind: str, port: int) -> None:
    """Write a ring of one device."""
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=1)
    device = {"id": 0, "region": 1, "zone": 1, "weight": 1, "device": "sda", "meta": ""}
    device |= {"ip": "127.0.0.1", "port": port}
    device |= {"replication_ip": "127.0.0.1", "replication_port": port}
    builder.add_dev(device)
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


INSIDE = """
[app:main]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
"""


def settings(folder: Path) -> str:
    """Return what stands at the head of each server's configuration."""
    return (
        f"[DEFAULT]\nswift_dir = {folder}\ndevices = {folder}\nmount_check = false\n"
        f"user = {getpass.getuser()}\nlog_level = ERROR\n"
        "fallocate_reserve = 0\n"  # by itself it refuses where less than 1 % of a disk is free
        f"recon_cache_path = {folder}\nlock_path = {folder}\n"
    )


def serve(folder: Path, name: str, door: socket.socket, rest: str) -> None:
    """Serve one of the applications in the background."""
    place = folder / f"{name}.conf"
    place.write_text(settings(folder) + rest)
    app = loadapp(str(place), global_conf={"log_name": name})
    eventlet.spawn(
        wsgi.server,
        door,
        app,
        utils.NullLogger(),
        protocol=SwiftHttpProtocol,
        capitalize_response_headers=False,
        custom_pool=eventlet.GreenPool(1000),
    )


def make_small_bucket(folder: Path) -> None:
    """Make a bucket with a quota, past all who would ask who wants it."""
    place = folder / "inside.conf"
    place.write_text(settings(folder) + INSIDE)
    app = loadapp(str(place), global_conf={"log_name": "inside"})
    quota = {"X-Container-Meta-Quota-Bytes": str(SMALL_BYTES)}
    made = Request.blank(
        f"/v1/AUTH_test/{SMALL_BUCKET}", environ={"REQUEST_METHOD": "PUT"}, headers=quota
    ).get_response(app)
    assert made.is_success, made.status


def main() -> None:
    """Start all servers, say where, and wait for the end."""
    folder = Path(sys.argv[1])
    (folder / "sda").mkdir(parents=True)
    conf = folder / "swift.conf"
    conf.write_text(
        "[swift-hash]\nswift_hash_path_suffix = tests\n"
        "[storage-policy:0]\nname = one\ndefault = yes\n"
    )
    utils.SWIFT_CONF_FILE = str(conf)
    from swift.common import storage_policy

    storage_policy.reload_storage_policies()
    doors = {name: listening() for name in PARTS}
    for name, door in doors.items():
        make_ring(folder, name, door.getsockname()[1])
    for name, door in doors.items():
        serve(folder, name, door, f"[app:main]\nuse = egg:swift{PARTS[name]}\n")
    proxy = listening()
    serve(folder, "proxy", proxy, PROXY)
    make_small_bucket(folder)
    print("READY", proxy.getsockname()[1], flush=True)
    trampoline(sys.stdin.fileno(), read=True)  # nothing is ever written: readable means the end


if __name__ == "__main__":
    main()
