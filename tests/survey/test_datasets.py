import csv
import hashlib
import os
from pathlib import Path

import pytest

from gapkit.survey import datasets
from gapkit.survey.datasets import DatasetError, describe, load, names, path

KIOSK = "kservqual/kiosk.csv"
ADDRESS = (
    "https://raw.githubusercontent.com/hanakim120/kiosk-servqual-research/"
    "e4888a0a4e388906e45d4ab171c8aec344514ba7/analysis/kiosk.csv"
)
SHA256 = "5361f5eae026ff68397257b9d31541acf0c9c0eb09ecfa7d2e42ed38dd7af9cb"


@pytest.fixture
def kiosk():
    if not os.environ.get("GAPKIT_DATA"):
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    return load("kservqual")


@pytest.fixture
def no_network(monkeypatch):
    """Pooch as it is where there is no network: every fetch fails."""
    import pooch

    def fails(*arguments, **named):
        raise ConnectionError("no route")

    monkeypatch.setattr(pooch, "retrieve", fails)


BUNDLED = [name for name in names() if name.startswith("hotel")]


def test_the_bundled_study_has_five_data_sets():
    assert BUNDLED == ["hotel", "hotel_managers", "hotel_standards", "hotel_staff", "hotel_promises"]


@pytest.mark.parametrize(
    ("name", "n", "batteries"),
    [
        ("hotel", 1200, ["expectations", "perceptions"]),
        ("hotel_managers", 40, ["expectations"]),
        ("hotel_standards", 72, ["expectations"]),
        ("hotel_staff", 180, ["perceptions"]),
        ("hotel_promises", 60, ["expectations"]),
    ],
)
def test_a_bundled_data_set_loads_without_network_or_environment(name, n, batteries, monkeypatch, no_network):
    monkeypatch.delenv("GAPKIT_DATA", raising=False)
    survey = load(name)
    assert survey.n == n
    assert list(survey.batteries) == batteries
    assert survey.source.simulated
    assert str(survey.source).endswith(", simulated")
    assert survey.source.licence == "CC0-1.0"
    assert survey.source.guessed == ()
    assert len(survey.dropped) == 0


def test_guests_have_points_outcomes_weights_and_ids():
    survey = load("hotel")
    assert survey.weights.mean() == pytest.approx(1, abs=1e-4)
    assert set(survey.respondents) == {
        *("guest", "hotel", "purpose", "age", "nights", "seconds", "weight", "overall", "satisfaction", "recommend")
    }
    assert list(survey.allocations) == list(survey.instrument.dimension_ids)


def test_loading_twice_gives_two_independent_surveys():
    first = load("hotel_managers")
    first.expectations.iloc[0, 0] = -99
    assert load("hotel_managers").expectations.iloc[0, 0] != -99


@pytest.mark.parametrize("name", names())
def test_every_data_set_is_described_with_licence_and_citation(name):
    text = describe(name)
    assert text.startswith(f"{name}: ")
    assert "Licence: " in text
    assert "Citation: " in text
    assert ("(simulated)" in text) == name.startswith("hotel")
    assert ("sha256: " in text) == (name not in BUNDLED)


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(
        DatasetError, match=r'^there is no data set "hostel"; there are: hotel, .*kservqual.* load_survey'
    ):
        load("hostel")


def test_an_external_file_that_is_neither_there_nor_to_be_fetched_says_what_to_do(monkeypatch, no_network):
    monkeypatch.delenv("GAPKIT_DATA", raising=False)
    with pytest.raises(DatasetError) as error:
        load("kservqual")
    assert str(error.value) == (
        "kservqual: the file is not part of gapkit and could not be had. GAPKIT_DATA is not set, and fetching "
        f"{ADDRESS} failed (ConnectionError). Go online and try again, or save the file from that address as "
        "FOLDER/kservqual/kiosk.csv and set the environment variable GAPKIT_DATA to FOLDER."
    )


def test_the_error_names_the_folder_that_was_looked_in(monkeypatch, no_network, tmp_path):
    monkeypatch.setenv("GAPKIT_DATA", str(tmp_path))
    with pytest.raises(DatasetError) as error:
        path("kservqual")
    assert f"kservqual/kiosk.csv is not in {tmp_path}, and fetching" in str(error.value)


def test_another_file_under_the_right_name_is_refused_by_its_hash(monkeypatch, tmp_path):
    (tmp_path / "kservqual").mkdir()
    (tmp_path / KIOSK).write_bytes(b"something else")
    monkeypatch.setenv("GAPKIT_DATA", str(tmp_path))
    with pytest.raises(DatasetError) as error:
        load("kservqual")
    assert "kservqual/kiosk.csv in GAPKIT_DATA is not the file that is meant" in str(error.value)
    assert f"its sha256 is {hashlib.sha256(b'something else').hexdigest()}, expected {SHA256}." in str(error.value)


def test_the_folder_named_by_the_environment_goes_before_the_network(monkeypatch, no_network, tmp_path):
    content = b"a,b\n1,2\n"
    (tmp_path / "kservqual").mkdir()
    (tmp_path / KIOSK).write_bytes(content)
    known = datasets.Dataset(KIOSK, "", ADDRESS, hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(datasets.DATASETS, "kservqual", known)
    monkeypatch.setenv("GAPKIT_DATA", str(tmp_path))
    assert path("kservqual") == tmp_path / KIOSK


def test_a_fetch_asks_for_the_fixed_commit_and_hash(monkeypatch, tmp_path):
    import pooch

    asked = {}

    def remember(address, **named):
        asked.update(named, address=address)
        return str(tmp_path / "kiosk.csv")

    monkeypatch.setattr(pooch, "retrieve", remember)
    monkeypatch.delenv("GAPKIT_DATA", raising=False)
    assert path("kservqual") == tmp_path / "kiosk.csv"
    assert asked["address"] == ADDRESS
    assert asked["known_hash"] == f"sha256:{SHA256}"


def test_a_fetched_file_with_another_hash_is_not_used(monkeypatch):
    import pooch

    def altered(*arguments, **named):
        raise ValueError("SHA256 hash of downloaded file does not match the known hash")

    monkeypatch.setattr(pooch, "retrieve", altered)
    monkeypatch.delenv("GAPKIT_DATA", raising=False)
    with pytest.raises(DatasetError, match=r"failed \(ValueError: SHA256 hash of downloaded file does not match"):
        path("kservqual")


def test_a_broken_installation_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "FOLDERS", (tmp_path,))
    with pytest.raises(DatasetError, match=r"^hotel\.csv of the bundled study is missing from this installation\."):
        load("hotel")


def test_an_installed_gapkit_finds_the_study_inside_itself_first(monkeypatch, tmp_path):
    (tmp_path / "staff.csv").write_bytes((datasets.FOLDERS[1] / "staff.csv").read_bytes())
    monkeypatch.setattr(datasets, "FOLDERS", (tmp_path, datasets.FOLDERS[1]))
    assert path("hotel_staff") == tmp_path / "staff.csv"
    assert path("hotel") == datasets.FOLDERS[1] / "hotel.csv"


def test_every_external_data_set_has_a_card_in_gapkit_and_a_fixed_address():
    external = {name: dataset for name, dataset in datasets.DATASETS.items() if dataset.address}
    assert set(external) >= {"kservqual"}
    for name, dataset in external.items():
        assert (Path(datasets.__file__).parent / "cards" / f"{name}.toml").is_file()
        assert len(dataset.sha256) == 64
        assert len([part for part in dataset.address.split("/") if len(part) == 40]) == 1


def test_the_kiosk_survey_has_the_respondents_and_batteries_of_the_authors_file(kiosk):
    complete = kiosk.expectations.notna().all(axis=1) & kiosk.perceptions.notna().all(axis=1)
    assert kiosk.n == 211
    assert complete.sum() == 207
    assert list(kiosk.batteries) == ["expectations", "perceptions", "importance"]
    assert kiosk.importance.notna().all(axis=1).sum() == 207
    assert not kiosk.source.simulated
    assert kiosk.source.guessed == ()
    assert list(kiosk.respondents) == [
        *("gender", "age", "frequency", "satisfaction", "overall", "intention", "recommend")
    ]


def test_the_kiosk_survey_gives_the_printed_means_and_gaps(kiosk):
    complete = kiosk.expectations.notna().all(axis=1) & kiosk.perceptions.notna().all(axis=1)
    assert kiosk.expectations[complete].mean().mean() == pytest.approx(5.97383, abs=5e-6)
    assert kiosk.perceptions[complete].mean().mean() == pytest.approx(4.87178, abs=5e-6)
    assert kiosk.gaps[complete].mean().mean() == pytest.approx(-1.10205, abs=5e-6)
    assert kiosk.dimension_scores("gaps")[complete].mean().to_dict() == pytest.approx(
        {
            "tangible": -0.0145,
            "security": -1.7101,
            "economy": -1.2351,
            "convenience": -1.4696,
            "usefulness": -0.6296,
            "control": -1.3913,
        },
        abs=5e-5,
    )


def test_kiosk_items_asked_out_of_order_are_matched_by_their_number(kiosk):
    # The authors' file has item 9 in columns 18-19 and item 8 in columns 20-21.
    first = next(csv.reader(path("kservqual").read_text(encoding="cp949").splitlines()[1:]))
    assert kiosk.expectations["q09"].iloc[0] == float(first[17])
    assert kiosk.perceptions["q08"].iloc[0] == float(first[20])
