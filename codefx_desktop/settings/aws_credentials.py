"""The standard AWS credentials of this machine: environment, or the credentials file.

Read here, not by AWS's own library: that one goes on to ask login programs and a metadata service
of the network, which on a laptop at the track means seconds of waiting for nobody. A profile that
needs these (SSO, roles, a process) is not offered.
"""

from __future__ import annotations

import configparser
import os
from pathlib import Path

from codefx_desktop.settings.access import Access


def standard_access() -> Access | None:
    """Return the key that AWS's own tools would use; None where there is none."""
    return environment_access() or file_access()


def environment_access() -> Access | None:
    """Return the key of ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``, if both are set."""
    key_id = os.environ.get("AWS_ACCESS_KEY_ID", "").strip()
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY", "").strip()
    if not key_id or not secret:
        return None
    return Access(key_id, secret, os.environ.get("AWS_SESSION_TOKEN", "").strip())


def file_access() -> Access | None:
    """Return the key of the credentials file's profile, ``default`` unless AWS_PROFILE names one.

    A file that cannot be read is as good as none.
    """
    named = os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "").strip()
    parser = configparser.RawConfigParser()  # a secret may hold %
    try:
        path = Path(named or "~/.aws/credentials").expanduser()
        parser.read(path, encoding="utf-8")
        profile = parser[os.environ.get("AWS_PROFILE", "").strip() or "default"]
    except (OSError, RuntimeError, KeyError, configparser.Error, UnicodeDecodeError):
        return None  # not told why: the parser's errors quote the file
    key_id = profile.get("aws_access_key_id", "").strip()
    secret = profile.get("aws_secret_access_key", "").strip()
    if not key_id or not secret:
        return None
    return Access(key_id, secret, profile.get("aws_session_token", "").strip())
