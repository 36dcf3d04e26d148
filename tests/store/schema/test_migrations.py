"""A new store is made by the migrations, and has all tables that the code knows."""

from sqlalchemy import select, text

from mapsvc.store.database import SCHEMA, Store
from mapsvc.store.schema import issue_tables, staff_tables, tables


def test_a_new_store_is_of_the_newest_migration(store: Store) -> None:
    with store.reading() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))

    assert version == SCHEMA


def test_the_migrations_make_every_column_that_the_code_knows(store: Store) -> None:
    assert issue_tables.issue.metadata is staff_tables.secret.metadata is tables.metadata

    with store.reading() as connection:
        missing = [
            f"{table.name}.{column.name}"
            for table in tables.metadata.sorted_tables
            for made in [connection.execute(select(text("*")).select_from(table).limit(0)).keys()]
            for column in table.columns
            if column.name not in made
        ]

    assert missing == []
