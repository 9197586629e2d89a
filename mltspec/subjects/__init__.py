"""The user's models, data and training: the only rooms that import TensorFlow and Keras."""
