"""Runs the steps on the connection that ``store.opening`` hands over, in its transaction."""

from alembic import context

from codefx_desktop.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a column by making the table anew
)
context.run_migrations()
