"""The command line: what it prints and the status it leaves with."""

import subprocess
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

import gapkit as gk
from gapkit.cli import app

run = CliRunner().invoke


@pytest.fixture
def answers():
    """Three people: everything expected 7, 6, 5; perceived 6, 5, 4."""
    halves = {f"{half}{n}": [top, top - 1, top - 2] for half, top in (("E", 7), ("P", 6)) for n in range(1, 23)}
    return pd.DataFrame(halves)


def test_a_clean_file_gives_a_summary_and_the_gaps(answers, tmp_path):
    answers.to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual"])
    assert done.exit_code == 0
    assert "3 respondents" in done.output
    assert "overall gap -1.00" in done.output
    row = next(line for line in done.output.splitlines() if line.startswith("Reliability"))
    assert row.split() == ["Reliability", "6.00", "5.00", "-1.00", "[-1.00,", "-1.00]", "3"]
    assert "method: gap = perception - expectation" in done.output


def test_faults_are_listed_with_what_to_do_and_status_1(answers, tmp_path):
    answers.loc[1, "P12"] = 9
    answers = answers.astype({"E3": object})
    answers.loc[0, "E3"] = "often"
    answers.to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual"])
    assert done.exit_code == 1
    assert "2 faults; nothing was loaded." in done.output
    assert "P12" in done.output
    assert "E3" in done.output
    assert done.output.count("->") == 2
    assert done.output.endswith(
        "What is to be passed is written into a card, a text file guests.toml beside the file, each on a line of its "
        "own, such as\n     missing = [9]\n     scale = [1, 5]\n     labels = { often = 5 }\n"
    )


def test_a_chinese_reader_is_told_of_faults_in_the_readers_script(answers, tmp_path):
    answers.loc[1, "P12"] = 9
    answers.to_csv(tmp_path / "guests.csv", index=False)
    asked = ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual", "--lang"]
    simplified, traditional = (run(app, [*asked, language]) for language in ("zh-Hans", "zh-Hant"))
    assert simplified.exit_code == traditional.exit_code == 1
    assert simplified.output.startswith(
        "guests.csv：有 1 处需要更正，未读取任何内容。\n\n"
        "  1. 1 个回答超出量表 1-7，位于P12（第 3 行）\n     -> 如果 9 表示“未答”"
    )
    written = "需要設定的內容請寫進說明卡（放在資料檔案旁的文字檔案 guests.toml），每項一行，例如\n     missing = [9]\n"
    assert written in traditional.output


def test_a_chinese_page_has_the_same_numbers_in_columns_that_stand_under_each_other(answers, tmp_path):
    answers.to_csv(tmp_path / "guests.csv", index=False)
    asked = ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual"]
    chinese, english = (run(app, [*asked, "--lang", language]).output for language in ("zh-Hans", "en"))
    rows = [
        next(line for line in page.splitlines() if line.startswith(name))
        for page, name in ((chinese, "可靠性"), (english, "Reliability"))
    ]
    assert rows[0].split()[1:] == rows[1].split()[1:]
    assert "3 位受访者" in chinese
    assert "总体差距 -1.00" in chinese
    heading = next(line for line in chinese.splitlines() if line.endswith(" n"))
    assert len(heading.encode("gb18030")) == len(rows[0].encode("gb18030"))


def test_a_language_that_there_is_not_is_status_2(answers, tmp_path):
    answers.to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--lang", "fr"])
    assert done.exit_code == 2
    assert 'no texts in the language "fr". Give one of these: en, zh-Hans, zh-Hant.' in done.output


def test_what_is_kept_besides_the_answers_is_shown(answers, tmp_path):
    points = {f"points_{id}": [20, 20, None] for id in gk.load_instrument("servqual").dimension_ids}
    answers.assign(hotel="A", age=[30, 40, 50], **points).to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual"])
    assert "points: 2 of 3 respondents split 100 points over the dimensions\n" in done.output
    assert "kept about respondents: hotel, age\n" in done.output


def test_one_respondent_has_no_interval(answers, tmp_path):
    answers.head(1).to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual"])
    assert done.exit_code == 0
    row = next(line for line in done.output.splitlines() if line.startswith("Empathy"))
    assert row.split() == ["Empathy", "7.00", "6.00", "-1.00", "none,", "n", "=", "1", "1"]


def test_performance_only_says_why_there_are_no_gaps(answers, tmp_path):
    answers.filter(like="P").to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--instrument", "servqual"])
    assert done.exit_code == 0, done.output
    assert "no gaps: the survey has no expectations, only perceptions\n" in done.output


def test_a_card_can_be_given(answers, tmp_path):
    answers.to_csv(tmp_path / "guests.csv", index=False)
    (tmp_path / "other.toml").write_text('instrument = "servqual"\ntitle = "Three people"\n')
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--card", str(tmp_path / "other.toml")])
    assert done.exit_code == 0
    assert "Three people: 3 respondents" in done.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["check", "absent.csv"], "absent.csv: there is no such file. Check the spelling; a relative path starts from"),
        (["check", "."], ".: this is a folder, not a file."),
        (["check", __file__, "--card", "absent.toml"], "absent.toml: there is no such file"),
        (["check"], "Missing argument"),
        (["nonsense"], "No such command"),
        (["serve", "--port", "0"], "Invalid value for '--port'"),
    ],
)
def test_what_cannot_be_run_is_status_2(given, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(app, given)
    assert done.exit_code == 2
    assert said in done.output


def test_an_instrument_that_there_is_not_is_status_2(answers, tmp_path):
    answers.to_csv(tmp_path / "guests.csv", index=False)
    done = run(app, ["check", str(tmp_path / "guests.csv"), "--instrument", "servquall"])
    assert done.exit_code == 2
    assert '1. there is no instrument "servquall"\n     -> Name one of these: ' in done.output


def test_a_folder_without_boards_is_status_2(tmp_path):
    done = run(app, ["serve", str(tmp_path), "--no-browser"])
    assert done.exit_code == 2
    assert "holds no boards" in done.output


def test_the_real_command_leaves_with_the_status(answers, tmp_path):
    answers.loc[1, "P12"] = 9
    answers.to_csv(tmp_path / "guests.csv", index=False)
    command = [sys.executable, "-m", "gapkit.cli", "check", str(tmp_path / "guests.csv"), "--instrument", "servqual"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "P12" in done.stdout
    assert "Traceback" not in done.stderr


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom gapkit.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([name for name in ('numpy', 'pandas', 'matplotlib', 'voila', 'ipywidgets') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_bundled_study_is_clean():
    done = run(app, ["check", str(gk.datasets.path("hotel"))])
    assert done.exit_code == 0
    assert "simulated" in done.output


def test_the_lab_opens_the_notebooks_folder_with_jupyterlabs_own_options(monkeypatch, tmp_path):
    from jupyterlab.labapp import LabApp

    given = []
    monkeypatch.setattr(LabApp, "launch_instance", given.append)
    monkeypatch.setattr("gapkit.cli.__file__", str(tmp_path / "gapkit" / "cli.py"))
    absent = run(app, ["lab"])
    assert absent.exit_code == 2
    assert "clone the repository" in absent.output
    (tmp_path / "notebooks").mkdir()
    assert run(app, ["lab", "--no-browser", "--allow-root"]).exit_code == 0
    assert given == [[str(tmp_path / "notebooks"), "--port=8888", "--no-browser", "--allow-root"]]
