"""The prompts as sound: those that are shipped, and a speaker's own in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ivr.prompts.sound import NotTelephoneSound, pcm_of, seconds
from ivr.prompts.texts import OURS, Language, Prompt, path, wordings


class PromptFault(Exception):
    """`faults`: every one, in Chinese, each naming its file."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


class Prompts:
    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: recordings named as ours are (`cmn/greeting.wav`), which win over them. Raises
        PromptFault."""
        faults = list(_strange(folder)) if folder else []
        self._wordings = wordings()
        self._pcm: dict[tuple[Language, Prompt], bytes] = {}
        for language in Language:
            for prompt in Prompt:
                file = path(OURS, language, prompt)
                if folder and (own := path(folder, language, prompt)).exists():
                    file = own
                try:
                    self._pcm[language, prompt] = _read(file)
                except NotTelephoneSound as fault:
                    faults.append(f"提示音{file}{fault.why}")
        if faults:
            raise PromptFault(tuple(faults))

    def pcm(self, language: Language, prompt: Prompt) -> bytes:
        """As ivr.line takes it."""
        return self._pcm[language, prompt]

    def text(self, language: Language, prompt: Prompt) -> str:
        """Empty for TONE."""
        wording = self._wordings.get((language, prompt))
        return wording.text if wording else ""

    def seconds(self, language: Language, prompt: Prompt) -> float:
        return seconds(self.pcm(language, prompt))


def _strange(folder: Path) -> Iterator[str]:
    """A recording with a misspelt name would never be heard, and nobody would be told."""
    if not folder.is_dir():
        yield f"没有这个提示音文件夹：{folder}"
        return
    ours = {path(folder, language, prompt) for language in Language for prompt in Prompt}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() == ".wav" and file not in ours:
            yield f"{file}不是任何提示音的名称（例如 cmn/greeting.wav）"


def _read(file: Path) -> bytes:
    """Raises NotTelephoneSound."""
    try:
        pcm = pcm_of(file.read_bytes())
    except OSError as fault:
        raise NotTelephoneSound(f"无法读取：{fault.strerror}") from None
    if not pcm:
        raise NotTelephoneSound("里没有声音")
    return pcm
