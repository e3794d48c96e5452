"""The table of commands. A command's module is imported when it is called or its help is shown, not before."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "render": "Draw a scene as an animation or a still.",
    "deck": "Make slides of scenes, each step a click.",
    "embed": "Print the lines that show a figure in Markdown, Quarto, HTML or LaTeX.",
    "gallery": "Render a folder of scenes and a page that shows them.",
    "site": "Write a site of scenes: a page with a player for each.",
    "explore": "Open a page where parameters are changed and the figure answers.",
    "size": "Work the output size out, in words and numbers.",
    "code": "Print a scene as code for PyTorch, Keras, JAX, ONNX or NumPy.",
    "record": "Print the exact computation, every placement, as JSON.",
    "list": "List the built-in scenes and stacks of layers.",
    "show": "Print a built-in scene or stack, or the scene that a figure carries.",
    "new": "Write a scene file to start from.",
    "schema": "Print the JSON Schema of scene files.",
}


class Commands(click.Group):
    """A group whose commands are `convanim.cli.<name>_command.command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"convanim.cli.{cmd_name}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            nearest = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"legal are {', '.join(COMMANDS)}"
            raise click.UsageError(f"{name} is not a command; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
