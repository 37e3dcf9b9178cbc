"""What callers hear (README.md)."""

from __future__ import annotations

from ivr.prompts.spoken import PromptFault, Prompts
from ivr.prompts.texts import Language, Prompt

__all__ = ["Language", "Prompt", "PromptFault", "Prompts"]
