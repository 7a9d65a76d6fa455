"""Invented frames in the shape of real ones, to develop and test figures against. They are nobody's results."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from sim.dates import date_of, month_of, school_year

FACILITATIONS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TIMINGS = ("-18", "-12", "-6", "0", "6", "12", "24", "36", "never")
PUBLISHED = pd.DataFrame(
    {
        "year": [2006, 2010, 2012, 2013, 2014, 2015, 2016, 2017],
        "value": [12900, 10500, 8869, 9100, 9718, 11000, 12800, 16085],
    }
)
KINDS = {
    "ministry": 1,
    "foundation": 12,
    "business": 24,
    "ngo": 40,
    "academia": 15,
    "local_authority": 30,
    "backbone": 1,
}


def national_month(facilitation: float, timing: str, luck: np.ndarray) -> np.ndarray:
    """The month of the national decision: sooner under a strong backbone, sometimes never."""
    if timing == "never":
        return np.full(len(luck), np.nan)
    wait = np.round(-np.log(luck) * (10 - 6 * facilitation))
    decided = month_of("2015-05") + int(timing) + wait
    return np.where(wait > 24, np.nan, decided)


def enrolment(facilitation: float, national: np.ndarray, drift: np.ndarray, until: int) -> dict[str, np.ndarray]:
    """Examinees and shares by year: decline to 2012, a slow rise, and a jump after the decision."""
    first = np.where(np.isnan(national), 9999, school_year(np.nan_to_num(national)) + 1)
    values = {}
    for year in range(2006, until + 1):
        level = 8869 + 600 * max(2012 - year, 0) + (150 + 60 * facilitation) * max(year - 2012, 0)
        cohorts = np.clip(year - first + 1, 0, 8)
        gained = 9500 * (1 - np.exp(-cohorts / 2)) * (0.35 + 0.65 * facilitation)
        values[f"examinees_{year}"] = np.round((level + gained) * (1 + drift * (0.3 + 0.05 * max(year - 2012, 0))))
        values[f"share_{year}"] = values[f"examinees_{year}"] / (91500 + 1800 * (year - 2006))
    return values


def sweep(seeds: int = 100, until: int = 2025, facilitations=FACILITATIONS, timings=TIMINGS) -> pd.DataFrame:
    """A whole sweep, emergent and held, in the tidy wide form: a row a run."""
    luck = np.random.default_rng(7)
    wait, drift = luck.uniform(size=seeds), luck.normal(0, 0.13, size=seeds)
    blocks = []
    for timing in timings:
        month_held = national_month(0.8, timing, wait)
        for facilitation in facilitations:
            free = national_month(facilitation, timing, wait)
            for dates, national in (("emergent", free), ("held", month_held)):
                if dates == "held" and facilitation == 0.8:
                    continue
                own = drift + luck.normal(0, 0.02, size=seeds)
                blocks.append(
                    pd.DataFrame(
                        {
                            "scenario": "historical_emergent",
                            "backbone.facilitation": facilitation,
                            "timing": timing,
                            "dates": dates,
                            "seed": np.arange(1, seeds + 1),
                            "month_national": national,
                            **enrolment(facilitation, national, own, until),
                        }
                    )
                )
    return pd.concat(blocks, ignore_index=True)


def yearly(seeds: int = 40, until: int = 2020, scenario: str = "historical") -> pd.DataFrame:
    """Yearly frames of an ensemble."""
    luck = np.random.default_rng(3)
    rows = []
    for seed in range(1, seeds + 1):
        drift = luck.normal(0, 0.05)
        for year in range(2006, until + 1):
            count = (8869 + 550 * max(2012 - year, 0) + 1050 * max(year - 2013, 0)) * (1 + drift)
            share = count / 80000
            rows.append(
                {
                    "scenario": scenario, "seed": seed, "year": year, "examinees": count, "share": count / 100000,
                    "starters": count / 0.7, "sitters": count * 1.1, "tracks": 430 + 5 * (year - 2006),
                    "teachers": 900 + 40 * max(year - 2013, 0),
                    **{f"quintile_{q}": share * (1.6 - 0.25 * (q - 1)) for q in range(1, 6)},
                    "stream_state": share * 1.2, "stream_state_religious": share * 0.95, "stream_haredi": share * 0.1,
                    "stream_non_jewish": share * 0.8,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def network(seeds: int = 40, until: str = "2020-08") -> pd.DataFrame:
    """Network frames of an ensemble, every third month."""
    luck = np.random.default_rng(5)
    rows = []
    for seed in range(1, seeds + 1):
        speed = luck.uniform(0.5, 1.5)
        for month in range(month_of("2013-07"), month_of(until), 3):
            age = 1 - np.exp(-speed * (month - month_of("2013-07")) / 40)
            noise = luck.normal(0, 0.01)
            rows.append(
                {
                    "scenario": "historical", "seed": seed, "month": month, "date": date_of(month),
                    "members": 60 + int(42 * age), "ties": 800 + int(3200 * age), "trust": 0.4 + 0.2 * age + noise,
                    "trust_across": 0.27 + 0.22 * age + noise, "trust_ministry": 0.2 + 0.25 * age + noise,
                    "consensus": 0.6 + 0.25 * age, "transparency": 0.7 * age, "readiness": 0.5 * age,
                    "entrepreneurship": 0.25 + 0.2 * age, "stage": 0 if month < 104 else 2 if month < 116 else 3,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def events() -> pd.DataFrame:
    """A timeline of one run."""
    listed = [
        ("2013-07", "launch"), ("2013-11", "new leaders"), ("2013-11", "common_agenda passes"),
        ("2014-05", "ministry becomes partner"), ("2014-06", "mathematics_first passes"),
        ("2014-09", "ministry becomes pilot"), ("2015-05", "new leaders"), ("2015-05", "ministry becomes national"),
        ("2016-03", "local shares published"), ("2017-02", "periphery_and_junior_high passes"),
    ]  # fmt: skip
    return pd.DataFrame([(month_of(date), date, event) for date, event in listed], columns=["month", "date", "event"])


def ledger() -> pd.DataFrame:
    """Money by source."""
    return pd.DataFrame(
        {
            "source": ["ministry", "foundation", "business", "ngo", "academia", "local_authority"],
            "delivered": [310.0, 180.0, 60.0, 40.0, 22.0, 70.0],
            "overhead": [20.0, 35.0, 12.0, 9.0, 4.0, 5.0],
            "unspent": [45.0, 22.0, 18.0, 3.0, 2.0, 9.0],
            "transit": [10.0, 30.0, 4.0, 2.0, 0.0, 1.0],
        }
    )


def graph() -> nx.DiGraph:
    """A network of trust by sector."""
    luck = np.random.default_rng(11)
    drawn = nx.DiGraph()
    kinds = [kind for kind, size in KINDS.items() for _ in range(size)]
    for row, kind in enumerate(kinds):
        drawn.add_node(row, kind=kind, member=bool(luck.uniform() < 0.8), name=f"{kind} {row}")
    for source, target in luck.integers(0, len(kinds), (4000, 2)):
        if source != target:
            same = kinds[source] == kinds[target]
            drawn.add_edge(
                int(source), int(target), trust=float(np.clip(luck.normal(0.5 if same else 0.38, 0.15), 0, 1))
            )
    return drawn
