"""TensorFlow Serving's protocols over its official messages, with its rules for versions; not its binary.

python tf_serving_stand_in.py MODEL BASE_PATH REST_PORT GRPC_PORT
"""

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

AVAILABLE, END = get_model_status_pb2.ModelVersionStatus.AVAILABLE, get_model_status_pb2.ModelVersionStatus.END
STATES = {10: "START", 20: "LOADING", 30: "AVAILABLE", 40: "UNLOADING", 50: "END"}


class NotFoundError(Exception):
    """A request that names what is not there."""


class Models:
    """Versions of one model; availability is preserved: new ones are loaded before old ones go."""

    def __init__(self, name, base):
        self.name, self.base = name, Path(base)
        self.loaded, self.status = {}, {}
        self.serve({max(int(each.name) for each in self.base.iterdir() if each.name.isdigit())})

    def serve(self, versions):
        for version in sorted(versions - set(self.loaded)):
            try:
                self.loaded[version] = tf.saved_model.load(str(self.base / str(version))).signatures["serving_default"]
                self.status[version] = (AVAILABLE, "")
            except Exception as error:
                self.status[version] = (END, f"{type(error).__name__}: {error}")
                return  # what was served stays
        for version in set(self.loaded) - versions:
            del self.loaded[version]
            self.status[version] = (END, "")

    def call(self, version, inputs):
        version = version or max(self.loaded)
        if version not in self.loaded:
            raise NotFoundError(f"Servable not found for request: Specific({self.name}, {version})")
        function = self.loaded[version]
        wanted = set(function.structured_input_signature[1])
        if set(inputs) != wanted:
            raise ValueError(f"input size does not match signature: {len(inputs)}!={len(wanted)}")
        return version, function(**inputs)


class Predictions(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Predict."""

    def Predict(self, request, context):
        spec = request.model_spec
        try:
            inputs = {name: tf.constant(tf.make_ndarray(each)) for name, each in request.inputs.items()}
            version, outputs = models.call(spec.version.value if spec.HasField("version") else None, inputs)
        except NotFoundError as error:
            context.abort(grpc.StatusCode.NOT_FOUND, str(error))
        except Exception as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        reply = predict_pb2.PredictResponse()
        reply.model_spec.name, reply.model_spec.version.value = models.name, version
        for name, value in outputs.items():
            reply.outputs[name].CopyFrom(tf.make_tensor_proto(value))
        return reply


class Management(model_service_pb2_grpc.ModelServiceServicer):
    """Status and configuration; what a configuration asks for is loaded after it is acknowledged."""

    def GetModelStatus(self, request, context):
        reply = get_model_status_pb2.GetModelStatusResponse()
        for version, (state, error) in models.status.items():
            each = reply.model_version_status.add(version=version, state=state)
            each.status.error_message = error
        return reply

    def HandleReloadConfigRequest(self, request, context):
        (config,) = request.config.model_config_list.config
        reply = model_management_pb2.ReloadConfigResponse()
        if (config.name, config.model_platform, config.base_path) != (models.name, "tensorflow", str(models.base)):
            reply.status.error_code, reply.status.error_message = 3, f"no such model: {config}"
            return reply
        versions = set(config.model_version_policy.specific.versions)
        threading.Thread(target=models.serve, args=(versions,)).start()
        return reply


class Rest(BaseHTTPRequestHandler):
    """REST v1."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._say(200, {"model_version_status": [
            {"version": str(version), "state": STATES[state], "status": {"error_code": "OK", "error_message": error}}
            for version, (state, error) in list(models.status.items())
        ]})  # fmt: skip

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path.removesuffix(":predict").split("/")
        try:
            inputs = {k: tf.constant(np.array(v, "float32")) for k, v in json.loads(body)["inputs"].items()}
            _, outputs = models.call(int(path[5]) if len(path) > 5 else None, inputs)
            plain = {name: value.numpy().tolist() for name, value in outputs.items()}
            self._say(200, {"outputs": next(iter(plain.values())) if len(plain) == 1 else plain})
        except NotFoundError as error:
            self._say(404, {"error": str(error)})
        except Exception as error:
            self._say(400, {"error": f"{type(error).__name__}: {error}"})

    def _say(self, status, reply):
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        pass


if __name__ == "__main__":
    name, base, rest_port, grpc_port = sys.argv[1:]
    models = Models(name, base)
    server = grpc.server(ThreadPoolExecutor(4))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(Predictions(), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(Management(), server)
    server.add_insecure_port(f"127.0.0.1:{grpc_port}")
    server.start()
    ThreadingHTTPServer(("127.0.0.1", int(rest_port)), Rest).serve_forever()
