"""A person may stop what a page asked for; whoever works on it sees the wish.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from data.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stop_asked_at", UtcDateTime(), nullable=True))
