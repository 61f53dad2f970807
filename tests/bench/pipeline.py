"""How long the pipeline takes for every cost of the catalogue: `python -m tests.bench.pipeline`.

Process time of the derivation with its recognition, certificates and stable forms, and of the
whole build with the judge and all texts, after the imports and a first build that fills the caches
which all costs share.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from derive import pipeline
from derive.building import fewer_collections
from derive.notation.story import Story
from derive.publish.module import Source
from derive.readers.file import catalogue, catalogue_subject

SHOWN = 10


def seconds(name: str) -> tuple[float, float]:
    """Of deriving, and of building, the cost of this name."""
    subject = catalogue_subject(name)
    start = time.process_time()
    pipeline.derive(subject)
    middle = time.process_time()
    pipeline.build(subject, Source(f"derive/problems/{name}.py", f"derive build {name}"))
    return middle - start, time.process_time() - middle


def main() -> None:
    """Print the quantiles, and the slowest."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="costs of the catalogue; none means all")
    asked = parser.parse_args()
    fewer_collections()
    names = asked.names or [one.name for one in catalogue() if not isinstance(one, Story)]
    seconds(names[0])
    times = {name: seconds(name) for name in names}
    for column, what in enumerate(("derive", "build")):
        values = [both[column] for both in times.values()]
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
        print(f"{what:7} {len(values)} costs: 5 % {low:.2f} s, median {middle:.2f} s, "
              f"95 % {high:.2f} s, largest {max(values):.2f} s")  # fmt: skip
    for name, both in sorted(times.items(), key=lambda item: -item[1][1])[:SHOWN]:
        print(f"{name:32} derive {both[0]:.2f} s  build {both[1]:.2f} s")


if __name__ == "__main__":
    main()
