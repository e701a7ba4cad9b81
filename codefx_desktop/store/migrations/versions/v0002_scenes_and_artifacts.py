"""How many scenes a clip has, and of how many frames artifacts were written."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of jobs that are there nobody knows, nor ever looked."""
    # Without batch mode: SQLite adds such columns in place, however many jobs there are.
    op.add_column("jobs", sa.Column("scene_count", sa.Integer))
    op.add_column("jobs", sa.Column("artifact_frames", sa.Integer))
