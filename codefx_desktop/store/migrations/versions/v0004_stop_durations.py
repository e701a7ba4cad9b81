"""The stops of every job with their durations, for statistics over the history."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty: what older jobs found is read from their files on a worker."""
    # Without batch mode: SQLite adds such columns in place, however many jobs there are.
    op.add_column("jobs", sa.Column("stops_signature", sa.String(200)))
    op.create_table(
        "stops",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "job_id", sa.String(36), sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("template", sa.String, nullable=False),
        sa.Column("template_label", sa.String, nullable=False),
        sa.Column("frame_number", sa.Integer),
        sa.Column("facts", sa.String, nullable=False),
        sa.Column("team", sa.String, nullable=False),
        sa.UniqueConstraint("job_id", "number"),
    )
    op.create_table(
        "stop_durations",
        sa.Column(
            "stop_id",
            sa.Integer,
            sa.ForeignKey("stops.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("place", sa.String(8), primary_key=True),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("value_s", sa.Float),
        sa.Column("low_s", sa.Float),
        sa.Column("high_s", sa.Float),
        sa.Column("is_confirmed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_stop_durations_name", "stop_durations", ["name", "place"])
