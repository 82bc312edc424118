"""The concepts of the shipped encoder: a head beside the encoding, fitted on the atomic samples once all else is learned.

The encoder's scales stay as the judge was trained with them, so describing changes no verdict. What it says of a
clip ends the encoding: for each class its probabilities, then for each level its amount in the concept's unit.
"""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..device import CPU, moved
from ..halves import round_weights
from ..model import Dropout
from ..train import Stage, descend
from .concepts import CLASSES, CONCEPTS, INDEX, OUTPUTS
from .model import PLACES, concept_loss
from .report import rows
from .store import Samples

#: What the encoding tells of a clip; damage and cuts are the criteria's business.
TOLD_CLASSES = tuple(c for c in CLASSES if c.name not in ("damage", "cut"))
TOLD_LEVELS = tuple(CONCEPTS[INDEX[n]] for n in ("temperature", "saturation", "tonal_range", "depth_of_field", "pan", "tilt",
                                                 "zoom", "dolly", "shake"))
TOLD = sum(c.outputs for c in TOLD_CLASSES) + len(TOLD_LEVELS)
STAGE = Stage("describe", 40, 2e-3)
_BATCH = 64
#: Quantiles of what is said of the training clips, beyond which an amount is called low or high.
_ENDS = (0.15, 0.85)


class Describer(nn.Module):
    """Scaled statistics [V, S] to the concepts' outputs [V, OUTPUTS], as `ConceptHead` gives them."""

    def __init__(self, statistics: int, hidden: int = 96, dropout: float = 0.2):
        super().__init__()
        self.drop = Dropout(dropout)
        self.hidden = nn.Linear(statistics, hidden)
        self.out = nn.Linear(hidden, OUTPUTS)

    def forward(self, stats):
        return self.out(F.relu(self.hidden(self.drop(stats))))

    def told(self, stats):
        """What ends the encoding [V, TOLD]."""
        said = self(stats)
        classes = [said[:, PLACES[INDEX[c.name]]].softmax(1) for c in TOLD_CLASSES]
        levels = [said[:, PLACES[INDEX[c.name]]] * c.size for c in TOLD_LEVELS]
        return torch.cat([*classes, *levels], 1)


def _say(nets: nn.Module, describer: Describer, samples: Samples, chosen) -> torch.Tensor:
    """Outputs [sum of versions, OUTPUTS] of the chosen samples."""
    return describer(nets.head.scaled(torch.cat([samples.stats[i] for i in chosen])))


def _loss(nets: nn.Module, describer: Describer, samples: Samples, chosen) -> torch.Tensor:
    """Mean of the concepts' losses, as in stage 1."""
    return concept_loss(_say(nets, describer, samples, chosen), samples, chosen)


def fit(nets: nn.Module, samples: Samples, seed: int, epochs: int = 0, device: torch.device = CPU) -> Describer:
    """A describer for the networks' scales, fitted on the device."""
    torch.manual_seed(seed)
    nets.eval()
    describer, stage = Describer(len(nets.head.members[0].centre)).to(device), replace(STAGE, epochs=epochs or STAGE.epochs)
    nets, samples = moved(nets, device), moved(samples, device)
    descend(describer, stage, len(samples), _BATCH, np.random.default_rng(seed), lambda chosen: _loss(nets, describer, samples, chosen))
    round_weights(describer)
    return describer.cpu().eval()


@torch.no_grad()
def measure(nets: nn.Module, describer: Describer, samples: Samples) -> list[dict]:
    """The report's rows of a set of samples, as of stage 1."""
    return rows([_say(nets, describer, samples, [i]).numpy() for i in range(len(samples))], samples)


def _rows(report: list[dict], measure_name: str) -> dict[str, dict]:
    return {r["concept"]: r for r in report if r["measure"] == measure_name}


@torch.no_grad()
def manifest_entry(nets: nn.Module, describer: Describer, stats: torch.Tensor, size: int, reports: list[list[dict]]) -> dict:
    """The manifest's `concepts`: `reports` in order of preference (real clips before rendered scenes); what counts as low
    or high is measured on statistics [V, S] of clean training clips."""
    accuracies: dict[str, dict] = {}
    correlations: dict[str, dict] = {}
    for report in reversed(reports):
        accuracies |= _rows(report, "accuracy")
        correlations |= _rows(report, "rank correlation")
    amounts = describer.told(nets.head.scaled(stats))[:, -len(TOLD_LEVELS):].numpy()
    classes = [{"id": c.name, "values": list(c.values), **_measured(accuracies.get(c.name))} for c in TOLD_CLASSES]
    levels = [{"id": c.name, **({"rho": round(r["value"], 3)} if (r := correlations.get(c.name)) else {}),
               "low": round(float(low), 4), "high": round(float(high), 4)}
              for c, (low, high) in zip(TOLD_LEVELS, np.quantile(amounts, _ENDS, axis=0).T)]
    return {"from": size, "classes": classes, "levels": levels}


def _measured(row: dict | None) -> dict:
    """A class's measured accuracy, as the manifest has it."""
    return {"accuracy": round(row["value"], 3), "chance": round(row["chance"], 3), "pairs": row["n"]} if row else {}
