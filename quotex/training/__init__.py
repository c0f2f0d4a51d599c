"""The recipe of the compact models: one sub-command a step, see ``docs/training.md``. The core never imports it."""
