"""The command ``gapkit``: serve the boards, open the notebooks, check a survey file, write a report on it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .survey.survey import Survey, SurveyError

NOTHING = ("", "none")
"""What stands for no section of a report."""
CLEAN, FAULTY, NOT_RUN = 0, 1, 2
"""Exit statuses: nothing wrong, faults found in the file, the command could not be run."""

SurveyFile = Annotated[
    Path, typer.Argument(help="A survey file: CSV, TSV, XLSX, ODS, SAV, DTA or Parquet.", show_default=False)
]
Asked = Annotated[
    str | None,
    typer.Option(
        help="What was asked: servqual, kservqual, ... or a TOML file. May stand in the card.", show_default=False
    ),
]
Card = Annotated[
    Path | None, typer.Option(help="The survey's card (TOML); else the one beside the file.", show_default=False)
]
Language = Annotated[str, typer.Option("--lang", help="The language of what is said: en, zh-Hans or zh-Hant.")]

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
    file: SurveyFile,
    instrument: Asked = None,
    card: Card = None,
    language: Language = "en",
) -> None:
    """Check a survey file: its faults (exit status 1), or a summary and the gaps (0). 2 when it cannot be run."""
    _known(language)
    survey = _load(file, instrument, card, language)
    from .show.check_page import survey_page

    typer.echo(survey_page(survey, language=language))


@app.command()
def report(
    file: SurveyFile,
    out: Annotated[
        list[Path],
        typer.Option("--out", "-o", help="Where to: .html, .docx or .xlsx; may be given again.", show_default=False),
    ],
    instrument: Asked = None,
    card: Card = None,
    language: Language = "en",
    sections: Annotated[
        str | None,
        typer.Option(
            help="What to add to the scores, with commas between: drivers, priorities, segments, validity; all of it "
            "when left out, the scores alone for none. Segments take seconds.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a report on a survey file as a web page, a Word document or a workbook; exit statuses as for check."""
    from .show.report import MAKERS, SECTIONS, report_file
    from .show.report import report as make_report

    _known(language)
    read = {given.resolve() for given in (file, card, file.with_suffix(".toml")) if given is not None}
    for path in out:
        if path.suffix.lower().lstrip(".") not in MAKERS:
            endings = ", ".join(f".{kind}" for kind in MAKERS)
            _stop(f"{path}: the ending says what is written. Give a name that ends in one of these: {endings}.")
        if not path.parent.is_dir():
            _stop(f"{path}: there is no folder {path.parent}. Make it first, or give another.")
        if path.resolve() in read or path.is_dir():
            _stop(f"{path}: this would replace what the report is about, or a folder. Give another name.")
    asked = (
        None if sections is None else [name for part in sections.split(",") if (name := part.strip()) not in NOTHING]
    )
    if unknown := [name for name in asked or () if name not in SECTIONS]:
        _stop(f'There is no section "{unknown[0]}". Give some of these: {", ".join(SECTIONS)}; or none.')
    contents = make_report(_load(file, instrument, card, language), language=language, sections=asked)
    for path in out:
        _, content = report_file(contents, path.suffix.lower().lstrip("."))
        try:
            path.write_bytes(content)
        except OSError as error:
            _stop(f"{path}: it cannot be written ({error.strerror or error}). Close it elsewhere or name another.")
        typer.echo(f"{path}: {len(content):,} bytes")


def _known(language: str) -> None:
    """Stop where there are no texts in the language."""
    from .show.text import languages

    if language not in languages():
        _stop(f'There are no texts in the language "{language}". Give one of these: {", ".join(languages())}.')


def _load(file: Path, instrument: str | None, card: Path | None, language: str) -> Survey:
    """The checked survey; its faults with status 1, or why there is no file with status 2."""
    for given in (file, card):
        if given is not None and not given.is_file():
            from .show.text import text

            lacking = text("check.folder" if given.is_dir() else "check.absent", language)
            _stop(text("check.no_file", language, file=given, lacking=lacking, here=Path.cwd()))
    from .survey.loading import load_survey
    from .survey.survey import SurveyError

    try:
        return load_survey(file, instrument, card=card)
    except SurveyError as error:
        from .show.check_page import fault_page

        typer.echo(fault_page(error, card=card or file.with_suffix(".toml"), language=language))
        raise typer.Exit(_status(error)) from None


# Faults of the call rather than of the answers: which instrument, which card.
_CALL_FAULTS = frozenset({"no_instrument", "instrument"})


def _status(error: SurveyError) -> int:
    """2 where the command was called without what it needs, else 1."""
    return NOT_RUN if set(error.faults["code"]) <= _CALL_FAULTS else FAULTY


def _stop(message: str) -> None:
    """Say why the command cannot be run, and leave with status 2."""
    typer.echo(message, err=True)
    raise typer.Exit(NOT_RUN)


if __name__ == "__main__":
    app()
