"""The contest kind against the core that is installed."""

from judging.testing.conformance import ContestPluginConformance
from judging_startup import plugin


class TestConformance(ContestPluginConformance):
    plugin = plugin
