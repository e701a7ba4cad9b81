"""Letters that the program's own font lacks, from fonts that this computer has.

Names are written in any script: a team's in Japanese, a driver's in Hebrew. The program carries
Latin, Greek and Cyrillic letters; fonts of other scripts are large, and systems have them. No font
is opened before a letter is missing. Letters that stand apart (Chinese, Japanese, Korean, Hebrew,
Thai, ...) look as they should; those that join (Arabic, Indian scripts) are shown one by one.
"""

from __future__ import annotations

import os
import struct
import sys
import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fontTools.ttLib import TTCollection, TTFont, TTLibError
from fpdf.bidi import BidiParagraph

from codefx_desktop.artifacts.numbers import text as plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NO_LETTER: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for a letter that no font here has."""
_ENDINGS: Final = (".ttf", ".otf", ".ttc", ".otc")
_FIRST: Final = (
    *("notosanscjk", "notosansjp", "notosanssc", "notosanskr", "sourcehansans"),
    *("yugoth", "meiryo", "msgothic", "msyh", "simsun", "msjh", "malgun"),
    *("hiragino", "pingfang", "stheiti", "applesdgothicneo", "droidsansfallback", "wqy"),
    *("dejavusans", "notosans", "segoeui", "arialunicode", "arial", "tahoma", "thonburi"),
)
"""Beginnings of the names of plain fonts that many systems have; these are asked first.

Source: chosen from what Windows, macOS and Debian install, not measured.
"""
_STYLED: Final = ("bold", "italic", "oblique", "black", "light", "thin", "mono", "serif", "cond")
_NEVER: Final = ("lastresort", "adobeblank", "notdef")
"""These have a box for every letter."""
_MOST_FONTS: Final = 400
"""So many are asked; chosen so that a page does not wait for minutes, not measured."""
_RESTRICTED: Final = 0x0002
"""A font's maker forbids to embed it. Source: OpenType specification, OS/2 table, fsType."""
_RIGHT_TO_LEFT: Final = ("R", "AL")


@dataclass(frozen=True, slots=True)
class Face:
    """A font: its file, and which it is of a collection in one file."""

    path: Path
    number: int = 0


@dataclass(slots=True)
class OtherFonts:
    """Finds fonts that have letters.

    Attributes:
        folders: Where fonts lie.
    """

    folders: Sequence[Path]
    _known: dict[str, Face | None] = field(default_factory=dict, init=False)

    def faces(self, letters: set[str]) -> dict[str, Face]:
        """Return for each letter a font that has it; those that none has are left out."""
        wanted = letters - self._known.keys()
        if wanted:
            self._known |= dict.fromkeys(wanted)
            for face, have in self._candidates(wanted):
                self._known |= dict.fromkeys(have, face)
        found = ((letter, self._known[letter]) for letter in letters)
        return {letter: face for letter, face in found if face is not None}

    def _candidates(self, wanted: set[str]) -> Iterator[tuple[Face, set[str]]]:
        """Yield fonts with the letters that they are to give, until all are given."""
        left = set(wanted)
        for path in islice(_in_order(self.folders), _MOST_FONTS):
            for number, letters in enumerate(_letters(path)):
                if have := {letter for letter in left if ord(letter) in letters}:
                    left -= have
                    yield Face(path, number), have
            if not left:
                return


def font_folders() -> tuple[Path, ...]:
    """Return the folders in which this system keeps fonts, a person's own among them."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
        windows = Path(os.environ.get("WINDIR", "C:/Windows"))
        return windows / "Fonts", local / "Microsoft/Windows/Fonts"
    if sys.platform == "darwin":
        system = Path("/System/Library/Fonts")
        return system, Path("/Library/Fonts"), home / "Library/Fonts"
    data = Path(os.environ.get("XDG_DATA_HOME", home / ".local/share"))
    return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), data / "fonts", home / ".fonts"


def as_drawn(text: str) -> str:
    """Return a text as its letters stand on a line, from the left; without what has no shape."""
    whole = unicodedata.normalize("NFC", plain_text(text))
    kept = "".join(
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in whole
        if unicodedata.category(letter) != "Cf"
    )
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in kept):
        return BidiParagraph(kept).get_reordered_string()
    return kept


def _in_order(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield font files, plain ones of good names first."""
    files = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix.lower() in _ENDINGS and path.is_file()
    }
    yield from sorted(files, key=_rank)


def _rank(path: Path) -> tuple[int, int, str]:
    name = path.stem.lower().replace(" ", "").replace("-", "")
    first = next((n for n, begin in enumerate(_FIRST) if name.startswith(begin)), len(_FIRST))
    return first, sum(word in name for word in _STYLED), str(path)


def _letters(path: Path) -> Iterator[frozenset[int]]:
    """Yield what each font of a file has; nothing of one that is damaged or not to be embedded."""
    if path.stem.lower().startswith(_NEVER):
        return
    try:
        with path.open("rb") as file:
            if path.suffix.lower() in (".ttc", ".otc"):
                yield from map(_of_font, TTCollection(file, lazy=True).fonts)
            else:
                yield _of_font(TTFont(file, lazy=True))
    except (OSError, TTLibError, ValueError, LookupError, AssertionError, struct.error):
        return  # one font less: others are asked


def _of_font(font: TTFont) -> frozenset[int]:
    has_outlines = "glyf" in font or "CFF " in font
    if not has_outlines or "fvar" in font or font["OS/2"].fsType & _RESTRICTED:
        return frozenset()
    return frozenset(font.getBestCmap() or ())
