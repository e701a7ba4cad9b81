"""Jobs and their log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin a history."""
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("queue_position", sa.Integer, nullable=False),
        sa.Column("profile", sa.String(32), nullable=False),
        sa.Column("series", sa.String(100), nullable=False),
        sa.Column("race", sa.String(100), nullable=False),
        sa.Column("notes", sa.String, nullable=False),
        sa.Column("event_date", sa.Date),
        sa.Column("session", sa.String(16), nullable=False),
        sa.Column("camera", sa.String, nullable=False),
        sa.Column("input_path", sa.Text, nullable=False),
        sa.Column("input_filename", sa.String, nullable=False),
        sa.Column("input_size_bytes", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(80), nullable=False),
        sa.Column("job_dir", sa.Text, nullable=False),
        sa.Column("output_path", sa.Text),
        sa.Column("output_filename", sa.String),
        sa.Column("output_size_bytes", sa.Integer),
        sa.Column("output_sha256", sa.String(64)),
        sa.Column("error_message", sa.String, nullable=False),
        sa.Column("spec", sa.String, nullable=False),
        sa.Column("app_version", sa.String(32), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("started_at", sa.String(32)),
        sa.Column("finished_at", sa.String(32)),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("search", sa.String, nullable=False),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_created", "jobs", ["created_at"])
    op.create_index("ix_jobs_status", "jobs", ["status", "created_at"])
    op.create_index("ix_jobs_series", "jobs", ["series", "created_at"])
    op.create_index("ix_jobs_race", "jobs", ["race", "created_at"])
    op.create_index(
        "ix_jobs_queue",
        "jobs",
        ["queue_position"],
        sqlite_where=sa.text("status IN ('QUEUED', 'PROCESSING')"),
    )
    op.create_table(
        "log_lines",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("job_id", sa.String(36), sa.ForeignKey("jobs.id", ondelete="CASCADE")),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16)),
        sa.Column("text", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_log_lines_job", "log_lines", ["job_id", "id"])
