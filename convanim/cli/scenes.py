"""Scenes from the command line: files, built-in names, standard input, and options that set single fields.

Options are made from the scene's table of fields, so that every field has one, and are read as a scene file's
values are: the checks and their words are the scene's own.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from convanim.formats import OPENING, formats_that_open
from convanim.scene import Scene
from convanim.scene.fields import SECTIONS, TOP, Field

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from convanim.scene.comparison import Comparison
    from convanim.scene.stack import Stack

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTION_NAMES = {
    ("values", "input"): "input-values",
    ("values", "kernel"): "kernel-values",
    ("view", "kind"): "view",
    ("view", "output"): "show-output",
}
_LONGEST_NAME = 200
_LARGEST_STEP = 10**12 - 1
_SHOWN_AS = {"integer": "N", "number": "N", "string": "TEXT"}


def scene_options(*sections: str) -> Callable[[Command], Command]:
    """Give a command an option for each field of a scene, and those of the named sections."""
    chosen = [("", field) for field in TOP]
    chosen += [(section, field) for section in sections for field in SECTIONS[section]]

    def decorate(command: Command) -> Command:
        for section, field in reversed(chosen):
            command = _option(section, field)(command)
        return click.option(
            "--from-code",
            "from_code",
            metavar="LAYER",
            help="A layer as people write it, nn.Conv2d(1, 1, 3) or Keras, JAX, Flax, an ONNX node; other options go before it.",
        )(command)

    return decorate


def steps_options(command: Command) -> Command:
    """`--every`, `--all` and `--still`, short ways to say `--steps`."""
    every = click.option(
        "--every", type=click.IntRange(1), metavar="N", help="Show every N-th placement, the last among them."
    )
    whole = click.option("--all", "every_one", is_flag=True, help="Show all placements, however many.")
    still = click.option(
        "--still", type=click.IntRange(1), metavar="N", help="Only step N, as the caption counts them."
    )
    return every(whole(still(command)))


def trace_option(command: Command) -> Command:
    """`--trace`, which stacks of layers have and scenes have not."""
    from convanim.scene.stack_look import TRACE, TRACES

    return click.option("--trace", type=click.Choice(TRACES), help=f"Of a stack: {TRACE.help}")(command)


def written_in_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that options set, as a scene file's mapping."""
    mapping: dict[str, Any] = {}
    for section, table in {"": TOP, **SECTIONS}.items():
        for field in table:
            value = options.get(_parameter(section, field))
            if value is not None:
                home = mapping.setdefault(section, {}) if section else mapping
                home[field.name] = value if isinstance(value, bool) else _value(value, field)
    if options.get("trace"):
        mapping.setdefault("view", {})["trace"] = options["trace"]
    ways = {
        "--steps": mapping.get("timing", {}).get("steps"),
        "--every": f"::{min(options['every'], _LARGEST_STEP)}" if options.get("every") else None,
        "--all": ":" if options.get("every_one") else None,
        "--still": str(min(options["still"] - 1, _LARGEST_STEP)) if options.get("still") else None,
    }
    given = {name: steps for name, steps in ways.items() if steps is not None}
    if len(given) > 1:
        raise click.UsageError(
            f"{' and '.join(given)} contradict each other; --steps start:stop:step says start, stop and step together"
        )
    if given:
        mapping.setdefault("timing", {})["steps"] = next(iter(given.values()))
    return mapping


def scenes_of(
    names: tuple[str, ...], changes: Mapping[str, Any], code: str | None = None
) -> Iterator[tuple[str, Scene]]:
    """Each named scene with the changes made to it, by a name for its figure; one from the changes alone if none is.

    With a layer's `code`, one from that, changed.
    """
    from convanim.scene.files import read_scene

    if code is not None:
        if names:
            raise click.UsageError(f"{names[0]} and --from-code contradict each other; leave one out")
        yield "figure", Scene.from_code(code, **changes)
        return
    if not names:
        if not changes:
            raise click.UsageError("name a scene (convanim list shows them) or give --input and --kernel")
        yield "figure", read_scene(changes)
    for name in names:
        stem, where, mapping = mapping_of(name)
        yield stem, read_scene(_merged(mapping, changes), where)


def figures_of(
    names: tuple[str, ...], changes: Mapping[str, Any], code: str | None = None
) -> Iterator[tuple[str, Scene | Comparison | Stack]]:
    """What `scenes_of` gives, and comparisons too, every scene of which is changed, and stacks."""
    from convanim.scene.files import read_figure

    if code is not None or not names:
        yield from scenes_of(names, changes, code)
    for name in names if code is None else ():
        stem, where, mapping = mapping_of(name)
        yield stem, read_figure(_changed(mapping, changes), where)


def _changed(mapping: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A scene's mapping with the changes made to it; of a comparison, to each of its scenes."""
    scenes = mapping.get("scenes")
    if not isinstance(scenes, list):
        return _merged(mapping, changes)
    return {**mapping, "scenes": [_merged(one, changes) if isinstance(one, Mapping) else one for one in scenes]}


def stack_of(name: str | None, changes: Mapping[str, Any]) -> Stack | None:
    """The named stack of layers; None if the name is not that of one. Options change scenes, not stacks."""
    if not name or name == "-":
        return None
    _, where, mapping = mapping_of(name)
    if "layers" not in mapping:
        return None
    from convanim.scene.files import read_stack

    if changes:
        raise click.UsageError(f"{name} is a stack of layers; options change single scenes")
    return read_stack(mapping, where)


def mapping_of(name: str) -> tuple[str, str, dict[str, Any]]:
    """A scene's name, where it was found, and its fields, from a file, a built-in name, or - for standard input."""
    from convanim.catalogue import built_in, built_in_stacks
    from convanim.scene.files import parse_mapping, read_text

    if name == "-":
        return "figure", "standard input", parse_mapping(read_text(standard_input(), name), "standard input")
    path = built_in().get(name) or built_in_stacks().get(name) or Path(name)
    try:
        if Path(name).is_file():
            path = Path(name)
        with path.open("rb") as stream:
            is_figure = bool(formats_that_open(stream.peek(OPENING)))
            text = "" if is_figure else read_text(stream, name)
    except OSError as fault:
        raise click.UsageError(_not_found(name, fault)) from None
    if is_figure:
        from convanim.reading import carried_text

        text = carried_text(path)
    return path.stem, name, parse_mapping(text, name, path.parent)


def standard_input() -> BinaryIO:
    """Standard input in bytes. UsageError if it is closed."""
    if sys.stdin is None:
        raise click.UsageError("standard input is closed; - needs a scene there")
    return sys.stdin.buffer


def standard_output() -> BinaryIO:
    """Standard output in bytes. OSError if it is closed."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    return sys.stdout.buffer


def complete_scenes(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Built-in names and files, for the shell."""
    from click.shell_completion import CompletionItem

    from convanim.catalogue import built_in

    names = [CompletionItem(name) for name in built_in() if name.startswith(incomplete)]
    return names or [CompletionItem(incomplete, type="file")]


def _not_found(name: str, fault: OSError) -> str:
    from difflib import get_close_matches

    from convanim.catalogue import built_in, built_in_stacks

    if not name:
        return "a scene's name is empty; convanim list shows the built-in ones"
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    if not isinstance(fault, FileNotFoundError):
        return f"{shown}: {(fault.strerror or str(fault)).lower()}; legal is a scene file or a built-in scene's name"
    nearest = get_close_matches(name, (*built_in(), *built_in_stacks()), n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else "convanim list shows the built-in ones"
    return f"{shown}: no such scene file and no built-in scene of that name; {hint}"


def _merged(mapping: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**mapping, **changes}
    for section in SECTIONS:
        both = mapping.get(section, {}), changes.get(section, {})
        if any(both) and all(isinstance(part, Mapping) for part in both):
            merged[section] = {**both[0], **both[1]}
    return merged


def _option(section: str, field: Field) -> Callable[[Command], Command]:
    name, parameter = _option_name(section, field), _parameter(section, field)
    if field.schema.get("type") == "boolean":
        return click.option(f"--{name}/--no-{name}", parameter, default=None, help=field.help)
    metavar = "|".join(field.schema["enum"]) if "enum" in field.schema else _SHOWN_AS.get(field.schema.get("type", ""))
    return click.option(
        f"--{name}", parameter, metavar=metavar or "VALUE", help=field.help, shell_complete=_complete_choices(field)
    )


def _complete_choices(field: Field) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    variants = [field.schema, *field.schema.get("oneOf", [])]
    choices = [choice for variant in variants for choice in variant.get("enum", [])]

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(choice) for choice in choices if choice.startswith(incomplete)]

    return complete


def _option_name(section: str, field: Field) -> str:
    return _OPTION_NAMES.get((section, field.name), field.name.replace("_", "-"))


def _parameter(section: str, field: Field) -> str:
    return f"scene_{section}_{field.name}"


def _value(text: str, field: Field) -> Any:
    """What an option's text means: a size `5x7` or `5,7`, anything that JSON or TOML reads, or the text itself."""
    if field.schema.get("type") == "string" or field.name == "steps":
        return text
    for read in (_size, json.loads, _toml_value):
        try:
            return read(text)
        except (ValueError, RecursionError):
            continue
    return text


def _size(text: str) -> list[int]:
    """`5x7` or `5,7`. ValueError for anything else."""
    parts = text.lower().replace("×", "x").replace(",", "x").split("x")
    if len(parts) < 2 or not all(part.strip().isdecimal() for part in parts):
        raise ValueError(text)
    return [int(part) for part in parts]


def _toml_value(text: str) -> Any:
    return tomllib.loads(f"value = {text}")["value"]
