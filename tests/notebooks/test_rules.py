"""The tutorials keep the rules of the house: one question, short cells, words before code, outputs, small files."""

import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
INDEX = FOLDER / "00_start.ipynb"
CODE = re.compile("```.*?```", re.DOTALL)
CHINESE = sorted(FOLDER.glob("zh/*.ipynb"))
LARGEST = 300 * 1024  # bytes


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    return nbformat.read(path, as_version=4).cells


def test_there_are_tutorials_and_each_has_a_number():
    assert PATHS and all(re.match(r"\d\d_", path.name) for path in PATHS)


def test_the_index_leads_to_every_tutorial_and_shows_a_picture_of_it():
    told = "".join(cell.source for cell in nbformat.read(INDEX, as_version=4).cells)
    pictures = [f"pictures/{path.stem[:2]}.png" for path in PATHS if path != INDEX]
    assert [path.name for path in PATHS if path != INDEX and f"({path.name})" not in told] == []
    assert [name for name in pictures if f"({name})" not in told or not (FOLDER / name).is_file()] == []


def test_a_question_stands_first_and_its_answer_last(cells):
    assert "?" in cells[0].source
    assert "answer" in cells[-1].source.lower()


def test_there_are_ten_to_twenty_cells_and_words_before_each_code(path, cells):
    assert (5 if path == INDEX else 10) <= len(cells) <= 20
    kinds = [cell.cell_type for cell in cells]
    assert all(before == "markdown" for before, kind in zip(kinds, kinds[1:], strict=False) if kind == "code")


def test_code_cells_are_short(cells):
    code = [[line for line in cell.source.splitlines() if line.strip()] for cell in cells if cell.cell_type == "code"]
    assert [lines[0] for lines in code if len(lines) >= 10] == []


def test_first_code_fixes_the_seed(cells):
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert "np.random.seed(" in first.source


def test_some_outputs_are_compared(cells):
    assert any("nbval-check-output" in cell.metadata.get("tags", []) for cell in cells)


def test_every_code_cell_was_run_without_an_error(cells):
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    wrong = [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert outputs and wrong == []


def test_file_is_small_and_free_of_traces(path):
    text = path.read_text()
    assert len(text) <= LARGEST
    assert not re.search(r"/home/|/root/|/tmp/|/work/|C:\\\\|widget-view|widget-state", text)


def test_there_is_an_exercise_whose_answer_unfolds_and_at_the_end_what_was_learnt(path, cells):
    if path != INDEX:
        assert any("xercise" in cell.source and "<details>" in cell.source for cell in cells)
        assert cells[-1].source.startswith("## What you learnt")


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.stem)
def test_chinese_tutorial_has_the_code_the_outputs_and_the_hidden_answers_of_the_english_one(path):
    cells, english = (nbformat.read(each, as_version=4).cells for each in (path, FOLDER / path.name))
    assert [cell.cell_type for cell in cells] == [cell.cell_type for cell in english]
    for ours, theirs in zip(cells, english, strict=True):
        if ours.cell_type == "code":
            assert (ours.source, ours.outputs) == (theirs.source, theirs.outputs)
        else:
            assert re.search("[\u4e00-\u9fff]", ours.source)
            assert CODE.findall(ours.source) == CODE.findall(theirs.source)


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.stem)
def test_chinese_tutorial_leads_to_files_that_are_there(path):
    told = "".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    assert [target for target in re.findall(r"\]\(([^)]+)\)", told) if not (path.parent / target).is_file()] == []
