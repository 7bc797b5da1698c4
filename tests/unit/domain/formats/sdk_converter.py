"""What label-studio-sdk's converter makes of the same tasks, as a second opinion."""

from __future__ import annotations

import json
import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any


def converted(format_id: str, tasks: list[dict[str, Any]], config: str) -> dict[str, bytes]:
    """The files that the converter writes, by their path."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _converted(format_id, tasks, config)
    finally:
        logging.disable(logging.NOTSET)


def _converted(format_id: str, tasks: list[dict[str, Any]], config: str) -> dict[str, bytes]:
    from label_studio_sdk.converter import Converter

    with tempfile.TemporaryDirectory() as given, tempfile.TemporaryDirectory() as made:
        Path(given, "tasks.json").write_text(json.dumps(tasks))
        converter = Converter(config=config, project_dir=given, download_resources=False)
        converter.convert(given, made, format_id, is_dir=True)
        return {
            str(path.relative_to(made)): path.read_bytes()
            for path in sorted(Path(made).rglob("*"))
            if path.is_file()
        }
