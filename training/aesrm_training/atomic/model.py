"""Stage 1's network: the encoder's head, and a head on its encoding that names the concepts."""

import torch
import torch.nn.functional as F
from torch import nn

from ..model import ENCODING, Head
from .concepts import CONCEPTS, OUTPUTS
from .store import Samples

_HIDDEN = 96
#: How steeply a difference of one typical size counts as decided.
_STEEP = 2.0
#: Where each concept's outputs lie.
PLACES = []
for _concept in CONCEPTS:
    _start = PLACES[-1].stop if PLACES else 0
    PLACES.append(slice(_start, _start + _concept.outputs))


class ConceptHead(nn.Module):
    """Encodings [N, D] to [N, OUTPUTS]: logits of the classes, levels in units of their typical size."""

    def __init__(self):
        super().__init__()
        self.direct = nn.Linear(ENCODING, OUTPUTS)
        self.deep = nn.Sequential(nn.Linear(ENCODING, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, OUTPUTS))

    def forward(self, encodings):
        return self.direct(encodings) + self.deep(encodings)


class AtomicNets(nn.Module):
    """What stage 1 learns: the encoder's head, and the concepts' head."""

    def __init__(self, statistics: int):
        super().__init__()
        self.head = Head(statistics)
        self.concepts = ConceptHead()

    def forward(self, samples: Samples, chosen) -> torch.Tensor:
        """Outputs [sum of versions, OUTPUTS] of the chosen samples."""
        return self.concepts(self.head(torch.cat([samples.stats[i] for i in chosen])))


def label_losses(outputs: torch.Tensor, labels: torch.Tensor) -> list[torch.Tensor]:
    """One loss for each concept of which outputs [N, OUTPUTS] have any known label in [N, CONCEPTS]."""
    losses = []
    for i, (concept, place) in enumerate(zip(CONCEPTS, PLACES)):
        known = ~labels[:, i].isnan()
        if not known.any():
            continue
        said, wanted = outputs[known, place], labels[known, i]
        if concept.is_class:
            losses.append(F.cross_entropy(said, wanted.long()))
        else:
            losses.append(F.smooth_l1_loss(said[:, 0], wanted / concept.size))
    return losses


def difference_losses(more: torch.Tensor, differences: torch.Tensor) -> list[torch.Tensor]:
    """One loss for each concept of which an edit changed anything.

    `more` [P, OUTPUTS] are the edited versions' outputs less the clips', `differences` [P, CONCEPTS] what the edits
    did: where that is something, its sign must be right; where it is nothing, no difference must be seen.
    """
    losses = []
    for i, (concept, place) in enumerate(zip(CONCEPTS, PLACES)):
        done, seen = differences[:, i], more[:, place.start]
        known = ~done.isnan()
        if concept.is_class or not known.any():
            continue
        done, seen = done[known], seen[known]
        decided = F.softplus(-_STEEP * done.sign() * seen)
        nothing = F.smooth_l1_loss(seen, torch.zeros_like(seen), reduction="none")
        losses.append(torch.where(done == 0, nothing, decided).mean())
    return losses


def concept_loss(outputs: torch.Tensor, samples: Samples, chosen) -> torch.Tensor:
    """Mean of the concepts' losses of outputs [sum of versions, OUTPUTS]: of the chosen samples' labels, and of their
    versions' differences."""
    losses = label_losses(outputs, torch.cat([samples.labels[i] for i in chosen]))
    by_sample = outputs.split([len(samples.labels[i]) for i in chosen])
    pairs = [(said[1] - said[0], samples.differences[i]) for said, i in zip(by_sample, chosen) if len(said) == 2]
    if pairs:
        losses += difference_losses(*(torch.stack(v) for v in zip(*pairs)))
    return torch.stack(losses).mean()
