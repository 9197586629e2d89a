"""TensorFlow Model Analysis on the rows of `benchmarks.quality`, by a slice of 100 values, with 95% intervals.

In an environment of its own: pip install tensorflow-model-analysis; python benchmarks/by_hand/tfma.py [ROWS]
"""

import sys
import time

import numpy as np
import pandas as pd
import tensorflow_model_analysis as tfma
from google.protobuf import text_format
from tensorflow_model_analysis.proto import config_pb2

CONFIG = """
model_specs { label_key: "label" prediction_key: "prediction" }
metrics_specs {
  metrics { class_name: "AUC" }
  metrics { class_name: "BinaryAccuracy" }
  metrics { class_name: "BinaryCrossentropy" }
}
slicing_specs {}
slicing_specs { feature_keys: ["slice"] }
options { compute_confidence_intervals { value: true } }
"""


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, rows).astype("float32")
    slices = rng.integers(0, 100, rows).astype(str)
    score = np.clip(label * 0.3 + rng.random(rows) * 0.7, 0, 1).astype("float32")
    frame = pd.DataFrame({"label": label, "slice": slices, "prediction": score})
    config = text_format.Parse(CONFIG, config_pb2.EvalConfig())
    began = time.perf_counter()
    result = tfma.analyze_raw_data(frame, config)
    print(f"{rows:,} rows: {time.perf_counter() - began:.1f} s")
    for key, metrics in result.slicing_metrics:
        print(key, metrics[""][""])


if __name__ == "__main__":
    main()
