"""The command ``gapkit``: serve the boards, open the notebooks, check a survey file, write a report on it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .survey.survey import Survey, SurveyError

CLEAN, FAULTY, NOT_RUN = 0, 1, 2
"""Exit statuses: nothing wrong, faults found in the file, the command could not be run."""

app = typer.Typer(
    help="Service quality by the gap model: what customers expect, what they get, what lies between.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def serve(
    boards: Annotated[
        Path | None, typer.Argument(help="A folder of boards (.ipynb); gapkit's own when left out.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The port; else the first free one from 8866 on.", show_default=False),
    ] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; one that others reach needs a password or a token.")
    ] = "127.0.0.1",
    password_file: Annotated[
        Path | None,
        typer.Option(
            help="A file with the password that readers are asked for, in its first line.", show_default=False
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="GAPKIT_TOKEN",
            help="Readers need a link with this token; 'new' makes one up. Others on this machine may see a command's "
            "options: the variable GAPKIT_TOKEN is safer.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            help="The language pages begin with: en, zh-Hans or zh-Hant; else the browser's.", show_default=False
        ),
    ] = None,
    pool: Annotated[int, typer.Option(min=0, help="Kernels that wait for readers, for each board.")] = 1,
    max_sessions: Annotated[
        int | None,
        typer.Option(min=1, help="Open pages at once; else 40, or as many as the memory holds.", show_default=False),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The folder of external data sets (GAPKIT_DATA).", show_default=False)
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Serve the boards until Ctrl-C, and print their address."""
    os.environ.pop("GAPKIT_TOKEN", None)  # the kernels need not know it
    from .show.serve import ServeError
    from .show.serve import serve as serve_boards
    from .show.serving_door import DoorError, read_password

    def ready(address: str) -> None:
        plain, _, query = address.partition("?")
        typer.echo(f"\ngapkit boards: {plain}")
        if query:
            typer.echo(f"with the token: {address}")
        typer.echo("Stop with Ctrl-C.\n")
        if browser:
            typer.launch(address)

    try:
        password = None if password_file is None else read_password(password_file)
        typer.echo("Starting the boards ...")
        serve_boards(
            boards,
            host=host,
            port=port,
            password=password,
            token=token,
            language=lang,
            pool=pool,
            max_sessions=max_sessions,
            data=data,
            ready=ready,
        )
    except (ServeError, DoorError) as error:
        _stop(str(error))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8888,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Open the notebooks in JupyterLab; options it does not know are JupyterLab's own."""
    folder = Path(__file__).parent.parent / "notebooks"
    if not folder.is_dir():
        _stop(
            "The notebooks come with gapkit's repository, not with the installed package: "
            "clone the repository and run this command there."
        )
    from jupyterlab.labapp import LabApp

    given = [str(folder), f"--port={port}", *([] if browser else ["--no-browser"]), *context.args]
    LabApp.launch_instance(given)


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="A survey file: CSV, TSV, XLSX, ODS, SAV, DTA or Parquet.", show_default=False)
    ],
    instrument: Annotated[
        str | None,
        typer.Option(
            help="What was asked: servqual, kservqual, ... or a TOML file. May stand in the card.", show_default=False
        ),
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="The survey's card (TOML); else the one beside the file.", show_default=False)
    ] = None,
) -> None:
    """Check a survey file: its faults (exit status 1), or a summary and the gaps (0). 2 when it cannot be run."""
    survey = _load(file, instrument, card)
    typer.echo(survey.summary())
    typer.echo("".join(f"{line}\n" for line in _kept(survey)), nl=False)
    typer.echo(_gaps(survey))


@app.command()
def report(
    file: Annotated[
        Path, typer.Argument(help="A survey file: CSV, TSV, XLSX, ODS, SAV, DTA or Parquet.", show_default=False)
    ],
    out: Annotated[
        list[Path],
        typer.Option("--out", "-o", help="Where to: .html, .docx or .xlsx; may be given again.", show_default=False),
    ],
    language: Annotated[str, typer.Option("--lang", help="The report's language, such as zh-Hans.")] = "en",
    instrument: Annotated[
        str | None,
        typer.Option(
            help="What was asked: servqual, kservqual, ... or a TOML file. May stand in the card.", show_default=False
        ),
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="The survey's card (TOML); else the one beside the file.", show_default=False)
    ] = None,
) -> None:
    """Write a report on a survey file as a web page, a Word document or a workbook; exit statuses as for check."""
    from .show.report import MAKERS, report_file
    from .show.report import report as make_report
    from .show.text import languages

    if language not in languages():
        _stop(f'There are no texts in the language "{language}". Give one of these: {", ".join(languages())}.')
    read = {given.resolve() for given in (file, card, file.with_suffix(".toml")) if given is not None}
    for path in out:
        if path.suffix.lower().lstrip(".") not in MAKERS:
            endings = ", ".join(f".{kind}" for kind in MAKERS)
            _stop(f"{path}: the ending says what is written. Give a name that ends in one of these: {endings}.")
        if not path.parent.is_dir():
            _stop(f"{path}: there is no folder {path.parent}. Make it first, or give another.")
        if path.resolve() in read or path.is_dir():
            _stop(f"{path}: this would replace what the report is about, or a folder. Give another name.")
    contents = make_report(_load(file, instrument, card), language=language)
    for path in out:
        _, content = report_file(contents, path.suffix.lower().lstrip("."))
        try:
            path.write_bytes(content)
        except OSError as error:
            _stop(f"{path}: it cannot be written ({error.strerror or error}). Close it elsewhere or name another.")
        typer.echo(f"{path}: {len(content):,} bytes")


def _load(file: Path, instrument: str | None, card: Path | None) -> Survey:
    """The checked survey; its faults with status 1, or why there is no file with status 2."""
    for given in (file, card):
        if given is not None and not given.is_file():
            lacking = "this is a folder, not a file" if given.is_dir() else "there is no such file"
            _stop(f"{given}: {lacking}. Check the spelling; a relative path starts from {Path.cwd()}.")
    from .survey.loading import load_survey
    from .survey.survey import SurveyError

    try:
        return load_survey(file, instrument, card=card)
    except SurveyError as error:
        typer.echo(_fault_list(error, card or file.with_suffix(".toml")))
        raise typer.Exit(_status(error)) from None


def _fault_list(error: SurveyError, card: Path) -> str:
    """Every fault, numbered: what and where, then what to do, and where that is to be written."""
    faults = error.faults
    lines = [f"{error.file}: {len(faults)} fault{'s' if len(faults) != 1 else ''}; nothing was loaded."]
    for number, fault in enumerate(faults.to_dict("records"), 1):
        place = f" in {fault['where']}" if fault["where"] else ""
        rows = f" ({fault['rows']})" if fault["rows"] else ""
        what = f"{fault['what']}{place}{rows}".replace("\n", "\n     ")
        lines.append(f"\n{number:>3}. {what}\n     -> {fault['remedy']}")
    if told := [key for key in _SAID if faults["remedy"].str.contains(rf"\b{key}=", regex=True).any()]:
        where = f"the card {card.name}" if card.is_file() else f"a card, a text file {card.name} beside the file"
        examples = "".join(f"\n     {_SAID[key]}" for key in told)
        lines.append(f"\nWhat is to be passed is written into {where}, each on a line of its own, such as{examples}")
    return "\n".join(lines)


# What a remedy asks to pass, as a card says it.
_SAID = {
    "missing": "missing = [9]",
    "scale": "scale = [1, 5]",
    "descending": "descending = true",
    "labels": "labels = { often = 5 }",
    "columns": 'columns = { expectations = "E", perceptions = "P" }',
    "encoding": 'file.encoding = "gb18030"',
    "delimiter": 'file.delimiter = ";"',
    "decimal": 'file.decimal = ","',
    "sheet": 'file.sheet = "Answers"',
    "style": 'file.style = "plain"',
}

# Faults of the call rather than of the answers: which instrument, which card.
_CALL_FAULTS = frozenset({"no_instrument", "instrument"})


def _status(error: SurveyError) -> int:
    """2 where the command was called without what it needs, else 1."""
    return NOT_RUN if set(error.faults["code"]) <= _CALL_FAULTS else FAULTY


def _kept(survey: Survey) -> list[str]:
    """What is in the survey besides the answers."""
    from .survey.naming import name_columns

    lines = []
    if survey.allocations is not None:
        split = int(survey.allocations.notna().all(axis=1).sum())
        lines.append(f"points: {split} of {survey.n} respondents split 100 points over the dimensions")
    if len(survey.respondents.columns):
        lines.append(f"kept about respondents: {name_columns(map(str, survey.respondents.columns))}")
    return lines


def _gaps(survey: Survey) -> str:
    """The gaps by dimension as a small table, or why there are none."""
    if survey.expectations is None or survey.perceptions is None:
        there = " and ".join(survey.batteries)
        lacking = [name for name in ("expectations", "perceptions") if name not in survey.batteries]
        return f"\nno gaps: the survey has no {' and no '.join(lacking)}, only {there}"
    from .measure.gaps import gap_scores

    scores = gap_scores(survey)
    instrument = survey.instrument
    width = max(len(dimension.label()) for dimension in instrument.dimensions)
    lines = [f"\n{scores.headline}", f"{'':<{width}}      E      P    gap   95% interval       n"]
    for id, row in scores.dimensions.to_dict("index").items():
        name = instrument.label(str(id))
        ends = f"[{row['low']:.2f}, {row['high']:.2f}]" if row["low"] == row["low"] else f"none, n = {row['n']:.0f}"
        lines.append(f"{name:<{width}} {row['E']:6.2f} {row['P']:6.2f} {row['gap']:+6.2f}   {ends:<16}{row['n']:>6.0f}")
    return "\n".join([*lines, f"\nmethod: {scores.method}"])


def _stop(message: str) -> None:
    """Say why the command cannot be run, and leave with status 2."""
    typer.echo(message, err=True)
    raise typer.Exit(NOT_RUN)


if __name__ == "__main__":
    app()
