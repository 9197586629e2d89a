"""What went wrong in a child, told so that its author can act on it."""

from mltspec.engine.blame import of_exception


def test_a_model_that_cannot_be_asked_is_told_what_it_lacks():
    said = "\x1b[1mModel VAE does not have a `call()` method implemented.\x1b[0m"
    text = f"Exception encountered when calling VAE.call().\n\n{said}"
    message = of_exception(NotImplementedError(text), []).message
    assert "\x1b" not in message
    assert "define `call(self, inputs)`" in message


def test_other_exceptions_are_told_as_they_are():
    assert of_exception(NotImplementedError("later"), []).message == "NotImplementedError: later"
    assert of_exception(ValueError("\x1b[31mred\x1b[0m"), []).message == "ValueError: red"
