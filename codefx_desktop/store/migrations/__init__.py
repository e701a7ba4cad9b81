"""Alembic's scripts; they travel inside the package and need no ini file."""
