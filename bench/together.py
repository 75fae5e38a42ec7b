"""Many processes that do the same work from one moment on."""

import json
import os
import time
import traceback
from collections.abc import Callable
from typing import Any


def together(work: Callable[[int], dict[str, Any]], processes: int) -> list[dict[str, Any]]:
    """Run the work in so many processes that begin at one moment; their results in order. None of them may fail."""
    gate_out, gate_in = os.pipe()
    pipes = []
    for number in range(processes):
        out, into = os.pipe()
        if os.fork() == 0:
            os.close(gate_in)
            _child(work, number, gate_out, into)
        os.close(into)
        pipes.append(out)
    os.close(gate_out)
    time.sleep(0.2)
    os.close(gate_in)
    results = []
    for out in pipes:
        with os.fdopen(out, "rb") as told:
            results.append(json.loads(told.read() or b'{"failed": "it died"}'))
    for _ in range(processes):
        os.wait()
    failed = [one["failed"] for one in results if "failed" in one]
    if failed:
        raise SystemExit(f"{len(failed)} processes failed:\n{failed[0]}")
    return results


def _child(work: Callable[[int], dict[str, Any]], number: int, gate: int, into: int) -> None:
    """Waits until the gate is closed, works, tells, and is gone."""
    try:
        os.read(gate, 1)
        result = work(number)
    except BaseException:
        result = {"failed": traceback.format_exc()}
    with os.fdopen(into, "wb") as told:
        told.write(json.dumps(result).encode())
    os._exit(0)
