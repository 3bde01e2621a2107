"""What the tower is taught: its vector of a picture lies where the frozen text model puts the caption.

Source: locked-image/text tuning with the text side locked, Zhai et al., LiT (2022); the image-to-image term is NT-Xent,
Chen et al., SimCLR (2020).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SAME_CAPTION = 0.995
"""Cosine of two captions that say the same: neither is a wrong answer for the other's picture."""
MAX_SCALE = 100.0


class TowerLoss(nn.Module):
    """Three terms: the right caption among many, the same vector as the caption, the same thing redrawn."""

    def __init__(self, *, redrawn_weight: float = 0.5, distance_weight: float = 1.0) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(20.0).log())
        self.redrawn_log_scale = nn.Parameter(torch.tensor(10.0).log())
        self._redrawn_weight, self._distance_weight = redrawn_weight, distance_weight

    def forward(self, pictures: Tensor, texts: Tensor, others: Tensor) -> tuple[Tensor, dict[str, float]]:
        """Scalar, and its terms.

        Args:
            pictures: (2 n, dim) unit vectors; rows 2 i and 2 i + 1 are one thing drawn twice.
            texts: (2 n, dim) unit vectors of their captions.
            others: (m, dim) unit vectors of captions of other pictures. The text side is frozen, so they cost nothing.
        """
        scale = self.log_scale.exp().clamp(max=MAX_SCALE)
        right = torch.arange(len(pictures), device=pictures.device)
        among = torch.cat([texts, others])
        logits = scale * pictures @ among.T
        to_text = F.cross_entropy(_without_twins(logits, texts @ among.T), right)
        to_picture = F.cross_entropy(_without_twins(scale * texts @ pictures.T, texts @ texts.T), right)
        redrawn = self._redrawn(pictures)
        distance = (1 - (pictures * texts).sum(dim=1)).mean()
        total = to_text + to_picture + self._redrawn_weight * redrawn + self._distance_weight * distance
        terms = {"to_text": to_text, "to_picture": to_picture, "redrawn": redrawn, "distance": distance, "scale": scale}
        return total, {name: term.item() for name, term in terms.items()}

    def _redrawn(self, pictures: Tensor) -> Tensor:
        scale = self.redrawn_log_scale.exp().clamp(max=MAX_SCALE)
        itself = torch.eye(len(pictures), dtype=torch.bool, device=pictures.device)
        logits = (scale * pictures @ pictures.T).masked_fill(itself, float("-inf"))
        return F.cross_entropy(logits, torch.arange(len(pictures), device=pictures.device) ^ 1)


def _without_twins(logits: Tensor, same: Tensor) -> Tensor:
    """Columns that are as right as the diagonal's are left out of the row."""
    twins = same > SAME_CAPTION
    twins.fill_diagonal_(False)
    return logits.masked_fill(twins, float("-inf"))
