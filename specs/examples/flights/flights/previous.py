"""The previous model: the same network, trained when only January to June had been seen.

python -m flights.previous previous.keras
"""

import sys

import keras

from flights.data import earlier
from flights.model import build

SEED = 2013
EPOCHS = 3
BATCH_ROWS = 1024


def main(file: str) -> None:
    """Train it, and write it to a `.keras` file; takes half a minute."""
    keras.utils.set_random_seed(SEED)
    model = build()
    inputs, late = earlier()
    model.fit(inputs, late, epochs=EPOCHS, batch_size=BATCH_ROWS, verbose=2)
    model.save(file)


if __name__ == "__main__":
    main(sys.argv[1])
