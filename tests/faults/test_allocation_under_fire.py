"""Many real processes on few hot items: what is sold is the stock exactly, sums agree after each commit, nobody waits in a ring."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.clause("STK-1")
@pytest.mark.clause("STK-2")
def test_ten_processes_at_once_sell_what_there_is_and_no_more(fresh_database: str) -> None:
    small = ["--processes=10", "--seconds=1", "--fire=12", "--items=20", "--stock=60"]
    command = [sys.executable, "-m", "bench.allocation", f"--database={fresh_database}", *small]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "60 sold" in done.stdout
    assert "Sold equals stock" in done.stdout
