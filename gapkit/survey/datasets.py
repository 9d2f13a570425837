"""Data sets by name: the simulated hotels that come with gapkit, and real surveys fetched from their authors."""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .loading import load_survey
from .survey import Survey

CARDS = Path(__file__).parent / "cards"
FOLDERS = (Path(__file__).parents[1] / "data" / "hotel", Path(__file__).parents[2] / "data" / "hotel")
"""Where the bundled files are: inside an installed gapkit, or in the repository beside it."""


class DatasetError(ValueError):
    """A data set that is not there, or not the one that is meant; the message says where it was looked for."""


@dataclass(frozen=True)
class Dataset:
    """A data set's file and what it is. External ones have an address, a sha256, and their card in gapkit.

    `file` is relative to the folder of bundled data, or to the folder that GAPKIT_DATA names.
    """

    file: str
    about: str
    address: str | None = None
    sha256: str | None = None


RAW = "https://raw.githubusercontent.com"
DATASETS = {
    "hotel": Dataset(
        "hotel.csv",
        "1,200 guests of six hotels: expectations and perceptions, 100 points over the dimensions, outcomes, weights. "
        "Two reversed items, missing and careless answers, three dimensions that can hardly be told apart, three "
        "hidden segments; hotel B's managers do not know, C has no standards, D does not deliver, E overpromises.",
    ),
    "hotel_managers": Dataset("managers.csv", "40 managers of the six hotels: what they believe guests expect."),
    "hotel_standards": Dataset("standards.csv", "72 audits of the six hotels: how much is laid down."),
    "hotel_staff": Dataset("staff.csv", "180 contact staff of the six hotels: what is delivered."),
    "hotel_promises": Dataset("promises.csv", "60 claims of the six hotels: how much guests are told to expect."),
    "kservqual": Dataset(
        "kservqual/kiosk.csv",
        "211 respondents on self-service kiosks, four of whom never used one: expectations, perceptions and "
        "importance, four outcomes on 1-7. A convenience sample, nearly all in their twenties.",
        f"{RAW}/hanakim120/kiosk-servqual-research/e4888a0a4e388906e45d4ab171c8aec344514ba7/analysis/kiosk.csv",
        "5361f5eae026ff68397257b9d31541acf0c9c0eb09ecfa7d2e42ed38dd7af9cb",
    ),
    "servaqua": Dataset(
        "servaqua/customer_survey.csv",
        "Customers of water utilities: perceptions only, and involvement. 690 rows, 491 of them not screened out.",
        f"{RAW}/pprevos/r4h2o/9db7209aa0df30c76f3fbf7e05a7b0ff261c8110/data/customer_survey.csv",
        "942e6767ccd4df3f6954d53ce0530e5f84fe91ae0274a36fa1d00b9802ba2551",
    ),
}


def names() -> list[str]:
    """The data sets that `load` knows; those called "hotel..." are simulated and come with gapkit.

    Examples
    --------
    >>> names()[:2]
    ['hotel', 'hotel_managers']
    """
    return list(DATASETS)


def load(name: str) -> Survey:
    """Load a data set as a checked survey.

    External files are looked for in the folder that the environment variable GAPKIT_DATA names, then fetched once from
    their authors' repository at a fixed commit and kept in the user's cache. Either way their sha256 is checked.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Survey
        ``survey.source`` holds title, licence, citation and whether it is simulated.

    Raises
    ------
    DatasetError
        No such data set; or its file is neither there nor to be fetched; or it is another file.

    Examples
    --------
    >>> load("hotel")
    <Survey Hotel guests, simulated: 1200 respondents, servqual (expectations, perceptions)>
    """
    return load_survey(path(name), card=_card(name))


def describe(name: str) -> str:
    """A data set's card as plain text: what it is, licence, citation, where it comes from. Loads nothing.

    Examples
    --------
    >>> print(describe("hotel_staff"))
    hotel_staff: Hotel contact staff (simulated)
    180 contact staff of the six hotels: what is delivered.
    Instrument: servqual
    Licence: CC0-1.0
    Citation: gapkit developers. Six simulated hotels (data/hotel, seed 1985).
    File: staff.csv, comes with gapkit
    """
    dataset = _find(name)
    card = tomllib.loads(_card(name).read_text(encoding="utf-8"))
    lines = [
        f"{name}: {card['title']}{' (simulated)' if card.get('simulated') else ''}",
        dataset.about,
        f"Instrument: {card['instrument']}",
        f"Licence: {card['licence']}",
        f"Citation: {card['citation']}",
        f"File: {dataset.file}, {'not part of gapkit' if dataset.address else 'comes with gapkit'}",
    ]
    return "\n".join(lines + ([f"Address: {dataset.address}", f"sha256: {dataset.sha256}"] if dataset.address else []))


def path(name: str) -> Path:
    """Where a data set's file is; an external one is fetched if need be, and its sha256 checked.

    Raises
    ------
    DatasetError
        As `load`.
    """
    dataset = _find(name)
    if dataset.address is None:
        return _bundled(dataset.file)
    folder = os.environ.get("GAPKIT_DATA")
    if folder and (local := Path(folder) / dataset.file).is_file():
        found = hashlib.sha256(local.read_bytes()).hexdigest()
        if found != dataset.sha256:
            raise DatasetError(
                f"{name}: {dataset.file} in GAPKIT_DATA is not the file that is meant: its sha256 is {found}, expected "
                f"{dataset.sha256}. Replace it by {dataset.address}, or take it away to have it fetched."
            )
        return local
    return _fetched(name, dataset)


def _find(name: str) -> Dataset:
    """The data set with a name."""
    if name not in DATASETS:
        raise DatasetError(
            f'there is no data set "{name}"; there are: {", ".join(DATASETS)}. '
            "A file of your own is read by load_survey(path)."
        )
    return DATASETS[name]


def _card(name: str) -> Path:
    """A data set's card: beside a bundled file, in gapkit for an external one."""
    dataset = _find(name)
    return CARDS / f"{name}.toml" if dataset.address else _bundled(dataset.file).with_suffix(".toml")


def _bundled(file: str) -> Path:
    """A file of the bundled study."""
    for folder in FOLDERS:
        if (folder / file).is_file():
            return folder / file
    raise DatasetError(f"{file} of the bundled study is missing from this installation. Install gapkit again.")


def _fetched(name: str, dataset: Dataset) -> Path:
    """An external file from the user's cache, or from its address."""
    import pooch

    try:
        return Path(
            pooch.retrieve(
                str(dataset.address),
                known_hash=f"sha256:{dataset.sha256}",
                fname=dataset.file.replace("/", "_"),
                path=pooch.os_cache("gapkit"),
                downloader=pooch.HTTPDownloader(timeout=20),
            )
        )
    except (OSError, ValueError) as error:
        folder = os.environ.get("GAPKIT_DATA")
        looked = f"{dataset.file} is not in {folder}" if folder else "GAPKIT_DATA is not set"
        raise DatasetError(
            f"{name}: the file is not part of gapkit and could not be had. {looked}, and fetching {dataset.address} "
            f"failed ({_reason(error)}). Go online and try again, or save the file from that address as "
            f"FOLDER/{dataset.file} and set the environment variable GAPKIT_DATA to FOLDER."
        ) from error


def _reason(error: Exception) -> str:
    """Why a fetch failed: a wrong hash in full, trouble with the network by name alone."""
    return f"{type(error).__name__}: {error}" if isinstance(error, ValueError) else type(error).__name__
