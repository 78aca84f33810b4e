"""The formats of crawlers and exporters, each known by its columns: one file a tool."""

from govcode.registry import Registry

FORMATS = Registry("format", {})
