import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "specs" / "examples"

# A spec's Python targets are found from the folder of the spec; so are these.
sys.path[:0] = [str(EXAMPLES / name) for name in ("digits", "flights")]
