"""Training stage 1, resumed where it was finished."""

import numpy as np
import torch

from ..device import CPU, moved
from ..train import Checkpoint, Stage, descend, through_stages
from .model import AtomicNets, concept_loss
from .store import Samples

STAGES = (Stage("atomic", 40, 2e-3),)
_BATCH = 48


def train(samples: Samples, seed: int, stages: list[Stage], checkpoint: Checkpoint, device: torch.device = CPU) -> AtomicNets:
    """The networks trained over the stages on the device; goes on behind the last stage that `checkpoint` holds."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    nets = AtomicNets(samples.stats[0].shape[1])
    nets.head.normalise(samples.stats)
    nets, samples = nets.to(device), moved(samples, device)

    def run(stage: Stage, i: int) -> dict:
        def loss_of(chosen: np.ndarray) -> torch.Tensor:
            return concept_loss(nets(samples, chosen), samples, chosen)

        return descend(nets, stage, len(samples), _BATCH, np.random.default_rng(seed + i), loss_of)

    through_stages(nets, stages, checkpoint, run)
    return nets.cpu().eval()
