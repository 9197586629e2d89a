"""The claims about any batch: what each measures on one batch, and when it is broken."""
