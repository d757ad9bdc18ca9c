"""Message catalogues without the gettext programs: `.po` files become the `.mo` files that Django reads.

`python -m bukittinggi_kinerja.messages` compiles those of the project, as the image of production does. The format is the one of the GNU gettext manual, "The Format of GNU MO Files".
"""

import ast
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

MAGIC = 0x950412DE
CONTEXT_SEPARATOR, PLURAL_SEPARATOR = "\x04", "\x00"


def compile_catalogues(folder: Path) -> list[Path]:
    """Write the `.mo` beside every `.po` below `folder` that has none as new. The ones written."""
    written = []
    for source in sorted(folder.glob("**/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        unfinished = target.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_bytes(as_mo(read_po(source.read_text(encoding="utf-8"))))
        unfinished.replace(target)  # a reader sees the old file or the new one
        written.append(target)
    return written


def read_po(text: str) -> dict[str, str]:
    """Message keys and their translations. Fuzzy, obsolete and untranslated ones are left out, as msgfmt does."""
    catalogue = {}
    for entry in _entries(text.splitlines()):
        texts = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if "msgid" not in entry or not all(texts) or not texts:
            continue
        key = entry["msgid"]
        if "msgid_plural" in entry:
            key = key + PLURAL_SEPARATOR + entry["msgid_plural"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + CONTEXT_SEPARATOR + key
        catalogue[key] = PLURAL_SEPARATOR.join(texts)
    return catalogue


def _entries(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    field, fuzzy = "", False
    for line in map(str.strip, [*lines, ""]):
        if not line:
            if entry and not fuzzy:
                yield entry
            entry, field, fuzzy = {}, "", False
        elif line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        else:
            name, _, rest = line.partition(" ") if line[0] != '"' else (field, "", line)
            field = name
            # A PO string is a C string; of its escapes Python knows all that occur in catalogues.
            entry[field] = entry.get(field, "") + ast.literal_eval(rest)


def as_mo(catalogue: dict[str, str]) -> bytes:
    """The catalogue in the binary form, keys sorted, without hash table."""
    keys = sorted(catalogue, key=str.encode)
    originals, translations = [key.encode() for key in keys], [catalogue[key].encode() for key in keys]
    header = struct.calcsize("<7I")
    start = header + 2 * 8 * len(keys)
    tables, blob = b"", b""
    for texts in (originals, translations):
        for text in texts:
            tables += struct.pack("<2I", len(text), start + len(blob))
            blob += text + b"\0"
    return struct.pack("<7I", MAGIC, 0, len(keys), header, header + 8 * len(keys), 0, start) + tables + blob


if __name__ == "__main__":
    for written in compile_catalogues(Path(__file__).resolve().parent.parent / "locale"):
        print(written)
