"""All SQL: the store of what is published and recorded, in a GeoPackage or in PostGIS.

`database` opens it, `editions` and `live` answer questions, one method each. What a publication
may contain, and what a mark means, is decided in `services` and `domain`.
"""
