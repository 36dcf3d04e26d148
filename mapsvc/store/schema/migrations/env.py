"""What Alembic runs: the migrations, in the transaction that `upgrade` began."""

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=None,
    local_crs=config.attributes["local_crs"],
)
context.run_migrations()
