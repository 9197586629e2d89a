"""mltspec: declarative tests for machine-learning systems on TensorFlow and Keras."""

__version__ = "0.1.0"
