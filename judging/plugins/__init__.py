"""The registry of contest kinds: find plugins, check them, index what they offer, ask the one that owns a contest."""

from judging.plugins.finding import ENTRY_POINT_GROUP, load_plugins, load_registry
from judging.plugins.records import CORE, PluginInfo, SetAside, Unfit
from judging.plugins.registry import Registry

__all__ = ["CORE", "ENTRY_POINT_GROUP", "PluginInfo", "Registry", "SetAside", "Unfit", "load_plugins", "load_registry"]
