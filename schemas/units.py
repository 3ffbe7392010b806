"""Numbers with their unit and range in the type.

All angles are degrees, all lengths metres, all instants microseconds UTC since 1970-01-01 unless a name says otherwise.
"""

from typing import Annotated

from msgspec import Meta

Latitude = Annotated[float, Meta(ge=-90, le=90, description="degrees north, WGS 84")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="degrees east, WGS 84")]
Degrees = Annotated[float, Meta(ge=0, le=360, description="degrees clockwise from true north")]
Metres = Annotated[float, Meta(description="metres")]
Length = Annotated[float, Meta(ge=0, description="metres")]
MetresPerSecond = Annotated[float, Meta(ge=0, description="metres per second")]
Percent = Annotated[float, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0)]
Micros = Annotated[int, Meta(description="microseconds UTC since 1970-01-01T00:00:00Z")]
Seconds = Annotated[float, Meta(description="seconds")]
LoadClass = Annotated[int, Meta(ge=0, le=150, description="military load class, STANAG 2021")]
Nation = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 3166-1 alpha-3; XAA-XZZ are user-assigned")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=20_000)]
Identity = Annotated[str, Meta(min_length=1, max_length=200, description="opaque; given by the originator")]
ParticipantId = Annotated[str, Meta(pattern="^[a-z0-9-]{1,64}$", description="a participant of the mission file")]
