"""Tasks per second of each writer, beside label-studio-sdk's converter on the same tasks in one run.

    python -m tests.benchmarks.formats [--tasks 5000] [--results 5] [--formats CSV,COCO]

Prints a table. Ours takes tasks as objects and gives bytes; theirs reads the tasks from a JSON file first, as
it always does, and writes to files in memory. Where a download is an archive, both are measured up to its
files, and again with what packs them (`zip`), like against like.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import random
import resource
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.domain.formats import registry
from tests.unit.domain.formats.builders import (
    BRUSHES,
    IMAGES,
    TEXTS,
    annotation,
    answer,
    box,
    choice,
    context,
    polygon,
    region,
    span,
    task,
)

Tasks = list[dict[str, Any]]


def image_tasks(count: int, results: int, rng: random.Random) -> Tasks:
    """Boxes, one in three turned, and polygons of eight corners."""

    def shape(number: int) -> dict[str, Any]:
        if number % 5 == 4:
            return polygon(*((rng.uniform(0, 100), rng.uniform(0, 100)) for _ in range(8)), id=f"r{number}")
        turn = rng.uniform(0, 90) if number % 3 == 2 else 0
        return box(
            x=rng.uniform(0, 60), y=rng.uniform(0, 60), w=30.5, h=20.25, rotation=turn, id=f"r{number}"
        )

    return [
        task(n, annotation(*(shape(number) for number in range(results))), image=f"http://h/{n}/pic.jpg")
        for n in range(1, count + 1)
    ]


def text_tasks(count: int, results: int, rng: random.Random) -> Tasks:
    """Texts of 60 words with spans, a choice and a note."""
    words = ["quick", "brown", "foxes", "jumped", "over", "the", "lazy", "dog's", "back,", "twice."]

    def made(number: int) -> dict[str, Any]:
        text = " ".join(rng.choice(words) for _ in range(60))
        spans = [span(start, start + 9, "PER", id=f"s{start}") for start in range(0, 12 * (results - 2), 12)]
        answers = (choice("good"), answer("note", "textarea", {"text": ["seen"]}))
        return task(number, annotation(*spans, *answers), text=text, source=f"file {number}", n=number)

    return [made(number) for number in range(1, count + 1)]


def brush_tasks(count: int, results: int, rng: random.Random) -> Tasks:
    """Masks of 320 × 240 pixels with a disc on them."""
    from chalicelib.domain.formats.geometry import ellipse_outline
    from chalicelib.domain.formats.masks import encode_mask
    from chalicelib.domain.formats.raster import filled

    discs = []
    for _ in range(8):
        centre = (rng.uniform(30, 70), rng.uniform(30, 70))
        discs.append(encode_mask(filled(ellipse_outline(centre, (20, 20), 0, size=(320, 240)), 320, 240)))

    def disc(number: int) -> dict[str, Any]:
        value = {"format": "rle", "rle": discs[number % len(discs)]}
        return region("brushlabels", value, "Sky", id=f"b{number}", original_width=320, original_height=240)

    return [
        task(n, annotation(*(disc(n + number) for number in range(results))), image=f"http://h/{n}.jpg")
        for n in range(1, count + 1)
    ]


KINDS: dict[str, tuple[str, Callable[[int, int, random.Random], Tasks], tuple[str, ...]]] = {
    "texts": (
        TEXTS,
        text_tasks,
        ("JSON", "JSON_MIN", "CSV", "TSV", "XML", "CONLL2003", "SPACY", "HF_DATASET"),
    ),
    "images": (IMAGES, image_tasks, ("JSON_MIN", "CSV", "COCO", "YOLO", "YOLO_OBB", "VOC")),
    "brushes": (BRUSHES, brush_tasks, ("BRUSH_TO_PNG", "BRUSH_TO_NUMPY", "BRUSH_TO_COCO")),
}
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where theirs writes: it makes a file per task, and a disk would be what is measured."""
NOT_THEIRS = ("XML", "SPACY", "HF_DATASET")
FEWER = {"brushes": 20}


def ours(format_id: str, tasks: Tasks, config: str) -> tuple[float, int]:
    """Seconds and bytes of what is downloaded."""
    used = context(config)
    begin = time.process_time()
    size = sum(len(chunk) for chunk in registry.write(registry.format_named(format_id), lambda: tasks, used))
    return time.process_time() - begin, size


def our_files(format_id: str, tasks: Tasks, config: str) -> float:
    """Seconds to the files of an archive, before they are packed."""
    used = context(config)
    begin = time.process_time()
    for entry in registry.format_named(format_id).open(used).entries(lambda: tasks):
        if not isinstance(entry.content, bytes):
            for _ in entry.content:
                pass
    return time.process_time() - begin


def theirs(format_id: str, folder: str, config: str) -> tuple[float, float] | None:
    """Seconds without and with the zip that people download; None for formats that are not theirs."""
    from label_studio_sdk.converter import Converter

    if format_id in NOT_THEIRS:
        return None
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as made:
        begin = time.process_time()
        converter = Converter(config=config, project_dir=folder, download_resources=False)
        converter.convert(folder, made, format_id, is_dir=True)
        alone = time.process_time() - begin
        if registry.format_named(format_id).layout == "archive":
            shutil.make_archive(f"{made}/../{Path(made).name}", "zip", made)
            Path(f"{made}.zip").unlink()
        return alone, time.process_time() - begin


def measure(kind: str, count: int, results: int, wanted: set[str]) -> None:
    """Print the rows of one kind of project."""
    config, make, formats = KINDS[kind]
    count = max(count // FEWER.get(kind, 1), 1)
    tasks = make(count, results, random.Random(7))
    gc.collect()
    gc.freeze()  # neither side is to pay for the collector's walks through the tasks that are held here
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        Path(folder, "tasks.json").write_text(json.dumps(tasks))
        for format_id in formats:
            if wanted and format_id not in wanted:
                continue
            our_time, size = ours(format_id, tasks, config)
            their_time = theirs(format_id, folder, config)
            is_archive = registry.format_named(format_id).layout == "archive"
            alone = our_files(format_id, tasks, config) if is_archive else our_time
            row = f"{kind:8} {format_id:15} {count:7} {size / 1e6:8.1f} {count / alone:10.0f}"
            if their_time is not None:
                row += f" {count / their_time[0]:10.0f} {their_time[0] / alone:7.1f}x"
                if is_archive:
                    row += f" {count / our_time:10.0f} {count / their_time[1]:10.0f}"
                    row += f" {their_time[1] / our_time:7.1f}x"
            print(row)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--results", type=int, default=5)
    parser.add_argument("--formats", default="")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    wanted = {name for name in given.formats.split(",") if name}
    heads = f"{'sdk':>10} {'times':>8} {'ours+zip':>10} {'sdk+zip':>10} {'times':>8}"
    print(f"{'kind':8} {'format':15} {'tasks':>7} {'MB':>8} {'tasks/s':>10} {heads}")
    for kind in KINDS:
        measure(kind, given.tasks, given.results, wanted)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process, tasks and SDK included: {peak:.0f} MB")


if __name__ == "__main__":
    main()
