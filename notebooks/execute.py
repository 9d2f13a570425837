"""Run notebooks and keep their outputs, leaving out whatever changes from run to run.

Used by ``make notebooks``: the same sources on the same versions give the same bytes.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from tqdm.auto import tqdm

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def joined(outputs: list) -> list:
    """Outputs with what was printed in one go in one piece; how it is cut up depends on time alone."""
    kept: list = []
    for output in outputs:
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def execute(path: Path) -> None:
    """Run one notebook in its own folder and write it back without volatile metadata."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False, store_widget_state=False)
    client.execute(cwd=str(path.parent))
    notebook.metadata = nbformat.from_dict(KERNEL | {"language_info": {"name": "python"}})
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {key: cell.metadata[key] for key in ("tags", "jupyter", "collapsed") if key in cell.metadata}
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("needs_background", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:]] or sorted(Path(__file__).parent.glob("*.ipynb"))
    for path in tqdm(paths, desc="notebooks"):
        execute(path)
