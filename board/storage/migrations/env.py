"""Alembic's entry: runs on the connection that board.storage.schema hands over."""

from alembic import context

from board.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
