"""The Office package around the VBA project: ribbon parts, properties, and one fixed order and date for all entries.

So that the same sources make the same bytes on every machine. Nothing here knows what a module says.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pyopenvba.cfb import CFB

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UI_2010 = "http://schemas.microsoft.com/office/2009/07/customui"
_UI_2007 = "http://schemas.microsoft.com/office/2006/01/customui"
# Excel 2010 and later take customUI14 and leave customUI alone; WPS knows the namespace of 2006, so both are there.
_RIBBON_PARTS = {
    "customUI/customUI.xml": (_UI_2007, "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"),
    "customUI/customUI14.xml": (_UI_2010, "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"),
}
_NOT_COMPILED = bytes.fromhex("cc61ffff000000")
"""``_VBA_PROJECT`` as [MS-OVBA] 2.3.4.1 has writers write it: made by no version of VBA, with nothing compiled.

pyOpenVBA keeps its template's version over an emptied cache, which an Office of that version might believe in."""
_CORE = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Deskhand</dc:title>\
<dc:creator>The Deskhand authors</dc:creator><dc:description>{description}</dc:description>\
<cp:lastModifiedBy>The Deskhand authors</cp:lastModifiedBy>\
<dcterms:created xsi:type="dcterms:W3CDTF">2025-01-01T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">2025-01-01T00:00:00Z</dcterms:modified><cp:version>{version}</cp:version>\
</cp:coreProperties>"""


def finished(package: bytes, ribbon: str, version: str, description: str) -> bytes:
    """``package`` with the ribbon (written for Office 2010) and Deskhand's properties, always the same bytes.

    ``description`` is what Excel's list of add-ins shows; it and ``version`` hold no XML. Raises ``ValueError`` where
    the ribbon names another namespace or the package has no relationships.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    _add_ribbon(parts, ribbon)
    parts["xl/vbaProject.bin"] = _not_compiled(parts["xl/vbaProject.bin"])
    parts["docProps/core.xml"] = _CORE.format(version=version, description=description).encode()
    return _packed(parts)


def write_package(path: Path, package: bytes) -> None:
    """Put ``package`` at ``path`` in one step, so that no half-written add-in is ever found there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    temporary.write_bytes(package)
    temporary.replace(path)


def _add_ribbon(parts: dict[str, bytes], ribbon: str) -> None:
    if _UI_2010 not in ribbon:
        raise ValueError(f"the ribbon is not in the namespace {_UI_2010}")
    relations = ""
    for number, (name, (namespace, relation)) in enumerate(_RIBBON_PARTS.items(), 1):
        parts[name] = ribbon.replace(_UI_2010, namespace).encode("utf-8")
        relations += f'<Relationship Id="rIdRibbon{number}" Type="{relation}" Target="{name}"/>'
    before = parts["_rels/.rels"].decode("utf-8")
    after = re.sub(r"(?=</Relationships>)", relations, before)
    if after == before:
        raise ValueError("the package has no relationships to add the ribbon to")
    parts["_rels/.rels"] = after.encode("utf-8")


def _not_compiled(project: bytes) -> bytes:
    """The VBA project such that every Office compiles it from its sources."""
    streams = CFB.from_bytes(project)
    streams.write_stream_in_storage("VBA", "_VBA_PROJECT", _NOT_COMPILED)
    changed: bytes = streams.to_bytes()
    return changed


def _packed(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, parts[name], compresslevel=9)
    return target.getvalue()
