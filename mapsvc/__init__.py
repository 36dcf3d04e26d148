"""A council's grass-cutting map: what is happening with the grass on my street?"""

__version__ = "0.1.0"
