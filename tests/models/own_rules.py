"""Rulebooks of a jurisdiction's own: a shipped one with a line more, or a line changed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from models.rulebooks.shelf import Shelf

PACKAGE = "models.rulebooks"
VERSION = "[[version]]\n"


def amended(folder: Path, name: str, *changes: tuple[str, str]) -> Shelf:
    """The shipped rulebook with each text replaced once by another."""
    text = (files(PACKAGE) / f"{name}.toml").read_text("utf-8")
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{name}: {old}")
        text = text.replace(old, new, 1)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return Shelf.load(folder)


def switched_on(folder: Path, name: str, *rules: str) -> Shelf:
    """The shipped rulebook with rules of the platform's that its text is silent about."""
    lines = "".join(f'{rule} = "platform"\n' for rule in rules)
    return amended(folder, name, (VERSION, VERSION + lines))
