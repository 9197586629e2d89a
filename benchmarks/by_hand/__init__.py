"""What a competent team writes without a spec, to compare with."""
