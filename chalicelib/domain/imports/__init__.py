"""Imports: what a file is, its content as tasks, and whether tasks suit the labeling config.

Files come as streams that can be read and, most of them, sought; nothing here opens, stores or
fetches anything by itself.
"""

from chalicelib.domain.imports.checks import ItemFault, check_items
from chalicelib.domain.imports.contract import ImportOptions, Limits, Problem, TaskIn
from chalicelib.domain.imports.detection import FileKind, detect
from chalicelib.domain.imports.reading import read_tasks

__all__ = [
    "FileKind",
    "ImportOptions",
    "ItemFault",
    "Limits",
    "Problem",
    "TaskIn",
    "check_items",
    "detect",
    "read_tasks",
]
