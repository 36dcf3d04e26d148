"""`python -m mapsvc`: the same as the command `mapsvc`."""

from mapsvc.cli import main

main()
