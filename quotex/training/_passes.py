"""What trainings in passes share: the learning rate over a run, and the state that a run goes on from."""

from __future__ import annotations

from pathlib import Path

import attrs
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR


def warm_and_decay(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> LambdaLR:
    """A schedule that rises linearly over the part `warmup` of all steps and falls linearly to zero after it."""
    rising = steps * warmup

    def share(step: int) -> float:
        return (step + 1) / rising if step < rising else max(0.0, (steps - step) / (steps - rising))

    return LambdaLR(optimizer, share)


@attrs.frozen(kw_only=True)
class Run:
    """A training that can be cut off after any pass.

    Attributes:
        path: where its state is kept; replaced in one move.
        network, optimizer, schedule: what is kept.
    """

    path: Path
    network: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: LambdaLR

    def save(self, number: int) -> None:
        """Keep the state after a pass."""
        state = {"pass": number, "network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}
        partial = self.path.with_name(f"{self.path.name}.part")
        torch.save({**state, "schedule": self.schedule.state_dict()}, partial)
        partial.replace(self.path)

    def resume(self) -> int:
        """Load the state that was kept, if there is one; the number of passes that are done."""
        if not self.path.exists():
            return 0
        state = torch.load(self.path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        return int(state["pass"])
