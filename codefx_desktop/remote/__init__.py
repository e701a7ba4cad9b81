"""The bucket: S3 and R2 client, multipart uploads, presigned addresses, life cycle.

Lives here: nothing yet. The program opens no connection.
May import: ``settings``, ``domain``. The only room that will know boto3; opened by bootstrap alone.
Thread: synchronous; ``jobs`` gives pushes a pool of their own.
Tests: none yet.
"""
