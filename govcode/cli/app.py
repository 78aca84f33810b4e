"""The menu: every command in the order of the work, loaded only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from govcode import __version__
from govcode.cli.console import STATE, open_streams
from govcode.cli.exits import errors_told
from govcode.cli.plain_help import plain_help
from govcode.cli.settings import defaults_of, read_settings
from govcode.errors import UsageError


class Stage(NamedTuple):
    """One line of the menu: panel, name, what it does; the command is `app` in `govcode.cli.NAME`."""

    panel: str
    name: str
    help: str


# The help panels in this order are the workflow.
STAGES = (
    Stage("Prepare 准备", "ingest", "Read crawls, exports and saved pages; repair or exclude. 读入语料"),
    Stage("Prepare 准备", "segment", "Cut posts into words with jieba. 分词"),
    Stage("Code by hand 人工编码", "sample", "Draw posts with known probabilities; blind sheets. 抽样"),
    Stage("Code by hand 人工编码", "code", "Open the coding page in the browser. 编码页面"),
    Stage("Code by hand 人工编码", "reliability", "Do the coders agree? 信度"),
    Stage("Code by hand 人工编码", "adjudicate", "Turn disagreements into gold. 裁定"),
    Stage("Code by machine 机器编码", "train", "Train a coder on gold. 训练"),
    Stage("Code by machine 机器编码", "classify", "Code posts: the main job. 自动编码"),
    Stage("Code by machine 机器编码", "explain", "Show which words decided for one post. 解释"),
    Stage("Measure 测量", "evaluate", "Judge coded posts against gold. 评估"),
    Stage("Measure 测量", "estimate", "Corrected shares with intervals. 估计占比"),
    Stage("Measure 测量", "profile", "Functions and limits of each account. 账号画像"),
    Stage("Publish 发表", "report", "A page for readers. 报告"),
    Stage("Publish 发表", "export", "Files for Excel, Stata, SPSS, R and others. 导出"),
    Stage("Publish 发表", "verify", "Check that every figure can be made again. 核验"),
    Stage("Instruments 工具", "codebook", "Show, check, compare and start codebooks. 编码手册"),
    Stage("Instruments 工具", "models", "List, show and check models. 模型"),
    Stage("Instruments 工具", "status", "What of this study is done, out of date, missing. 进度"),
)


EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a gate was not met, 4 a hash does not match, "
    "130 interrupted, 141 the reader of the pipe has gone. `govcode COMMAND --help` tells the rest."
)


class Commands(TyperGroup):
    """List commands without importing them; turn every known error into one sentence."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the work."""
        return [stage.name for stage in STAGES]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what stands before a command."""
        _convert_text_quickly(self, ctx)
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a placeholder with the one-line help: all that the menu needs."""
        stage = next((s for s in STAGES if s.name == cmd_name), None)
        if stage is None:
            return None
        return TyperCommand(cmd_name, help=stage.help, rich_help_panel=stage.panel)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the menu as plain text: rich would cost more than the rest of the start."""
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(self.help or "")
        for panel in dict.fromkeys(stage.panel for stage in STAGES):
            with formatter.section(panel):
                formatter.write_dl([(s.name, s.help) for s in STAGES if s.panel == panel])
        self.format_options(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(EPILOG)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options that stand before a command."""
        records = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(records)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the one command that is going to run."""
        names = [stage.name for stage in STAGES]
        if args[0] not in names and (near := get_close_matches(args[0], names, 1)):
            raise UsageError(f"There is no command '{args[0]}'.", hint=f"Did you mean: govcode {near[0]}")
        name, placeholder, rest = super().resolve_command(ctx, args)
        if name is None or placeholder is None:
            return name, placeholder, rest
        command = get_command(import_module(f"govcode.cli.{name}").app)
        settings = read_settings(names)
        ctx.default_map = {name: defaults_of(command, name, settings)}
        _add_common_options(command)
        _convert_text_quickly(command, ctx)
        command.name = name
        return name, command, rest

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; what cannot be written is told here, not when Python ends."""
        open_streams()
        with errors_told():
            try:
                return super().main(*args, **extra)
            finally:
                if not sys.stdout.closed:
                    sys.stdout.flush()

    def invoke(self, ctx: Any) -> Any:
        """Run the command; its errors are told before the parser would turn them into others."""
        with errors_told():
            return super().invoke(ctx)


def _add_common_options(command: Any) -> None:
    """Give every command (and sub-command) `--quiet` and `--debug`."""
    for sub in getattr(command, "commands", {}).values():
        _add_common_options(sub)
    plain_help(command)
    if not getattr(command, "commands", None):
        command.params.extend(p for p in get_command(_common).params if p.name != "help")


def _convert_text_quickly(command: Any, ctx: Any) -> None:
    """Spare the command the loading of Typer's converters where its parameters are text."""
    for param in command.get_params(ctx):
        if hasattr(param, "get_runtime_param") and not isinstance(param.get_runtime_param, _Text):
            param.get_runtime_param = _Text(param.get_runtime_param)


class _Text:
    """Take text (and nothing) as it is; Typer's own converter, which loads pydantic, takes the rest."""

    def __init__(self, converter: Callable[[], Any]) -> None:
        self._converter = converter

    def __call__(self) -> _Text:
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value of a parameter as its command wants it."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if param.type_descriptor.annotation is str and type(value) is str and not several:
            return value
        if param.type_descriptor.annotation == list[str] and several and {str}.issuperset(map(type, value)):
            return list(value)
        return self._converter().coerce(value, param=param, ctx=ctx)


_common = typer.Typer(add_completion=False)


def _remember_quiet(value: bool) -> None:
    STATE.quiet = STATE.quiet or value


def _remember_debug(value: bool) -> None:
    STATE.debug = STATE.debug or value


@_common.command()
def _options(
    quiet: bool = typer.Option(
        False, "--quiet", "-q", callback=_remember_quiet, expose_value=False,
        help="Say nothing but warnings and errors.", rich_help_panel="Common",
    ),
    debug: bool = typer.Option(
        False, "--debug", callback=_remember_debug, expose_value=False,
        help="Show the full traceback of an error.", rich_help_panel="Common",
    ),
) -> None:  # fmt: skip
    """Declare the options that every command has."""


app = typer.Typer(
    cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"govcode {__version__}\n")
        raise typer.Exit


@app.callback(help="Code Chinese government social-media posts into functions. 政务新媒体推文功能编码工具")
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Hold the options that stand before a command."""
