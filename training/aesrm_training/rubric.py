"""The criteria and dimensions, read from the product's own rubric file."""

import json

from .paths import CORE

_RUBRIC = json.loads((CORE / "rubric.json").read_text(encoding="utf-8"))

CRITERIA = [c["id"] for c in _RUBRIC["criteria"]]
NAMES = {c["id"]: c["name"] for c in _RUBRIC["criteria"]}
DIMENSIONS = [d["id"] for d in _RUBRIC["dimensions"]]
#: For each criterion, the index of its dimension.
DIMENSION_OF = [DIMENSIONS.index(c["dimension"]) for c in _RUBRIC["criteria"]]
#: Nothing in training shows this criterion's failure, so the model does not speak of it.
NOT_SEEN = ["vp.language"]
CLAIMED = [c for c in CRITERIA if c not in NOT_SEEN]
