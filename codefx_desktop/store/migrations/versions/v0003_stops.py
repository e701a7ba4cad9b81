"""How many pit stops a clip shows, and the seven classic times of the first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CLASSIC = (
    "fuel_time_s",
    "front_left_tyre_time_s",
    "front_right_tyre_time_s",
    "back_left_tyre_time_s",
    "back_right_tyre_time_s",
    "driver_out_time_s",
    "driver_in_time_s",
)


def upgrade() -> None:
    """Add the columns; of jobs that are there nobody knows, nor ever looked."""
    # Without batch mode: SQLite adds such columns in place, however many jobs there are.
    op.add_column("jobs", sa.Column("stop_count", sa.Integer))
    for name in CLASSIC:
        op.add_column("jobs", sa.Column(name, sa.Float))
