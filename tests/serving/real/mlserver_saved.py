"""MLServer's runtime for a SavedModel, as its documentation says to write one."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse, MetadataTensor
from mlserver.utils import get_model_uri


class Saved(MLModel):
    """One SavedModel."""

    async def load(self):
        self._loaded = tf.saved_model.load(await get_model_uri(self._settings))
        self._call = self._loaded.signatures["serving_default"]
        specs = self._call.structured_input_signature[1]
        self.inputs = [
            MetadataTensor(name=n, datatype="FP32", shape=[-1 if d is None else d for d in s.shape.as_list()])
            for n, s in specs.items()
        ]
        return True

    async def predict(self, payload):
        fed = {each.name: tf.constant(NumpyCodec.decode_input(each)) for each in payload.inputs}
        answers = self._call(**fed)
        outputs = [NumpyCodec.encode_output(name, np.asarray(value)) for name, value in answers.items()]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)
