"""Which attachments the bus does not carry, by their first bytes, their suffix and their declared type.

What no row names is offered to the bus: intake knows the formats, and its refusals say more than a table here could.
"""

from typing import Final

PICTURE: Final = "mail-no-picture"
PDF: Final = "mail-no-pdf"
ARCHIVE: Final = "mail-no-archive"
PROGRAM: Final = "mail-no-program"
CALENDAR: Final = "mail-no-calendar"
DOCUMENT: Final = "mail-no-document"
TNEF: Final = "mail-no-tnef"
SEALED: Final = "mail-no-sealed"
FRAGMENT: Final = "mail-no-fragment"

_ZIPPED_FORMATS: Final = (".xlsx", ".xlsm", ".kmz", ".ods")  # ZIP files that an adapter reads or refuses itself

_MAGIC: Final = (
    (b"%PDF-", PDF),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"\x89PNG\r\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b\x08", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ", ARCHIVE),
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
)
_BY_SUFFIX: Final = {
    suffix: kind
    for kind, suffixes in (
        (PICTURE, "png jpg jpeg gif bmp tif tiff webp heic svg ico mp4 mov avi mp3 wav m4a amr 3gp"),
        (PDF, "pdf"),
        (ARCHIVE, "zip 7z rar gz tgz tar bz2 xz dpk cab iso img"),
        (PROGRAM, "exe dll scr bat cmd com js jse vbs vbe jar msi ps1 lnk hta pif wsf apk sh"),
        (CALENDAR, "ics vcs"),
        (DOCUMENT, "doc docx docm odt rtf ppt pptx odp pages"),
        (SEALED, "p7m pgp gpg"),
    )
    for suffix in suffixes.split()
}
_BY_TYPE: Final = (
    ("image/", PICTURE),
    ("audio/", PICTURE),
    ("video/", PICTURE),
    ("application/pdf", PDF),
    ("application/ms-tnef", TNEF),
    ("application/vnd.ms-tnef", TNEF),
    ("text/calendar", CALENDAR),
    ("application/ics", CALENDAR),
    ("application/zip", ARCHIVE),
    ("application/x-msdownload", PROGRAM),
    ("application/msword", DOCUMENT),
    ("application/rtf", DOCUMENT),
    ("application/pkcs7-mime", SEALED),
    ("application/x-pkcs7-mime", SEALED),
    ("application/pgp-encrypted", SEALED),
    ("message/", FRAGMENT),
)
_SUFFIX_OF: Final = {  # so that a format is recognised although the file has no name, and back
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/json": ".json",
    "application/geo+json": ".geojson",
    "application/x-ndjson": ".ndjson",
    "application/vnd.google-earth.kml+xml": ".kml",
    "application/vnd.google-earth.kmz": ".kmz",
    "application/gpx+xml": ".gpx",
    "application/cap+xml": ".cap",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
_TYPE_OF: Final = {suffix: media for media, suffix in _SUFFIX_OF.items() if media != "text/xml"}
SIGNATURES: Final = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def suffix(name: str) -> str:
    """Return a file name's suffix in small letters, with its dot, or ""."""
    stem, dot, last = name.rpartition(".")
    return dot + last.lower() if stem else ""


def refused(name: str, media: str, data: bytes) -> str:
    """Return the text that says why an attachment is not carried, or ""."""
    end = suffix(name)
    zipped = end in _ZIPPED_FORMATS or (not end and _SUFFIX_OF.get(media, "") in _ZIPPED_FORMATS)
    if zipped and data.startswith(b"PK"):
        return ""
    named = _BY_SUFFIX.get(end[1:], "")
    binary = b"\0" in data[:1000] or data.startswith(b"%PDF-")  # "MZ" and "GIF8" may begin a text as well
    seen = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "") if binary else ""
    declared = next((kind for start, kind in _BY_TYPE if media.startswith(start)), "")
    return named or seen or ("" if end in _TYPE_OF else declared)


def with_suffix(name: str, media: str) -> str:
    """Return a file name that says what it is: without a suffix, that of its declared type."""
    return name if suffix(name) else (name or "part") + _SUFFIX_OF.get(media, "")


def media_type(name: str, format: str) -> tuple[str, str]:
    """Return the MIME type of something that goes out, in its two halves."""
    media = _TYPE_OF.get(suffix(name)) or ("application/xml" if format == "cot" else "application/octet-stream")
    main, _, sub = media.partition("/")
    return main, sub
