"""The network: files that a person asked for; the bucket.

Lives here: ``download`` (over ``https`` and ``rate``) fetches a file whose size and SHA-256 are
known, when a person asks for it. Nothing else of the program opens a connection.
May import: ``settings``, ``domain``. The only room that will know boto3; opened by bootstrap alone.
Thread: synchronous; ``jobs`` gives pushes a pool of their own.
Tests: ``tests/unit/remote``, ``tests/contracts/test_downloads_contract.py``.
"""
