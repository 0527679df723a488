"""Seat simulation of 4,000 draws beside a memory copy of the same bytes, in time and in memory, measured in one run."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import perf_counter

import numpy as np
import xarray as xr

from benchmarks.memory import peak_mib
from data import load_evidence
from models.nations import NationOffsets, offset_record
from models.pairs import PARTIES as LEARNED
from models.seat_base import SeatBase, seat_base
from models.seat_errors import BLOCK, ErrorStore
from models.swing import SeatSimulator, seat_parameters

N_DRAWS = 4000
SHARES = {
    "con": 0.19,
    "lab": 0.24,
    "lib": 0.11,
    "ref": 0.24,
    "grn": 0.125,
    "snp": 0.027,
    "plaid": 0.008,
    "restore": 0.04,
    "oth": 0.02,
}
REPEATS = 40


def posterior() -> xr.Dataset:
    """Stand in for a fitted seat model: one draw with values near those learned; speed does not depend on them."""
    zero = dict.fromkeys(("attack_mean", "attack_sd", "gain", "hold_sd", "size_volatility"), 0.05)
    zero |= dict.fromkeys(("personal_mean", "personal_sd", "leave_sd"), 0.03)
    some = dict.fromkeys(
        ("threshold", "width", "attack_loss", "hold_mean", "region_ratio", "local", "gained", "liberal", "rooted"), 0.3
    )
    spread = dict.fromkeys(("churn_sd", "size_party_sd", "size_year_sd", "size_cell_sd", "upset_sd"), 0.1)
    spread |= dict.fromkeys(("ireland_swing", "ireland_seat"), 0.2)
    numbers = {**zero, **some, **spread, "reversion": -0.5, "size_mean": -2.8, "upset_mean": -5.0}
    shape = (1, 1, len(LEARNED))
    by_party = {"size_party": np.full(shape, -2.8)}
    return xr.Dataset(
        {
            **{name: (("chain", "draw"), [[value]]) for name, value in numbers.items()},
            **{name: (("chain", "draw", "party"), values) for name, values in by_party.items()},
        },
        coords={"party": list(LEARNED)},
    )


def simulator(every: int = 1) -> SeatSimulator:
    """Make the simulator of the next election, with all of its seats or every so many of them."""
    evidence = load_evidence()
    base = seat_base(evidence, date(2029, 5, 3), tuple(SHARES))
    base = SeatBase.from_dataset(base.to_dataset().isel(constituency=slice(None, None, every)))
    spread = offset_record(evidence, base.parties)
    offsets = NationOffsets(parties=base.parties, mean=np.zeros_like(spread), sd=spread)
    return SeatSimulator(base, seat_parameters(posterior(), base, N_DRAWS, 1), offsets, seed=1)


def votes() -> np.ndarray:
    """Draw votes of Great Britain around today's polls."""
    return np.random.default_rng(1).dirichlet(300 * np.array(list(SHARES.values())) / sum(SHARES.values()), N_DRAWS)


def beside(figure: Callable[[], object], baseline: Callable[[], object]) -> tuple[float, float]:
    """Shortest of some runs of each, in milliseconds, taken in turns so that a busy machine slows both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(REPEATS):
        for run, taken in zip((figure, baseline), times, strict=True):
            start = perf_counter()
            run()
            taken.append(perf_counter() - start)
    return 1000 * min(times[0]), 1000 * min(times[1])


def copy(arrays: list[np.ndarray], into: list[np.ndarray], pool: ThreadPoolExecutor) -> None:
    """Copy arrays on two threads."""
    halves = (list(zip(arrays, into, strict=True))[i::2] for i in range(2))
    list(pool.map(lambda part: [np.copyto(b, a) for a, b in part], halves))


def timings() -> list[dict[str, object]]:
    """Time the kernels alone, the whole step from votes to winners, and how time grows with draws and with seats."""
    seats, fewer, given = simulator(), simulator(every=2), votes()
    seats.simulate(given)
    fewer.simulate(given)
    arrays = [error.noise for block in range(N_DRAWS // BLOCK) for error in seats._errors.block(block).errors]
    into = [np.empty_like(a) for a in arrays]
    prepared, quarter, half = seats.prepare(given), seats.prepare(given[: N_DRAWS // 4]), fewer.prepare(given)
    rows: list[dict[str, object]] = []
    with ThreadPoolExecutor(2) as pool:

        def copied() -> None:
            copy(arrays, into, pool)

        figures: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "seats: kernel, 4,000 draws, winners (baseline: copy of the errors)": (
                lambda: seats.run(prepared),
                copied,
            ),
            "seats: votes to winners, 4,000 draws (baseline: copy of the errors)": (
                lambda: seats.simulate(given, summaries=False),
                copied,
            ),
            "seats: votes to winners and shares, 1,000 draws (baseline: copy of all errors)": (
                lambda: seats.simulate(given[:1000]),
                copied,
            ),
            "seats: kernel, 4,000 draws (baseline: 1,000 draws, four times)": (
                lambda: seats.run(prepared),
                lambda: [seats.run(quarter) for _ in range(4)],
            ),
            "seats: kernel, all seats (baseline: every second seat, twice)": (
                lambda: seats.run(prepared),
                lambda: [fewer.run(half) for _ in range(2)],
            ),
        }
        for name, (run, against) in figures.items():
            figure, baseline = beside(run, against)
            rows.append(
                {"name": name, "figure": figure, "baseline": baseline, "ratio": figure / baseline, "unit": "ms"}
            )
    return rows


def peak(what: str) -> float:
    """Peak memory, in MiB, of a fresh process that runs one part of this file."""
    command = [sys.executable, "-m", "benchmarks.bench_seats", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return float(done.stdout)


def rows() -> list[dict[str, object]]:
    """Measure every row of this file.

    Returns
    -------
    list of dict
        ``name, figure, baseline, ratio, unit``.
    """
    simulated, copied = peak("simulate"), peak("copy")
    memory: dict[str, object] = {
        "name": "seats: peak memory, 4,000 draws (baseline: process that copies the errors)",
        "figure": simulated,
        "baseline": copied,
        "ratio": simulated / copied,
        "unit": "MiB",
    }
    return [*timings(), memory]


def main(what: str) -> None:
    """Run one part and print this process's peak memory in MiB."""
    seats = simulator()
    if what == "simulate":
        seats.simulate(votes())
    else:
        store: ErrorStore = seats._errors
        held = [error.noise for block in range(N_DRAWS // BLOCK) for error in store.block(block).errors]
        kept = [error.copy() for error in held]
        assert len(kept) == len(held)
    print(peak_mib())


if __name__ == "__main__":
    main(sys.argv[1])
