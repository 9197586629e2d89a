"""Two exports of one model are the same artifact, another model's is another, and a torn one is none of them."""

import shutil

import pytest

pytest.importorskip("tensorflow")

import keras

from mltspec.subjects.pipeline_artifacts import artifact_digest, files_of

pytestmark = pytest.mark.tensorflow


def exported(model, folder):
    model.export(str(folder), verbose=False)
    return folder


@pytest.fixture
def model():
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def digest(folder):
    return artifact_digest(files_of(folder))


def test_exports_are_told_apart_by_what_they_compute_with(model, tmp_path):
    first = exported(model, tmp_path / "a" / "1")
    again = exported(model, tmp_path / "b" / "1")
    assert (first / "fingerprint.pb").read_bytes() != (again / "fingerprint.pb").read_bytes()
    assert digest(first) == digest(again)
    model.layers[0].kernel.assign_add(model.layers[0].kernel * 0.001 + 1e-6)
    assert digest(first) != digest(exported(model, tmp_path / "c" / "1"))


@pytest.mark.parametrize("torn", ["saved_model.pb", "variables/variables.data-00000-of-00001"])
def test_a_torn_export_is_another_artifact(model, tmp_path, torn):
    whole = exported(model, tmp_path / "whole")
    shutil.copytree(whole, tmp_path / "torn")
    file = tmp_path / "torn" / torn
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert digest(tmp_path / "torn") != digest(whole)


def test_a_saved_model_of_keras_is_the_same_whenever_it_is_written(model, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        model.save(tmp_path / name / "whole.keras")
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
