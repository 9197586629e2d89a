from mltspec.subjects.telling import plain, told


def test_the_line_that_says_why_is_told():
    graph = "Graph execution error:\n\nDetected at node dense/MatMul defined at (most recent call last):\n"
    error = ValueError(f"{graph}<stack traces unavailable>\nMatrix size-incompatible: In[0]: [32]\n\t [[{{node x}}]]")
    assert told(error) == "ValueError: Matrix size-incompatible: In[0]: [32]"


def test_what_keras_announces_is_no_cause():
    error = NotImplementedError(
        "Exception encountered when calling VAE.call().\n\n\x1b[1mModel VAE has no call.\x1b[0m"
    )
    assert told(error) == "NotImplementedError: Model VAE has no call."


def test_something_is_always_told():
    assert told(KeyError()) == "KeyError: no message"
    assert told(ValueError("Graph execution error:")) == "ValueError: Graph execution error:"
    assert len(told(ValueError("x" * 10_000))) == 300
    assert plain("\x1b[1;31mred\x1b[0m") == "red"


def test_a_paragraph_is_told_whole():
    wrapped = (
        "Object VAE was created by passing\nnon-serializable argument values in `__init__()`.\n\nExample:\n\nclass"
    )
    assert told(TypeError(wrapped)).endswith(
        "VAE was created by passing non-serializable argument values in `__init__()`."
    )
