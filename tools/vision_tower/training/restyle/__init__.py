"""What other artists would have made of a drawing: varied anew at each step, so no part of what is drawn and kept."""

from tools.vision_tower.training.restyle.bends import move
from tools.vision_tower.training.restyle.manners import MANNERS, Manner, Restyle, binds_colours

__all__ = ["MANNERS", "Manner", "Restyle", "binds_colours", "move"]
