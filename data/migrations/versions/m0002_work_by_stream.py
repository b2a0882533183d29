"""Whether a stream is busy is found by an index: claims out of 5,000 rows took a second each.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index on the account alone gives way to one that names stream and state too."""
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_item_account_id"))
        batch_op.create_index(
            "ix_work_item_account_id_stream_state", ["account_id", "stream", "state"]
        )
