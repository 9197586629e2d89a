"""Messages from our tables are those of the framework, byte for byte on the wire."""

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

from mltspec.serving.rpc import inference, tensorflow  # noqa: E402
from mltspec.serving.saved_signature import Tensor, read_signature  # noqa: E402
from mltspec.serving.system import Trouble  # noqa: E402

pytestmark = pytest.mark.tensorflow
DTYPES = [
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "bool",
]
VALUES = np.array([[0, 1, 2], [3, 4, 5]])


@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_go_to_tensorflow_and_come_back(dtype):
    array = VALUES.astype(dtype)
    ours = tensorflow.SCHEMA["TensorProto"]()
    tensorflow._put(ours, array)
    theirs = tf.make_tensor_proto(array).FromString(ours.SerializeToString())
    assert np.array_equal(tf.make_ndarray(theirs), array)
    for proto in (tf.make_tensor_proto(array), tf.make_tensor_proto(array.tolist(), dtype=dtype)):
        back = tensorflow._array(ours.FromString(proto.SerializeToString()))
        assert np.array_equal(back, array)
        assert back.dtype == array.dtype


def test_a_value_that_stands_for_all_that_follow():
    proto = tf.make_tensor_proto(1.5, shape=(2, 3))
    back = tensorflow._array(tensorflow.SCHEMA["TensorProto"].FromString(proto.SerializeToString()))
    assert back.tolist() == [[1.5] * 3] * 2


def test_text_goes_to_tensorflow_and_comes_back():
    words = np.array([["Bath", b"York"]], object)
    ours = tensorflow.SCHEMA["TensorProto"]()
    tensorflow._put(ours, words)
    theirs = tf.make_tensor_proto(["x"]).FromString(ours.SerializeToString())
    assert tf.make_ndarray(theirs).tolist() == [[b"Bath", b"York"]]
    assert tensorflow._array(ours).tolist() == [["Bath", "York"]]


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("dtype", [*DTYPES[1:], "object"])
def test_v2_tensors_raw_and_typed(raw, dtype):
    array = VALUES.astype(str).astype(object) if dtype == "object" else VALUES.astype(dtype)
    request = inference.SCHEMA["ModelInferRequest"]()
    inference._put(request, "x", array, None, raw)
    assert bool(request.raw_input_contents) == raw
    back = inference._array(request.inputs[0], 0, request.raw_input_contents)
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)


def test_a_signature_is_read_without_the_framework(tmp_path):
    class Module(tf.Module):
        @tf.function(
            input_signature=[tf.TensorSpec((None, 4), tf.float32, "x"), tf.TensorSpec((None,), tf.string, "town")]
        )
        def serve(self, x, town):
            return {"score": tf.reduce_sum(x, axis=1), "length": tf.strings.length(town)}

    module = Module()
    tf.saved_model.save(module, str(tmp_path / "m"), signatures={"serving_default": module.serve})
    found = read_signature(tmp_path / "m")
    assert found.inputs == (Tensor("town", "BYTES", (-1,)), Tensor("x", "FP32", (-1, 4)))
    assert found.outputs == (Tensor("length", "INT32", (-1,)), Tensor("score", "FP32", (-1,)))
    tf.saved_model.save(tf.Module(), str(tmp_path / "bare"))
    with pytest.raises(Trouble, match="has no signature"):
        read_signature(tmp_path / "bare")
    (tmp_path / "bare" / "saved_model.pb").write_bytes(b"\xff\xff\xff")
    with pytest.raises(Trouble, match="is damaged"):
        read_signature(tmp_path / "bare")
    with pytest.raises(Trouble, match="holds no SavedModel"):
        read_signature(tmp_path)
