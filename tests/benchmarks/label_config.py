"""How long configurations take to compile, and results to check.

Run: `python -m tests.benchmarks.label_config`. Prints a table; CPU time, best of several rounds, because
machines are shared. Nothing is asserted here.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

from chalicelib.domain.label_config import LabelConfig, parse, results_schema, sample_task, validate_result
from chalicelib.domain.results.brush import Mask, decode_mask, encode_mask
from chalicelib.domain.templates import list_templates

TYPICAL = """
<View>
  <Image name="image" value="$image" zoomControl="true"/>
  <RectangleLabels name="box" toName="image" strokeWidth="2">
    {labels}
  </RectangleLabels>
  <Choices name="scene" toName="image" choice="single" required="true">
    <Choice value="Day"/><Choice value="Night"/><Choice value="Dusk"/>
  </Choices>
  <TextArea name="note" toName="image" rows="2" perRegion="true" whenTagName="box"/>
</View>
"""


def with_labels(count: int) -> str:
    """The typical configuration with some labels: ten, or far too many."""
    labels = "".join(f'<Label value="label {at}" background="#36B37E" hotkey="{at}"/>' for at in range(count))
    return TYPICAL.format(labels=labels)


def everything(config: LabelConfig) -> None:
    """Whatever a request could ask of a configuration."""
    _ = (config.parsed, config.controls, config.objects, config.data_keys, config.warnings)
    sample_task(config)
    results_schema(config)


def best(work: Callable[[], object], rounds: int) -> float:
    """The least CPU time in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def boxes(count: int) -> list[dict[str, object]]:
    """A result of many boxes."""
    value = {"x": 1.5, "y": 2.5, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": ["label 1"]}
    item = {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": value}
    return [{**item, "id": f"r{at}"} for at in range(count)]


def disc(width: int, height: int, radius: int) -> Mask:
    """A mask such as people paint."""
    rows = []
    for y in range(height):
        half = int(max(0, radius**2 - (y - height // 2) ** 2) ** 0.5)
        rows.append((b"\1" * (2 * half)).center(width, b"\0"))
    return Mask(width, height, b"".join(rows))


def noise(width: int, height: int) -> Mask:
    """A mask with as many runs as pixels, nearly."""
    return Mask(width, height, bytes(at * at % 7 in {1, 2} for at in range(width * height)))


def decode(rle: list[int], mask: Mask) -> Mask:
    """The mask again."""
    return decode_mask(rle, width=mask.width, height=mask.height)


def main() -> None:
    """Print the table."""
    rows: list[tuple[str, float]] = []
    for name, text, rounds in (
        ("typical, 10 labels", with_labels(10), 200),
        ("600 KB, 9,000 labels", with_labels(9_000), 5),
        ("100,000 labels", with_labels(100_000), 2),
    ):
        rows.append((f"parse: {name}", best(lambda text=text: parse(text), rounds)))  # type: ignore[misc]
        rows.append(
            (f"parse and derive all: {name}", best(lambda text=text: everything(parse(text)), rounds))  # type: ignore[misc]
        )
    rows.append(("parse all templates", best(lambda: [parse(one["config"]) for one in list_templates()], 5)))
    config = parse(with_labels(10))
    rows.append(("check a result of 1,000 boxes", best(lambda: validate_result(config, boxes(1_000)), 20)))
    for name, mask in (("a disc", disc(1920, 1080, 400)), ("noise", noise(480, 270))):
        rle = encode_mask(mask)
        size = f"{name} in {mask.width}×{mask.height}"
        rows.append((f"encode {size}", best(lambda mask=mask: encode_mask(mask), 3)))  # type: ignore[misc]
        rows.append((f"decode {size}", best(lambda rle=rle, mask=mask: decode(rle, mask), 3)))  # type: ignore[misc]
    for name, milliseconds in rows:
        sys.stdout.write(f"{name:45} {milliseconds:10.2f} ms\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{'peak memory of the process':45} {peak:10.0f} MB\n")


if __name__ == "__main__":
    main()
