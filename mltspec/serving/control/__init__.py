"""How versions are loaded and made live on servers of the Open Inference Protocol, which leaves it to each of them."""
