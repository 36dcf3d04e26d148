"""The store's migrations, one file each in `versions`, run by Alembic on both databases.

Never rebuild a table with geometries (Alembic's batch mode): that drops its R-tree triggers.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from mapsvc.errors import StoreUnavailable


def upgrade(connection: Connection, local_crs: str, store: str) -> None:
    """The newest tables, made or migrated in the transaction of `connection`.

    Raises
    ------
    StoreUnavailable : when the store is newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes.update(connection=connection, local_crs=local_crs)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable("store_newer", store=store, reason=str(error)) from error
