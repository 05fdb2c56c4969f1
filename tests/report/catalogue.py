"""`make messages`: brings report.po in step with the code, and compiles report.mo."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.support.harness import ROOT

CHINESE = ROOT / "crawler/report/locale/zh/LC_MESSAGES"
PO, MO = CHINESE / "report.po", CHINESE / "report.mo"

_CODE = (ROOT / "crawler/report", ROOT / "crawler/monitoring")
_METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
_KEYWORDS = {"say": None, "mark": None, "plural": (1, 2)}
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the file is the same whenever it is made
_HEADER = """\
# What reports and alerts say, in Chinese. `make messages` adds what is new in the code.
msgid ""
msgstr ""
"Language: zh\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"""


def in_the_code() -> list[str | tuple[str, ...]]:
    found = {
        message
        for folder in _CODE
        for _, _, message, _, _ in extract_from_dir(folder, _METHODS, keywords=_KEYWORDS)
    }
    return sorted(found, key=str)


def read() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh", abort_invalid=True)


def texts(message: Message) -> tuple[str, ...]:
    """Its translations, one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def compiled(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def written(catalogue: Catalog) -> str:
    """The file with every message of the code, in order; those without a translation are empty."""
    entries = [_HEADER]
    for message in in_the_code():
        one, *many = (message,) if isinstance(message, str) else message
        known = catalogue.get(one)
        string = (known.string or "") if known else ""
        lines = [f"msgid {_quoted(one)}"]
        if many:
            string = string[0] if isinstance(string, tuple) else string
            lines += [f"msgid_plural {_quoted(many[0])}", f"msgstr[0] {_quoted(string)}"]
        else:
            lines.append(f"msgstr {_quoted(string)}")
        entries.append("\n".join(lines) + "\n")
    return "\n".join(entries)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    PO.write_text(written(read()), "utf-8")
    catalogue = read()
    MO.write_bytes(compiled(catalogue))
    missing = [message.id for message in catalogue if not all(texts(message))]
    print(f"{len(catalogue)} messages, {len(missing)} to translate", *missing, sep="\n")


if __name__ == "__main__":
    main()
