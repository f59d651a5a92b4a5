"""The command ``demo``: cleans the workbook that comes with Deskhand, as a person would clean their own."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from services.cli.hints import command
from services.cli.language import language_option
from services.cli.running import Wishes, run_cells
from services.demo import copy_demo
from services.messages import Language, message
from services.tasks.registry import tasks


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(folder: Path) -> None:
        run_demo(folder, language)

    return click.Command(
        "demo",
        params=[
            click.Argument(
                ["folder"],
                type=click.Path(path_type=Path, file_okay=False),
                default=Path("deskhand-demo"),
                required=False,
            ),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.demo.help", language),
    )


def run_demo(folder: Path, language: Language) -> None:
    """Put the demo workbook into ``folder`` and clean it there, with report and recipe beside it."""
    source = copy_demo(folder)
    task = tasks()["clean"]
    wishes = Wishes(
        input=source,
        output=folder / "orders-clean.xlsx",
        report=folder / "report.xlsx",
        save_recipe=folder / "recipe.toml",
        recalculate=True,
        language=language,
    )
    console = Console(highlight=False)
    run_cells(task, task.request_type(language=language), wishes, console)
    undo = command("undo", wishes.output)
    for key, parameters in (("original", {"file": source}), ("demo_next", {"folder": folder, "undo": undo})):
        console.print(message(f"show.{key}", language, **parameters), markup=False, soft_wrap=True)
