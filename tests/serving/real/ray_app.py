"""A Ray Serve application that serves the version of a SavedModel that its `user_config` names."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from ray import serve

app = FastAPI()


@serve.deployment(num_replicas=2, ray_actor_options={"num_cpus": 0.5})
@serve.ingress(app)
class Half:
    """Two replicas; each keeps what it has loaded."""

    def __init__(self, folder):
        import tensorflow as tf

        self._tf, self._folder, self._loaded, self._version = tf, Path(folder), {}, None

    def reconfigure(self, config):
        version = str(config["version"])
        if version not in self._loaded:
            self._loaded[version] = self._tf.saved_model.load(str(self._folder / version))
        self._version = version

    @app.post("/")
    async def predict(self, request: Request):
        body = await request.json()
        call = self._loaded[self._version].signatures["serving_default"]
        try:
            answers = call(**{k: self._tf.constant(v, self._tf.float32) for k, v in body["inputs"].items()})
        except Exception as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        plain = {name: value.numpy().tolist() for name, value in answers.items()}
        return {"outputs": next(iter(plain.values())) if len(plain) == 1 else plain}


def build(args):
    """Return the application, as `import_path` of Serve's configuration asks for."""
    return Half.bind(args["folder"])
