"""KServe's ModelServer with the hook that its authors leave to whoever uses it: load what `live` points to.

python kserve_server.py MODEL FOLDER REST_PORT GRPC_PORT
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from kserve import InferOutput, InferResponse, Model, ModelServer
from kserve.model_repository import ModelRepository


class Saved(Model):
    """One SavedModel."""

    def __init__(self, name, folder):
        super().__init__(name)
        self._folder = folder

    def load(self):
        self._loaded = tf.saved_model.load(str(self._folder))
        self._call = self._loaded.signatures["serving_default"]
        self._specs = self._call.structured_input_signature[1]
        self.ready = True
        return True

    async def get_input_types(self):
        return [
            {"name": name, "datatype": "FP32", "shape": [-1 if d is None else d for d in spec.shape.as_list()]}
            for name, spec in self._specs.items()
        ]

    def predict(self, payload, headers=None, response_headers=None):
        if isinstance(payload, dict):  # V1
            given = payload["inputs"] if "inputs" in payload else payload["instances"]
            columns = given if isinstance(given, dict) else {next(iter(self._specs)): given}
            answers = self._call(**{k: tf.constant(np.asarray(v, "float32")) for k, v in columns.items()})
            return {"predictions": next(iter(answers.values())).numpy().tolist()}
        answers = self._call(**{each.name: tf.constant(each.as_numpy()) for each in payload.inputs})
        outputs = []
        for name, value in answers.items():
            output = InferOutput(name=name, shape=list(value.shape), datatype="FP32")
            output.set_data_from_numpy(value.numpy(), binary_data=False)
            outputs.append(output)
        return InferResponse(response_id=payload.id or "1", model_name=self.name, infer_outputs=outputs)


class Repository(ModelRepository):
    """The one model, loaded anew when it is told to."""

    def __init__(self, folder):
        super().__init__(str(folder))
        self._folder = Path(folder)

    def load(self, name):
        model = Saved(name, (self._folder / "live").resolve())
        model.load()
        self.update(model)
        return True


if __name__ == "__main__":
    name, folder, rest, grpc = sys.argv[1:]
    repository = Repository(folder)
    repository.load(name)
    ModelServer(http_port=int(rest), grpc_port=int(grpc), registered_models=repository, workers=1).start(
        [repository.get_model(name)]
    )
