"""Starts instances as they are needed, gives each one event at a time, and stops those that hang."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infrastructure.local.functions import frames

_START_S = 60


class FunctionError(Exception):
    """The function raised; `kind` is the exception's class name."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind


class FunctionTimeoutError(FunctionError):
    """The function did not end in time and was stopped."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__("Timeout", f"stopped after {timeout_s:g} s")


class AppUnavailableError(Exception):
    """The app cannot be imported; the message is its traceback."""


@dataclass(frozen=True, slots=True)
class AppDescription:
    """What an instance says of the app it has imported."""

    routes: Mapping[str, list[str]]
    binary_types: tuple[str, ...]


@dataclass(slots=True)
class _Instance:
    process: subprocess.Popen[bytes]
    input: int
    output: int
    generation: float

    def kill(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process.wait()


@dataclass
class InstancePool:
    """Up to `most` instances of the app `target` ("module:attribute")."""

    target: str
    most: int
    generation: Callable[[], float] = lambda: 0.0
    environment: Mapping[str, str] | None = None
    _idle: list[_Instance] = field(default_factory=list)
    _all: list[_Instance] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False
    _described: AppDescription | None = None

    def __post_init__(self) -> None:
        self._slots = threading.Semaphore(self.most)

    def description(self) -> AppDescription:
        """What the app says of itself, as last imported. Raises `AppUnavailableError`."""
        if self._described is None:
            with self._slots:
                self._give_back(self._take())
        return self._described or AppDescription({}, ())

    def invoke(self, function: str | None, event: Any, *, timeout_s: float) -> Any:
        """Run a function of the app's module, or the app itself, and give its result.

        Waiting for a free instance counts towards the time. Raises `FunctionError` and `AppUnavailableError`.
        """
        deadline = time.monotonic() + timeout_s
        if not self._slots.acquire(timeout=timeout_s):
            raise FunctionTimeoutError(timeout_s)
        try:
            return self._run(function, event, timeout_s, deadline)
        finally:
            self._slots.release()

    @property
    def is_idle(self) -> bool:
        """Whether no event is running."""
        with self._lock:
            return len(self._idle) == len(self._all)

    def close(self) -> None:
        """End all instances."""
        with self._lock:
            self._closed = True
            instances, self._all, self._idle = self._all, [], []
        for instance in instances:
            instance.kill()

    def _run(self, function: str | None, event: Any, timeout_s: float, deadline: float) -> Any:
        instance = self._take()
        invocation = {
            "function": function,
            "event": event,
            "timeout_s": timeout_s,
            "request_id": str(uuid.uuid4()),
        }
        try:
            frames.write(instance.input, frames.encode(invocation))
            answer = frames.read(instance.output, deadline=deadline)
        except TimeoutError as error:
            self._drop(instance)
            raise FunctionTimeoutError(timeout_s) from error
        except (frames.ClosedError, OSError, ValueError) as error:
            self._drop(instance)
            raise FunctionError("InstanceDied", _how_it_ended(instance)) from error
        self._give_back(instance)
        if "error" in answer:
            raise FunctionError(answer["error"]["type"], answer["error"]["message"])
        return answer["result"]

    def _take(self) -> _Instance:
        current = self.generation()
        while True:
            with self._lock:
                instance = self._idle.pop() if self._idle else None
            if instance is None:
                return self._start(current)
            if instance.generation == current and instance.process.poll() is None:
                return instance
            self._drop(instance)

    def _give_back(self, instance: _Instance) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(instance)

    def _drop(self, instance: _Instance) -> None:
        with self._lock:
            if instance in self._all:
                self._all.remove(instance)
        instance.kill()

    def _start(self, generation: float) -> _Instance:
        process = subprocess.Popen(
            [sys.executable, "-m", "infrastructure.local.functions.instance", self.target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(self.environment) if self.environment is not None else None,
        )
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        instance = _Instance(process, process.stdin.fileno(), process.stdout.fileno(), generation)
        try:
            hello = frames.read(instance.output, deadline=time.monotonic() + _START_S)
        except (frames.ClosedError, TimeoutError) as error:
            instance.kill()
            raise AppUnavailableError(
                f"The app ended while it was imported: {_how_it_ended(instance)}"
            ) from error
        if not hello["ready"]:
            instance.kill()
            raise AppUnavailableError(hello["trace"])
        self._described = AppDescription(hello["routes"], tuple(hello["binary_types"]))
        with self._lock:
            if not self._closed:
                self._all.append(instance)
                return instance
        instance.kill()
        raise AppUnavailableError("The pool is closed.")


def _how_it_ended(instance: _Instance) -> str:
    code = instance.process.wait()
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def default_size() -> int:
    """How many instances suit this machine."""
    return max(2, min(8, os.cpu_count() or 2))
