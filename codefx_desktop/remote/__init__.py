"""The network: files that a person asked for; the places that results are pushed to.

Lives here: ``opening`` gives the ``ObjectStore`` of a target. ``folder_store`` is a USB drive or a
NAS (over ``folder_keys``, ``folder_facts``, ``folder_uploads``, ``folder_errors``, ``placing``).
``s3_store`` is a bucket (over ``s3_reading``, ``s3_writing``, ``s3_lifecycle``, all over
``s3_calls``; ``s3_client`` knows how boto3 is set, ``s3_said``, ``s3_errors`` and ``s3_network``
what its errors mean).
``partial`` appends what is fetched. ``download`` (over ``https`` and ``rate``) fetches a file whose
size and SHA-256 are known. Nothing else of the program opens a connection.
May import: ``settings``, ``domain``. The only room that knows boto3; opened by bootstrap alone.
Thread: synchronous; ``jobs`` gives pushes a pool of their own. Stores may be used by many threads.
Tests: ``tests/unit/remote``, ``tests/remote``, ``tests/contracts/test_object_store_contract.py``
and ``test_downloads_contract.py``; the servers they start are in ``tests/buckets``.
"""
