"""The tables, and how an older store becomes a newer one."""
