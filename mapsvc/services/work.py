"""What can be done in the background: the kinds of jobs, each with the function that does it.

How jobs are leased, held and ended is in `jobs`.
"""

from collections.abc import Mapping

from mapsvc.services.jobs import Work

WORK: Mapping[str, Work] = {}
"""Kind of job → what does it. It may be killed at any point and begun again, three times at
most: done twice must be the same as done once."""
