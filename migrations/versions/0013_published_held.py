"""What the system held when a figure was published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("published_figure", sa.Column("held_value", sa.BigInteger(), nullable=True))
    # Frozen and taken-in figures are the system's own. Of an adjusted one the nearest that is known is the last of those before it:
    # left empty, all that a person had adjusted would look as if data had come late.
    op.execute("UPDATE published_figure SET held_value = value WHERE kind = 'frozen' OR source = 'system'")
    op.execute(
        "UPDATE published_figure SET held_value = ("
        "SELECT earlier.value FROM published_figure AS earlier WHERE earlier.edition_id = published_figure.edition_id"
        " AND earlier.name = published_figure.name AND earlier.number < published_figure.number"
        " AND (earlier.fair_day = published_figure.fair_day OR (earlier.fair_day IS NULL AND published_figure.fair_day IS NULL))"
        " AND (earlier.kind = 'frozen' OR earlier.source = 'system') ORDER BY earlier.number DESC LIMIT 1"
        ") WHERE kind = 'adjusted' AND source <> 'system'"
    )


def downgrade() -> None:
    op.drop_column("published_figure", "held_value")
