"""XML: tasks with all annotations in one document, which can be imported again.

No DTD. Characters that XML 1.0 forbids are dropped and reported. Values that are no text say their
`type`: int, float, bool, null, or json for anything nested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain.formats.contract import Format, Task
from chalicelib.domain.formats.json_text import json_text
from chalicelib.domain.formats.records import RecordStream
from chalicelib.domain.formats.xml_text import loses_characters, xml_attribute, xml_text

_ANNOTATION = (
    "id",
    "completed_by",
    "was_cancelled",
    "ground_truth",
    "lead_time",
    "created_at",
    "updated_at",
)
_PREDICTION = ("id", "model_version", "score", "created_at", "updated_at")
_RESULT = ("id", "from_name", "to_name", "type", "from_id", "to_id", "direction")


class XmlWriter(RecordStream):
    """`<tasks>` with a `<task>` per task."""

    def header(self) -> bytes:
        """The declaration and the root's opening tag."""
        project = self.context.options.project_id
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<tasks project="{project}">\n'.encode()

    def footer(self) -> bytes:
        """The root's closing tag."""
        return b"</tasks>\n"

    def records(self, task: Task) -> Iterator[bytes]:
        """The task's element."""
        self._task_id = task.get("id")
        if task.get("drafts"):
            self.losses.add("drafts", self._task_id, times=len(task["drafts"]))
        yield "".join(self._task(task)).encode()

    def _task(self, task: Task) -> Iterator[str]:
        yield f'<task id="{xml_attribute(task.get("id"))}">'
        yield from self._fields("data", task.get("data"))
        if task.get("meta"):
            yield from self._fields("meta", task["meta"])
        yield from self._answers("annotation", task.get("annotations"), _ANNOTATION)
        if task.get("predictions"):
            yield from self._answers("prediction", task["predictions"], _PREDICTION)
        yield "</task>\n"

    def _fields(self, tag: str, fields: Any) -> Iterator[str]:
        if not isinstance(fields, Mapping):
            fields = {} if fields is None else {"": fields}
        yield f"<{tag}>"
        for name, value in fields.items():
            yield f'<field name="{self._attribute(name)}"{self._typed(value, "field")}'
        yield f"</{tag}>"

    def _answers(self, tag: str, answers: Any, attributes: tuple[str, ...]) -> Iterator[str]:
        yield f"<{tag}s>"
        for answer in answers or ():
            if not isinstance(answer, Mapping):
                self.losses.add(f"{tag} that is not written out", self._task_id)
                continue
            yield f"<{tag}{self._attributes(answer, attributes)}>"
            results = answer.get("result")
            for item in results if isinstance(results, list) else ():
                if isinstance(item, Mapping):
                    yield from self._result(item)
                else:
                    self.losses.add("result item that is no object", self._task_id)
            yield f"</{tag}>"
        yield f"</{tag}s>"

    def _result(self, item: Mapping[str, Any]) -> Iterator[str]:
        yield f"<result{self._attributes(item, _RESULT)}>"
        for name, value in item.items():
            if name == "value":
                yield f"<value{self._typed(value, 'value')}"
            elif name not in _RESULT:
                yield f'<field name="{self._attribute(name)}"{self._typed(value, "field")}'
        yield "</result>"

    def _attributes(self, owner: Mapping[str, Any], names: tuple[str, ...]) -> str:
        found = ((name, owner[name]) for name in names if owner.get(name) is not None)
        return "".join(f' {name}="{self._attribute(self._plain(value))}"' for name, value in found)

    def _plain(self, value: Any) -> str:
        if isinstance(value, Mapping) and "id" in value:
            value = value["id"]
        return value if isinstance(value, str) else json_text(value, self.losses, self._task_id)

    def _attribute(self, text: str) -> str:
        self._check(text)
        return xml_attribute(text)

    def _typed(self, value: Any, tag: str) -> str:
        """The end of an opening tag, the value and the closing tag."""
        if value is None:
            return ' type="null"/>'
        if isinstance(value, str):
            self._check(value)
            return f">{xml_text(value)}</{tag}>"
        text = json_text(value, self.losses, self._task_id)
        self._check(text)
        return f' type="{_TYPES.get(type(value), "json")}">{xml_text(text)}</{tag}>'

    def _check(self, text: str) -> None:
        if loses_characters(text):
            self.losses.add("characters that XML forbids", self._task_id)


_TYPES: dict[type, str] = {int: "int", float: "float", bool: "bool"}

XML = Format(
    id="XML",
    title="XML",
    description="Tasks with their annotations and predictions as one XML document.",
    layout="stream",
    extension="xml",
    content_type="application/xml",
    open=XmlWriter,
    cannot_carry=("drafts", "control characters", "fields of tasks and annotations beside those it names"),
)
