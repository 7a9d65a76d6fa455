"""The product of a calibration with all models: weights by the evidence, and a posterior of each that can be averaged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.model_average import posterior_weights
from sim.calibration.model_files import models_by_evidence, write_models
from sim.calibration.options import models_folder, rivals_with_models
from sim.design.mechanisms import ITSELF, mechanism
from sim.errors import InputError
from sim.findings.numbers import readable_name
from sim.runs.models import models
from sim.runs.posterior import model_of_table, parameter_sets, posterior

NAMES = models()["model"].tolist()


def rivals() -> pd.DataFrame:
    """A table of rivals as a calibration has it: the model, a rival that is not averaged, and the other models."""
    names = ["the model", "reputation", *(readable_name(name) for name in NAMES[1:])]
    evidence = [-50.0, 400.0, *(-50.0 - np.arange(1.0, len(NAMES)))]
    return pd.DataFrame({"model": names, "facts": 81, "evidence": evidence, "error": 0.1})


def test_weights_follow_from_prior_and_evidence_of_the_models_alone():
    table = models_by_evidence(rivals())
    assert table["model"].tolist() == NAMES
    assert table["log_evidence"].tolist() == [-50.0 - number for number in range(len(NAMES))]
    assert table["weight"].to_numpy() == pytest.approx(posterior_weights(models()["prior"], table["log_evidence"]))


def test_what_is_written_can_be_averaged(tmp_path):
    own = posterior().head(3)
    files = write_models(dict.fromkeys(NAMES, own), rivals(), tmp_path / "models")
    assert {path.name for path in files} == {path.name for path in (tmp_path / "models").iterdir()}
    read = models(tmp_path / "models" / "models.csv")
    assert read["weight"].sum() == pytest.approx(1.0)
    for path in files:
        if path.name != "models.csv":
            held = {} if (name := model_of_table(path)) == ITSELF else dict(mechanism(name).values)
            assert held.items() <= parameter_sets(str(path))[0].items()


def test_models_that_were_not_fitted_or_answer_for_other_facts_have_no_weight():
    with pytest.raises(InputError, match="the models constant_trust were not fitted"):
        models_by_evidence(rivals()[lambda table: table["model"] != "constant trust"])
    with pytest.raises(InputError, match="models were fitted to different facts"):
        models_by_evidence(rivals().assign(facts=[81] * 7 + [80]))


def test_the_models_are_fitted_beside_the_rivals_that_are_named(tmp_path):
    named = rivals_with_models((mechanism("reputation"), mechanism("aspiration")))
    assert [each.name for each in named] == ["reputation", "aspiration", *(n for n in NAMES[1:] if n != "aspiration")]
    assert models_folder(None) is None
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="`models` must be the path of a folder, such as configs/data; got "):
        models_folder(tmp_path / "file")
