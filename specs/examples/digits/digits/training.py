"""The training job. Killed at any step and started again, it ends where it would have ended."""

from pathlib import Path

import keras

from digits.data import training
from digits.model import build

EPOCHS = 8
BATCH_ROWS = 32


def train(workdir: str, seed: int = 7) -> keras.Model:
    """Train to the end, or go on from the checkpoint that ``workdir`` holds.

    Args:
        workdir: A folder of this run's own; its checkpoint is removed once training ends.
        seed: Decides the first weights and the order of the rows.

    Returns:
        The trained model.
    """
    keras.utils.set_random_seed(seed)
    model = build()
    x, y = training()
    resume = keras.callbacks.BackupAndRestore(Path(workdir) / "backup")
    model.fit(x, y, epochs=EPOCHS, batch_size=BATCH_ROWS, callbacks=[resume], verbose=0)
    return model
