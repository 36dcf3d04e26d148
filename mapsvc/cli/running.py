"""The commands that run the service, or the demonstration."""

from pathlib import Path

import click

from mapsvc.config import Settings
from mapsvc.services.operations.demo import prepare_demo
from mapsvc.web.server import run_server


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Run the service."""
    run_server(Settings.from_environment(), host=host, port=port, workers=workers)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demo keeps its data.",
)
@click.option("--county", is_flag=True, help="30,000 streets; inventing them takes minutes, once.")
@click.option("--no-serve", is_flag=True, help="Make the demo's data and stop.")
def demo(port: int, data: Path | None, county: bool, no_serve: bool) -> None:
    """Show the invented council of Rivershire, ready to look at."""
    settings = prepare_demo(data, say=click.echo, is_county=county)
    if not no_serve:
        click.echo(f"Open http://127.0.0.1:{port}/  (Ctrl+C stops it)")
        run_server(settings, host="127.0.0.1", port=port, workers=1)
