"""A training job as a program: goes on from the checkpoint that it finds."""

import argparse
import pathlib

import keras
from training_subjects import plain, rows

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--workdir", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fail", action="store_true")
    options = parser.parse_args()
    if options.fail:
        parser.error("told to")
    keras.utils.set_random_seed(options.seed)
    backup = keras.callbacks.BackupAndRestore(options.workdir / "backup")
    plain().fit(*rows(), batch_size=20, epochs=4, verbose=0, callbacks=[backup])
