"""Training stage 1: on the statistics alone, then with the trunk; resumed behind the last finished part."""

import numpy as np
import torch

from ..train import Checkpoint, Stage, descend, through_stages
from .model import AtomicNets, batch_loss
from .store import Samples

STAGES = (Stage("atomic statistics", False, 40, 2e-3, 4), Stage("atomic together", True, 3, 1e-3, 8))
_BATCH = 48


def train(samples: Samples, seed: int, stages: list[Stage], threads: int, checkpoint: Checkpoint) -> AtomicNets:
    """The networks trained over the stages; goes on behind the last stage that `checkpoint` holds."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    nets = AtomicNets(samples.stats[0].shape[1])
    nets.normalise(samples.stats)

    def run(stage: Stage, i: int) -> dict:
        def loss_of(chosen: np.ndarray) -> torch.Tensor:
            return batch_loss(nets, samples, chosen, stage.with_trunk)

        return descend(nets, stage, len(samples), _BATCH, np.random.default_rng(seed + i), loss_of)

    through_stages(nets, stages, checkpoint, run)
    return nets.eval()
