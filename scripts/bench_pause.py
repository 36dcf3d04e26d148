"""Measures the preview of a pause: the processor's seconds for everything and for each class.

    python scripts/bench_pause.py DATA          a data folder, such as that of mapsvc demo --county

Nothing is recorded. Figures that were seen are in docs/performance.md. No test depends on them.
"""

import argparse
import time
from datetime import date
from pathlib import Path

from mapsvc.config import Settings
from mapsvc.services.answers.teller import Answers
from mapsvc.services.marks.recording import Mark
from mapsvc.services.plan_changes.pauses import preview_of
from mapsvc.services.state.council import Council

DAY = date(2026, 6, 17)


def measure(answers: Answers, target: str) -> str:
    """How long the preview took, the shortest of three, and of how much grass it was."""
    mark = Mark(target, "suspended", DAY, reason="the ground is waterlogged")
    seconds = []
    for _ in range(3):
        began = time.process_time()
        preview = preview_of(answers, [mark], DAY)
        seconds.append(time.process_time() - began)
    return f"{target}: {min(seconds):.2f} s ({max(seconds):.2f} s), {preview.verges:,} verges"


def main() -> None:
    """Measure everything, then each class of grass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    council = Council.open(Settings(data=parser.parse_args().data, today=DAY), create=False)
    kinds = {verge.kind for verge in council.moment.atlas.book(DAY.year).verges.values()}
    for target in ("all", *(f"kind:{kind}" for kind in sorted(kinds) if kind)):
        print(measure(Answers(council), target))
    council.close()


if __name__ == "__main__":
    main()
