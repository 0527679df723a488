"""A scenario as one parameter of a web address, with the name of the forecast it was put to: written, and read back.

The parameter is ``1.<body>.<sum>``: a version; canonical JSON, deflated, in the letters of base64url; the first 8
digits of the SHA-256 of that text. What is read may come from a stranger, so nothing in it is taken on trust.
"""

import base64
import binascii
import hashlib
import json
import re
import zlib
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import BadInput
from data.strict_json import check_json
from models.forecast import Manifest
from models.scenario_schema import Scenario, read_scenario

VERSION = "1"
MAX_LINK = 4096
"""Longest parameter, in characters."""
MAX_JSON = 16_384
"""Longest JSON in it, in bytes."""
MAX_SENTENCE = 300
_BARE = -15  # deflate without the header of zlib, with the usual window
_AGAIN = "Ask for the link again."


class ForecastName(BaseModel):
    """Which forecast a link was made with: the first 8 digits of its tables' hash, and its two days."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    data: str = Field(pattern="^[0-9a-f]{8}$")
    as_of: date
    election_date: date


def forecast_name(manifest: Manifest) -> ForecastName:
    """Name a forecast as links do.

    Parameters
    ----------
    manifest : Manifest
        Of the forecast.

    Returns
    -------
    ForecastName
        Equal for two forecasts from the same tables for the same days.
    """
    return ForecastName(data=manifest.data_fingerprint[:8], as_of=manifest.as_of, election_date=manifest.election_date)


def write_link(scenario: Scenario, made_with: ForecastName) -> str:
    """Write a scenario as the parameter of a link.

    Parameters
    ----------
    scenario : Scenario
        The question.
    made_with : ForecastName
        The forecast it was put to.

    Returns
    -------
    str
        Letters, digits, ``-``, ``_`` and two dots; the same for equal scenarios.

    Raises
    ------
    BadInput
        If the scenario is too long for a link.

    Examples
    --------
    >>> made_with = ForecastName(data="0f1e2d3c", as_of=date(2026, 9, 30), election_date=date(2029, 5, 3))
    >>> write_link(Scenario(tactical=0.0), made_with).split(".")[0]
    '1'
    """
    content = {
        "forecast": made_with.model_dump(mode="json"),
        "scenario": scenario.model_dump(mode="json", exclude_defaults=True),
    }
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, _BARE)
    packed = deflate.compress(plain) + deflate.flush()
    body = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
    link = f"{VERSION}.{body}.{_sum(body)}"
    if len(plain) > MAX_JSON or len(link) > MAX_LINK:
        raise BadInput("This scenario is too long for a link. Save it as a file instead.")
    return link


def read_link(link: str) -> tuple[Scenario, ForecastName]:
    """Read the parameter of a link.

    Parameters
    ----------
    link : str
        What stands after ``s=`` in the address.

    Returns
    -------
    tuple of Scenario and ForecastName
        The question, checked for types and ranges but not against a forecast; and the forecast it was put to.

    Raises
    ------
    BadInput
        If it is too long, of another version, damaged, or holds anything but a scenario. One sentence on one line.

    Examples
    --------
    >>> made_with = ForecastName(data="0f1e2d3c", as_of=date(2026, 9, 30), election_date=date(2029, 5, 3))
    >>> scenario, again = read_link(write_link(Scenario(tactical=0.0), made_with))
    >>> scenario.tactical, again == made_with
    (0.0, True)
    """
    try:
        return _content(_plain(link))
    except BadInput as error:
        raise BadInput(one_line(str(error))) from error


def _plain(link: str) -> str:
    """Text of a link, once its length, version and sum are right."""
    if len(link) > MAX_LINK:
        raise BadInput(f"The link is {len(link):,} characters long; at most {MAX_LINK:,} are read.")
    version, *rest = link.split(".")
    if version != VERSION:
        raise BadInput(f'The link is of version "{version[:8]}"; only version {VERSION} is read. {_AGAIN}')
    if len(rest) != 2 or not re.fullmatch(r"[A-Za-z0-9_-]+", rest[0]):
        raise BadInput(f"The link is cut short or holds signs that no link has. {_AGAIN}")
    body, given = rest
    if given != _sum(body):
        raise BadInput(f"The link was changed on its way: its sum does not match. {_AGAIN}")
    inflate = zlib.decompressobj(_BARE)
    try:
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        plain = inflate.decompress(packed, MAX_JSON + 1)
        if len(plain) > MAX_JSON:
            raise BadInput(f"The link holds more than {MAX_JSON:,} bytes, which are not read.")
        if not inflate.eof or inflate.unused_data:
            raise BadInput(f"The link does not end where its content ends. {_AGAIN}")
        return plain.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise BadInput(f"The link holds no text that can be read. {_AGAIN}") from error


def _content(plain: str) -> tuple[Scenario, ForecastName]:
    check_json(plain, "The link")
    content = json.loads(plain)
    if not isinstance(content, dict) or set(content) != {"forecast", "scenario"}:
        raise BadInput(f"The link does not hold a scenario and the forecast it was made with, and only these. {_AGAIN}")
    try:
        made_with = ForecastName.model_validate_json(json.dumps(content["forecast"]))
    except ValidationError as error:
        raise BadInput(f"The link does not say rightly which forecast it was made with. {_AGAIN}") from error
    return read_scenario(json.dumps(content["scenario"])), made_with


def _sum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:8]


def one_line(sentence: str) -> str:
    """An error fit to be shown: what it quotes may be long, or hold line breaks or half a letter."""
    shown = " ".join(sentence.encode("utf-8", "replace").decode().split())
    return shown if len(shown) <= MAX_SENTENCE else f"{shown[: MAX_SENTENCE - 1]}…"
