"""Makes the typeface of the sheets anew: `python -m api.sheets.cutting FONT.ttc MAPPINGS.txt.bz2`.

Of Noto Sans CJK SC, the characters that people and places in China are called by, with outlines as
PDF libraries take them. Only for whoever makes it: needs fonttools. Where the two files come from
says README.md.
"""

from __future__ import annotations

import bz2
import io
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

from api.sheets.typeface import FILE, NAME

SOURCE = "Noto Sans CJK SC"
TOLERANCE = 1.0
"""How far the new outlines may lie from the old ones, of 1000 units."""


def characters(mappings: Path) -> Iterator[int]:
    yield from range(0x20, 0x7F)
    yield from range(0xA0, 0x100)
    # Two bytes of GBK: all that is printed in China, and the 20,902 ideographs of Unicode 1.1.
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            yield from map(ord, bytes([lead, trail]).decode("gbk", "ignore"))
    # 通用规范汉字表 (2013): what a name may be registered with. 196 of its 8,105 are not in GBK.
    with bz2.open(mappings, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                yield int(line.split("\t")[0].removeprefix("U+"), 16)


def cut(source: Path, mappings: Path) -> TTFont:
    fonts: list[TTFont] = TTCollection(source).fonts
    (font,) = (each for each in fonts if each["name"].getDebugName(4) == SOURCE)
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 7, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(characters(mappings)))
    subsetter.subset(font)
    _to_truetype(font)
    # A changed font may not go by the name of the original (OFL 3).
    for number, text in ((1, NAME), (2, "Regular"), (4, NAME), (6, NAME.replace(" ", ""))):
        font["name"].setName(text, number, 3, 1, 0x409)
    return font


def _to_truetype(font: TTFont) -> None:
    order, outlines = font.getGlyphOrder(), font.getGlyphSet()
    glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        glyf.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), glyf
    del font["CFF "]
    font["head"].glyphDataFormat = 0
    largest = font["maxp"]
    largest.tableVersion = 0x00010000
    largest.maxZones = 1
    for name in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
        "maxComponentDepth",
    ):
        setattr(largest, name, 0)
    glyf.compile(font)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


if __name__ == "__main__":
    out = io.BytesIO()
    cut(Path(sys.argv[1]), Path(sys.argv[2])).save(out)
    FILE.write_bytes(lzma.compress(out.getvalue(), preset=9))
