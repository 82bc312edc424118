"""Statistics in which harmless changes are small: what a re-encoding, a crop of 1% or a frame's shift moves is made short
before anything is learned of it (within-class covariance normalisation, Hatch et al. 2006, softened).

S is the number of statistics.
"""

import torch

#: From this size on, in units of the mean one, a direction of harmless change counts half.
HALF = 1.0


def shortened(scaled: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
    """A symmetric matrix [S, S] that shortens the directions of harmless `changes` [M, S] and leaves the mean length of
    `scaled` statistics [N, S] as it is: a direction in which changes have a mean square of e becomes
    1 / sqrt(1 + e / (HALF * mean e)) as long as one in which they have none."""
    changes, scaled = changes.double(), scaled.double()
    sizes, directions = torch.linalg.eigh(changes.T @ changes / len(changes))
    sizes = sizes.clamp(min=0)
    if sizes.sum() == 0:
        return torch.eye(len(sizes))
    matrix = (directions / (1 + sizes / (HALF * sizes.mean())).sqrt()) @ directions.T
    return (matrix * (scaled.square().mean() / (scaled @ matrix).square().mean()).sqrt()).float()
